"""A conversation keeps the article that is open, no longer the topic alone, and what was offered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the column; a topic's folder is no article, so open conversations start anew."""
    op.execute("UPDATE conversation SET topic = NULL")
    op.alter_column("conversation", "topic", new_column_name="article")
    op.add_column(
        "conversation", sa.Column("offered", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    """Name it as before."""
    op.drop_column("conversation", "offered")
    op.execute("UPDATE conversation SET article = NULL")
    op.alter_column("conversation", "article", new_column_name="topic")
