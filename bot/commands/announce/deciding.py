"""`htx announce test | rehearse | approve`: what must be known before anything is sent."""

import sys
from functools import partial
from typing import Annotated, Any

import typer

from bot.commands.announce.work import CommandContext, Number, do, say
from bot.telegram.letter import FORMS
from bot.telegram.trial import try_on
from bot.terminal import By, Json, progress, result, result_json
from services.announcements import approval, describe
from services.announcements.audience import Audience
from services.announcements.rehearsal import Rehearsal
from services.conversation.plain import plain_markdown
from services.staff.audit import SYSTEM


def try_one(number: Number, by: By, *, as_json: Json = False) -> None:
    """Gửi thử cho chính mình, vào Telegram đã nối bằng “htx staff link”."""
    sent = {"id": number, "messages": do(partial(_tried, number=number, by=by))}
    say(sent, f"Đã gửi thử thông báo {number} cho {by}: xem điện thoại.", as_json=as_json)


def rehearse(number: Number, by: By = SYSTEM, *, as_json: Json = False) -> None:
    """Diễn tập: soạn và kiểm từng tin, đếm người, tính giờ; không gửi gì."""
    played, words = do(partial(_rehearsed, number=number, by=by))
    if as_json:
        result_json(played.as_json())
    else:
        result(f"{words}\n\nMã bản này: {played.hash}")
    for notice in played.notices if as_json else ():
        progress(f"Lưu ý: {notice}")
    if played.faults:
        raise played.faults[0]


def approve(
    number: Number,
    by: Annotated[str, typer.Option("--as", help="Người duyệt, khác người soạn")],
    seen: Annotated[
        str, typer.Option("--hash", help="Mã của bản đã xem; khác bản này thì không duyệt")
    ] = "",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Duyệt cả khi giống hệt một thông báo đã duyệt")
    ] = False,
    as_json: Json = False,
) -> None:
    """Duyệt đúng văn bản, người nhận và tệp đính kèm này; người soạn không tự duyệt được.

    Không ghi --hash thì in ra bản sẽ duyệt; gõ ở cửa sổ dòng lệnh thì còn hỏi lại.
    """
    if not seen and not as_json:
        seen = _shown(number)
    approved = do(partial(_approved, number=number, by=by, seen=seen, again=again))
    say(approved, f"Đã duyệt thông báo {number}.", as_json=as_json)


def _shown(number: int) -> str:
    """Show what is to be approved, ask a person at a keyboard, and return its hash."""
    text, shown = do(partial(_request, number=number))
    result(text)
    if sys.stdin.isatty():
        typer.confirm("Duyệt đúng bản này?", abort=True)
    return shown


async def _tried(context: CommandContext, number: int, by: str) -> int:
    chat, letter = await context.announcer.trial(context.session, number, by)
    count = await try_on(context.settings, context.sessions, chat, letter)
    await context.announcer.note_trial(context.session, number, by)
    return count


async def _rehearsed(context: CommandContext, number: int, by: str) -> tuple[Rehearsal, str]:
    announcer, session = context.announcer, context.session
    played = await announcer.rehearse(session, number, by)
    announcement = await announcer.find(session, number)
    return played, plain_markdown(describe.rehearsal(announcer.library, announcement, played))


async def _request(context: CommandContext, number: int) -> tuple[str, str]:
    """Return the letter, whom it is for and how many get it, and the hash of what that is."""
    announcer, session = context.announcer, context.session
    announcement = await announcer.find(session, number)
    await announcer.require_sendable(session, announcement)
    letter, counted = (
        await announcer.preview(session, number),
        await announcer.count(session, announcement),
    )
    meant = describe.audience(announcer.library, Audience.stored(announcement.audience))
    shown = [form.preview(letter) for form in FORMS.values()]
    lines = [*shown, "", *meant, context.people(counted.total, counted.left_out)]
    return "\n".join(lines), approval.fingerprint(announcement)


async def _approved(
    context: CommandContext, number: int, by: str, seen: str, *, again: bool
) -> dict[str, Any]:
    approved = await context.announcer.approve(context.session, number, by, seen, again=again)
    return {"id": approved.id, "state": approved.state, "approved_by": by}
