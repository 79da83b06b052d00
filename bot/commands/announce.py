"""`htx announce`: write, preview, rehearse, approve, send, follow."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.announcing import FORMS, announcer_of
from bot.commands.terminal import progress, result, result_json
from services.announcements.announcer import STATES, Announcer
from services.announcements.draft import read_draft
from services.announcements.letter import Reader
from services.announcements.quiet import Quiet
from services.announcements.rehearsal import Rehearsal, rehearse
from services.announcements.report import as_csv, report
from services.conversation.dialogue import VIETNAM
from services.errors import AnnouncementError
from services.knowledge.library import load_library
from services.settings import Settings, load_settings
from services.staff import account
from services.staff.audit import SYSTEM
from services.storage.migrate import upgrade
from services.storage.models import Announcement
from services.storage.session import make_engine, make_sessions

app = typer.Typer(help="Thông báo: soạn, xem trước, duyệt, gửi, theo dõi.", no_args_is_help=True)

T = TypeVar("T")
Number = Annotated[int, typer.Argument(help="Số của thông báo")]
Writer = Annotated[str, typer.Option("--as", help="Tên cán bộ làm việc này")]
AsJson = Annotated[bool, typer.Option("--json", help="In ra JSON")]
File = Annotated[Path, typer.Option("--file", help="Tệp thông báo (Markdown)")]
Moment = Annotated[
    datetime | None,
    typer.Option("--at", formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="Giờ Việt Nam"),
]


@app.command()
def draft(
    file: File,
    by: Writer,
    number: Annotated[int | None, typer.Option("--id", help="Sửa bản nháp số này")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Soạn một thông báo từ tệp; bản nháp được giữ lại cả khi còn lỗi."""

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> dict[str, Any]:
        await account.require(session, by, account.WRITERS)
        read = read_draft(file)
        kept = (
            await announcer.draft(session, read, by)
            if number is None
            else await announcer.redraft(session, number, read, by)
        )
        people = await announcer.count(session, kept)
        return {
            "id": kept.id,
            "state": kept.state,
            "total": people.total,
            "left_out": people.left_out,
            "faults": announcer.faults(kept),
        }

    kept = _do(work)
    if as_json:
        result_json(kept)
    else:
        result(f"Đã giữ bản nháp số {kept['id']}: {_people(kept['total'], kept['left_out'])}")
    if kept["faults"]:
        msg = f"{kept['faults'][0]} Bản nháp số {kept['id']} vẫn được giữ."
        raise AnnouncementError(msg)


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """Liệt kê các thông báo, mới nhất trước."""

    async def work(session: AsyncSession, _: Announcer, __: Settings) -> list[dict[str, Any]]:
        rows = await session.scalars(select(Announcement).order_by(Announcement.id.desc()))
        return [
            {"id": row.id, "state": row.state, "title": row.title, "author": row.author}
            for row in rows
        ]

    rows = _do(work)
    if as_json:
        result_json(rows)
        return
    for row in rows:
        result(f"{row['id']}\t{STATES[row['state']]}\t{row['title']} ({row['author']})")


@app.command()
def preview(number: Number, *, as_json: AsJson = False) -> None:
    """Xem đúng tin mà mỗi kênh sẽ hiện."""

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> dict[str, str]:
        said = await announcer.find(session, number)
        letter = announcer.writer(said).letter(Reader())
        return {channel: form.preview(letter) for channel, form in FORMS.items()}

    shown = _do(work)
    if as_json:
        result_json(shown)
        return
    for channel, text in shown.items():
        result(f"--- {channel} ---\n{text}\n")


@app.command("rehearse")
def rehearse_one(number: Number, by: Writer = SYSTEM, *, as_json: AsJson = False) -> None:
    """Diễn tập: soạn và kiểm từng tin, đếm người, tính giờ; không gửi gì."""

    async def work(session: AsyncSession, announcer: Announcer, settings: Settings) -> Rehearsal:
        await _require(session, by, account.WRITERS)
        said = await announcer.find(session, number)
        quiet = Quiet.read(settings.quiet_hours)
        return await rehearse(session, announcer, said, settings.bulk_rate, quiet)

    played = _do(work)
    if as_json:
        result_json(played.as_json())
    else:
        result(_told(played))
    if played.faults:
        raise AnnouncementError(played.faults[0])
    if not played.total:
        msg = f"Không ai nhận được thông báo {number}; xem lại audience."
        raise AnnouncementError(msg)


@app.command()
def approve(
    number: Number,
    by: Annotated[str, typer.Option("--as", help="Người duyệt, khác người soạn")],
    *,
    as_json: AsJson = False,
) -> None:
    """Duyệt đúng văn bản, người nhận và tệp đính kèm này; người soạn không tự duyệt được."""

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> dict[str, Any]:
        said = await announcer.approve(session, number, by)
        return {"id": said.id, "state": said.state, "approved_by": by}

    _say(_do(work), f"Đã duyệt thông báo {number}.", as_json=as_json)


@app.command()
def send(
    number: Number, by: Writer = SYSTEM, at: Moment = None, *, as_json: AsJson = False
) -> None:
    """Đưa thông báo đã duyệt vào hàng gửi, ngay hoặc vào giờ hẹn."""
    moment = at.replace(tzinfo=VIETNAM) if at else None

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> dict[str, Any]:
        await _require(session, by, account.WRITERS)
        said = await announcer.send(session, number, by, moment)
        return (await report(session, said)).as_json()

    queued = _do(work)
    when = f"lúc {moment:%H:%M ngày %d/%m/%Y}" if moment else "ngay khi bộ phận gửi chạy"
    said = f"Đã xếp hàng thông báo {number}, gửi {when}; theo dõi: htx announce report {number}"
    _say(queued, said, as_json=as_json)


@app.command()
def pause(number: Number, by: Writer, *, as_json: AsJson = False) -> None:
    """Tạm dừng gửi; tin đang trên đường thì đi nốt."""
    _step(number, by, "pause", f"Đã tạm dừng thông báo {number}.", as_json=as_json)


@app.command()
def resume(number: Number, by: Writer, *, as_json: AsJson = False) -> None:
    """Gửi tiếp thông báo đang tạm dừng."""
    _step(number, by, "resume", f"Thông báo {number} sẽ được gửi tiếp.", as_json=as_json)


@app.command()
def cancel(number: Number, by: Writer, *, as_json: AsJson = False) -> None:
    """Hủy hẳn phần chưa gửi."""
    _step(number, by, "cancel", f"Đã hủy phần chưa gửi của thông báo {number}.", as_json=as_json)


@app.command("report")
def report_one(
    number: Number,
    by: Writer = SYSTEM,
    csv: Annotated[Path | None, typer.Option(help="Ghi từng người nhận ra tệp CSV này")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Báo cáo: ai đã nhận, ai không và vì sao."""

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> tuple[Any, str]:
        await _require(session, by, account.WRITERS)
        said = await announcer.find(session, number)
        lines = await as_csv(session, number) if csv else ""
        return await report(session, said), lines

    gathered, lines = _do(work)
    if csv:
        csv.write_text(lines, encoding="utf-8-sig")
        progress(f"Đã ghi {csv}.")
    if as_json:
        result_json(gathered.as_json())
    else:
        result(gathered.as_text())


def _step(number: int, by: str, verb: str, sentence: str, *, as_json: bool) -> None:
    """Pause, resume or cancel."""

    async def work(session: AsyncSession, announcer: Announcer, _: Settings) -> dict[str, Any]:
        await account.require(session, by, account.WRITERS)
        await getattr(announcer, verb)(session, number, by)
        said = await announcer.find(session, number)
        return {"id": said.id, "state": said.state}

    _say(_do(work), sentence, as_json=as_json)


def _do(work: Callable[[AsyncSession, Announcer, Settings], Awaitable[T]]) -> T:
    """Do a piece of work on the migrated database and commit it."""
    settings = load_settings()
    announcer = announcer_of(settings, load_library(settings.content_dir))
    return asyncio.run(_within(settings, announcer, work))


async def _within(
    settings: Settings,
    announcer: Announcer,
    work: Callable[[AsyncSession, Announcer, Settings], Awaitable[T]],
) -> T:
    await upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        async with make_sessions(engine).begin() as session:
            return await work(session, announcer, settings)
    finally:
        await engine.dispose()


async def _require(session: AsyncSession, name: str, allowed: frozenset[str]) -> None:
    """Let the system's own account do what is noted in the audit anyway."""
    if name != SYSTEM:
        await account.require(session, name, allowed)


def _say(value: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        result(sentence)


_LEFT_OUT = {
    "excluded": "bị loại trong audience",
    "channel": "ở kênh chưa gửi được",
    "no_consent": "chưa đồng ý nhận",
    "stopped": "đã chặn bot hoặc không còn tài khoản",
    "topic_off": "đã tắt chủ đề này",
}


def _people(total: int, left_out: dict[str, int]) -> str:
    missed = [f"{number} người {_LEFT_OUT[reason]}" for reason, number in left_out.items()]
    without = f"; không gửi cho {', '.join(missed)}" if missed else ""
    return f"{total} người sẽ nhận{without}."


def _told(played: Rehearsal) -> str:
    lines = [
        _people(played.total, played.left_out),
        f"{played.parts} tin, gửi trong khoảng {played.seconds:.0f} giây.",
        f"Nếu gửi bây giờ: bắt đầu {_clock(played.starts_at)}, xong {_clock(played.ends_at)}.",
        *(["Đang trong giờ yên lặng nên chờ đến lúc đó mới gửi."] if played.held else []),
        "Đã có người khác duyệt." if played.approved else "Chưa có người khác duyệt.",
    ]
    return "\n".join(lines)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m}"
