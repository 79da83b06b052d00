"""When a person was asked for the place: what is written next may be its name."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("person", sa.Column("asked_place_at", Utc(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("person", "asked_place_at")
