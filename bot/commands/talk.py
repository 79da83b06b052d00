"""`htx talk`: the last turns, and how each was understood."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from bot.commands.db import reading
from bot.terminal import result, result_json, result_table
from services.clock import VIETNAM
from services.insight.log import last_turns
from services.settings import Settings, load_settings
from services.storage.models import Turn

_OUTCOMES = {
    "answered": "trả lời",
    "clarify": "hỏi lại",
    "declined": "không trả lời",
    "handoff": "chuyển cán bộ",
    "smalltalk": "chuyện trò",
}


def talk(
    key: Annotated[str | None, typer.Argument(help="Mã cuộc trò chuyện; bỏ trống: tất cả")] = None,
    *,
    last: Annotated[int, typer.Option(min=1, help="Số lượt gần nhất")] = 20,
    as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False,
) -> None:
    """Xem các lượt gần đây được hiểu thế nào: đọc cạnh bài nào, ra bài nào, chắc mấy phần."""
    turns = asyncio.run(_turns(load_settings(), key, last))
    if as_object:
        result_json([_as_json(turn) for turn in turns])
    elif turns:
        _print(turns)
    else:
        result("Chưa có lượt nào.")


async def _turns(settings: Settings, key: str | None, last: int) -> Sequence[Turn]:
    async with reading(settings) as session:
        return await last_turns(session, key, last)


def _as_json(turn: Turn) -> dict[str, Any]:
    names = ("channel", "key", "text", "payload", "outcome", "articles", "offered")
    shown = {name: getattr(turn, name) for name in (*names, "confidence", "degraded", "ms")}
    return {"at": turn.at.isoformat(), "beside": turn.open_article, **shown}


def _print(turns: Sequence[Turn]) -> None:
    question = Column("Câu hỏi", overflow="fold", ratio=1)
    table = Table("Lúc", "Cuộc", question, "Đọc cạnh bài", "Thành", "Bài", "Chắc", expand=True)
    for turn in turns:
        table.add_row(
            f"{turn.at.astimezone(VIETNAM):%d/%m %H:%M}",
            turn.key[:8],
            turn.text or f"[{turn.payload}]",
            turn.open_article or "—",
            _outcome(turn),
            "\n".join(turn.articles or turn.offered) or "—",
            f"{turn.confidence:.2f}",
        )
    result_table(table)


def _outcome(turn: Turn) -> str:
    outcome = _OUTCOMES[turn.outcome]
    return f"{outcome} (tìm theo chữ)" if turn.degraded else outcome
