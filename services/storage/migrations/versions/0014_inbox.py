"""What was taken and not answered; which updates were answered stands in the same table."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table out of the one that only knew what was answered."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("update", sa.String(64), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reaction", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("worker", sa.String(32), nullable=False),
        sa.Column("until", Utc(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.UniqueConstraint("channel", "update"),
    )
    op.create_index("ix_inbox_until", "inbox", ["until"])
    op.execute(
        'INSERT INTO inbox (channel, "update", at, conversation, worker, tries) '
        "SELECT channel, \"update\", at, '', '', 0 FROM seen_update ORDER BY at"
    )
    op.drop_table("seen_update")


def downgrade() -> None:
    """Keep which updates were answered."""
    op.create_table(
        "seen_update",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("update", sa.String(64), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
    )
    op.execute(
        'INSERT INTO seen_update (channel, "update", at) '
        'SELECT channel, "update", at FROM inbox WHERE until IS NULL'
    )
    op.drop_table("inbox")
