"""An edition: one state of the content, whole: what is said, and how questions are understood."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import Any, Self

from services.knowledge.library import Library
from services.understanding.interpretation import Interpreter, Nlu
from services.understanding.parts import PartIndex
from services.understanding.thresholds import Thresholds

_STARTING = 5.0
"""Seconds for which a question is held for a server that starts; then it is read by its words."""


@dataclass(frozen=True)
class Edition:
    """What one state of the content answers with; a question is answered out of one alone."""

    library: Library
    interpreter: Interpreter
    parts: PartIndex = field(default_factory=PartIndex)
    fingerprint: str = ""
    """Under which it stands on disk; empty where a test made it up."""

    def read_by(self, nlu: Nlu, thresholds: Thresholds) -> Self:
        """Return the same content, its questions read by another server and judged by its bars."""
        interpreter = replace(self.interpreter, nlu=nlu, thresholds=thresholds)
        return replace(self, interpreter=interpreter)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class CurrentEdition:
    """Holds the edition that is served now; another takes its place whole."""

    edition: Edition
    _opened: asyncio.Event = field(default_factory=_set)
    """Set unless its NLU server is being started."""

    @property
    def library(self) -> Library:
        """The content served now."""
        return self.edition.library

    @property
    def starting(self) -> bool:
        """Whether its NLU server is being started."""
        return not self._opened.is_set()

    def begin(self) -> None:
        """Let who asks wait a little: the NLU server is being started."""
        self._opened.clear()

    def opened(self) -> None:
        """Let nobody wait any more, whether the server reads or is given up."""
        self._opened.set()

    async def settled(self) -> Edition:
        """Return the edition served now; a server that starts is waited for, five seconds long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STARTING):
                await self._opened.wait()
        return self.edition

    def say(self, name: str, /, **values: Any) -> str:
        """Render a phrase of the content served now, as `Phrases.say` does."""
        return self.library.phrases.say(name, **values)
