"""`htx tool due|office`: by when, and where to go, in the terminal."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.terminal import (
    AsOf,
    Json,
    progress,
    read_told_day,
    result,
    result_json,
    result_table,
    result_titles,
)
from services.clock import day_of, utc_now
from services.conversation.days import write_day
from services.errors import ToolError, why_of
from services.knowledge.loader import read_content
from services.settings import load_settings
from services.tools.due import due_from, title_of
from services.tools.office import office as offices


def due(  # noqa: PLR0913  # because each is an option
    procedure: Annotated[str, typer.Argument(help="Tên thủ tục; bỏ trống thì liệt kê")] = "",
    *,
    start: Annotated[str, typer.Option("--from", help="Ngày xảy ra việc: 2026-11-30")] = "",
    event: Annotated[
        str, typer.Option(help="Ngày đó là ngày gì: mã của hạn đầu tiên tính từ ngày ấy")
    ] = "",
    as_of: AsOf = "",
    ics: Annotated[Path | None, typer.Option(help="Ghi thành tệp lịch .ics")] = None,
    as_object: Json = False,
) -> None:
    """Tính các hạn của một thủ tục, mỗi hạn kèm điều khoản; “nam” là việc trong năm.

    --from là ngày mà hạn đầu tiên của thủ tục tính từ đó, trừ khi --event chỉ hạn khác. Hạn tính từ
    việc khác thì chỉ nói bằng lời; --json tính cả chúng, như thể việc đó cũng vào ngày ấy.
    """
    library = read_content(load_settings().content_dir)
    if not procedure:
        titles = {name: title_of(name, library) for name in library.deadlines}
        result_titles(titles, as_object=as_object)
        return
    today = read_told_day(as_of, day_of(utc_now()))
    known = library.deadlines.get(procedure)
    if known and event and event not in known.events:
        raise ToolError("due_event", name=event, known=", ".join(known.events))
    begins, first = event or (known.usual if known else ""), read_told_day(start, today)
    found = due_from(library, procedure, begins, first, today)
    if ics is not None:
        _write(ics, found.as_calendar(utc_now()))
    if as_object:
        result_json(found.as_json(first))
        return
    say = library.phrases.say
    table = Table("Ngày", "Việc", "Căn cứ", "Ghi chú", show_lines=True)
    for one in found.dates:
        told_of = (found.what(one.deadline), found.clause(one.deadline), found.note(one))
        day = say("due_dated", day=write_day(one.day), past=found.is_past(one))
        table.add_row(day, *told_of)
    for line in found.without_day:
        table.add_row("", found.what(line), found.clause(line), "")
    result(found.title)
    result_table(table)
    result(say("due_counting"))


def office(
    text: Annotated[str, typer.Argument(help="Tên xã, phường, cũ hay mới, viết sao cũng được")],
    *,
    as_object: Json = False,
) -> None:
    """Tìm nơi nộp hồ sơ theo tên xã, phường hiện nay hoặc tên trước tháng 7/2025."""
    found = offices(read_content(load_settings().content_dir), text)
    if as_object:
        result_json(found.as_json())
        return
    say = found.library.phrases.say
    for one in found.found:
        result(f"{one.name} (mã {one.code})")
        result(f"  Trước 7/2025: {', '.join(one.old_names)}")
        result(f"  {found.office(one)}. {found.contact(one)}")
    if found.district:
        names = [one.name for one in found.within]
        result(say("office_district", district=found.district, names=names))
    if not found.found:
        result(say("office_none", text=text))
        return
    result(say("office_takes"))
    result("Nên hỏi qua điện thoại trước khi đi:")
    for ask in found.asks:
        result(f"  - {ask}")


def _write(path: Path, made: bytes) -> None:
    """Write a file.

    Raises:
        ToolError: the system refuses it.

    """
    try:
        path.write_bytes(made)
    except OSError as error:
        raise ToolError("due_file", file=path, why=why_of(error)) from None
    progress(f"Đã ghi {path}.")
