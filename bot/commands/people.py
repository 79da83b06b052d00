"""`htx people …`: who is told, what is held of them, and how that is erased."""

import asyncio
import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.commands.db import opened, writing
from bot.commands.groups import group, groups
from bot.commands.intake import import_people
from bot.commands.invite import link
from bot.commands.options import By, Channel, ChatId, Json
from bot.commands.show import show
from bot.commands.terminal import progress, result, result_json
from services.clock import utc_now
from services.errors import PeopleError
from services.people import erasing
from services.people.data_export import held
from services.people.entry import COLUMNS
from services.people.people_csv import Cells, guarded, pages
from services.people.person import TELEGRAM, Identity
from services.people.places import places_like
from services.settings import Settings, load_settings
from services.staff import account, audit
from services.storage.wiping import wipe

app = typer.Typer(help="Bà con: nhập, xuất, xem, xóa, nhóm, liên kết mời.", no_args_is_help=True)
app.command("import")(import_people)
app.command()(show)

_OPEN = "Còn chương trình đang đọc nên vết trên đĩa chưa cắt ngay; “htx run” cắt trong ngày."


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Tệp CSV; để trống: in ra")] = None,
    *,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Xuất bảng bà con, cùng các cột của “import”, mở được bằng Excel."""
    settings, people = load_settings(), list[Cells]()
    if as_object and file is None:
        count = asyncio.run(_export(settings, by, people.extend))
        result_json({"exported": count, "people": people})
        return
    with _target(file) as target:
        count = asyncio.run(_export(settings, by, _as_csv(target)))
    if as_object:
        result_json({"exported": count, "file": str(file)})
    else:
        (result if file else progress)(f"Đã xuất {count} người{f' ra {file}' if file else ''}.")


@app.command()
def erase(
    chat_id: ChatId,
    *,
    channel: Channel = TELEGRAM,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Xóa ngay tất cả của một người, không hỏi lại; không gửi gì cho người đó nữa."""
    settings = load_settings()
    erased, wiped = asyncio.run(_erase(settings, channel, chat_id, by))
    days = settings.backup_days
    if as_object:
        result_json({"known": erased.known, "turns": erased.turns, "backup_days": days})
    else:
        person = "hồ sơ, các lần đồng ý, chủ đề, nhóm và " if erased.known else ""
        result(f"Đã xóa {person}{erased.turns} lượt hỏi.")
        result(f"Bản sao lưu còn giữ đến {days} ngày (HTX_BACKUP_DAYS) rồi tự xóa.")
    if not wiped:
        progress(_OPEN)


@app.command()
def places(
    word: Annotated[str, typer.Argument(help="Chữ có trong tên; để trống: tất cả")] = "",
    *,
    as_object: Json = False,
) -> None:
    """Liệt kê mã và tên xã, phường, đặc khu của Đà Nẵng."""
    found = places_like(word)
    if as_object:
        result_json([{"code": place.code, "name": place.name} for place in found])
        return
    for place in found:
        result(f"{place.code}  {place.name}")
    if not found:
        result(f"Không có xã, phường nào có chữ “{word}”.")


app.command()(groups)
app.command()(group)
app.command()(link)


@contextmanager
def _target(file: Path | None) -> Iterator[TextIO]:
    """Give where a table goes.

    Raises:
        PeopleError: the file can't be written.

    """
    if file is None:
        yield sys.stdout
        return
    try:
        target = file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        msg = f"Không ghi được {file} ({error.strerror}); xem lại đường dẫn."
        raise PeopleError(msg) from None
    with target:
        yield target


def _as_csv(target: TextIO) -> Callable[[list[Cells]], None]:
    """Begin a table with the mark by which Excel knows UTF-8; return what adds rows."""
    target.write("\ufeff")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)

    def _add(page: list[Cells]) -> None:
        writer.writerows([guarded(cells[column]) for column in COLUMNS] for cells in page)

    return _add


async def _export(settings: Settings, by: str, take: Callable[[list[Cells]], None]) -> int:
    count = 0
    async with writing(settings) as session:
        who = await account.actor(session, by)
        async for page in pages(session):
            take(page)
            count += len(page)
        audit.note(session, utc_now(), who, "people.export", exported=count)
    return count


async def _erase(
    settings: Settings, channel: str, chat: str, by: str
) -> tuple[erasing.Erased, bool]:
    """Erase a person; return what was erased, and whether the disk is clean of it.

    Raises:
        PeopleError: nothing is held of such a person.

    """
    async with opened(settings) as sessions:
        await erasing.hold_back(sessions, channel, chat)
        async with sessions.begin() as session:
            who = await account.actor(session, by)
            if await held(session, channel, chat) is None:
                raise PeopleError("people_nothing_held")
            identity = Identity(settings.secret_key.get_secret_value())
            erased = await erasing.erase(session, identity, channel, chat, utc_now())
            numbers = {"known": erased.known, "turns": erased.turns}
            audit.note(session, utc_now(), who, "people.erase", "", **numbers)
        return erased, await wipe(sessions)
