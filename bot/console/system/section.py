"""The section: how the product stands, what is stopped for everybody, and all its routes."""

import asyncio
from typing import Any, cast

from starlette.responses import Response

from bot import examination
from bot.console.request import HOME, ConsoleRequest, ConsoleRoute, Section
from bot.console.system import audit_book, staff_accounts
from bot.console.system.staff_accounts import ADMINS
from services.errors import HtxError, StaffError
from services.publishing.status import read_record, record_path
from services.staff import stops
from services.staff.stops import STOPPABLE, Stoppable
from services.storage import backup

_SYSTEM = f"{HOME}/system"
_COPIES = 10
_ORDER = {False: 0, None: 1, True: 2}
"""What is to be mended stands first."""


async def show(desk: ConsoleRequest) -> Response:
    """Show what is stopped, how publishing stands, the copies."""
    return await _page(desk)


async def _page(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    settings = desk.services.settings
    return desk.page(
        "system.html",
        stopped=dict.fromkeys(STOPPABLE) | {one.what: one for one in desk.stopped},
        sentence=desk.field("sentence") or desk.services.current.say("answers_stopped"),
        problem=str(error or ""),
        **_publishing(desk),
        copies=backup.copies(settings)[:_COPIES],
        is_sqlite=settings.sqlite_path is not None,
        most=stops.LONGEST,
    )


async def publishing(desk: ConsoleRequest) -> Response:
    """Tell how publishing stands, for the page that follows it."""
    how = _publishing(desk)
    return desk.part("system_publishing.html", last=not how["is_at_work"], **how)


def _publishing(desk: ConsoleRequest) -> dict[str, Any]:
    record = read_record(record_path(desk.services.settings))
    at_work = record is not None and record.is_at_work(desk.now)
    return {"record": record, "is_at_work": at_work}


async def show_checks(desk: ConsoleRequest) -> Response:
    """Show what `htx doctor` finds, what is to be mended first."""
    settings, library = desk.services.settings, desk.services.library
    folder = str(settings.data_dir)
    found = [
        *await examination.by_rows(desk.session, settings),
        # It reads the content folder, which takes long enough to be felt by who asks meanwhile.
        *await asyncio.to_thread(examination.by_settings, settings, library),
        *await examination.by_processes(settings),
    ]
    return desk.page(
        "system_checks.html",
        findings=[
            (one.well, one.sentence.replace(folder, "thư mục dữ liệu"))
            for one in sorted(found, key=lambda one: _ORDER[one.well])
        ],
    )


async def stop(desk: ConsoleRequest) -> Response:
    """Stop automatic answers or sending, for everybody, at once."""
    what = _what(desk)
    stopped = await stops.stop(
        desk.session, what, desk.field("sentence"), desk.now, desk.staff.name
    )
    return desk.to(_SYSTEM, _STOPPED[what] if stopped else "Đã tắt từ trước rồi.")


async def resume(desk: ConsoleRequest) -> Response:
    """Let it go on."""
    what = _what(desk)
    resumed = await stops.resume(desk.session, what, desk.now, desk.staff.name)
    return desk.to(_SYSTEM, _RESUMED[what] if resumed else "Đang chạy sẵn rồi.")


def _what(desk: ConsoleRequest) -> Stoppable:
    """Return what the address names.

    Raises:
        StaffError: it is nothing that can be stopped.

    """
    named = desk.request.path_params["what"]
    if named not in STOPPABLE:
        raise StaffError("stop_unknown", what=named)
    return cast("Stoppable", named)


_STOPPED = {
    "answers": "Đã tắt trả lời tự động: bà con hỏi gì cũng nhận câu anh/chị vừa ghi.",
    "sending": "Đã tắt gửi: tin đang gửi dừng sau vài giây, không tin nào bị mất.",
}
_RESUMED = {
    "answers": "Trợ lý trả lời lại như trước.",
    "sending": "Gửi tiếp từ chỗ đã dừng.",
}

SECTION = Section(
    "system",
    "Hệ thống",
    (
        ConsoleRoute("GET", "/system", show, ADMINS),
        ConsoleRoute("GET", "/system/publishing", publishing, ADMINS, live=True),
        ConsoleRoute("GET", "/system/checks", show_checks, ADMINS),
        ConsoleRoute("POST", "/system/stop/{what}", stop, ADMINS, again=_page),
        ConsoleRoute("POST", "/system/resume/{what}", resume, ADMINS, fresh=True),
        ConsoleRoute("GET", "/system/audit", audit_book.show, ADMINS),
        *staff_accounts.ROUTES,
    ),
)
