"""Deliveries and presses are found by whose they are alone: a new key is looked for of everybody."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_delivery_who", "delivery", ["who"])
    op.create_index("ix_press_who", "press", ["who"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_press_who", "press")
    op.drop_index("ix_delivery_who", "delivery")
