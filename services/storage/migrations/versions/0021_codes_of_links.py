"""A link of staff asks for a code, and what it tied ends; what is tied now counts from today."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a link that nobody has used yet has no code and opens nothing."""
    op.add_column("staff", sa.Column("link_code", sa.String(64), nullable=True))
    op.add_column("staff", sa.Column("link_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("staff", sa.Column("linked_at", Utc(timezone=True), nullable=True))
    now = sa.bindparam("now", datetime.now(UTC), type_=Utc())
    linked = sa.text("UPDATE staff SET linked_at = :now WHERE chat IS NOT NULL")
    op.execute(linked.bindparams(now))


def downgrade() -> None:
    """Drop them."""
    for name in ("linked_at", "link_tries", "link_code"):
        op.drop_column("staff", name)
