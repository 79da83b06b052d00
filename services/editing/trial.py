"""Trying a message out: how it is read, by what it is judged, what is answered; nothing is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.clock import day_of
from services.conversation.gazetteer import gazetteer_of, words_of
from services.conversation.quantities import Quantity, read_quantities
from services.conversation.question import Question
from services.conversation.state import ConversationState, TurnResult
from services.conversation.turn import turn
from services.edition import Edition
from services.errors import NluError
from services.knowledge.library import Library
from services.understanding.interpretation import Interpretation
from services.understanding.parts import PartIndex
from services.understanding.thresholds import Bars
from services.understanding.words import WordReader


@dataclass(frozen=True)
class Trial:
    """What becomes of a message."""

    text: str
    by_nlu: Interpretation | None
    """None where the NLU can't be asked, or has not learnt the text that is tried."""
    by_words: Interpretation
    bars: Bars
    """What the reading is judged by that answers."""
    quantities: Sequence[str]
    """The figures and days in it, as it writes them."""
    places: Sequence[str]
    """The places that it names."""
    result: TurnResult

    @property
    def reading(self) -> Interpretation:
        """The reading that answers."""
        return self.by_nlu or self.by_words


async def try_message(edition: Edition, text: str, now: datetime) -> Trial:
    """Read a message by itself and answer it, out of an edition, as the first of a talk."""
    interpreter = edition.interpreter
    by_words = await interpreter.read_by_words(text, None)
    try:
        by_nlu = await interpreter.read(text, None)
    except NluError:
        by_nlu = None
    if by_nlu is not None and by_nlu.degraded:
        by_nlu = None
    reading = by_nlu or by_words
    result = await turn(ConversationState(), Question("terminal", "", text), edition, now)
    words = words_of(text)
    mentions = gazetteer_of(edition.library.places).mentions(words)
    return Trial(
        text=text,
        by_nlu=by_nlu,
        by_words=by_words,
        bars=reading.bars or interpreter.thresholds.alone,
        quantities=[_written(one, text) for one in read_quantities(text, day_of(now))],
        places=[" ".join(word.written for word in words[m.start : m.end]) for m in mentions],
        result=result,
    )


async def edition_of(edition: Edition, library: Library) -> Edition:
    """Return an edition of a draft's content: read by words alone, no model has learnt it."""
    words = await asyncio.to_thread(WordReader.of, library)
    parts = await asyncio.to_thread(PartIndex.of, library)
    interpreter = replace(edition.interpreter, nlu=words, words=words)
    return Edition(library, interpreter, parts)


def _written(quantity: Quantity, text: str) -> str:
    return text[quantity.start : quantity.end]
