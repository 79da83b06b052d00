"""The three faces, each begun once: whoever speaks says or presses, and reads what comes back."""

import asyncio
import itertools
import json
import os
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from services.settings import ROOT
from tests.doubles.bot_api import BotApi, running_bot_api
from tests.doubles.product import HTX, Product

_numbers = itertools.count(1_000_000, 1000)
"""Where chats and updates' ids begin: a product answers an update only once."""


@dataclass(frozen=True)
class Answer:
    """What came back: its words, its buttons by label, and the outcome where the face tells it."""

    text: str
    buttons: Mapping[str, str]
    outcome: str | None = None


class Speaker(Protocol):
    """One conversation on one face."""

    async def say(self, text: str = "", payload: str = "") -> Answer:
        """Write a text or press a button, and return what comes back."""
        ...


Meet = Callable[[], Speaker]
"""Begins a conversation of its own on a face that runs."""
Face = Callable[[Product], AbstractAsyncContextManager[Meet]]


@dataclass(frozen=True)
class WebSpeaker:
    """Speaks over HTTP."""

    product: Product
    conversation: str

    async def say(self, text: str = "", payload: str = "") -> Answer:
        """Post a message."""
        return _answer(await asyncio.to_thread(self.product.ask, self.conversation, text, payload))


@dataclass(frozen=True)
class TerminalSpeaker:
    """Speaks line by line to one `htx ask --jsonl`."""

    process: asyncio.subprocess.Process
    conversation: str

    async def say(self, text: str = "", payload: str = "") -> Answer:
        """Write a line and read the line that answers it."""
        line = {"id": "1", "conversation": self.conversation, "text": text, "payload": payload}
        if self.process.stdin is None or self.process.stdout is None:
            message = "the terminal has no pipes"
            raise RuntimeError(message)
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        return _answer(json.loads(await self.process.stdout.readline()))


@dataclass
class TelegramSpeaker:
    """Speaks as a person in a chat."""

    api: BotApi
    chat: int
    heard: int = 0

    async def say(self, text: str = "", payload: str = "") -> Answer:
        """Write or press, and wait for the next message of the bot."""
        if payload:
            pressed = (await self.api.replies(self.chat, self.heard))[-1]
            self.api.press(self.chat, pressed, payload)
        else:
            self.api.say(self.chat, text)
        self.heard += 1
        message = (await self.api.replies(self.chat, self.heard))[-1]
        return Answer(message.text, message.buttons)


@asynccontextmanager
async def web(product: Product) -> AsyncIterator[Meet]:
    """Speak to the page's API."""
    yield lambda: WebSpeaker(product, uuid.uuid4().hex)


@asynccontextmanager
async def terminal(product: Product) -> AsyncIterator[Meet]:
    """Speak to the command line."""
    async with _htx(product.environment, "ask", "--jsonl") as process:
        yield lambda: TerminalSpeaker(process, uuid.uuid4().hex)


@asynccontextmanager
async def telegram(product: Product) -> AsyncIterator[Meet]:
    """Speak to python-telegram-bot in a process of its own, over the Bot API double."""
    async with running_bot_api() as api:
        api.first_update = next(_numbers)
        chats = itertools.count(api.first_update)
        settings = {"HTX_TELEGRAM_TOKEN": api.token, "HTX_TELEGRAM_BASE_URL": api.base_url}
        async with _htx({**product.environment, **settings}, "telegram"):
            yield lambda: TelegramSpeaker(api, next(chats))


FACES: Mapping[str, Face] = {"web": web, "terminal": terminal, "telegram": telegram}


@asynccontextmanager
async def _htx(
    variables: Mapping[str, str], *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        HTX, *words, cwd=ROOT, env={**os.environ, **variables}, stdin=pipe, stdout=pipe
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.communicate()


def _answer(reply: dict[str, Any]) -> Answer:
    buttons = {button["label"]: button["payload"] for button in reply["buttons"]}
    return Answer(reply["text"], buttons, reply["outcome"])
