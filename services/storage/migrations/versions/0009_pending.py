"""What a chat was asked last stands in a table of its own; a conversation holds its last question."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN_FOR = timedelta(hours=6)
_LAST_QUESTION = (
    "UPDATE conversation SET question = COALESCE((SELECT turn.text FROM turn"
    " WHERE turn.channel = conversation.channel AND turn.key = conversation.key"
    " AND turn.text <> '' ORDER BY turn.id DESC LIMIT 1), '')"
)


def upgrade() -> None:
    """Move what was asked back, and bring each conversation its last question."""
    pending = op.create_table(
        "pending",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("until", Utc(timezone=True), nullable=False),
    )
    if rows := _asked_back():
        op.bulk_insert(pending, rows)
    op.drop_column("conversation", "offered")
    op.add_column(
        "conversation", sa.Column("question", sa.Text(), nullable=False, server_default="")
    )
    op.execute(_LAST_QUESTION)
    op.alter_column("turn", "beside", new_column_name="open_article")


def downgrade() -> None:
    """Forget what was asked back; open conversations go on without it."""
    op.alter_column("turn", "open_article", new_column_name="beside")
    op.drop_column("conversation", "question")
    op.add_column(
        "conversation", sa.Column("offered", sa.JSON(), nullable=False, server_default="[]")
    )
    op.drop_table("pending")


def _asked_back() -> list[dict[str, Any]]:
    """Return a row for each conversation that was asked back about articles."""
    conversation = sa.table(
        "conversation",
        sa.column("channel", sa.String),
        sa.column("key", sa.String),
        sa.column("offered", sa.JSON),
        sa.column("updated_at", Utc(timezone=True)),
    )
    return [
        {
            "channel": row.channel,
            "key": row.key,
            "kind": "offer",
            "asked": {"articles": row.offered},
            "until": row.updated_at + _OPEN_FOR,
        }
        for row in op.get_bind().execute(sa.select(conversation))
        if row.offered
    ]
