"""What SQLite and PostgreSQL say differently in SQL."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from services.storage.models import Base


class _Texts(FunctionElement[str]):
    """The texts of a JSON array, a row each, in a column that both databases call `value`."""

    name = "texts"
    inherit_cache = True


class _Day(FunctionElement[date]):
    """The day of a moment in Việt Nam."""

    name = "day"
    type = Date()
    inherit_cache = True


class _Hour(FunctionElement[int]):
    """The hour of a moment in Việt Nam."""

    name = "hour"
    type = Integer()
    inherit_cache = True


def rows_of(texts: Sequence[str]) -> Select[tuple[str]]:
    """Return a query of these texts, however many: one parameter, not one for each.

    SQLite takes 32,766 parameters and PostgreSQL 65,535 (https://www.sqlite.org/limits.html#max_variable_number).
    """
    listed = _Texts(literal(json.dumps(texts))).table_valued("value")
    return select(listed.c.value)


def vietnam_day(moment: QueryableAttribute[datetime]) -> ColumnElement[date]:
    """Return the day that it is in Việt Nam at a moment, as `services.clock.day_of` does."""
    return _Day(moment)


def vietnam_hour(moment: QueryableAttribute[datetime]) -> ColumnElement[int]:
    """Return the hour that it is in Việt Nam at a moment, from nought to 23."""
    return _Hour(moment)


def insert(session: AsyncSession, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what to do about a row that is there already."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(database: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return the same for a database by its name, as a statement that is kept needs it."""
    return sqlite.insert(table) if database == "sqlite" else postgresql.insert(table)


async def hold_still(session: AsyncSession, table: type[Base]) -> None:
    """Let nobody else write a table until the transaction ends, and wait for those who do.

    SQLite has one writer anyway: whoever has begun by `claim` needs no more.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE MODE"))


@compiles(_Texts, "sqlite")
def _texts_in_sqlite(texts: _Texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(texts.clauses, **options)})"


@compiles(_Texts, "postgresql")
def _texts_in_postgresql(texts: _Texts, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(texts.clauses, **options)
    return f"json_array_elements_text(CAST({listed} AS JSON))"


@compiles(_Day, "sqlite")
def _day_in_sqlite(day: _Day, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(day.clauses, **options)}, '+7 hours')"


@compiles(_Day, "postgresql")
def _day_in_postgresql(day: _Day, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(day.clauses, **options)
    return f"CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)"


@compiles(_Hour, "sqlite")
def _hour_in_sqlite(hour: _Hour, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(hour.clauses, **options)
    return f"CAST(strftime('%H', {moment}, '+7 hours') AS INTEGER)"


@compiles(_Hour, "postgresql")
def _hour_in_postgresql(hour: _Hour, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(hour.clauses, **options)
    return f"CAST(EXTRACT(HOUR FROM {moment} AT TIME ZONE 'Asia/Ho_Chi_Minh') AS INTEGER)"
