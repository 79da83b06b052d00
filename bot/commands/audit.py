"""`htx audit`: who did what, and when."""

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from bot.commands.db import reading
from bot.terminal import Json, result, result_json, result_table
from services.clock import VIETNAM
from services.settings import Settings, load_settings
from services.staff.audit import entries
from services.storage.models import Audit


def audit(
    *,
    about: Annotated[str, typer.Option(help="Chỉ việc về điều này, như “announcement 3”")] = "",
    as_object: Json = False,
) -> None:
    """In sổ kiểm tra: ai làm gì, lúc nào; không ai sửa hay xóa được."""
    found = asyncio.run(_entries(load_settings(), about))
    if as_object:
        result_json([_as_json(one) for one in found])
    elif found:
        _print(found)
    else:
        result("Chưa có việc nào được ghi.")


async def _entries(settings: Settings, about: str) -> list[Audit]:
    async with reading(settings) as session:
        return await entries(session, about)


def _as_json(one: Audit) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in ("id", "who", "did", "about", "note")}
    return {"at": one.at.isoformat(), **shown}


def _print(found: Sequence[Audit]) -> None:
    table = Table("Lúc", "Ai", "Việc", Column("Về", overflow="fold"), Column("Số", overflow="fold"))
    for one in found:
        at = f"{one.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
        note = json.dumps(one.note, ensure_ascii=False) if one.note else ""
        table.add_row(at, one.who, one.did, one.about, note)
    result_table(table)
