"""Looking back: `htx gaps`, `htx talk`, `htx content affected | show`.

What was asked and not answered well, how it was understood, who was told what by which document.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from bot.commands.db import reading, writing
from bot.terminal import By, Json, result, result_json, result_table
from services.clock import VIETNAM, day_of, utc_now
from services.conversation.plain import plain_markdown
from services.errors import ContentError
from services.insight.affected import Affected, near_sources
from services.insight.affected import affected as find_affected
from services.insight.gaps import Gap, find_gaps
from services.insight.log import last_turns
from services.insight.versions import Told, find_version
from services.knowledge.library import Library
from services.knowledge.loader import read_content
from services.settings import Settings, load_settings
from services.staff import account, audit
from services.storage.models import Turn

_ALL_DAYS = 36_500
_KINDS = {"declined": "chưa trả lời được", "left": "hỏi lại rồi bỏ", "unhelpful": "bị 👎"}
_REASONS = {
    "wrong": "sai",
    "unclear": "khó hiểu",
    "off_topic": "không đúng câu hỏi",
    "incomplete": "thiếu chi tiết",
}
_OUTCOMES = {
    "answered": "trả lời",
    "clarify": "hỏi lại",
    "declined": "không trả lời",
    "handoff": "chuyển cán bộ",
    "smalltalk": "chuyện trò",
    "form": "mở công cụ",
}


def gaps(
    *,
    as_object: Json = False,
    days: Annotated[int, typer.Option(min=1, help="Chỉ xem bấy nhiêu ngày gần đây")] = _ALL_DAYS,
    by: By = audit.SYSTEM,
) -> None:
    """Gom các câu chưa trả lời được, hỏi lại rồi bỏ, bị 👎; nhóm đông đứng trước."""
    found = asyncio.run(_gaps(load_settings(), days, by))
    if as_object:
        result_json([gap.as_json() for gap in found])
        return
    if not found:
        result("Chưa có câu nào bị bỏ sót.")
        return
    _print_gaps(found)


def gap_questions(settings: Settings, name: str) -> list[str]:
    """Return the wordings of a gap.

    Raises:
        ContentError: there is no such gap.

    """
    found = asyncio.run(_gaps(settings, _ALL_DAYS))
    questions = next((gap.questions for gap in found if gap.id == name), None)
    if questions is None:
        message = f"Không có nhóm câu hỏi {name}; gõ “htx gaps” để xem mã các nhóm."
        raise ContentError(message)
    return questions


def talk(
    key: Annotated[str | None, typer.Argument(help="Mã cuộc trò chuyện; bỏ trống: tất cả")] = None,
    *,
    last: Annotated[int, typer.Option(min=1, help="Số lượt gần nhất")] = 20,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Xem các lượt gần đây được hiểu thế nào: đọc cạnh bài nào, ra bài nào, chắc mấy phần.

    Đây là lời của bà con: ai xem được ghi vào sổ kiểm tra.
    """
    turns = asyncio.run(_turns(load_settings(), key, last, by))
    if as_object:
        result_json([_turn_as_json(turn) for turn in turns])
    elif turns:
        _print_turns(turns)
    else:
        result("Chưa có lượt nào.")


def affected(
    source: Annotated[str, typer.Argument(help="Mã văn bản, như luat-17-2023")],
    *,
    as_object: Json = False,
) -> None:
    """Liệt kê bài dựa vào một văn bản, và đã nói với bao nhiêu người."""
    settings = load_settings()
    library = read_content(settings.content_dir)
    if source not in library.sources:
        raise ContentError(_unknown(library, source))
    found = asyncio.run(_affected(settings, library, source))
    if as_object:
        result_json(found.as_json())
        return
    _print_dependents(found, library)
    _print_told(found)


def show(
    version: Annotated[str, typer.Argument(help="Dấu vết của bản, 16 ký tự")],
    *,
    as_object: Json = False,
) -> None:
    """In lại một bài đúng như bản đã trả lời trước đây."""
    told = asyncio.run(_version(load_settings(), version))
    if told is None:
        message = f"Chưa từng phục vụ bản nào có dấu vết {version}; xem “htx content affected”."
        raise ContentError(message)
    if as_object:
        result_json(told.as_json())
        return
    _print_version(told)


async def _gaps(settings: Settings, days: int, by: str = audit.SYSTEM) -> list[Gap]:
    library = read_content(settings.content_dir)
    async with writing(settings) as session:
        who, now = await account.actor(session, by), utc_now()
        found = await find_gaps(session, library, now - timedelta(days=days))
        audit.note(session, now, who, "people.gaps", shown=len(found))
    return found


def _print_gaps(found: list[Gap]) -> None:
    near = Column("Bài gần nhất", overflow="fold")
    table = Table("Mã", "Số câu", "Vì sao", "Câu hỏi", near, "Lần cuối", show_lines=True)
    for gap in found:
        last = f"{gap.last.astimezone(VIETNAM):%d/%m/%Y}"
        told = "\n".join(gap.samples)
        table.add_row(gap.id, str(gap.count), _why(gap), told, gap.nearest or "—", last)
    result_table(table)
    result(f"{len(found)} nhóm, {sum(gap.count for gap in found)} câu.")
    result("Viết bài từ một nhóm: htx content new --from-gap MÃ")


def _why(gap: Gap) -> str:
    kinds = [f"{count} {_KINDS[kind]}" for kind, count in gap.kinds.items()]
    reasons = [f"{count} {_REASONS[reason]}" for reason, count in gap.reasons.items()]
    return "\n".join([*kinds, *reasons])


async def _turns(settings: Settings, key: str | None, last: int, by: str) -> Sequence[Turn]:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        found = await last_turns(session, key, last)
        audit.note(session, utc_now(), who, "people.talk", shown=len(found))
    return found


def _turn_as_json(turn: Turn) -> dict[str, Any]:
    names = ("channel", "key", "text", "payload", "outcome", "articles", "offered")
    shown = {name: getattr(turn, name) for name in (*names, "confidence", "degraded", "ms")}
    return {"at": turn.at.isoformat(), "open_article": turn.open_article, **shown}


def _print_turns(turns: Sequence[Turn]) -> None:
    texts = (Column(name, overflow="fold", ratio=1) for name in ("Câu hỏi", "Bài"))
    table = Table("Lúc, cuộc", *texts, "Thành", show_lines=True, expand=True)
    for turn in turns:
        beside = (f"đọc cạnh {turn.open_article}",) if turn.open_article else ()
        table.add_row(
            f"{turn.at.astimezone(VIETNAM):%d/%m %H:%M}\n{turn.key[:8]}",
            turn.text or f"[{turn.payload}]",
            "\n".join((*(turn.articles or turn.offered or ["—"]), *beside)),
            f"{_outcome(turn)}\n{turn.confidence:.2f}",
        )
    result_table(table)


def _outcome(turn: Turn) -> str:
    outcome = _OUTCOMES[turn.outcome]
    return f"{outcome}\n(tìm theo chữ)" if turn.degraded else outcome


async def _affected(settings: Settings, library: Library, source: str) -> Affected:
    async with reading(settings) as session:
        today = day_of(utc_now())
        return await find_affected(session, library, source, today)


async def _version(settings: Settings, name: str) -> Told | None:
    async with reading(settings) as session:
        return await find_version(session, name)


def _unknown(library: Library, source: str) -> str:
    near = [f"{name} = {library.sources[name].title}" for name in near_sources(library, source)]
    meant = f"Có phải: {'; '.join(near)}?" if near else "Xem tên tệp trong content/sources."
    return f"Không có văn bản {source}. {meant}"


def _print_dependents(found: Affected, library: Library) -> None:
    titles = [library.sources[n].title if n in library.sources else n for n in found.replaced_by]
    replaced = f"; thay bằng: {', '.join(titles)}" if titles else ""
    result(f"{found.title}: {'còn' if found.in_force else 'không còn'} hiệu lực{replaced}.")
    name = Column("Bài", overflow="fold")
    table = Table(name, "Trích", "Dựa qua", title=f"{len(found.dependents.articles)} bài dựa vào")
    for article in found.dependents.articles:
        table.add_row(article.id, "; ".join(article.clauses), ", ".join(article.by))
    result_table(table)
    named = {
        "Dữ kiện": found.dependents.facts,
        "Thủ tục": found.dependents.procedures,
        "Mẫu": found.dependents.forms,
    }
    for kind, ids in named.items():
        if ids:
            result(f"{kind} dựa vào: {', '.join(ids)}")
    for former in found.former:
        result(f"Bản cũ từng trích: {former.article}, xem “htx content show {former.hash}”")


def _print_told(found: Affected) -> None:
    for told in found.told:
        days = f"từ {told.first:%d/%m/%Y} đến {told.last:%d/%m/%Y}"
        people = f"{told.turns} lượt, {told.conversations} cuộc trò chuyện"
        result(f"Đã nói theo văn bản này trên {told.channel}: {people}, {days}.")
    if not found.told:
        result("Trong các lượt còn giữ, chưa nói với ai theo văn bản này.")
    old = found.counted
    if old.first and old.last:
        days = f"từ {old.first:%d/%m/%Y} đến {old.last:%d/%m/%Y}"
        result(f"Ngoài ra {old.turns} lượt cũ của các bài này, {days}, nay chỉ còn là con số.")


def _print_version(told: Told) -> None:
    kept, article = told.version, told.version.content
    since = kept.since.astimezone(VIETNAM)
    result(f"{kept.article} ({kept.hash}), phục vụ từ {since:%H:%M %d/%m/%Y}")
    result(f"Đã trả lời {told.turns} lượt trong các lượt còn giữ.\n")
    result(f"{article['title']}\n\n{plain_markdown(article['body'])}")
    for reader, part in article["variants"].items():
        result(f"\n── {reader} ──\n{plain_markdown(part)}")
    lines = [f"{cited['title']}, {cited['clause']}" for cited in article["citations"]]
    result(f"\nNguồn: {'; '.join(lines)}.")
    result(f"Bước tiếp theo: {plain_markdown(article['next_step'])}")
    for sentence in article.get("settles", ()):  # which the oldest versions do not have
        result(f"Câu mở đầu khi có người tin khác: {sentence}")
