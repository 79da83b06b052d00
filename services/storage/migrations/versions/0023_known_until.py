"""Up to where the database knows who was erased: a backup in its place knows less."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: an older copy knows nothing of what is written down beside it."""
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("until", Utc(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("forgotten")
