"""`htx gaps`: what people asked and the content does not answer, or not well."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.commands.db import reading
from bot.terminal import result, result_json, result_table
from services.clock import VIETNAM, utc_now
from services.errors import ContentError
from services.insight.gaps import Gap, find_gaps
from services.knowledge.loader import read_library
from services.settings import Settings, load_settings

_ALL_DAYS = 36_500
_KINDS = {"declined": "chưa trả lời được", "left": "hỏi lại rồi bỏ", "unhelpful": "bị 👎"}
_REASONS = {
    "wrong": "sai",
    "unclear": "khó hiểu",
    "off_topic": "không đúng câu hỏi",
    "incomplete": "thiếu chi tiết",
}


def gaps(
    *,
    as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False,
    days: Annotated[int, typer.Option(min=1, help="Chỉ xem bấy nhiêu ngày gần đây")] = _ALL_DAYS,
) -> None:
    """Gom các câu chưa trả lời được, hỏi lại rồi bỏ, bị 👎; nhóm đông đứng trước."""
    found = asyncio.run(_gaps(load_settings(), days))
    if as_object:
        result_json([gap.as_json() for gap in found])
        return
    if not found:
        result("Chưa có câu nào bị bỏ sót.")
        return
    _print(found)


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


async def _gaps(settings: Settings, days: int) -> list[Gap]:
    library = read_library(settings.content_dir)
    async with reading(settings) as session:
        return await find_gaps(session, library, utc_now() - timedelta(days=days))


def _print(found: list[Gap]) -> None:
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
