"""Every article of a turn in a row of its own, where it can be looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOVE = {
    "sqlite": """
        INSERT INTO turn_article (turn_id, place, article, hash)
        SELECT turn.id, told.key, told.value, json_extract(turn.hashes, '$[' || told.key || ']')
        FROM turn, json_each(turn.articles) AS told
        WHERE told.key < json_array_length(turn.hashes)
    """,
    "postgresql": """
        INSERT INTO turn_article (turn_id, place, article, hash)
        SELECT turn.id, told.nth - 1, told.value, turn.hashes ->> (told.nth - 1)::int
        FROM turn, json_array_elements_text(turn.articles) WITH ORDINALITY AS told (value, nth)
        WHERE told.nth <= json_array_length(turn.hashes)
    """,
}
_BACK = {
    "sqlite": "(SELECT json_group_array({0}) FROM (SELECT {0} FROM turn_article"
    " WHERE turn_id = turn.id ORDER BY place))",
    "postgresql": "(SELECT coalesce(json_agg({0} ORDER BY place), '[]'::json) FROM turn_article"
    " WHERE turn_id = turn.id)",
}


def upgrade() -> None:
    """Move them out of the JSON."""
    op.create_table(
        "turn_article",
        sa.Column(
            "turn_id", sa.Integer(), sa.ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("article", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(16), nullable=False),
    )
    op.execute(_MOVE[op.get_context().dialect.name])
    op.create_index("ix_turn_article_hash", "turn_article", ["hash"])
    op.create_index("ix_turn_article_article", "turn_article", ["article"])
    op.drop_column("turn", "hashes")
    op.drop_column("turn", "articles")


def downgrade() -> None:
    """Move them back."""
    for column, name in (("articles", "article"), ("hashes", "hash")):
        op.add_column("turn", sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
        back = _BACK[op.get_context().dialect.name].format(name)
        op.execute(f"UPDATE turn SET {column} = {back}")  # noqa: S608  # because both names stand here
    op.drop_table("turn_article")
