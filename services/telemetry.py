"""What the product tells those who run it: logs of events, and counters for `/metrics`.

Logs are structured, events by name with fields, to stderr; no secret is ever in them. Nothing that
is counted tells who asked or what.
"""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.conversation.question import Channel
from services.conversation.state import TurnResult
from services.publishing.status import Publishing

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "uvicorn.access", "alembic")
"""Libraries that log addresses at INFO; the Bot API's address holds the token."""


def configure_logs(level: str = "INFO") -> None:
    """Send structlog and the standard library's logs to stderr, at `level` and above."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *_renderers(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _renderers() -> list[structlog.typing.Processor]:
    """Return what writes an event; a traceback shows no locals, for they hold what people wrote."""
    if sys.stderr.isatty():
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


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
