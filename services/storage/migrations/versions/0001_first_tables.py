"""The first tables: conversations, turns, seen updates, daily counts."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _conversations()
    _turns()
    op.create_table(
        "seen_update",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("update", sa.String(64), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
    )
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("article", sa.String(64), primary_key=True),
        sa.Column("turns", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("daily_count", "seen_update", "turn", "conversation"):
        op.drop_table(table)


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("topic", sa.String(64), nullable=True),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.UniqueConstraint("channel", "key"),
    )


def _turns() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("degraded", sa.Boolean(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
    )
    op.create_index("ix_turn_at", "turn", ["at"])
    op.create_index("ix_turn_conversation", "turn", ["channel", "key"])
