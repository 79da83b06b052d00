"""What the product tells those who run it: logs of events, and counters for `/metrics`.

Logs are structured, events by name with fields, to stderr; no secret is ever in them. Nothing that
is counted tells who asked or what.
"""

import contextlib
import io
import logging
import sys
import time
import traceback
from dataclasses import dataclass, field
from typing import TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError

from services.conversation.question import Channel
from services.conversation.state import TurnResult
from services.publishing.status import Publishing

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_AGAIN = 60 * 60.0
"""Seconds after which a trace is told whole again."""
_LIBRARIES = logging.WARNING
"""What libraries may tell at most: below it they log what they were given, the Bot API's address
with the token in it, a statement with the words that are kept."""
_PLAIN = (OSError, SQLAlchemyError)
"""Errors whose messages are told: a path, a statement without its values."""


class _Log(io.TextIOBase):
    """Standard error, where a disk that is full stops nobody: what can't be told there is lost."""

    def write(self, text: str) -> int:
        """Write, or go on."""
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Do the same with what was left."""
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure_logs(level: str = "INFO") -> None:
    """Send the product's own events to stderr, at `level` and above; of libraries faults alone."""
    log = cast("TextIO", _Log())
    handler = logging.StreamHandler(log)
    handler.setFormatter(_Formatter("%(levelname)s %(name)s %(message)s"))
    own = logging.getLevelNamesMapping()[level]
    logging.basicConfig(handlers=[handler], level=max(own, _LIBRARIES))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *_renderers(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(own),
        logger_factory=structlog.PrintLoggerFactory(log),
        cache_logger_on_first_use=True,
    )


def trace(error: BaseException) -> str:
    """Return where an error arose, and those that it came of: the first cause first.

    Of most only the kind is told: a message may quote what a person wrote.
    """
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        told += reversed([trace(one) for one in getattr(seen, "exceptions", ())])
        message = f": {seen}" if isinstance(seen, _PLAIN) else ""
        told.append("".join((*traceback.format_tb(seen.__traceback__), _kind(seen), message)))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(reversed(told))


def _kind(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


class _Formatter(logging.Formatter):
    """Tells errors as `trace` does."""

    def formatException(self, ei: structlog.typing.ExcInfo) -> str:  # type: ignore[override]  # noqa: N802  # because it is the library's name; an error is there
        """Return an error as text."""
        return trace(ei[1])


@dataclass
class _Traces:
    """Tells each trace whole once an hour: a full disk makes the same one for whoever asks."""

    told: dict[int, float] = field(default_factory=dict)
    """When each was, by its hash."""

    def __call__(
        self, _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        """Put an error's trace into an event in the error's place; of one told already its end."""
        error = event.pop("exc_info", None)
        error = (
            sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
        )
        return {**event, "exception": self._once(trace(error))} if error else event

    def _once(self, whole: str) -> str:
        now = time.monotonic()
        if now - self.told.get(hash(whole), -_AGAIN) < _AGAIN:
            return whole.rpartition("\n")[2]
        self.told = {one: at for one, at in self.told.items() if now - at < _AGAIN}
        self.told[hash(whole)] = now
        return whole


def _renderers() -> list[structlog.typing.Processor]:
    """Return what writes an event, of an error only what `trace` tells."""
    if sys.stderr.isatty():
        return [_Traces(), structlog.dev.ConsoleRenderer()]
    return [_Traces(), structlog.processors.JSONRenderer(ensure_ascii=False)]


class Meters:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        """Start at nought."""
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "htx_turns", "Turns answered", ("channel", "outcome"), registry=self.registry
        )
        self._degraded = Counter(
            "htx_degraded_turns", "Turns read by their words", ("channel",), registry=self.registry
        )
        self._failed = Counter(
            "htx_failed_turns", "Turns that failed", ("channel",), registry=self.registry
        )
        self._seconds = Histogram(
            "htx_turn_seconds",
            "Time from question to reply",
            ("channel",),
            registry=self.registry,
            buckets=_SECONDS,
        )

    def watch(self, publishing: Publishing) -> None:
        """Show how old the edition served is, and whether a change of it was refused."""
        age = Gauge(
            "htx_edition_age_seconds", "Time since the edition is served", registry=self.registry
        )
        refused = Gauge(
            "htx_edition_refused", "1 while a change is refused", registry=self.registry
        )
        age.set_function(publishing.age)
        refused.set_function(lambda: float(publishing.refused))

    def answered(self, channel: Channel, answered: TurnResult) -> None:
        """Count a turn."""
        self._turns.labels(channel, answered.reply.outcome).inc()
        self._seconds.labels(channel).observe(answered.ms / 1000)
        if answered.reply.degraded:
            self._degraded.labels(channel).inc()

    def failed(self, channel: Channel) -> None:
        """Count a turn that got no reply of the dialogue."""
        self._failed.labels(channel).inc()
