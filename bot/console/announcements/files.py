"""Files of announcements: pictures and PDFs of a draft, and lists of people that leave the page."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.console.announcements import view
from bot.console.request import ConsoleRequest, figure
from services.announcements import describe
from services.announcements.announcement import BEFORE, AnnouncementForm
from services.announcements.attachments import Attachment, keep_bytes
from services.announcements.draft_file import Draft
from services.errors import AnnouncementError
from services.staff import account
from services.storage.models import Announcement

_KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
_NAMES = 50
"""People on one page of names."""


async def add(desk: ConsoleRequest) -> Response:
    """Add the files of the form to a draft of one's own, which is to be approved anew."""
    own = await _own(desk)
    form, folder = AnnouncementForm.of(own), view.announcer(desk).folder
    sent = [one for one in desk.form.getlist("files") if isinstance(one, UploadFile)]
    kept = [
        await run_in_threadpool(keep_bytes, one.filename or "", await one.read(), folder)
        for one in sent
        if one.filename
    ]
    if not kept:
        raise AnnouncementError("attachment_none")
    files = tuple(dict.fromkeys((*form.attachments, *kept)))
    return await _changed(desk, own, form.with_(attachments=files), f"Đã thêm {len(kept)} tệp.")


async def remove(desk: ConsoleRequest) -> Response:
    """Take a file out of a draft of one's own."""
    own = await _own(desk)
    form, gone = AnnouncementForm.of(own), desk.field("sha256")
    files = tuple(file for file in form.attachments if file.sha256 != gone)
    return await _changed(desk, own, form.with_(attachments=files), "Đã bỏ tệp.")


async def give(desk: ConsoleRequest) -> Response:
    """Give a file of an announcement, the one that is or was approved."""
    room = view.announcer(desk)
    one = await room.find(desk.session, desk.number())
    files, place = list(map(_attachment, one.attachments)), desk.number("place")
    if place >= len(files) or (one.state in BEFORE and not desk.may(account.WRITERS)):
        raise AnnouncementError("announcement_unknown", number=one.id)
    file = files[place]
    content = await run_in_threadpool(file.read, room.folder)
    ending = file.name[file.name.rfind(".") :].lower()
    kind = _KINDS.get(ending, "application/pdf")
    how = "inline" if ending in _KINDS else "attachment"
    shown = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name)}"}
    return Response(content, media_type=kind, headers=shown)


async def names(desk: ConsoleRequest) -> Response:
    """Show by name whom it did not reach, and why; that is noted."""
    room, page = view.announcer(desk), max(figure(desk.asked("page")), 1)
    found = await room.unreached(
        desk.session,
        desk.number(),
        desk.staff.name,
        skip=(page - 1) * _NAMES,
        most=_NAMES + 1,
    )
    words = view.phrases(desk)
    return desk.page(
        "announcements_names.html",
        one=await room.find(desk.session, desk.number()),
        rows=[(row, describe.why(words, row.reason)) for row in found[:_NAMES]],
        page=page,
        more=len(found) > _NAMES,
    )


async def as_csv(desk: ConsoleRequest) -> Response:
    """Give a table of all recipients as a file that Excel opens; that is noted."""
    number = desk.number()
    lines = await view.announcer(desk).export(desk.session, number, desk.staff.name)
    name = f"thong-bao-{number}.csv"
    return Response(
        lines.encode("utf-8-sig"),
        HTTPStatus.OK,
        {"Content-Disposition": f'attachment; filename="{name}"'},
        "text/csv",
    )


async def _own(desk: ConsoleRequest) -> Announcement:
    room = view.announcer(desk)
    own = await room.own(desk.session, desk.number(), desk.staff.name)
    room.require_state(own, BEFORE, "change")
    return own


async def _changed(
    desk: ConsoleRequest, own: Announcement, form: AnnouncementForm, told: str
) -> Response:
    await view.announcer(desk).change(desk.session, own.id, Draft(form), desk.staff.name)
    return desk.to(f"{view.HERE}/{own.id}", told)


def _attachment(row: dict[str, object]) -> Attachment:
    return Attachment(**row)  # type: ignore[arg-type]  # because the row is what `as_row` gave
