"""`htx announce send | pause | resume | cancel`: on its way, and off it."""

import re
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import typer

from bot.commands.announce.work import Desk, Number, do, say
from bot.commands.options import By, Json
from bot.commands.terminal import progress
from services.announcements.moments import clock
from services.announcements.quiet import Quiet
from services.announcements.report import report
from services.clock import VIETNAM
from services.errors import AnnouncementError
from services.settings import load_settings
from services.staff import account
from services.staff.audit import SYSTEM

Verb = Literal["pause", "resume", "cancel"]
Moment = Annotated[str, typer.Option("--at", help="Giờ Việt Nam, như “2026-12-31 08:00”")]
_DAY_FIRST = re.compile(r"(\d{1,2}:\d{2}) +(\d{1,2})/(\d{1,2})/(\d{4})")


def send(number: Number, by: By = SYSTEM, at: Moment = "", *, as_json: Json = False) -> None:
    """Đưa thông báo đã duyệt vào hàng gửi, ngay hoặc vào giờ hẹn."""
    moment = _read(at) if at else None
    queued, now = do(partial(_queued, number=number, by=by, at=moment))
    when = f"lúc {clock(moment)}" if moment else "ngay khi bộ phận gửi chạy"
    said = f"Đã xếp hàng thông báo {number}, gửi {when}; theo dõi: htx announce report {number}"
    say(queued, said, as_json=as_json)
    resumes = Quiet.read(load_settings().quiet_hours).ends_after(moment or now)
    if resumes:
        progress(f"Lúc đó là giờ yên lặng nên bắt đầu gửi từ {clock(resumes)}.")


def pause(number: Number, by: By, *, as_json: Json = False) -> None:
    """Tạm dừng gửi; tin đang trên đường thì đi nốt."""
    _step(number, by, "pause", f"Đã tạm dừng thông báo {number}.", as_json=as_json)


def resume(number: Number, by: By, *, as_json: Json = False) -> None:
    """Gửi tiếp thông báo đang tạm dừng."""
    _step(number, by, "resume", f"Thông báo {number} sẽ được gửi tiếp.", as_json=as_json)


def cancel(number: Number, by: By, *, as_json: Json = False) -> None:
    """Hủy hẳn phần chưa gửi."""
    _step(number, by, "cancel", f"Đã hủy phần chưa gửi của thông báo {number}.", as_json=as_json)


async def _queued(
    desk: Desk, number: int, by: str, at: datetime | None
) -> tuple[dict[str, Any], datetime]:
    await desk.require(by)
    said = await desk.announcer.send(desk.session, number, by, at)
    return (await report(desk.session, said)).as_json(), desk.announcer.now()


def _step(number: int, by: str, verb: Verb, sentence: str, *, as_json: bool) -> None:
    say(do(partial(_stepped, number=number, by=by, verb=verb)), sentence, as_json=as_json)


async def _stepped(desk: Desk, number: int, by: str, verb: Verb) -> dict[str, Any]:
    await account.require(desk.session, by, account.WRITERS)
    await getattr(desk.announcer, verb)(desk.session, number, by)
    said = await desk.announcer.find(desk.session, number)
    return {"id": said.id, "state": said.state}


def _read(at: str) -> datetime:
    """Read a moment in Việt Nam, also as people write it: 08:00 31/12/2026.

    Raises:
        AnnouncementError: it is none.

    """
    found = _DAY_FIRST.fullmatch(at.strip())
    written = f"{found[4]}-{found[3]:0>2}-{found[2]:0>2} {found[1]:0>5}" if found else at.strip()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        msg = f"Giờ hẹn “{at}” không đọc được; viết như “2026-12-31 08:00”."
        raise AnnouncementError(msg) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
