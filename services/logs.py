"""Structured logs: events by name with fields, to stderr; no secret ever in them."""

import logging
import sys

import structlog

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
