"""`htx ask`: one question, a talk at a prompt, or a stream of questions as JSON lines."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from bot.commands.nlu import nlu_at_hand
from bot.runner import Runner
from bot.terminal import progress, result, result_json, with_tables
from services.bootstrap import Services, bootstrap
from services.conversation.plain import plain_reply
from services.conversation.question import Question
from services.conversation.state import ConversationState, TurnResult
from services.publishing.editions import recorded
from services.settings import load_settings


def ask(
    text: Annotated[list[str] | None, typer.Argument(help="Câu hỏi")] = None,
    *,
    as_object: Annotated[bool, typer.Option("--json", help="In câu trả lời dạng JSON")] = False,
    lines: Annotated[
        bool,
        typer.Option("--jsonl", help="In một dòng JSON; không có câu hỏi thì đọc từng dòng JSON"),
    ] = False,
    conversation: Annotated[str, typer.Option(help="Hỏi tiếp cuộc trò chuyện này")] = "",
) -> None:
    """Hỏi một câu, hoặc trò chuyện khi không có câu nào; tự khởi động máy hiểu nếu chưa chạy."""
    if lines and not text:
        asyncio.run(_stream(sys.stdin))
        return
    question = Question("terminal", conversation or uuid.uuid4().hex, " ".join(text or ()))
    if question.text or as_object:
        asyncio.run(_one(question, as_object=as_object or lines))
    else:
        asyncio.run(_talk(question.conversation, greets=not conversation))


@asynccontextmanager
async def _at_hand() -> AsyncIterator[Services]:
    """Give the product over the edition served last, and an NLU server for as long as the block."""
    settings = load_settings()
    edition = recorded(settings)
    async with (
        nlu_at_hand(settings, edition) as ready,
        bootstrap(settings=ready, edition=edition) as services,
    ):
        yield services


async def _one(question: Question, *, as_object: bool) -> None:
    async with _at_hand() as services:
        answered = await Runner(services).ask(question)
    if as_object:
        result_json(answered.as_json())
    else:
        _show(answered)


async def _talk(conversation: str, *, greets: bool) -> None:
    """Answer line by line until the end of what is typed; numbers choose from the lines above."""
    async with _at_hand() as services:
        runner, prompt = Runner(services), ""
        if sys.stdin.isatty():
            prompt = f"\n{services.library.phrases.say('page_you')}: "
            progress("Gõ câu hỏi, hoặc số của một mục; Ctrl-D để thôi.")
        if greets:
            _show(_greeting(services))
        while (line := await _typed(prompt)) is not None:
            if line.strip():
                _show(await runner.ask(Question("terminal", conversation, line)))


def _greeting(services: Services) -> TurnResult:
    """Return the menu; a conversation that has only begun chooses from it by number."""
    menu = services.composer().menu("start", notice="")
    choices = tuple(button.payload for button in menu.buttons)
    return TurnResult(menu, services.library, ConversationState(choices=choices))


async def _typed(prompt: str) -> str | None:
    """Return the next line, or None at the end of them.

    While somebody thinks, the NLU server is kept alive, and Ctrl-C ends the talk: so a terminal,
    which gives whole lines, is read once it has one. A file or a pipe never thinks.
    """
    if prompt:
        print(prompt, end="", flush=True)  # noqa: T201  # because the line goes on behind it
        await _until_typed()
    try:
        return input()  # noqa: ASYNC250  # because of what stands above
    except EOFError:
        return None


async def _until_typed() -> None:
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)


def _show(answered: TurnResult) -> None:
    for line in lines_of(answered):
        result(line)


def lines_of(answered: TurnResult) -> Iterator[str]:
    """Yield a reply's title, its text and what leads on, with the number that chooses it.

    What has no number can be written: the whole of the article. A verdict can't be.
    """
    reply, choices, say = answered.reply, answered.state.choices, answered.library.phrases.say
    article = answered.library.articles.get(reply.article or "")
    if article:
        yield f"── {article.head.title} ──"
    yield plain_reply(
        reply, sources=say("sources"), next_step=say("next_step"), written=with_tables
    )
    if article:
        yield say("as_of", day=f"{article.head.as_of:%d/%m/%Y}")
    for button in reply.buttons:
        counts = button.payload in choices
        sign = f"{choices.index(button.payload) + 1}." if counts else "›"
        yield f"  {sign} {button.label}"


async def _stream(source: Iterable[str]) -> None:
    async with _at_hand() as services:
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
