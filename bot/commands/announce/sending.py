"""From the rehearsal to the report of `htx announce`.

test | rehearse | approve: what must be known before anything is sent; send | reschedule | pause |
resume | cancel: on its way, and off it; report: who got it, who did not and why.
"""

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.commands.announce.context import CommandContext, Number, do, say
from bot.telegram.carrier import try_on
from bot.telegram.letter import FORMS
from bot.terminal import By, Json, progress, result, result_json
from services.announcements import describe
from services.announcements.audience import Audience
from services.announcements.drafts import Rehearsal
from services.announcements.report import Report
from services.clock import read_moment, utc_now, write_moment
from services.conversation.plain import plain_markdown
from services.errors import AnnouncementError, why_of
from services.staff.audit import SYSTEM

Verb = Literal["pause", "resume", "cancel"]
_SEEN = 4
"""Signs of a hash by which a text is told from another."""
_BLIND = (
    f"Chưa duyệt: ghi --hash MÃ của bản đã xem, từ {_SEEN} ký tự; mã in ở “htx announce show” và "
    "“htx announce rehearse”. Gõ ở cửa sổ dòng lệnh không kèm --json thì xem và gõ mã tại chỗ."
)


@dataclass(frozen=True)
class _Yes:
    """What somebody says yes to."""

    by: str
    seen: str
    again: bool
    urgent: bool


Moment = Annotated[str, typer.Option("--at", help="Giờ Việt Nam, như “27/11 08:00”")]


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


def approve(  # noqa: PLR0913  # because each is an option of the command
    number: Number,
    by: Annotated[str, typer.Option("--as", help="Người duyệt, khác người soạn")],
    seen: Annotated[
        str, typer.Option("--hash", help="Mã của bản đã xem; khác bản này thì không duyệt")
    ] = "",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Duyệt cả khi giống hệt một thông báo đã duyệt")
    ] = False,
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Nói rõ đây là tin khẩn, khi người soạn ghi là khẩn")
    ] = False,
    as_json: Json = False,
) -> None:
    """Duyệt đúng văn bản, người nhận và tệp đính kèm này; người soạn không tự duyệt được.

    Không ghi --hash thì in ra bản sẽ duyệt, gõ bốn ký tự đầu của mã mới duyệt.
    """
    do(partial(_require_may_approve, number=number, by=by))
    if not seen:
        seen = _seen_here(number, as_json=as_json)
    elif len(seen) < _SEEN:
        raise AnnouncementError(_BLIND)
    yes = _Yes(by, seen, again=again, urgent=urgent)
    approved = do(partial(_approved, number=number, yes=yes))
    say(approved, f"Đã duyệt thông báo {number}.", as_json=as_json)


def send(number: Number, by: By = SYSTEM, at: Moment = "", *, as_json: Json = False) -> None:
    """Đưa thông báo đã duyệt vào hàng gửi, ngay hoặc vào giờ hẹn."""
    moment = read_moment(at, utc_now()) if at else None
    queued, held = do(partial(_queued, number=number, by=by, at=moment))
    when = f"lúc {write_moment(moment)}" if moment else "ngay khi bộ phận gửi chạy"
    sentence = f"Đã xếp hàng thông báo {number}, gửi {when}; theo dõi: htx announce report {number}"
    say(queued, sentence, as_json=as_json)
    _tell_quiet(held)


def reschedule(
    number: Number,
    by: By,
    at: Moment,
    *,
    as_json: Json = False,
) -> None:
    """Đổi giờ của thông báo đã hẹn; không phải duyệt lại."""
    moment = read_moment(at, utc_now())
    queued, held = do(partial(_rescheduled, number=number, by=by, at=moment))
    say(queued, f"Thông báo {number} sẽ gửi lúc {write_moment(moment)}.", as_json=as_json)
    _tell_quiet(held)


def pause(number: Number, by: By, *, as_json: Json = False) -> None:
    """Tạm dừng gửi; tin đang trên đường thì đi nốt."""
    _step(number, by, "pause", f"Đã tạm dừng thông báo {number}.", as_json=as_json)


def resume(number: Number, by: By, *, as_json: Json = False) -> None:
    """Gửi tiếp thông báo đang tạm dừng."""
    _step(number, by, "resume", f"Thông báo {number} sẽ được gửi tiếp.", as_json=as_json)


def cancel(number: Number, by: By, *, as_json: Json = False) -> None:
    """Hủy hẳn phần chưa gửi."""
    _step(number, by, "cancel", f"Đã hủy phần chưa gửi của thông báo {number}.", as_json=as_json)


def report(
    number: Number,
    by: By = SYSTEM,
    csv: Annotated[Path | None, typer.Option(help="Ghi từng người nhận ra tệp CSV này")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Báo cáo: ai đã nhận, ai không và vì sao."""
    found, words, lines = do(partial(_gathered, number=number, by=by, listed=csv is not None))
    if csv:
        _write(csv, lines)
    if as_json:
        result_json(found.as_json())
    else:
        result(words)


def _seen_here(number: int, *, as_json: bool) -> str:
    """Show what is to be approved and have its hash begun by whoever reads it; return the hash.

    A `y` would be typed by habit: what stands below the text is typed only by one who got there.

    Raises:
        AnnouncementError: nobody sits at a keyboard, or something else was typed.

    """
    if as_json or not sys.stdin.isatty():
        raise AnnouncementError(_BLIND)
    text, shown = do(partial(_request, number=number))
    result(f"{text}\nMã bản này: {shown}")
    progress(f"Duyệt đúng bản này thì gõ {_SEEN} ký tự đầu của mã rồi Enter:")
    typed = sys.stdin.readline().strip().lower()
    if len(typed) < _SEEN or not shown.startswith(typed):
        msg = "Chưa duyệt: điều vừa gõ không phải phần đầu của mã bản này."
        raise AnnouncementError(msg)
    return shown


async def _require_may_approve(context: CommandContext, number: int, by: str) -> None:
    announcement = await context.announcer.find(context.session, number)
    await context.announcer.require_may_approve(context.session, announcement, by)


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
    links = [f"Đường dẫn mở ra: {link}" for link in describe.links(announcement.body)]
    night = ["KHẨN: gửi cả ban đêm; duyệt thì thêm --urgent."] if announcement.urgent else []
    lines = [*shown, "", *night, *links, *meant, context.people(counted.total, counted.left_out)]
    return "\n".join(lines), announcer.shown(announcement)


async def _approved(context: CommandContext, number: int, yes: _Yes) -> dict[str, Any]:
    approved = await context.announcer.approve(
        context.session, number, yes.by, yes.seen, again=yes.again, urgent=yes.urgent
    )
    return {"id": approved.id, "state": approved.state, "approved_by": yes.by}


def _tell_quiet(resumes: datetime | None) -> None:
    """Say when sending begins that quiet hours would hold."""
    if resumes:
        progress(f"Lúc đó là giờ yên lặng nên bắt đầu gửi từ {write_moment(resumes)}.")


async def _queued(
    context: CommandContext, number: int, by: str, at: datetime | None
) -> tuple[dict[str, Any], datetime | None]:
    announcer, session = context.announcer, context.session
    queued = await announcer.send(session, number, by, at)
    held = announcer.quiet_for(queued).ends_after(at or announcer.now())
    return (await announcer.report(session, number)).as_json(), held


async def _rescheduled(
    context: CommandContext, number: int, by: str, at: datetime
) -> tuple[dict[str, Any], datetime | None]:
    announcer, session = context.announcer, context.session
    moved = await announcer.reschedule(session, number, by, at)
    held = announcer.quiet_for(moved).ends_after(at)
    return (await announcer.report(session, number)).as_json(), held


def _step(number: int, by: str, verb: Verb, sentence: str, *, as_json: bool) -> None:
    say(do(partial(_stepped, number=number, by=by, verb=verb)), sentence, as_json=as_json)


async def _stepped(context: CommandContext, number: int, by: str, verb: Verb) -> dict[str, Any]:
    announcer, session = context.announcer, context.session
    steps = {"pause": announcer.pause, "resume": announcer.resume, "cancel": announcer.cancel}
    await steps[verb](session, number, by)
    return {"id": number, "state": (await announcer.find(session, number)).state}


async def _gathered(
    context: CommandContext, number: int, by: str, *, listed: bool
) -> tuple[Report, str, str]:
    announcer, session = context.announcer, context.session
    found = await announcer.report(session, number, by)
    lines = await announcer.export(session, number, by) if listed else ""
    return found, plain_markdown(describe.report(context.phrases, found)), lines


def _write(path: Path, lines: str) -> None:
    try:
        path.write_text(lines, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise AnnouncementError("file_unwritten", file=str(path), why=why_of(error)) from None
    progress(f"Đã ghi {path}.")
