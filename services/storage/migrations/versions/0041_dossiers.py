"""Procedures that people go through, with what is in hand, done and dated."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("procedure", sa.String(64), nullable=False),
        sa.Column("cooperative", sa.String(80), nullable=False),
        sa.Column("began", sa.Date, nullable=False),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("shown_hash", sa.String(64)),
        sa.Column("shown_until", Utc()),
        sa.Column("given_hash", sa.String(64)),
        sa.Column("given_until", Utc()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dossier_chat", "dossier", ["channel", "key"])
    op.create_index("ix_dossier_until", "dossier", ["until"])
    op.create_table(
        "dossier_mark",
        sa.Column(
            "dossier_id",
            sa.Integer,
            sa.ForeignKey("dossier.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("dossier_mark")
    op.drop_table("dossier")
