"""The audit as a page: who did what, when, to what; the newest first, fifty a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.console.request import HOME, ConsoleRequest, figure
from services.staff import account, audit
from services.storage.models import Audit

KINDS = {
    "announce": "Thông báo",
    "article": "Nội dung",
    "gap": "Câu chưa trả lời",
    "people": "Bà con",
    "staff": "Cán bộ",
    "ticket": "Phiếu hỏi cán bộ",
    "stop": "Tắt",
    "resume": "Bật lại",
    "db": "Cơ sở dữ liệu",
}
"""What the audit is about, by how the names of acts begin."""
_FIELDS = ("who", "did", "about")


async def show(desk: ConsoleRequest) -> Response:
    """Show a page of the audit, as asked for by who, what kind, about what."""
    asked = {name: desk.asked(name) for name in _FIELDS}
    rows = await audit.page(desk.session, **asked, before=figure(desk.asked("before")))
    shown, more = rows[: audit.PAGE], len(rows) > audit.PAGE
    older = urlencode({**asked, "before": shown[-1].id}) if more else ""
    return desk.page(
        "system_audit.html",
        rows=[(row, _noted(row)) for row in shown],
        older=f"{HOME}/system/audit?{older}" if more else "",
        asked=asked,
        names=[("", "ai cũng được"), ("system", "máy (system)"), *await _names(desk)],
        kinds=[("", "việc gì cũng được"), *((f"{one}", label) for one, label in KINDS.items())],
    )


async def _names(desk: ConsoleRequest) -> list[tuple[str, str]]:
    return [(one.name, one.name) for one in await account.everyone(desk.session)]


def _noted(row: Audit) -> str:
    """Return the numbers of a row as people read them: what was, then what is."""
    note: Mapping[str, Any] = row.note
    told = [f"{name}: {_brief(value)}" for name, value in note.items() if name not in _CHANGE]
    if _CHANGE & set(note):
        before, after = (_brief(note.get(name, "")) for name in ("before", "after"))
        told.insert(0, f"{before or 'trống'} → {after or 'trống'}")
    return "; ".join(told)


_CHANGE = {"before", "after"}
_HASH = 64


def _brief(value: Any) -> str:
    told = str(value)
    return f"{told[:12]}…" if len(told) >= _HASH and told.isalnum() else told
