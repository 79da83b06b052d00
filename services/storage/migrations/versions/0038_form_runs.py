"""Forms of tools as people fill them in."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "form_run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("form_hash", sa.String(16), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("cursor", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("ended_at", Utc()),
        sa.Column("link_hash", sa.String(64)),
        sa.Column("link_until", Utc()),
    )
    op.create_index("ix_form_run_chat", "form_run", ["channel", "key"])
    op.create_index("ix_form_run_until", "form_run", ["until"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("form_run")
