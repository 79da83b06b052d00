"""Which body a talk is about: beside what a tổ hợp tác does, “mấy thành viên?” asks of that."""

from collections.abc import Callable
from dataclasses import dataclass

from services.conversation.gazetteer import holds_any, phrases, words_of
from services.conversation.policy import AnswerArticle, Decision, articles_of
from services.conversation.readings import Readings
from services.conversation.state import ConversationState
from services.knowledge.discourse_cues import DiscourseCues
from services.understanding.interpretation import Interpretation
from services.understanding.words import ELLIPTICAL_WORDS


@dataclass(frozen=True)
class OpenBody:
    """A few words that name no body, and the one that the open article is about."""

    name: str
    text: str
    words: DiscourseCues

    async def read(
        self,
        reading: Interpretation,
        readings: Readings,
        decide: Callable[[Interpretation], Decision],
    ) -> Interpretation:
        """Return how the words are read with it named, where they led to another body.

        Of a cooperative the same is asked in more examples. Named, they stand by themselves: of 284
        follow-ups of strangers two that left a union of cooperatives are read of it so, and none
        that left for another matter is held.
        """
        decision = decide(reading)
        read = articles_of(decision)[:1]
        told = isinstance(decision, AnswerArticle) and self._is_about(read[0])
        if told or not read or reading.degraded:  # by words alone any article that is named so wins
            return reading
        named = await readings.begin(f"{self.name} {self.text}", None)
        meant = decide(named)
        held = isinstance(meant, AnswerArticle) and self._is_about(meant.article)
        return named if held else reading

    def _is_about(self, article: str) -> bool:
        return self.words.bodies.get(article) == self.name


def open_body(words: DiscourseCues, text: str, state: ConversationState) -> OpenBody | None:
    """Return the body that a few words ask of which name none; None where that is a cooperative.

    What was only guessed decides nothing.
    """
    answered = state.article == state.open_article
    body = words.bodies.get(state.article or "") if answered else None
    if body is None or len(text.split()) > ELLIPTICAL_WORDS:
        return None
    named = holds_any(words_of(text), phrases(words.others))
    return None if named else OpenBody(body, text, words)
