"""The NLU server's HTTP API, the one place that speaks it (https://rasa.com/docs/rasa/pages/http-api)."""

import asyncio
from dataclasses import replace
from typing import Protocol

import httpx
from cachetools import LRUCache
from pydantic import ValidationError

from nlu.text import OPEN_ARTICLE
from services.errors import NluAnswerInvalid, NluUnavailable
from services.understanding.interpretation import Interpretation, Parse
from services.understanding.pace import Pace

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
        self._pace = Pace(timeout)
        self._http = httpx.AsyncClient(
            base_url=url, timeout=timeout, transport=transport, trust_env=False
        )

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a question, beside the article of the id `opened` if one is open.

        Raises:
            NluUnavailable: the server is down, slow, busy with too many others, or refuses.
            NluAnswerInvalid: it answered something that is no interpretation.

        """
        said = f"{text}{OPEN_ARTICLE}{opened}" if opened else text
        known = self._known.get(said)
        if known is not None:
            return known
        task = self._under_way.get(said) or self._begin(said)
        return await asyncio.shield(task)

    def _begin(self, said: str) -> asyncio.Task[Interpretation]:
        """Start a reading for all who ask the same meanwhile; it goes on when one gives up."""
        task = self._under_way[said] = asyncio.create_task(self._paced(said))
        task.add_done_callback(lambda done: self._end(said, done))
        return task

    def _end(self, said: str, done: asyncio.Task[Interpretation]) -> None:
        del self._under_way[said]
        if not done.cancelled() and done.exception() is None:
            self._known[said] = done.result()

    async def _paced(self, said: str) -> Interpretation:
        with self._pace.reading():
            return replace(await self._read(said), opened=OPEN_ARTICLE in said)

    async def _read(self, text: str) -> Interpretation:
        answer = await self._asked(text)
        try:
            return Parse.model_validate_json(answer.content).interpretation()
        except ValidationError:
            msg = "Máy hiểu câu hỏi trả lời sai dạng."
            raise NluAnswerInvalid(msg) from None

    async def _asked(self, text: str) -> httpx.Response:
        try:
            answer = await self._http.post(
                "/model/parse", params={"token": self._token}, json={"text": text}
            )
            return answer.raise_for_status()
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
