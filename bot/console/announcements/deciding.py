"""What is done with an announcement that stands: a yes or no to it, its way, its end."""

from datetime import datetime

from starlette.responses import Response

from bot.console.announcements import telling, view
from bot.console.request import ConsoleRequest, figure
from bot.web.markdown import markdown_html
from services.announcements import describe
from services.clock import read_moment, write_moment
from services.errors import AnnouncementError
from services.staff import link_makers

_WHOLE = 64
"""Digits of a hash: what was shown is named whole, or not at all."""
_LONGEST_REASON = 1000


async def ask(desk: ConsoleRequest) -> Response:
    """Ask for another's yes."""
    room, number = view.announcer(desk), desk.number()
    others = await room.ask(desk.session, number, desk.staff.name)
    await telling.ask(desk, await room.find(desk.session, number), others)
    return _back(desk, f"Đã xin duyệt thông báo {number}.")


async def approve(desk: ConsoleRequest) -> Response:
    """Say yes to exactly what the page showed."""
    room, number = view.announcer(desk), desk.number()
    author = (await room.find(desk.session, number)).author
    await link_makers.require_another(desk.session, desk.signed, [author], desk.now)
    await room.approve(
        desk.session,
        number,
        desk.staff.name,
        _seen(desk),
        counted=figure(desk.field("counted")),
        again=bool(desk.field("again")),
        urgent=bool(desk.field("urgent")),
    )
    await telling.decided(desk, await room.find(desk.session, number), "approved")
    return _back(desk, f"Đã duyệt đúng bản này của thông báo {number}.")


async def refuse(desk: ConsoleRequest) -> Response:
    """Say no to what the page showed, and why."""
    room, number = view.announcer(desk), desk.number()
    why = desk.field("why")[:_LONGEST_REASON]
    if not why:
        raise AnnouncementError("refusal_without_reason")
    await room.refuse(desk.session, number, desk.staff.name, _seen(desk), why=why)
    await telling.decided(desk, await room.find(desk.session, number), "refused", why)
    return _back(desk, f"Đã ghi: chưa duyệt thông báo {number}.")


async def send(desk: ConsoleRequest) -> Response:
    """Send it on its way, now or at a moment."""
    room, number = view.announcer(desk), desk.number()
    at = _moment(desk) if desk.field("later") else None
    queued = await room.send(desk.session, number, desk.staff.name, at)
    when = f"Sẽ gửi lúc {write_moment(at)}." if at else "Đã cho gửi."
    held = room.quiet_for(queued).ends_after(at or desk.now)
    quiet = f" Lúc đó là giờ yên lặng, tin đi từ {write_moment(held)}." if held else ""
    return _back(desk, f"Thông báo {queued.id}: {when}{quiet}")


async def reschedule(desk: ConsoleRequest) -> Response:
    """Give what waits for its hour another; the approval stands."""
    room, number, at = view.announcer(desk), desk.number(), _moment(desk)
    await room.reschedule(desk.session, number, desk.staff.name, at)
    return _back(desk, f"Thông báo {number} sẽ gửi lúc {write_moment(at)}.")


async def pause(desk: ConsoleRequest) -> Response:
    """Hold it until it is resumed."""
    await view.announcer(desk).pause(desk.session, desk.number(), desk.staff.name)
    return _back(desk, "Đã tạm dừng; tin đang trên đường thì đi nốt.")


async def resume(desk: ConsoleRequest) -> Response:
    """Go on with what was paused."""
    await view.announcer(desk).resume(desk.session, desk.number(), desk.staff.name)
    return _back(desk, "Sẽ gửi tiếp cho người còn lại.")


async def cancel(desk: ConsoleRequest) -> Response:
    """Give up for good what was not sent yet."""
    await view.announcer(desk).cancel(desk.session, desk.number(), desk.staff.name)
    return _back(desk, "Đã hủy phần chưa gửi; không ai nhận thêm nữa.")


async def copy(desk: ConsoleRequest) -> Response:
    """Begin a new draft from what it says."""
    made = await view.announcer(desk).copy(desk.session, desk.number(), desk.staff.name)
    told = f"Đây là bản nháp {made.id}, chép từ thông báo {desk.number()}."
    return desk.to(f"{view.HERE}/{made.id}/edit", told)


async def delete(desk: ConsoleRequest) -> Response:
    """Delete a draft of one's own."""
    await view.announcer(desk).delete(desk.session, desk.number(), desk.staff.name)
    return desk.to(f"{view.HERE}?list=drafts", f"Đã xóa bản nháp {desk.number()}.")


async def rehearse(desk: ConsoleRequest) -> Response:
    """Write every recipient's letter and check it; nothing is sent."""
    room, number = view.announcer(desk), desk.number()
    played = await room.rehearse(desk.session, number, desk.staff.name)
    one = await room.find(desk.session, number)
    told = describe.rehearsal(desk.services.library, one, played)
    return desk.page("announcements_rehearsal.html", one=one, played=markdown_html(told))


def _seen(desk: ConsoleRequest) -> str:
    """Return the hash of what the page showed.

    Raises:
        AnnouncementError: the form names none.

    """
    seen = desk.field("seen")
    if len(seen) != _WHOLE:
        raise AnnouncementError("approval_unseen", number=desk.number())
    return seen


def _moment(desk: ConsoleRequest) -> datetime:
    return read_moment(desk.field("at"), desk.now)


def _back(desk: ConsoleRequest, told: str) -> Response:
    return desk.to(f"{view.HERE}/{desk.number()}", told)
