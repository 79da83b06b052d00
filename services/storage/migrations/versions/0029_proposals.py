"""Proposals of articles, their texts, and what others said to them."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("begun_by", sa.String(64), nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("closed_at", Utc()),
    )
    op.create_index(
        "ix_proposal_open",
        "proposal",
        ["article"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_proposal_article", "proposal", ["article", "closed_at"])
    op.create_index("ix_proposal_state", "proposal", ["state", "changed_at"])
    op.create_table(
        "proposal_text",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_proposal(),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_proposal_text_proposal", "proposal_text", ["proposal_id"])
    op.create_table(
        "proposal_verdict",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_proposal(),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_index("ix_proposal_verdict_proposal", "proposal_verdict", ["proposal_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("proposal_verdict", "proposal_text", "proposal"):
        op.drop_table(table)


def _of_proposal() -> sa.Column[int]:
    return sa.Column(
        "proposal_id",
        sa.Integer,
        sa.ForeignKey("proposal.id", ondelete="CASCADE"),
        nullable=False,
    )
