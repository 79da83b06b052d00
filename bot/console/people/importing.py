"""A list taken in: uploaded, shown line by line with what it will do, then taken in or dropped."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.console.people.view import PEOPLE, role_labels
from bot.console.request import ConsoleRequest, figure
from bot.people_intake import numbers, take_in, try_out
from services.errors import PeopleError
from services.people import groups
from services.people.people_csv import CsvTable, read_table
from services.people.people_import import (
    AT_ONCE,
    COLUMNS,
    HEADINGS,
    Chat,
    Entries,
    Entry,
    PeopleImport,
    Tally,
    says_yes,
)
from services.people.person import TELEGRAM, identity_of, ids_of
from services.people.places import place_name
from services.people.spreadsheet import text_of
from services.people.subscription import by_label
from services.staff import audit, uploaded_list
from services.staff.keys import StaffKeys
from services.storage.models import UploadedList

_NEEDED = ("chat_id",)
_PAGE = 100


@dataclass(frozen=True)
class _Foreseen:
    """One line of a list, and what taking it in will do."""

    line: int
    what: str
    entry: Entry | None = None
    remark: str = ""


async def upload(desk: ConsoleRequest) -> Response:
    """Keep a list until it was looked at; nothing is taken in yet."""
    file = desk.form.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    name = (file.filename or "tệp")[:200] if isinstance(file, UploadFile) else "tệp"
    if not content:
        raise PeopleError("list_empty")
    group = desk.field("group")
    made = UploadedList(
        id=secrets.randbelow(2**31),
        staff_id=desk.staff.id,
        at=desk.now,
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        sealed="",
        group=groups.group_name(group) if group else "",
        basis=desk.field("basis"),
    )
    # A list of a hundred thousand people takes seconds to read: citizens are answered meanwhile.
    text = await asyncio.to_thread(text_of, name, content)
    await asyncio.to_thread(_table, name, text.encode())  # which refuses what is no list at all
    number = await uploaded_list.keep(desk.session, made, text, _keys(desk))
    return desk.to(f"{PEOPLE}/import/{number}")


async def show(desk: ConsoleRequest) -> Response:
    """Show what taking a list in will do, line by line; nothing is done yet."""
    kept = await uploaded_list.find(desk.session, desk.number(), desk.staff, desk.now)
    table, entries = await _read(desk, kept)
    good = await asyncio.to_thread(list, entries.read(table))
    tally = await try_out(desk.services.sessions, _importing(desk, kept), iter(good))
    lines = sorted(await _lines(desk, good, entries, tally), key=lambda one: one.line)
    start = figure(desk.asked("from"))
    return desk.page(
        "people_import.html",
        kept=kept,
        tally=tally,
        bad=len(entries.bad),
        unknown=table.unknown,
        unsent=entries.unsent,
        unproved=not kept.basis and says_yes(table),
        lines=lines[start : start + _PAGE],
        further=start + _PAGE if len(lines) > start + _PAGE else 0,
        total=len(lines),
        roles=role_labels(desk),
        place_name=place_name,
    )


async def take(desk: ConsoleRequest) -> Response:
    """Take a list in, as it was shown; what became of it is in the audit, whatever fails."""
    kept = await uploaded_list.find(desk.session, desk.number(), desk.staff, desk.now)
    table, entries = await _read(desk, kept)
    tally, sessions = Tally(), desk.services.sessions
    try:
        await take_in(sessions, _importing(desk, kept), entries.read(table), tally)
    finally:
        async with sessions.begin() as session:
            noted = numbers(tally) | {"bad": len(entries.bad), "sha256": kept.sha256}
            audit.note(session, desk.now, desk.staff.name, "people.import", "", **noted)
    await uploaded_list.drop(desk.session, kept)
    told = f"Đã nhập {tally.imported} người ({tally.new} mới, {tally.updated} cập nhật), "
    return desk.to(PEOPLE, f"{told}bỏ {len(entries.bad) + len(tally.erased)} dòng.")


async def drop(desk: ConsoleRequest) -> Response:
    """Drop a list; nothing of it is taken in."""
    kept = await uploaded_list.find(desk.session, desk.number(), desk.staff, desk.now)
    await uploaded_list.drop(desk.session, kept)
    return desk.to(PEOPLE, "Đã bỏ bảng; không ai được nhập.")


def _keys(desk: ConsoleRequest) -> StaffKeys:
    return StaffKeys.of(desk.services.settings)


def _table(name: str, content: bytes) -> CsvTable:
    return read_table(name, content, COLUMNS, _NEEDED, HEADINGS)


async def _read(desk: ConsoleRequest, kept: UploadedList) -> tuple[CsvTable, Entries]:
    """Return a list's table, and what reads its entries."""
    text = uploaded_list.text_of(kept, _keys(desk))
    topics = desk.services.library.topics
    labelled = by_label({name: topic.label for name, topic in topics.items()})
    table = await asyncio.to_thread(_table, kept.file, text.encode())
    return table, Entries(labelled, channel=TELEGRAM)


def _importing(desk: ConsoleRequest, kept: UploadedList) -> PeopleImport:
    basis = kept.basis or f"tệp {kept.file}, SHA-256 {kept.sha256}"
    wording = desk.services.current.say("consent_imported", by=desk.staff.name, basis=basis)
    identity = identity_of(desk.services.settings)
    return PeopleImport(identity, wording, desk.now, kept.group, on_paper=bool(kept.basis))


async def _lines(
    desk: ConsoleRequest, good: list[Entry], entries: Entries, tally: Tally
) -> list[_Foreseen]:
    """Return every line with what will become of it."""
    known = await _known(desk, good)
    erased = set(tally.erased)
    remarks = {one.line: one.reason for one in tally.notices}
    lines = [_Foreseen(one.line, "bỏ", remark=one.reason) for one in entries.bad]
    for entry in good:
        if entry.line in erased:
            gone = "người này đã xóa dữ liệu của mình; muốn nhận lại thì tự nhắn /start"
            lines.append(_Foreseen(entry.line, "bỏ", entry, gone))
        else:
            what = "cập nhật" if entry.chat in known else "thêm mới"
            lines.append(_Foreseen(entry.line, what, entry, remarks.get(entry.line, "")))
    return lines


async def _known(desk: ConsoleRequest, good: list[Entry]) -> set[Chat]:
    known = set[Chat]()
    for some in _some(good):
        known |= {Chat(*chat) for chat in await ids_of(desk.session, [e.chat for e in some])}
    return known


def _some(entries: list[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    return iter(lambda: list(islice(rest, AT_ONCE)), [])
