"""Sessions of staff in the console, and the links that begin one."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "staff_id", sa.Integer, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("began_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("proved_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc()),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("notice", sa.String(400), nullable=False),
    )
    op.create_index("ix_staff_session_staff", "staff_session", ["staff_id"])
    op.create_table(
        "sign_in_link",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column(
            "staff_id", sa.Integer, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("until", Utc(), nullable=False),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("sign_in_link")
    op.drop_table("staff_session")
