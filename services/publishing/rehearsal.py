"""Rehearsal: an edition answers some questions of its own before it is served.

What is worked out of the content once is worked out then (`services/knowledge/once.py`): patterns,
names, acts, templates. The first who ask would wait for a second else.
"""

import asyncio
from collections.abc import Iterator

import structlog

from nlu.text import forget
from services.clock import utc_now
from services.conversation.computed import prepare
from services.conversation.question import Question
from services.conversation.state import ConversationState
from services.conversation.turn import turn
from services.edition import Edition
from services.knowledge.library import Library
from services.publishing.editions import BuiltEdition, made_ready
from services.settings import Settings
from services.understanding.interpretation import Nlu

_log = structlog.get_logger()


def rehearsed(settings: Settings, built: BuiltEdition, nlu: Nlu) -> Edition:
    """Return an edition to be served that has been rehearsed."""
    thresholds = built.manifest.thresholds
    edition = made_ready(settings, built.library, nlu, thresholds, built.fingerprint)
    rehearse(edition)
    return edition


def rehearse(edition: Edition) -> None:
    """Have an edition answer by its words; it takes a second, and is for a thread of its own."""
    prepare(edition.library.rules)
    alone = edition.read_by(edition.interpreter.words, edition.interpreter.thresholds)
    try:
        asyncio.run(_rehearse(alone))
    except Exception as error:  # noqa: BLE001  # because whoever asks is told what fails, if it does
        _log.warning("edition.not_rehearsed", reason=type(error).__name__)
    finally:
        forget()


async def _rehearse(edition: Edition) -> None:
    state = ConversationState()
    for text in _questions(edition.library):
        result = await turn(state, Question("terminal", "", text), edition, utc_now())
        result.as_json()
        state = result.state


def _questions(library: Library) -> Iterator[str]:
    """Yield the name of one article of each topic, then all of these together."""
    names = {article.topic: article.head.title for article in library.articles.values()}
    yield from names.values()
    yield "? ".join(names.values())
