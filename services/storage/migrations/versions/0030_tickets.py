"""Tickets, what was said in them, and its files."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("staff.id", ondelete="SET NULL")),
        sa.Column("taken_at", Utc()),
        sa.Column("heard_at", Utc()),
        sa.Column("answered_at", Utc()),
        sa.Column("waiting_since", Utc()),
        sa.Column("due_at", Utc()),
        sa.Column("closed_at", Utc()),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sqlite_autoincrement=True,
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_ticket_open",
        "ticket",
        ["channel", "key"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_ticket_conversation", "ticket", ["channel", "key"])
    op.create_index("ix_ticket_closed_at", "ticket", ["closed_at", "id"])
    op.create_table(
        "ticket_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "ticket_id", sa.Integer, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("once", sa.String(32)),
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id", ondelete="SET NULL")),
        sa.Column("article", sa.String(64), nullable=False),
        sa.UniqueConstraint("ticket_id", "once"),
    )
    op.create_index("ix_ticket_message_at", "ticket_message", ["ticket_id", "at"])
    op.create_table(
        "ticket_file",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "message_id",
            sa.Integer,
            sa.ForeignKey("ticket_message.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_ticket_file_message", "ticket_file", ["message_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("ticket_file")
    op.drop_table("ticket_message")
    op.drop_table("ticket")
