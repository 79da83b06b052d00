"""Events that staff made, people whom no list brings back; the place asked for stands elsewhere."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KNOWN = """
    INSERT INTO event (name, at)
    SELECT DISTINCT substr(name, 7), :now FROM group_member WHERE name LIKE 'event-_%'
"""


def upgrade() -> None:
    """Make the tables; links that people came by before go on to count.

    What was asked last stands in `pending`: a place that is asked for now is asked for again.
    """
    op.create_table(
        "event",
        sa.Column("name", sa.String(56), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
    )
    op.create_table(
        "suppression",
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
    )
    now = sa.bindparam("now", datetime.now(UTC), type_=Utc())
    op.execute(sa.text(_KNOWN).bindparams(now))
    op.drop_column("person", "asked_place_at")


def downgrade() -> None:
    """Drop them."""
    op.add_column("person", sa.Column("asked_place_at", Utc(timezone=True), nullable=True))
    op.drop_table("suppression")
    op.drop_table("event")
