"""How much of a letter is out, in which edition it was approved, whose name for a file it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; names of files that may be another bot's go, each file is sent once more."""
    op.add_column(
        "delivery", sa.Column("parts_sent", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "announcement", sa.Column("edition", sa.String(64), nullable=False, server_default="")
    )
    op.rename_table("pace", "rate_lane")
    op.drop_table("upload")
    op.create_table(
        "upload",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("bot", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    """Drop them, and the names of files with them."""
    op.drop_table("upload")
    op.create_table(
        "upload",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(200), nullable=False),
    )
    op.rename_table("rate_lane", "pace")
    op.drop_column("announcement", "edition")
    op.drop_column("delivery", "parts_sent")
