"""`htx people groups | group`: saved groups, from a list that needs chat ids alone."""

import asyncio
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.db import reading, writing
from bot.commands.people.lists import say_remarks, say_unknown_columns
from bot.terminal import By, Json, result, result_json
from services.clock import utc_now
from services.errors import PeopleError
from services.people import groups as saved
from services.people.people_csv import CsvTable, Remark, read_csv
from services.people.people_import import AT_ONCE, Entries
from services.people.person import TELEGRAM, ids_of
from services.settings import Settings, load_settings
from services.staff import account, audit

_COLUMNS = ("channel", "chat_id")
_UNKNOWN = "chưa biết chat này; người đó chưa nhắn cho bot và chưa có trong bảng đã nhập"


def groups(*, as_object: Json = False) -> None:
    """Liệt kê các nhóm đã lưu và số người."""
    sizes = asyncio.run(_sizes(load_settings()))
    if as_object:
        result_json(sizes)
        return
    for name, size in sizes.items():
        result(f"{name}: {size} người")
    if not sizes:
        result("Chưa có nhóm nào; lưu bằng “htx people group TÊN TỆP.csv”.")


def group(
    name: Annotated[str, typer.Argument(help="Tên nhóm")],
    file: Annotated[Path | None, typer.Argument(help="Tệp CSV chỉ cần cột chat_id")] = None,
    *,
    delete: Annotated[bool, typer.Option("--delete", help="Xóa nhóm; người thì giữ")] = False,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Lưu một nhóm đúng như danh sách trong tệp, hoặc xóa nhóm bằng --delete."""
    if delete == (file is not None):
        msg = "Ghi tệp CSV để lưu nhóm, hoặc --delete để xóa nhóm, một trong hai."
        raise PeopleError(msg)
    name, settings = saved.group_name(name), load_settings()
    if file is None:
        asyncio.run(_delete(settings, name, by))
        done = f"Đã xóa nhóm {name}; người trong nhóm vẫn còn."
        result_json({"group": name, "members": 0}) if as_object else result(done)
        return
    table = read_csv(file, _COLUMNS, ("chat_id",))
    size, bad = asyncio.run(_save(settings, name, table, by))
    if as_object:
        result_json({"group": name, "members": size, "bad": [asdict(one) for one in bad]})
    else:
        say_unknown_columns(table)
        kept = "" if size or not bad else " Nhóm giữ nguyên như trước."
        result(f"Nhóm {name}: đã lưu {size} người, bỏ {len(bad)} dòng.{kept}")
        say_remarks(bad)
    if bad and not size:
        raise typer.Exit(1)


async def _sizes(settings: Settings) -> dict[str, int]:
    async with reading(settings) as session:
        return await saved.sizes(session)


async def _delete(settings: Settings, name: str, by: str) -> None:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        if name not in await saved.sizes(session):
            raise PeopleError("group_unknown", name=name)
        await saved.delete_group(session, name)
        audit.note(session, utc_now(), who, "people.group", f"group {name}", members=0)


async def _save(
    settings: Settings, name: str, table: CsvTable, by: str
) -> tuple[int, list[Remark]]:
    """Save a group, unless all rows are bad; return its size and what is said of bad rows."""
    async with writing(settings) as session:
        who = await account.actor(session, by)
        people, bad = await _people(session, table)
        if people or not bad:
            await saved.save(session, name, people)
            numbers = {"members": len(people), "bad": len(bad)}
            audit.note(session, utc_now(), who, "people.group", f"group {name}", **numbers)
    return len(people), bad


async def _people(session: AsyncSession, table: CsvTable) -> tuple[list[int], list[Remark]]:
    entries, people = Entries(channel=TELEGRAM), list[int]()
    good, unknown = entries.read(table), list[Remark]()
    while some := list(islice(good, AT_ONCE)):
        known = await ids_of(session, [entry.chat for entry in some])
        people += known.values()
        unknown += [Remark(one.line, _UNKNOWN) for one in some if one.chat not in known]
    return people, sorted((*entries.bad, *unknown), key=lambda remark: remark.line)
