"""A log of turns, written by a test."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.conversation.question import Channel
from services.conversation.reply import Outcome
from services.storage.models import Turn, in_order
from tests.conftest import NOON


def turn(  # noqa: PLR0913  # because each is a column that some test needs
    text: str = "",
    outcome: Outcome = "declined",
    *,
    key: str = "a",
    channel: Channel = "web",
    payload: str = "",
    article: str = "",
    version: str = "0",
    also: Sequence[tuple[str, str]] = (),
    after: timedelta = timedelta(),
    start: datetime = NOON,
) -> Turn:
    """Return a turn; one with an article was answered by it, and by those `also` told."""
    told = [*([(article, version)] if article else []), *also]
    return Turn(
        channel=channel,
        key=key,
        at=start + after,
        text=text,
        payload=payload,
        outcome="answered" if article else outcome,
        confidence=0.5,
        degraded=False,
        ms=1,
        answered_by=in_order(told),
    )
