"""People, staff, the audit that nobody can change, announcements and their deliveries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = (
    "upload",
    "pace",
    "press",
    "delivery",
    "approval",
    "announcement",
    "audit",
    "staff",
    "group_member",
    "topic_choice",
    "consent",
    "person",
)
_KEPT = "audit rows are never changed or deleted"


def upgrade() -> None:
    """Make the tables, and have the database itself keep the audit as it was written."""
    _people()
    _consent()
    _staff()
    _announcements()
    _deliveries()
    _lanes()
    _keep_audit()


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_kept ON audit")
        op.execute("DROP FUNCTION audit_kept()")
    for table in _TABLES:
        op.drop_table(table)


def _person_key(**options: Any) -> sa.Column[Any]:
    return sa.Column(
        "person_id", sa.Integer(), sa.ForeignKey("person.id", ondelete="CASCADE"), **options
    )


def _announcement_key(**options: Any) -> sa.Column[Any]:
    return sa.Column(
        "announcement_id", sa.Integer(), sa.ForeignKey("announcement.id"), **options
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("who", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=True),
        sa.Column("place", sa.String(16), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.String(16), nullable=True),
        sa.Column("stopped_at", Utc(timezone=True), nullable=True),
        sa.Column("seen_at", Utc(timezone=True), nullable=True),
        sa.UniqueConstraint("channel", "chat"),
    )
    op.create_index("ix_person_place", "person", ["place"])


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person_key(nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
    )
    op.create_index("ix_consent_person", "consent", ["person_id"])
    op.create_table(
        "topic_choice",
        _person_key(primary_key=True),
        sa.Column("topic", sa.String(32), primary_key=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "group_member",
        sa.Column("name", sa.String(64), primary_key=True),
        _person_key(primary_key=True),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("chat", sa.String(64), nullable=True, unique=True),
        sa.Column("link", sa.String(64), nullable=True, unique=True),
        sa.Column("link_until", Utc(timezone=True), nullable=True),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("did", sa.String(32), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
    )
    op.create_index("ix_audit_about", "audit", ["about"])


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", Utc(timezone=True), nullable=True),
        sa.Column("queued_at", Utc(timezone=True), nullable=True),
        sa.Column("finished_at", Utc(timezone=True), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), primary_key=True),
        _announcement_key(nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("ix_approval_announcement", "approval", ["announcement_id"])


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        _announcement_key(nullable=False),
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("person.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=True),
        sa.UniqueConstraint("announcement_id", "who"),
    )
    op.create_index("ix_delivery_state", "delivery", ["announcement_id", "state", "batch"])
    op.create_index("ix_delivery_person", "delivery", ["person_id"])
    op.create_table(
        "press",
        _announcement_key(primary_key=True),
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("button", sa.String(16), primary_key=True),
        sa.Column("at", Utc(timezone=True), nullable=False),
    )


def _lanes() -> None:
    op.create_table(
        "pace",
        sa.Column("lane", sa.String(16), primary_key=True),
        sa.Column("free_at", sa.Double(), nullable=False),
    )
    op.create_table(
        "upload",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(200), nullable=False),
    )


def _keep_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_kept()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_kept_on_{event.lower()} BEFORE {event} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
        )
