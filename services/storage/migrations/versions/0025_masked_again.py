"""What was written before numbers were known in every spelling is masked by today's rules.

What the content itself prints is not known here: written by people it is hidden too, once.
"""

import sqlalchemy as sa
from alembic import op

from services.masking.mask import mask

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BATCH = 1000
_WRITTEN = (("turn", "text"), ("conversation", "question"))


def upgrade() -> None:
    """Mask the words of all turns, and of what was asked last: a minute for 500,000 of them."""
    for table, column in _WRITTEN:
        words = sa.table(table, sa.column("id"), sa.column(column))
        _mask_all(words, words.c[column])


def _mask_all(words: sa.TableClause, column: sa.ColumnElement[str]) -> None:
    connection, last = op.get_bind(), 0
    query = sa.select(words.c.id, column).where(column != "").order_by(words.c.id)
    hide = (
        sa.update(words)
        .where(words.c.id == sa.bindparam("number"))
        .values({column.key: sa.bindparam("hidden")})
    )
    while rows := connection.execute(query.where(words.c.id > last).limit(_BATCH)).all():
        last = rows[-1].id
        masked = [(number, text, mask(text)) for number, text in rows]
        changed = [{"number": number, "hidden": new} for number, old, new in masked if old != new]
        if changed:
            connection.execute(hide, changed)


def downgrade() -> None:
    """Leave it: what is hidden was thrown away."""
