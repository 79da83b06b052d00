"""Notices: what single people are told later, once for each cause, and what they agreed to."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("purpose", sa.String(16)),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", Utc()),
        sa.Column("parts_sent", sa.Integer, nullable=False),
        sa.UniqueConstraint("cause", "channel", "key"),
    )
    op.create_index("ix_notice_chat", "notice", ["channel", "key"])
    op.create_index("ix_notice_due", "notice", ["state", "channel", "due_at"])
    op.create_table(
        "notice_consent",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("purpose", sa.String(16), primary_key=True),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("notice_consent")
    op.drop_table("notice")
