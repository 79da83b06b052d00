"""`htx announce send | reschedule | pause | resume | cancel`: on its way, and off it."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import typer

from bot.commands.announce.work import CommandContext, Number, do, say
from bot.terminal import By, Json, progress
from services.announcements.quiet import Quiet
from services.clock import read_moment, utc_now, write_moment
from services.settings import load_settings
from services.staff.audit import SYSTEM

Verb = Literal["pause", "resume", "cancel"]
Moment = Annotated[str, typer.Option("--at", help="Giờ Việt Nam, như “27/11 08:00”")]


def send(number: Number, by: By = SYSTEM, at: Moment = "", *, as_json: Json = False) -> None:
    """Đưa thông báo đã duyệt vào hàng gửi, ngay hoặc vào giờ hẹn."""
    moment = read_moment(at, utc_now()) if at else None
    queued, now = do(partial(_queued, number=number, by=by, at=moment))
    when = f"lúc {write_moment(moment)}" if moment else "ngay khi bộ phận gửi chạy"
    sentence = f"Đã xếp hàng thông báo {number}, gửi {when}; theo dõi: htx announce report {number}"
    say(queued, sentence, as_json=as_json)
    _tell_quiet(moment or now)


def reschedule(
    number: Number,
    by: By,
    at: Moment,
    *,
    as_json: Json = False,
) -> None:
    """Đổi giờ của thông báo đã hẹn; không phải duyệt lại."""
    moment = read_moment(at, utc_now())
    queued = do(partial(_rescheduled, number=number, by=by, at=moment))
    say(queued, f"Thông báo {number} sẽ gửi lúc {write_moment(moment)}.", as_json=as_json)
    _tell_quiet(moment)


def pause(number: Number, by: By, *, as_json: Json = False) -> None:
    """Tạm dừng gửi; tin đang trên đường thì đi nốt."""
    _step(number, by, "pause", f"Đã tạm dừng thông báo {number}.", as_json=as_json)


def resume(number: Number, by: By, *, as_json: Json = False) -> None:
    """Gửi tiếp thông báo đang tạm dừng."""
    _step(number, by, "resume", f"Thông báo {number} sẽ được gửi tiếp.", as_json=as_json)


def cancel(number: Number, by: By, *, as_json: Json = False) -> None:
    """Hủy hẳn phần chưa gửi."""
    _step(number, by, "cancel", f"Đã hủy phần chưa gửi của thông báo {number}.", as_json=as_json)


def _tell_quiet(moment: datetime) -> None:
    """Say when sending begins that quiet hours would hold."""
    resumes = Quiet.read(load_settings().quiet_hours).ends_after(moment)
    if resumes:
        progress(f"Lúc đó là giờ yên lặng nên bắt đầu gửi từ {write_moment(resumes)}.")


async def _queued(
    context: CommandContext, number: int, by: str, at: datetime | None
) -> tuple[dict[str, Any], datetime]:
    announcer, session = context.announcer, context.session
    await announcer.send(session, number, by, at)
    return (await announcer.report(session, number)).as_json(), announcer.now()


async def _rescheduled(
    context: CommandContext, number: int, by: str, at: datetime
) -> dict[str, Any]:
    announcer, session = context.announcer, context.session
    await announcer.reschedule(session, number, by, at)
    return (await announcer.report(session, number)).as_json()


def _step(number: int, by: str, verb: Verb, sentence: str, *, as_json: bool) -> None:
    say(do(partial(_stepped, number=number, by=by, verb=verb)), sentence, as_json=as_json)


async def _stepped(context: CommandContext, number: int, by: str, verb: Verb) -> dict[str, Any]:
    announcer, session = context.announcer, context.session
    steps = {"pause": announcer.pause, "resume": announcer.resume, "cancel": announcer.cancel}
    await steps[verb](session, number, by)
    return {"id": number, "state": (await announcer.find(session, number)).state}
