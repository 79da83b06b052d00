"""The NLU server's HTTP API, the one place that speaks it (https://rasa.com/docs/rasa/pages/http-api)."""

import asyncio
from typing import Protocol

import httpx
from cachetools import LRUCache
from pydantic import ValidationError

from nlu.text import OPEN_ARTICLE
from services.errors import NluAnswerInvalid, NluUnavailable
from services.settings import Settings
from services.understanding.breaker import CircuitBreaker
from services.understanding.interpretation import Interpretation, Parse

REMEMBERED = 2000
"""Readings that are kept: what many ask in the same words is read once."""

PROBE = "Thành lập hợp tác xã cần mấy người?"
"""The question that a server must be able to read before it counts as ready."""


class Nlu(Protocol):
    """Whatever reads a question."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a question beside the open article; raise `NluError` without a usable reading."""
        ...


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
        self._token = token
        self._known: LRUCache[str, Interpretation] = LRUCache(REMEMBERED)
        self._under_way: dict[str, asyncio.Task[Interpretation]] = {}
        self._breaker = CircuitBreaker(timeout)
        self._http = httpx.AsyncClient(
            base_url=url, timeout=timeout, transport=transport, trust_env=False
        )

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a question, beside the article of the id `opened` if one is open.

        Raises:
            NluUnavailable: the server is down, slow, or busy with too many others.
            NluAnswerInvalid: it answered an error, or something that is no interpretation.

        """
        message = f"{text}{OPEN_ARTICLE}{opened}" if opened else text
        known = self._known.get(message)
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
            self._known[message] = done.result()

    async def _guarded(self, message: str) -> Interpretation:
        with self._breaker.reading():
            return await self._read(message)

    async def _read(self, text: str) -> Interpretation:
        answer = await self._asked(text)
        if answer.is_error:
            msg = f"Máy hiểu câu hỏi báo lỗi {answer.status_code}."
            raise NluAnswerInvalid(msg)
        try:
            return Parse.model_validate_json(answer.content).interpretation()
        except ValidationError:
            msg = "Máy hiểu câu hỏi trả lời sai dạng."
            raise NluAnswerInvalid(msg) from None

    async def _asked(self, text: str) -> httpx.Response:
        try:
            return await self._http.post(
                "/model/parse", params={"token": self._token}, json={"text": text}
            )
        except httpx.HTTPError as error:
            msg = f"Máy hiểu câu hỏi không trả lời ({type(error).__name__})."
            raise NluUnavailable(msg) from None

    async def ping(self) -> bool:
        """Say whether the server reads the probe question as an article."""
        try:
            best = (await self._read(PROBE)).best
        except (NluUnavailable, NluAnswerInvalid):
            return False
        return best is not None and best.kind == "article"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def client_of(settings: Settings) -> NluClient:
    """Make a client of the server that the settings name."""
    return NluClient(settings.nlu_url, settings.nlu_token.get_secret_value(), settings.nlu_timeout)
