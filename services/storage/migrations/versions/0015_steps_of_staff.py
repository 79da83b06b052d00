"""What staff are asked stands in `pending`; their questions bear the names of the fields.

Who is in the middle of a step goes on by a press in the menu: nothing that was written is lost.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_RENAMED = {"text": "body", "until": "valid_until"}


def upgrade() -> None:
    """Rename the questions that are open, drop the columns."""
    _rename(_RENAMED)
    op.drop_column("authoring", "awaits")
    op.drop_column("authoring", "at")


def downgrade() -> None:
    """Bring the columns back, as if nothing had been written for long."""
    _rename({new: old for old, new in _RENAMED.items()})
    op.add_column(
        "authoring", sa.Column("awaits", sa.String(64), nullable=False, server_default="")
    )
    long_ago = datetime(2000, 1, 1, tzinfo=UTC).isoformat()
    op.add_column(
        "authoring", sa.Column("at", Utc(timezone=True), nullable=False, server_default=long_ago)
    )


def _rename(names: dict[str, str]) -> None:
    for old, new in names.items():
        change = sa.text("UPDATE authoring SET step = :new WHERE step = :old")
        op.execute(change.bindparams(new=new, old=old))
