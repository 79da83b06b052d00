"""No number of a form is given twice, on SQLite too: an open page knows its form by it."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew with what stands in it; PostgreSQL gives no number twice anyway."""
    _made_anew(sqlite_autoincrement=True)


def downgrade() -> None:
    """Make it anew as it was."""
    _made_anew(sqlite_autoincrement=False)


def _made_anew(*, sqlite_autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    kept = {"sqlite_autoincrement": sqlite_autoincrement}
    with op.batch_alter_table("form_run", recreate="always", table_kwargs=kept):
        pass
