"""Passwords with codes, passkeys, and what slows guessing."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_password",
        _staff(primary_key=True),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("next_secret", sa.Text, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("hash", sa.String(64), primary_key=True),
        _staff(),
    )
    op.create_index("ix_recovery_code_staff", "recovery_code", ["staff_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer, primary_key=True),
        _staff(),
        sa.Column("credential", sa.Text, nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("used_at", Utc()),
    )
    op.create_index("ix_passkey_staff", "passkey", ["staff_id"])
    op.create_table(
        "used_challenge",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("until", Utc(), nullable=False),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("free_at", Utc(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("sign_in_try", "used_challenge", "passkey", "recovery_code", "staff_password"):
        op.drop_table(table)


def _staff(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "staff_id",
        sa.Integer,
        sa.ForeignKey("staff.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
