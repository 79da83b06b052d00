"""`htx content coverage`: what is answered by which article, and what by none."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table

from bot.terminal import result, result_json, result_table
from services.knowledge.checks.coverage import Coverage, Covered, cover
from services.knowledge.loader import read_library
from services.settings import load_settings


def coverage(
    *, as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False
) -> None:
    """Đối chiếu các mục của văn bản 2651 và bảng dữ kiện với các bài; cái còn thiếu đứng đầu."""
    found = cover(read_library(load_settings().content_dir))
    if as_object:
        result_json(found.as_json())
        return
    _show("Văn bản 2651/UBND-KTN", "mục", found.clauses)
    _show("Dữ kiện", "dữ kiện", found.facts)
    _show("Điều hay nhầm (15) và điều chưa biết (16)", "điều", found.beyond)
    result(_summary(found))


def _show(title: str, kind: str, rows: Iterable[Covered]) -> None:
    table = Table(kind.capitalize(), "Bài trả lời", title=title)
    for row in sorted(rows, key=lambda row: bool(row.articles)):
        table.add_row(row.id, ", ".join(row.articles) or f"— chưa có — {row.reason or ''}".rstrip())
    result_table(table)


def _summary(found: Coverage) -> str:
    counted = (("mục", found.clauses), ("dữ kiện", found.facts), ("điều 15, 16", found.beyond))
    told = [f"{sum(bool(r.articles) for r in rows)}/{len(rows)} {kind}" for kind, rows in counted]
    return f"Có bài trả lời: {', '.join(told)}."
