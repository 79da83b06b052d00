"""A conversation knows what kind of emergency it was told of last, as one name."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a talk that goes on nothing is known."""
    column = sa.Column("danger", sa.String(16), nullable=False, server_default="")
    op.add_column("conversation", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversation", "danger")
