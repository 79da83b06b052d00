"""The terminal: options that commands share, results on stdout, progress and errors on stderr."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.exceptions import TyperException

from services.clock import read_day
from services.conversation.plain import plain_markdown
from services.errors import AnnouncementError, HtxError, ToolError, why_of

Json = Annotated[bool, typer.Option("--json", help="In dạng JSON")]
AsOf = Annotated[str, typer.Option("--as-of", help="Tính như hôm đó là hôm nay: 2026-11-30")]
By = Annotated[str, typer.Option("--as", help="Tên cán bộ làm việc này, ghi vào sổ kiểm tra")]
Channel = Annotated[str, typer.Option("--channel", help="Kênh: telegram, web, zalo…")]
ChatId = Annotated[str, typer.Argument(help="chat_id của người đó")]

HOW_TO_OPEN = "xem docs/van-hanh/may-chu.md"
IN_CLEAR = "{} là máy khác mà không phải https: ai ở giữa đường cũng đọc được mã."

_REMEDIES = {
    "backup_nothing": "Chạy “htx db upgrade” trước.",
    "restore_in_use": "Dừng “htx run” (và “htx web”, “htx telegram”, “htx worker”) rồi làm lại.",
    "content_absent": "Xem lại HTX_CONTENT_DIR.",
    "group_unknown": "Xem các nhóm bằng “htx people groups”.",
    "place_unknown": "Xem danh sách bằng “htx people places”.",
    "run_twice": "Tắt nơi kia rồi chạy lại; muốn thêm một trang web thì dùng “htx web”.",
    "staff_unknown": "Thêm bằng “htx staff add”, xem danh sách bằng “htx staff list”.",
    "staff_link_bad": "Liên kết mới: “htx staff link”.",
    "staff_link_used": "Liên kết mới: “htx staff link”.",
    "staff_not_linked": "Chạy htx staff link '{name}' rồi mở liên kết trên điện thoại.",
    "announcement_unknown": "Xem danh sách bằng “htx announce list”.",
    "announcement_lapsed": "Lệnh: “htx announce cancel {number} --as TÊN”.",
    "approval_unseen": "Xem bằng “htx announce preview {number}”.",
    "approval_twin": "Vẫn muốn duyệt thì thêm --again.",
    "file_changed": "Lệnh: htx announce draft --file '{path}' --id {number} --as '{author}'",
    "file_without_head": "Xem mẫu bằng “htx announce templates”.",
    "file_there": "Đặt tên bằng --file.",
}
"""What can be done here about an error, by its code; `{name}` stands for what the error names."""
_MISUSED = {
    "MissingParameter": "Còn thiếu {what}.",
    "NoSuchOption": "Không có tùy chọn {what}.",
    "BadOptionUsage": "Tùy chọn {what} còn thiếu giá trị, hoặc dùng chưa đúng.",
    "BadParameter": "Giá trị của {what} không dùng được.",
    "NoArgsIsHelpError": "",
}
"""What was typed wrong, by typer's name for it; its own words are English."""
_DRAWING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls but tabs and new lines, among them what begins a terminal's orders, and what turns
letters around."""
_QUOTED = re.compile(r"'([^']+)'|\(([^()]+)\)$")
"""What typer's own words quote: a name, or all that was one word too many."""


def _plain(line: str) -> str:
    """Return a line without what moves a terminal or turns its letters around.

    Citizens and staff wrote some of it; what is no letter of theirs draws nothing here.
    """
    return _DRAWING.sub("", line)


def progress(line: str) -> None:
    """Say what is going on."""
    print(_plain(line), file=sys.stderr, flush=True)  # noqa: T201  # because this is the terminal's face


def result(line: str) -> None:
    """Print a result."""
    print(_plain(line), flush=True)  # noqa: T201  # because this is the terminal's face


def result_json(value: Any) -> None:
    """Print a result as one line of JSON."""
    result(json.dumps(value, ensure_ascii=False))


def result_titles(titles: Mapping[str, str], *, as_object: bool) -> None:
    """Print what there is to choose from: each name with its title."""
    if as_object:
        result_json([{"name": name, "title": title} for name, title in titles.items()])
        return
    for name, title in titles.items():
        result(f"{name}: {title}")


def read_told_day(text: str, today: date) -> date:
    """Read a day as people write it; an empty text is `today`.

    Raises:
        ToolError: it is none.

    """
    try:
        return read_day(text, today) if text else today
    except AnnouncementError:
        raise ToolError("due_day", day=text) from None


def read_json(path: Path, code: str) -> Any:
    """Read a file of JSON that somebody gives.

    Raises:
        ToolError: it can't be opened; with this code, it is no JSON.

    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ToolError("json_unread", file=path, why=why_of(error)) from None
    except (ValueError, RecursionError):  # lists within lists without end
        raise ToolError(code, file=path) from None


def result_table(table: Table) -> None:
    """Print a table with every cell as it is: what citizens and staff wrote is no markup."""
    _PlainConsole(markup=False, emoji=False, highlight=False).print(table)


def with_tables(text: str) -> str:
    """Return Markdown of the content's kind as plain text, its tables drawn in columns."""
    blocks = groupby(text.splitlines(), key=lambda line: line.startswith("|"))
    told = (_drawn(lines) if table else plain_markdown("\n".join(lines)) for table, lines in blocks)
    return "\n\n".join(filter(None, told))


def _drawn(lines: Iterable[str]) -> str:
    names, _, *rows = (
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines
    )
    table = Table(*map(plain_markdown, names), show_lines=True)
    for row in rows:
        table.add_row(*map(plain_markdown, row))
    page = Console(markup=False, emoji=False, highlight=False)
    with page.capture() as drawn:
        page.print(table)
    return drawn.get().rstrip()


class _PlainConsole(Console):
    """Draws what was written as letters alone."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text to be drawn."""
        return super().render_str(_plain(text), **options)


def sentence_of(error: HtxError) -> str:
    """Return what happened and, where a command helps, which."""
    remedy = _REMEDIES.get(error.code, "").format_map(error.values)
    return f"{error} {remedy}".strip()


def misuse_of(error: TyperException) -> str:
    """Return what was typed wrong, and how to see what may be typed; nothing below help."""
    form = _MISUSED.get(type(error).__name__, "Không hiểu {what}.")
    if not form:
        return ""
    param, context = getattr(error, "param", None), getattr(error, "ctx", None)
    quoted = _QUOTED.search(param.get_error_hint() if param else error.message)
    named = quoted[1] or quoted[2] if quoted else error.message
    what = f"“{getattr(error, 'option_name', '') or named}”"
    if explained := getattr(param, "help", None):
        what = f"{what} ({explained})"
    path = context.command_path if context else "htx"
    return f"{form.format(what=what)} Xem cách dùng: {path} --help"
