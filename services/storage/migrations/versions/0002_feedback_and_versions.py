"""Feedback on answers, and what each version of an article said."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(16), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.UniqueConstraint("channel", "key", "hash"),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"])
    op.create_table(
        "article_version",
        sa.Column("hash", sa.String(16), primary_key=True),
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("since", Utc(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("article_version")
    op.drop_table("feedback")
