"""The audit can't be rewritten by putting a row in another's place, nor emptied at one stroke."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KEPT = "audit rows are never changed or deleted"


def upgrade() -> None:
    """Add the triggers; SQLite deletes what it replaces without those of deleting."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_kept_whole BEFORE TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()"
        )
        return
    op.execute(
        "CREATE TRIGGER audit_kept_on_insert BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
    )


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_kept_whole ON audit")
    else:
        op.execute("DROP TRIGGER audit_kept_on_insert")
