"""`htx ask`: one question, or a stream of them as JSON lines."""

import asyncio
import json
import sys
import uuid
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from bot.commands.nlu import nlu_at_hand
from bot.runner import Runner
from bot.terminal import result, result_json
from services.bootstrap import Services, bootstrap
from services.conversation.question import Question
from services.conversation.state import TurnResult
from services.publishing.editions import recorded
from services.settings import load_settings


def ask(
    text: Annotated[list[str] | None, typer.Argument(help="Câu hỏi")] = None,
    *,
    as_object: Annotated[bool, typer.Option("--json", help="In câu trả lời dạng JSON")] = False,
    lines: Annotated[bool, typer.Option("--jsonl", help="Đọc và in từng dòng JSON")] = False,
    conversation: Annotated[str, typer.Option(help="Hỏi tiếp cuộc trò chuyện này")] = "",
) -> None:
    """Hỏi một câu; tự khởi động máy hiểu nếu chưa chạy."""
    if lines:
        asyncio.run(_stream(sys.stdin))
        return
    question = Question("terminal", conversation or uuid.uuid4().hex, " ".join(text or ()))
    asyncio.run(_one(question, as_object=as_object))


async def _one(question: Question, *, as_object: bool) -> None:
    settings = load_settings()
    edition = recorded(settings)
    async with (
        nlu_at_hand(settings, edition) as ready,
        bootstrap(settings=ready, edition=edition) as services,
    ):
        answered = await Runner(services).ask(question)
    if as_object:
        result_json(answered.as_json())
        return
    for line in lines_of(answered):
        result(line)


def lines_of(answered: TurnResult) -> Iterator[str]:
    """Yield a reply's text and its buttons, with the number by which each can be chosen."""
    reply, choices = answered.reply, answered.state.choices
    yield answered.as_json()["text"]
    for button in (*reply.buttons, *reply.verdicts):
        counts = button.payload in choices
        sign = f"{choices.index(button.payload) + 1}." if counts else "›"
        yield f"  {sign} {button.label}"


async def _stream(source: Iterable[str]) -> None:
    settings = load_settings()
    edition = recorded(settings)
    async with (
        nlu_at_hand(settings, edition) as ready,
        bootstrap(settings=ready, edition=edition) as services,
    ):
        for line in source:
            if line.strip():
                result_json(await _line(services, line))


async def _line(services: Services, line: str) -> dict[str, Any]:
    asked = _read(line)
    if asked is None:
        text = services.library.phrases.say("bad_line")
        return {"id": None, "outcome": "declined", "text": text}
    key = str(asked.get("conversation") or uuid.uuid4().hex)[:128]
    text, payload = str(asked.get("text") or ""), str(asked.get("payload") or "")
    question = Question("terminal", key, "" if payload else text, payload)
    return {"id": asked.get("id"), **await _answer(services, question)}


def _read(line: str) -> dict[str, Any] | None:
    try:
        asked = json.loads(line)
    except ValueError:
        return None
    return asked if isinstance(asked, dict) else None


async def _answer(services: Services, question: Question) -> dict[str, Any]:
    return (await Runner(services).ask(question)).as_json()
