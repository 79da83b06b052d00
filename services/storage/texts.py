"""A list of texts inside a statement, however long: one parameter, not one for each.

SQLite takes 32,766 parameters and PostgreSQL 65,535 (https://www.sqlite.org/limits.html#max_variable_number).
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Texts(FunctionElement[str]):
    """The texts of a JSON array, a row each, in a column that both databases call `value`."""

    name = "texts"
    inherit_cache = True


def rows_of(texts: Sequence[str]) -> Select[tuple[str]]:
    """Return a query of these texts."""
    listed = _Texts(literal(json.dumps(texts))).table_valued("value")
    return select(listed.c.value)


@compiles(_Texts, "sqlite")
def _for_sqlite(texts: _Texts, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(texts.clauses, **options)})"


@compiles(_Texts, "postgresql")
def _for_postgresql(texts: _Texts, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(texts.clauses, **options)
    return f"json_array_elements_text(CAST({listed} AS JSON))"
