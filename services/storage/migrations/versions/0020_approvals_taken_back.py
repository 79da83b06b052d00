"""An approval may be taken back: by another's refusal of the same announcement."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; none was taken back before."""
    op.add_column("approval", sa.Column("taken_back_at", Utc(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("approval", "taken_back_at")
