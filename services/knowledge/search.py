"""Lexical search over the articles: what answers when the NLU server does not.

SQLite's FTS5 ranks by BM25 (https://www.sqlite.org/fts5.html#the_bm25_function). Its own
`remove_diacritics` does not fold đ, so both sides are folded by `nlu.text.fold`.
"""

import re
import sqlite3
from collections.abc import Iterable

from nlu.text import fold
from services.knowledge.article import Article

_MAX_WORDS = 40
_COMMON = frozenset(
    (
        *("la", "gi", "co", "thi", "cho", "toi", "cua", "va", "o", "nao", "duoc", "khong"),
        *("the", "bao", "nhieu", "voi", "hoi", "a", "nhe", "em", "anh"),
    )
)
"""Words that stand in any question and tell nothing of its need."""


class LexicalIndex:
    """Articles ranked by the words that they share with a question, diacritics aside."""

    def __init__(self, articles: Iterable[Article]) -> None:
        """Index title, example questions and short answer of each article."""
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("CREATE VIRTUAL TABLE page USING fts5(id UNINDEXED, asked, told)")
        rows = [
            (a.id, fold(" ".join((a.head.title, *a.head.questions))), fold(a.short))
            for a in articles
        ]
        self._db.executemany("INSERT INTO page VALUES (?, ?, ?)", rows)

    def search(self, text: str, topic: str | None = None, most: int = 4) -> list[tuple[str, float]]:
        """Return the ids of the best articles with the share of the question's words they hold.

        The best first, of one topic where one is given; empty when no telling word of the question
        stands in any article.
        """
        words = self._words(text)
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._db.execute(
            "SELECT id, asked || ' ' || told FROM page"
            " WHERE page MATCH ? AND id GLOB ? ORDER BY bm25(page) LIMIT ?",
            (query, f"{topic or '*'}/*", most),
        )
        return [(name, _share(words, set(held.split()))) for name, held in rows]

    def _words(self, text: str) -> list[str]:
        found = dict.fromkeys(re.findall(r"[a-z0-9]+", fold(text)))
        return [word for word in found if word not in _COMMON][:_MAX_WORDS]


def _share(words: list[str], held: set[str]) -> float:
    return sum(word in held for word in words) / len(words)
