"""Alembic's entry: runs the migrations on the database that the configuration names."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from services.storage.models import Base
from services.storage.session import make_engine

_BEGIN = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"),
    "postgresql": ("SELECT pg_advisory_xact_lock(26512020)",),
}
"""What lets one process alone migrate, wholly or not at all.

SQLite's driver begins no transaction by itself before it changes tables, and a table that is made
anew under its name would take along what hangs on it. PostgreSQL lets two processes begin.
"""


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    if context.get_context().get_current_heads() != (context.get_head_revision(),):
        for statement in _BEGIN[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or "")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


asyncio.run(_online())
