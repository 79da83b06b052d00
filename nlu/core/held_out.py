"""Examples as they are read by a model that has not seen them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.content import Example, is_article, is_talk
from nlu.core.ranking import Guess
from nlu.core.storage import digest
from nlu.core.understanding import Reading, spelling
from nlu.text import Lexicon, has_diacritics, tokens

LONG_WORDS = 25
RANKING_LENGTH = 6
"""So many guesses the server gives out."""

_DIALECT = frozenset(tokens("mô chi răng rứa ri ni nớ hỉ tui mần chừ chộ mi bây o hí mệ nờ nì"))
_NOISY = frozenset(tokens("ko k j z dc đc bn ntn bik mún lm ng r đk hs tv vs cx bh hok ad bit trc"))


@dataclass(frozen=True)
class HeldOut:
    """An example and its reading."""

    example: Example
    reading: Reading
    opened: str | None = None
    """The article that was open, if any."""

    @property
    def first(self) -> Guess:
        """The first guess of all."""
        return self.reading.ranking[0]

    @property
    def articles(self) -> list[Guess]:
        """The articles among the guesses that the server gives out."""
        return [g for g in self.reading.ranking[:RANKING_LENGTH] if is_article(g.intent)]

    @property
    def right(self) -> bool:
        """Tell whether the first guess is the example's intent."""
        return self.first.intent == self.example.intent

    @property
    def is_talk(self) -> bool:
        """Tell whether the first guess is talk."""
        return is_talk(self.first.intent)

    def is_among(self, most: int, least: float = 0.0) -> bool:
        """Tell whether the example's intent is one of the first `most` articles from `least` on."""
        return self.example.intent in [
            g.intent for g in self.articles[:most] if g.confidence >= least
        ]


def deal(examples: Sequence[Example], lexicon: Lexicon, count: int, seed: int) -> list[int]:
    """Return a fold for each example; the same question in another spelling shares its fold.

    A question keeps its fold whatever is written beside it: what a change does to the others is not
    hidden by their being dealt anew.
    """
    keys = [spelling(e.text, lexicon) for e in examples]
    return [int(digest(f"{seed} {key}".encode()), 16) % count for key in keys]


def folds(
    examples: Sequence[Example], lexicon: Lexicon, count: int, seed: int
) -> Iterator[tuple[list[Example], list[Example]]]:
    """Yield, for each fold, what is learned from and what is kept back; answers never are."""
    fold_of = deal(examples, lexicon, count, seed)
    for fold in range(count):
        known = [e for e, own in zip(examples, fold_of, strict=True) if own != fold or e.is_answer]
        unseen = set(examples) - set(known)
        yield known, [e for e in examples if e in unseen]


def register(text: str) -> str:
    """Return how `text` is written: long, noisy, nodiac, dialect or clean."""
    words = set(tokens(text))
    if len(text.split()) >= LONG_WORDS:
        return "long"
    if words & _NOISY:
        return "noisy"
    if not has_diacritics(text):
        return "nodiac"
    return "dialect" if words & _DIALECT else "clean"
