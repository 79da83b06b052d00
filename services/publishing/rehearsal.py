"""Rehearsal: an edition answers some questions of its own before it is served.

What is worked out of the content once is worked out then (`services/knowledge/once.py`): patterns,
names, acts, templates. The first who ask would wait for a second else.
"""

import asyncio
from collections.abc import Iterator
from textwrap import shorten

import structlog

from nlu.text import forget
from services.clock import utc_now
from services.conversation.computed import prepare
from services.conversation.question import Question
from services.conversation.state import ConversationState
from services.conversation.turn import turn
from services.edition import Edition
from services.errors import ContentError
from services.knowledge.library import Library
from services.publishing.editions import BuiltEdition, made_ready
from services.settings import Settings
from services.understanding.interpretation import Nlu

_log = structlog.get_logger()

_LONGEST = 80
"""Characters of a question that are told."""


def rehearsed(settings: Settings, built: BuiltEdition, nlu: Nlu) -> tuple[Edition, tuple[str, ...]]:
    """Return an edition to be served that has been rehearsed, and what it could not answer."""
    thresholds = built.manifest.thresholds
    edition = made_ready(settings, built.library, nlu, thresholds, built.fingerprint)
    return edition, rehearse(edition)


def rehearse(edition: Edition) -> tuple[str, ...]:
    """Have an edition answer by its words; return what it could not, in a sentence.

    It takes a second, and is for a thread of its own.
    """
    alone = edition.read_by(edition.interpreter.words, edition.interpreter.thresholds)
    asked = list[str]()
    try:
        prepare(edition.library.rules)
        asyncio.run(_rehearse(alone, asked))
    except Exception as error:  # noqa: BLE001  # because what is served goes on, whatever fails here
        why, question = (
            type(error).__name__,
            shorten("".join(asked[-1:]), _LONGEST, placeholder="…"),
        )
        _log.warning("edition.not_rehearsed", reason=why)
        return (str(ContentError("edition_not_rehearsed", question=question, why=why)),)
    finally:
        forget()
    return ()


async def _rehearse(edition: Edition, asked: list[str]) -> None:
    state = ConversationState()
    for text in _questions(edition.library):
        asked.append(text)
        result = await turn(state, Question("terminal", "", text), edition, utc_now())
        result.as_json()
        state = result.state


def _questions(library: Library) -> Iterator[str]:
    """Yield the name of one article of each topic, then all of these together."""
    names = {article.topic: article.head.title for article in library.articles.values()}
    yield from names.values()
    yield "? ".join(names.values())
