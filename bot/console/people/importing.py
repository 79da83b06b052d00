"""A list taken in: uploaded, shown line by line with what it will do, then taken in or dropped."""

import asyncio
import hashlib
import secrets

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.console.people.foreseeing import YES, Foreseen, foresee
from bot.console.people.view import PEOPLE, role_labels
from bot.console.request import ConsoleRequest, figure
from bot.people_intake import numbers, take_in
from services.errors import PeopleError
from services.people import groups
from services.people.people_csv import CsvTable, read_table
from services.people.people_import import (
    COLUMNS,
    HEADINGS,
    Entries,
    PeopleImport,
    Tally,
)
from services.people.person import TELEGRAM, identity_of
from services.people.spreadsheet import text_of
from services.people.subscription import by_label
from services.staff import audit, uploaded_list
from services.staff.keys import StaffKeys
from services.storage.models import UploadedList

_NEEDED = ("chat_id",)
_PAGE = 100


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
    table, entries = await _read(desk, name, text)
    importing = _importing(desk, made)
    foreseen = await foresee(desk.services.sessions, importing, table, entries)
    number = await uploaded_list.keep(desk.session, made, text, foreseen.text, _keys(desk))
    return desk.to(f"{PEOPLE}/import/{number}")


async def show(desk: ConsoleRequest) -> Response:
    """Show what taking a list in will do, line by line; nothing is done yet."""
    kept = await uploaded_list.find(desk.session, desk.number(), desk.staff, desk.now)
    foreseen = Foreseen.read(uploaded_list.foreseen_of(kept, _keys(desk)))
    start, total = figure(desk.asked("from")), len(foreseen.lines)
    return desk.page(
        "people_import.html",
        kept=kept,
        foreseen=foreseen,
        unproved=not kept.basis and any(one.consent == YES for one in foreseen.lines),
        lines=foreseen.lines[start : start + _PAGE],
        further=start + _PAGE if total > start + _PAGE else 0,
        total=total,
        roles=role_labels(desk),
    )


async def take(desk: ConsoleRequest) -> Response:
    """Take a list in, as it was shown; what became of it is in the audit, whatever fails."""
    # What this session has to write waits: it would lock SQLite against the import's own sessions.
    with desk.session.no_autoflush:
        kept = await uploaded_list.find(desk.session, desk.number(), desk.staff, desk.now)
        text = uploaded_list.text_of(kept, _keys(desk))
        table, entries = await _read(desk, kept.file, text)
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


async def _read(desk: ConsoleRequest, file: str, text: str) -> tuple[CsvTable, Entries]:
    """Return a list's table, and what reads its entries.

    Raises:
        PeopleError: it is no list at all.

    """
    topics = desk.services.library.topics
    labelled = by_label({name: topic.label for name, topic in topics.items()})
    table = await asyncio.to_thread(_table, file, text.encode())
    return table, Entries(labelled, channel=TELEGRAM)


def _importing(desk: ConsoleRequest, kept: UploadedList) -> PeopleImport:
    basis = kept.basis or f"tệp {kept.file}, SHA-256 {kept.sha256}"
    wording = desk.services.current.say("consent_imported", by=desk.staff.name, basis=basis)
    identity = identity_of(desk.services.settings)
    return PeopleImport(identity, wording, desk.now, kept.group, on_paper=bool(kept.basis))
