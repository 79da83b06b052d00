"""`htx people import | export | groups | group | places`: lists of people, of groups, of places."""

import asyncio
import csv
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.db import opened, reading, writing
from bot.people_intake import numbers, take_in
from bot.terminal import By, Json, progress, result, result_json
from services.clock import utc_now
from services.errors import PeopleError, why_of
from services.knowledge.loader import read_content
from services.people import groups as saved
from services.people.people_csv import Cells, CsvTable, Remark, guarded, pages, read_csv
from services.people.people_import import (
    AT_ONCE,
    COLUMNS,
    NEEDED,
    Entries,
    PeopleImport,
    Tally,
    says_yes,
)
from services.people.person import TELEGRAM, identity_of, ids_of
from services.people.places import places_like
from services.people.subscription import by_label
from services.settings import Settings, load_settings
from services.staff import account, audit

_TOLD_EVERY = 10_000
_MOST_LINES = 20
_OF_GROUP = ("channel", "chat_id")
_UNPROVED = (
    "Có dòng ghi là đã đồng ý nhận thông báo mà không nói theo giấy nào: tên và mã SHA-256 của tệp "
    'này được ghi làm chứng. Có giấy thì thêm --basis "tên giấy, số, ngày, ai giữ".'
)
_UNKNOWN = "chưa biết chat này; người đó chưa nhắn cho bot và chưa có trong bảng đã nhập"
File = Annotated[Path, typer.Argument(help="Tệp CSV (UTF-8), lưu từ Excel")]


def import_people(
    file: File,
    *,
    group: Annotated[str, typer.Option(help="Thêm những người này vào nhóm")] = "",
    basis: Annotated[str, typer.Option(help="Giấy ghi họ đã đồng ý: tên, số, ngày, ai giữ")] = "",
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Nhập bảng bà con (channel, chat_id, name, role, place, topics, consent).

    Dòng đúng được giữ, dòng sai được kể ra; ô trống không xóa điều đã biết. Có dòng nói đồng ý thì
    ghi --basis: giấy đó được ghi cùng lời đồng ý của từng người, không có thì là chính tệp này.
    """
    settings = load_settings()
    table = read_csv(file, COLUMNS, NEEDED)
    if not basis.strip() and says_yes(table):
        progress(_UNPROVED)
    library = read_content(settings.content_dir)
    labels = {name: topic.label for name, topic in library.topics.items()}
    entries = Entries(by_label(labels))
    importing = PeopleImport(
        identity_of(settings),
        library.phrases.say("consent_imported", by=by, basis=basis.strip() or _this(file)),
        utc_now(),
        saved.group_name(group) if group else "",
        on_paper=bool(basis.strip()),
    )
    tally = asyncio.run(_take_in(settings, importing, entries, table, by))
    if as_object:
        result_json(_as_json(tally, entries, table))
    else:
        _print(tally, entries, table)
    if entries.bad and not tally.imported:
        raise typer.Exit(1)


def _this(file: Path) -> str:
    """Name a file so that whoever kept it can show that it is the one."""
    return f"tệp {file.name}, SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}"


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
    table = read_csv(file, _OF_GROUP, ("chat_id",))
    size, bad = asyncio.run(_save(settings, name, table, by))
    if as_object:
        result_json({"group": name, "members": size, "bad": [asdict(one) for one in bad]})
    else:
        _say_unknown_columns(table)
        kept = "" if size or not bad else " Nhóm giữ nguyên như trước."
        result(f"Nhóm {name}: đã lưu {size} người, bỏ {len(bad)} dòng.{kept}")
        _say_remarks(bad)
    if bad and not size:
        raise typer.Exit(1)


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


def _say_unknown_columns(table: CsvTable) -> None:
    """Say which columns of a table were not read."""
    if table.unknown:
        progress(f"Không đọc cột lạ: {', '.join(table.unknown)}.")


def _say_remarks(remarks: list[Remark]) -> None:
    """Say what is to be told of lines, one by one."""
    for remark in remarks:
        progress(f"  Dòng {remark.line}: {remark.reason}.")


async def _take_in(
    settings: Settings, importing: PeopleImport, entries: Entries, table: CsvTable, by: str
) -> Tally:
    """Write the entries; what was kept stands in the audit, also when somebody stops it."""
    tally = Tally()

    def _tell() -> None:
        if tally.imported % _TOLD_EVERY == 0:
            progress(f"Đã nhập {tally.imported} người…")

    async with opened(settings) as sessions:
        async with sessions() as session:
            who = await account.actor(session, by)
        try:
            await take_in(sessions, importing, entries.read(table), tally, _tell)
        finally:
            async with sessions.begin() as session:
                audited = numbers(tally) | {"bad": len(entries.bad)}
                audit.note(session, utc_now(), who, "people.import", "", **audited)
    return tally


def _as_json(tally: Tally, entries: Entries, table: CsvTable) -> dict[str, Any]:
    return {
        **numbers(tally),
        "bad": [asdict(remark) for remark in entries.bad],
        "notices": [asdict(remark) for remark in tally.notices],
        "unknown_columns": table.unknown,
        "unsent_channels": entries.unsent,
    }


def _print(tally: Tally, entries: Entries, table: CsvTable) -> None:
    _say_unknown_columns(table)
    result(
        f"Đã nhập {tally.imported} người ({tally.new} mới, {tally.updated} cập nhật), "
        f"bỏ {len(entries.bad)} dòng."
    )
    _say_remarks(entries.bad)
    if tally.erased:
        lines = ", ".join(map(str, tally.erased[:_MOST_LINES]))
        more = "…" if len(tally.erased) > _MOST_LINES else ""
        result(
            f"Không nhập {len(tally.erased)} người đã xóa dữ liệu của mình (dòng {lines}{more})."
        )
        progress("Xóa các dòng đó khỏi bảng; ai muốn nhận lại thì tự nhắn /start cho bot.")
    if entries.unsent:
        channels = (f"{name} ({many} người)" for name, many in sorted(entries.unsent.items()))
        progress(f"Chưa gửi được tin qua kênh {', '.join(channels)}; gõ nhầm thì sửa rồi nhập lại.")
    if tally.notices:
        progress("Đã nhập, nhưng lời của chính người đó vẫn được giữ:")
        _say_remarks(tally.notices)


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
        msg = f"Không ghi được {file} ({why_of(error)}); xem lại đường dẫn."
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
