"""An index of the articles by their words: what is left to read by while the NLU can't be asked.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over words and pairs of
neighbours, diacritics aside. A page is all that people ask an article with.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Self

from nlu.text import fold, normalise, read_lexicon, until_answered
from services.knowledge.article import Article

_SATURATION, _LENGTH = 1.2, 0.75  # BM25's k1 and b, as usual; 4 and 8 rank no better
_COMMON = frozenset(
    (
        *("la", "gi", "co", "thi", "cho", "toi", "cua", "va", "o", "nao", "duoc", "khong"),
        *("the", "bao", "nhieu", "voi", "hoi", "a", "nhe", "em", "anh"),
    )
)
"""Words that stand in any question and tell nothing of its need."""
_WORD = re.compile(r"[^\W_]+")
_fold = until_answered(maxsize=1 << 14)(fold)


@dataclass(frozen=True)
class Likeness:
    """How like a message is to what people ask: 0 shares no word, 1 would share all, often."""

    articles: Mapping[str, float]
    """By the id of each article that shares any, the likest first."""
    foreign: float
    """Likeness to messages that no article answers."""


class LexicalIndex:
    """Pages by the words that people ask them with, beside messages that none answers."""

    def __init__(self, pages: Mapping[str, tuple[str, ...]], foreign: Iterable[str] = ()) -> None:
        """Index the texts of each page.

        `foreign` messages are laid on pages as long as an article's, in their order: those that
        stand together are of one kind. A single long page would be like nothing.
        """
        usual = sum(map(len, pages.values())) // max(len(pages), 1)
        texts = [*pages.values(), *_laid(foreign, max(usual, 1))]
        self.names = tuple(pages)
        self._worth, self._tells = _weighed(texts)
        self._unknown = _telling(len(texts), 0)

    @classmethod
    def of(cls, articles: Iterable[Article], foreign: Iterable[str] = ()) -> Self:
        """Index title, questions, follow-ups and short answer of each article."""
        pages = {a.id: (a.head.title, *a.questions, *a.followups, a.short) for a in articles}
        return cls(pages, foreign)

    def likeness(self, text: str) -> Likeness:
        """Compare a message with every page."""
        terms = _asked(text)
        whole = sum(self._tells.get(term, self._unknown) for term in terms)
        found: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            for page, worth in self._worth.get(term, {}).items():
                found[page] += worth / whole
        articles = [(like, self.names[p]) for p, like in found.items() if self._is_article(p)]
        foreign = (like for page, like in found.items() if not self._is_article(page))
        ranked = {name: like for like, name in sorted(articles, reverse=True)}
        return Likeness(ranked, max(foreign, default=0.0))

    def search(self, text: str, most: int = 4) -> list[tuple[str, float]]:
        """Return the ids of the likest articles with the share of the text's words they hold.

        Empty when no article has anything of the text.
        """
        words = [word for word in dict.fromkeys(_folded(text)) if word not in _COMMON]
        likest = islice(self.likeness(" ".join(words)).articles, most)
        places = [(name, self.names.index(name)) for name in likest]
        return [
            (name, sum(place in self._worth.get(word, ()) for word in words) / len(words))
            for name, place in places
        ]

    def _is_article(self, page: int) -> bool:
        return page < len(self.names)


def _laid(messages: Iterable[str], length: int) -> Iterator[tuple[str, ...]]:
    """Yield pages of so many messages."""
    left = iter(messages)
    while page := tuple(islice(left, length)):
        yield page


def _weighed(
    pages: Sequence[tuple[str, ...]],
) -> tuple[dict[str, dict[int, float]], dict[str, float]]:
    """Return what each term is worth on each page that has it, and how much it tells."""
    counted = [Counter(term for text in page for term in _terms(_folded(text))) for page in pages]
    usual = sum(counts.total() for counts in counted) / max(len(counted), 1)
    held: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for page, counts in enumerate(counted):
        most = _SATURATION * (1 - _LENGTH + _LENGTH * counts.total() / usual) if counts else 0.0
        for term, count in counts.items():
            held[term][page] = count / (count + most)
    tells = {term: _telling(len(pages), len(on)) for term, on in held.items()}
    worth = {t: {page: w * tells[t] for page, w in on.items()} for t, on in held.items()}
    return worth, tells


def _telling(pages: int, having: int) -> float:
    """Return how much a term tells that so many pages have: the fewer, the more."""
    return math.log(1 + (pages - having + 0.5) / (having + 0.5))


def _asked(text: str) -> list[str]:
    """Return the terms of a message, short forms and dialect read in every way they may mean."""
    readings = map(_folded, read_lexicon().expand(normalise(text)))
    return [*dict.fromkeys(term for words in readings for term in _terms(words))]


def _terms(words: Sequence[str]) -> list[str]:
    return [*words, *map(" ".join, pairwise(words))]


def _folded(text: str) -> list[str]:
    """Return the words of a text, folded: what stands around them is no part of them."""
    return [_fold(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())]
