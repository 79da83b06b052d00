"""Lexical search over the articles: what answers when the NLU server does not.

SQLite's FTS5 ranks by BM25 (https://www.sqlite.org/fts5.html#the_bm25_function). Its own
`remove_diacritics` does not fold đ, so both sides are folded by `nlu.text.fold`.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence

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


_FAVOUR = 1.4
"""How much more an article of the open topic scores. On the project's conversations 1 answers 109
turns rightly and 86 wrongly, 1.4 answers 125 and 66; from 1.6 on short questions that leave the
topic are held in it."""


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
        self._words = {name: frozenset(_words(f"{asked} {told}")) for name, asked, told in rows}

    def search(self, text: str, near: str | None = None, most: int = 4) -> list[tuple[str, float]]:
        """Return the ids of the best articles with the share of the question's words they hold.

        The best first; those of the topic `near` are favoured, but a better one of another topic
        still stands before them. Empty when no telling word of the question stands in any article.
        """
        words = [word for word in dict.fromkeys(_words(fold(text))) if word not in _COMMON]
        words = words[:_MAX_WORDS]
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._db.execute(
            "SELECT id FROM page WHERE page MATCH ?"
            " ORDER BY bm25(page) * iif(id GLOB ?, ?, 1) LIMIT ?",
            (query, f"{near}/*", _FAVOUR, most),
        )
        return [(name, _share(words, self._words[name])) for (name,) in rows]


def _words(text: str) -> list[str]:
    """Return the words of a folded text: what stands around them is no part of them."""
    return re.findall(r"[a-z0-9]+", text)


def _share(words: Sequence[str], held: frozenset[str]) -> float:
    return sum(word in held for word in words) / len(words)
