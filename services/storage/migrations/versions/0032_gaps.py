"""Gaps that are kept, their questions, and who awaits an answer."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "gap",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("nearest", sa.String(64)),
        sa.Column("article", sa.String(64)),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("merged_into", sa.Integer, sa.ForeignKey("gap.id", ondelete="SET NULL")),
        sa.Column("changed_at", Utc()),
        sa.Column("told", sa.Integer, nullable=False),
    )
    op.create_index("ix_gap_state", "gap", ["state"])
    op.create_table(
        "gap_question",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "gap_id", sa.Integer, sa.ForeignKey("gap.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("source", sa.String(32), nullable=False, unique=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("article", sa.String(64)),
        sa.Column("reason", sa.String(16)),
        sa.Column("vector", sa.LargeBinary),
    )
    op.create_index("ix_gap_question_gap", "gap_question", ["gap_id", "at"])
    op.create_index("ix_gap_question_chat", "gap_question", ["channel", "key"])
    op.create_index("ix_gap_question_at", "gap_question", ["at"])
    op.create_table(
        "awaited",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("asked", sa.String(16), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("told_at", Utc()),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("awaited")
    op.drop_table("gap_question")
    op.drop_table("gap")
