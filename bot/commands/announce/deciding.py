"""`htx announce test | rehearse | approve`: what must be known before anything is sent."""

from functools import partial
from typing import Annotated, Any

import typer

from bot.commands.announce.work import Desk, Number, do, people, say
from bot.commands.options import By, Json
from bot.commands.terminal import progress, result, result_json
from bot.telegram.trial import try_on
from services.announcements import trial
from services.announcements.moments import clock
from services.announcements.quiet import Quiet
from services.announcements.rehearsal import Rehearsal
from services.announcements.rehearsal import rehearse as rehearse_all
from services.errors import AnnouncementError
from services.staff.audit import SYSTEM


def try_one(number: Number, by: By, *, as_json: Json = False) -> None:
    """Gửi thử cho chính mình, vào Telegram đã nối bằng “htx staff link”."""
    count = do(partial(_tried, number=number, by=by))
    said = {"id": number, "messages": count}
    say(said, f"Đã gửi thử thông báo {number} cho {by}: xem điện thoại.", as_json=as_json)


def rehearse(number: Number, by: By = SYSTEM, *, as_json: Json = False) -> None:
    """Diễn tập: soạn và kiểm từng tin, đếm người, tính giờ; không gửi gì."""
    played = do(partial(_rehearsed, number=number, by=by))
    if as_json:
        result_json(played.as_json())
    else:
        result("\n".join(_told(played)))
    for notice in played.notices:
        progress(f"Lưu ý: {notice}")
    if played.faults:
        raise AnnouncementError(played.faults[0])


def approve(
    number: Number,
    by: Annotated[str, typer.Option("--as", help="Người duyệt, khác người soạn")],
    seen: Annotated[
        str, typer.Option("--hash", help="Mã của bản đã xem; khác bản này thì không duyệt")
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Duyệt đúng văn bản, người nhận và tệp đính kèm này; người soạn không tự duyệt được."""
    approved = do(partial(_approved, number=number, by=by, seen=seen))
    say(approved, f"Đã duyệt thông báo {number}.", as_json=as_json)


async def _tried(desk: Desk, number: int, by: str) -> int:
    said = await desk.announcer.find(desk.session, number)
    chat, letter = await trial.letter_to(desk.session, desk.announcer, said, by)
    count = await try_on(desk.settings, desk.sessions, chat, letter)
    trial.note(desk.session, desk.announcer, said, by)
    return count


async def _rehearsed(desk: Desk, number: int, by: str) -> Rehearsal:
    await desk.require(by)
    said = await desk.announcer.find(desk.session, number)
    quiet = Quiet.read(desk.settings.quiet_hours)
    return await rehearse_all(desk.session, desk.announcer, said, desk.settings.bulk_rate, quiet)


async def _approved(desk: Desk, number: int, by: str, seen: str) -> dict[str, Any]:
    said = await desk.announcer.approve(desk.session, number, by, seen)
    return {"id": said.id, "state": said.state, "approved_by": by}


def _told(played: Rehearsal) -> list[str]:
    return [
        people(played.total, played.left_out),
        f"{played.parts} tin, gửi trong khoảng {_length(played.seconds)}.",
        f"Nếu gửi bây giờ: bắt đầu {clock(played.starts_at)}, xong {clock(played.ends_at)}.",
        *(["Đang trong giờ yên lặng nên chờ đến lúc đó mới gửi."] if played.held else []),
        *(["Gửi xong thì đã quá hạn của thông báo: gửi sớm hơn."] if played.late else []),
        "Đã có người khác duyệt." if played.approved else "Chưa có người khác duyệt.",
        f"Mã bản này: {played.hash}",
    ]


def _length(seconds: float) -> str:
    """Write a length of time as people do."""
    minutes = round(seconds / 60)
    if minutes < 2:  # noqa: PLR2004  # because below two minutes seconds say more
        return f"{seconds:.0f} giây"
    return f"{minutes // 60} giờ {minutes % 60} phút" if minutes >= 60 else f"{minutes} phút"  # noqa: PLR2004  # because an hour has sixty minutes
