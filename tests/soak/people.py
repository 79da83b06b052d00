"""People of a long day: on the page and in Telegram, each asks again until there is an answer."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from bot.web.chat import ERASE, TELL
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.waiting import until
from tests.soak.tally import Tally

LONGEST = 240.0
"""Seconds that nobody may wait for an answer: the longest accident, and what comes after it."""
PATIENCE = 900.0
"""Seconds for what is waited for and not measured: a process, a turn, however busy the machine."""
_AGAIN = 0.5
"""Seconds until whoever was not served asks again."""
_TALK = 5
"""Questions of one conversation on the page."""
_WEB_EVERY, _TELEGRAM_EVERY = 1.5, 2.5
"""Seconds between an answer and the next question; more than thirty a minute would be too many."""
_SHOWN = 60
"""Characters of a message that the report shows."""
COMMAND = "/"
QUESTIONS = (
    "Lập hợp tác xã cần ít nhất mấy người?",
    "Tổ hợp tác là gì?",
    "Hôm nay có mưa không?",
    "Hợp tác xã có phải nộp lệ phí môn bài không?",
    "Hồ sơ đăng ký thành lập hợp tác xã gồm những gì?",
)
"""What is asked in Telegram, in turn: no two that follow each other have the same answer, and each
answer is one message, read by its words too."""


async def rest(over: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the day is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)


@dataclass
class Conversation:
    """One conversation on the page."""

    name: str
    sent: int = 0
    """Questions that were sent, those sent again too."""
    answered: int = 0
    erased: bool = False


@dataclass
class Visitor:
    """Somebody on the page: talks for a while, looks what is kept, every other time erases it."""

    url: str
    number: int
    questions: Iterator[str]
    tally: Tally
    over: asyncio.Event
    conversations: list[Conversation] = field(default_factory=list)

    async def live(self) -> None:
        """Go on until the day is over."""
        limit = aiohttp.ClientTimeout(total=15)
        async with aiohttp.ClientSession(timeout=limit) as http:
            while not self.over.is_set():
                name = f"ngay-dai-{self.number:03}-{len(self.conversations):05}"
                self.conversations.append(Conversation(f"{name}-mot-cuoc"))
                await self._talk(http, self.conversations[-1])

    async def _talk(self, http: aiohttp.ClientSession, talk: Conversation) -> None:
        for question in itertools.islice(self.questions, _TALK):
            talk.answered += await self._ask(http, talk, question)
            await rest(self.over, _WEB_EVERY)
        await self._ask(http, talk, TELL)
        if len(self.conversations) % 2:
            talk.erased = await self._ask(http, talk, ERASE)

    async def _ask(self, http: aiohttp.ClientSession, talk: Conversation, text: str) -> bool:
        """Ask until there is an answer; say whether there was one."""
        began = time.monotonic()
        self.tally.asked += 1
        while time.monotonic() < began + PATIENCE:
            talk.sent += not text.startswith(COMMAND)
            end = await self._attempt(http, {"conversation": talk.name, "text": text})
            self.tally.ends[end] += 1
            if end == "200":
                self.tally.waits.append(time.monotonic() - began)
                return True
            await asyncio.sleep(_AGAIN)
        self.tally.lost.append(text)
        return False

    async def _attempt(self, http: aiohttp.ClientSession, body: dict[str, str]) -> str:
        try:
            async with http.post(f"{self.url}/api/messages", json=body) as response:
                await response.read()
                return str(response.status)
        except TimeoutError:
            return "timed out"
        except aiohttp.ClientError:
            return "no connection"


@dataclass
class Writer:
    """Somebody in Telegram: writes, waits for the answer, writes on; some erase themselves."""

    api: BotApi
    chat: int
    tally: Tally
    over: asyncio.Event
    written: list[str] = field(default_factory=list)
    _before: list[int] = field(default_factory=list, init=False)
    """How many messages had come when each was written."""

    async def live(self) -> None:
        """Go on until the day is over."""
        last = (TELL, ERASE) if self.erases else ("/help",)
        for text in itertools.cycle((*QUESTIONS, *last)):
            if self.over.is_set():
                return
            await self._write(text)
            await rest(self.over, _TELEGRAM_EVERY)

    @property
    def erases(self) -> bool:
        """Whether they erase themselves after each round of questions."""
        return self.chat % 2 == 1

    @property
    def got(self) -> Sequence[Sent]:
        """What the bot sent."""
        return self.api.chats.sent.get(self.chat, [])

    def different(self) -> int:
        """Return how many answers came, those left out that are the one before it again."""
        answers = self._answers()
        alike = (one[: len(two)] == two[: len(one)] for one, two in itertools.pairwise(answers))
        return len(answers) - sum(alike)

    def repeated(self) -> int:
        """Return how many answers came beyond those that are due."""
        return len(self._answers()) - len(self.written)

    def _answers(self) -> list[list[tuple[str, ...]]]:
        """Return what each answer shows, a message by a message: a file belongs to the text before.

        Of one that was cut off by a kill the first messages are there.
        """
        answers: list[list[tuple[str, ...]]] = []
        for one in self.got:
            if not (one.file and answers):
                answers.append([])
            answers[-1].append((one.text, one.file, *one.buttons.values()))
        return answers

    def odd(self) -> Iterator[str]:
        """Tell what came after each message that was not answered by as many as are due."""
        ends = [*self._before[1:], len(self.got)]
        for text, begin, end in zip(self.written, self._before, ends, strict=True):
            if end - begin != 1 + (text == TELL):
                came = [one.file or one.text[:_SHOWN] for one in self.got[begin:end]]
                yield f"{self.chat} wrote {text!r}, came: {came}"

    def kept(self) -> int:
        """Return how many questions must be kept: those since they were erased last."""
        since = itertools.takewhile(lambda text: text != ERASE, reversed(self.written))
        return sum(not text.startswith(COMMAND) for text in since)

    async def _write(self, text: str) -> None:
        began, before = time.monotonic(), len(self.got)
        enough = before + (2 if text == TELL else 1)
        self.tally.asked += 1
        self.written.append(text)
        self._before.append(before)
        self.api.say(self.chat, text)
        try:
            await until(lambda: len(self.got) >= enough, PATIENCE)
        except TimeoutError:
            self.tally.lost.append(text)
        else:
            self.tally.waits.append(time.monotonic() - began)
