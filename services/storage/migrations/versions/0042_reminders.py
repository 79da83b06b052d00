"""Reminders: deadlines of which single people want to be told some days before."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("deadline", sa.String(40), nullable=False),
        sa.Column("event", sa.Date, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("due_at", Utc()),
        sa.UniqueConstraint("channel", "key", "name", "deadline", "event"),
    )
    op.create_index("ix_reminder_due", "reminder", ["channel", "due_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("reminder")
