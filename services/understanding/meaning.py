"""What questions mean, as vectors of the NLU's: a program of its room, run when some are new.

The server that reads messages is not asked: whoever waits for a reply goes before this.
"""

import base64
import binascii
import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import TypeAlias

import structlog

from services.errors import HtxError
from services.processes import run_low_priority
from services.settings import Settings
from services.understanding.model import newest_model, nlu_environment, nlu_python

Meaning: TypeAlias = bytes
"""384 signed bytes; the product of two, over `_FULL`, is how alike they are."""

_FULL = 500 * 500
_MOST = 200
"""Texts that are looked at in one go: beside replies each takes some hundredths of a second."""

_log = structlog.get_logger()


@dataclass
class Meant:
    """What some texts mean together."""

    sums: list[int] = field(default_factory=list)
    count: int = 0

    def add(self, meaning: Meaning) -> None:
        """Take one more in."""
        numbers = array("b", meaning)
        self.sums = [a + b for a, b in zip(self.sums, numbers, strict=False)] or list(numbers)
        self.count += 1

    def likeness(self, numbers: Sequence[int]) -> float:
        """Return how like a text is to them on the average: 1 for the same, about 0 for others."""
        alike: int = sum(map(mul, self.sums, numbers))
        return alike / (self.count * _FULL)


async def meanings(settings: Settings, texts: Sequence[str]) -> list[Meaning | None]:
    """Return what the first of some texts mean; None for the others, or where none can be said."""
    found = await _asked(settings, texts[:_MOST]) if texts else []
    return [*found, *([None] * (len(texts) - len(found)))]


async def _asked(settings: Settings, texts: Sequence[str]) -> list[Meaning]:
    model = newest_model(settings)
    if model is None:
        return []
    try:
        command = [str(nlu_python()), "-m", "nlu.meaning", "--model", str(model)]
        told = json.dumps(texts).encode()
        done = await run_low_priority(command, nlu_environment(settings), told=told)
        if done.code:
            _log.warning("meaning.none", reason=done.last_line)
            return []
        found = [base64.b64decode(line, validate=True) for line in done.output.splitlines()]
    except (HtxError, OSError, binascii.Error) as error:
        _log.warning("meaning.none", reason=type(error).__name__)
        return []
    return found if len(found) == len(texts) else []
