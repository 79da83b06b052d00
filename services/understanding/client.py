"""The NLU server's HTTP API, the one place that speaks it (https://rasa.com/docs/rasa/pages/http-api).

Before it stands a bulkhead and a circuit breaker in one (M. Nygard, Release It!, chapter 5): a
crowd is sent away before it waits in vain, and a server that failed again and again is left alone
for a while.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

import httpx
from cachetools import LRUCache
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlu.text import OPEN_ARTICLE
from services.errors import NluAnswerInvalid, NluUnavailable
from services.settings import Settings
from services.understanding.interpretation import Candidate, Danger, Distress, Interpretation
from services.understanding.transport import AiohttpTransport

REMEMBERED = 2000
"""Readings that are kept: what many ask in the same words is read once."""

PROBE = "Thành lập hợp tác xã cần mấy người?"
"""The question that a server must be able to read before it counts as ready."""
_WEIGHT = 0.2
"""How much the last reading counts against those before."""
_IN_TIME = 0.5
"""The share of the time limit that a reading may be expected to take."""
_DIGEST = 16
_FAILURES = 6
_WITHIN = 5.0
"""So many failures in so many seconds, and nothing read between them, are an outage. One message
that stalls the server is none, nor is its sender's next: he may send 30 a minute, 2.5 in 5 s, and
of each two readings are under way when it is given up."""
_REST = 2.0
"""Seconds that a server is left alone after an outage; then one question at a time tries it."""


class NluClient:
    """Reads questions through a server's `/model/parse`, the same one only once.

    A client belongs to one model: another model's server gets a client of its own.
    """

    def __init__(
        self,
        url: str,
        token: str,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Keep connections to `url` open; `timeout` in seconds bounds every phase of a call."""
        self._known: LRUCache[bytes, Interpretation] = LRUCache(REMEMBERED)
        self._key = secrets.token_bytes(_DIGEST)
        self._under_way: dict[str, asyncio.Task[Interpretation]] = {}
        self._breaker = CircuitBreaker(timeout)
        self._url = httpx.URL(f"{url.rstrip('/')}/model/parse", params={"token": token})
        # without httpx's client around it: there are no cookies, redirects or proxies here, and
        # looking for them takes as long as the call itself
        self._transport = transport or AiohttpTransport(timeout)

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a question, beside the article of the id `opened` if one is open.

        Raises:
            NluUnavailable: the server is down, slow, or busy with too many others.
            NluAnswerInvalid: it answered an error, or something that is no interpretation.

        """
        message = f"{text}{OPEN_ARTICLE}{opened}" if opened else text
        known = self._known.get(self._digest(message))
        if known is not None:
            return known
        task = self._under_way.get(message) or self._begin(message)
        return await asyncio.shield(task)

    def _begin(self, message: str) -> asyncio.Task[Interpretation]:
        """Start a reading for all who ask the same meanwhile; it goes on when one gives up."""
        task = self._under_way[message] = asyncio.create_task(self._guarded(message))
        task.add_done_callback(lambda done: self._end(message, done))
        return task

    def _end(self, message: str, done: asyncio.Task[Interpretation]) -> None:
        del self._under_way[message]
        if not done.cancelled() and done.exception() is None:
            self._known[self._digest(message)] = done.result()

    def _digest(self, message: str) -> bytes:
        """Return what a message is known again by: its words are kept in no memory."""
        written = message.encode("utf-8", "surrogatepass")
        return blake2b(written, digest_size=_DIGEST, key=self._key).digest()

    async def _guarded(self, message: str) -> Interpretation:
        with self._breaker.reading():
            return await self._read(message)

    async def _read(self, text: str) -> Interpretation:
        answer = await self._asked(text)
        if answer.is_error:
            msg = f"Máy hiểu câu hỏi báo lỗi {answer.status_code}."
            raise NluAnswerInvalid(msg)
        try:
            return _Parse.model_validate_json(answer.content).interpretation()
        except ValidationError:
            msg = "Máy hiểu câu hỏi trả lời sai dạng."
            raise NluAnswerInvalid(msg) from None

    async def _asked(self, text: str) -> httpx.Response:
        try:
            request = httpx.Request("POST", self._url, json={"text": text})
            answer = await self._transport.handle_async_request(request)
            await answer.aread()
        except Exception as error:  # noqa: BLE001  # because a peer that dies in the handshake
            # raises through uvloop what no library translates (uvicorn's issue 1251)
            msg = f"Máy hiểu câu hỏi không trả lời ({type(error).__name__})."
            raise NluUnavailable(msg) from None
        return answer

    async def ping(self) -> bool:
        """Say whether the server reads the probe question as an article."""
        try:
            best = (await self._read(PROBE)).best
        except (NluUnavailable, NluAnswerInvalid):
            return False
        return best is not None and best.kind == "article"

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def client_of(settings: Settings) -> NluClient:
    """Make a client of the server that the settings name."""
    return NluClient(settings.nlu_url, settings.nlu_token.get_secret_value(), settings.nlu_timeout)


@dataclass
class CircuitBreaker:
    """Lets a reading begin only when it should end in time, and not while the server rests.

    What would come too late is refused at once: a server that reads what nobody waits for any
    more would have no time for those who do.
    """

    limit: float
    """Seconds that a reading may take."""
    clock: Callable[[], float] = time.perf_counter
    _under_way: int = field(default=0, init=False)
    _each: float = field(default=0.0, init=False)
    _failed_at: deque[float] = field(default_factory=lambda: deque(maxlen=_FAILURES), init=False)
    """When the last readings failed; empty again as soon as one succeeds."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a reading and how long it takes; `NluUnavailable` inside it counts as a failure.

        Raises:
            NluUnavailable: too many others are under way, or the server failed too often just now.

        """
        if self._rests():
            msg = "Máy hiểu câu hỏi vừa lỗi, chờ một lát mới thử lại."
            raise NluUnavailable(msg)
        crowd = self._under_way + 1
        if self._under_way and crowd * self._each > self.limit * _IN_TIME:
            msg = "Máy hiểu câu hỏi đang đọc quá nhiều câu."
            raise NluUnavailable(msg)
        self._under_way, began = crowd, self.clock()
        try:
            yield
            self._failed_at.clear()
        except NluUnavailable:
            self._failed_at.append(self.clock())
            raise
        finally:
            self._under_way -= 1
            self._each += _WEIGHT * ((self.clock() - began) / crowd - self._each)

    def _rests(self) -> bool:
        if len(self._failed_at) < _FAILURES:
            return False
        first, *_, last = self._failed_at
        if last - first > _WITHIN:
            return False
        return self.clock() < last + _REST or self._under_way > 0


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _ParsedIntent(_Lenient):
    """A name and a probability."""

    name: str = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)


class _ParsedGate(_Lenient):
    """The gate's judgement."""

    in_scope: float = Field(ge=0, le=1)
    opened: bool
    """Whether the message was read beside the open article: a topic may be unknown to the model."""


class _ParsedDistress(_Lenient):
    """Whether the message tells of distress."""

    level: Literal["none", "faint", "doubtful", "clear"] = "none"
    dangers: tuple[Danger, ...] = ()
    near: bool | None = None

    def heard(self) -> Distress | None:
        """Translate into the words of the product; what a machine heard is never without doubt."""
        if self.level == "none" or not self.dangers:
            return None
        return Distress(
            clear=False,
            dangers=self.dangers,
            likely=self.level == "clear",
            faint=self.level == "faint",
        )


class _Parse(_Lenient):
    """The part of Rasa's parse object that the product relies on."""

    intent_ranking: tuple[_ParsedIntent, ...] = Field(min_length=1)
    gate: _ParsedGate
    parts: dict[str, dict[str, float]] = Field(default_factory=dict)
    """By intent; not there where the machine can't compare by meaning."""
    distress: _ParsedDistress = _ParsedDistress()
    """A model that was trained before there was such a judgement hears nothing."""

    def interpretation(self) -> Interpretation:
        """Translate into the words of the product."""
        ranking = tuple(Candidate.of_intent(i.name, i.confidence) for i in self.intent_ranking)
        parts = {Candidate.of_intent(name, 0.0).name: own for name, own in self.parts.items()}
        return Interpretation(
            ranking,
            self.gate.in_scope,
            opened=self.gate.opened,
            distress=self.distress.heard(),
            near=self.distress.near,
            parts=parts,
        )
