"""What will come of a list of people is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a list of before is uploaded anew: none is kept longer than an hour."""
    op.execute(sa.text("DELETE FROM uploaded_list"))
    with op.batch_alter_table("uploaded_list") as table:
        table.add_column(sa.Column("foreseen", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("uploaded_list") as table:
        table.drop_column("foreseen")
