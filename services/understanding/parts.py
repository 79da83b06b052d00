"""Which part of an article a message asks for, told by its words.

Among the few parts of one article a bare word tells much: “bao lâu” is in one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex

LEAD = ""
"""Stands for the lead where a part is named."""


@dataclass(frozen=True)
class PartIndex:
    """For each article that has parts, what people ask its lead and its parts with."""

    indexes: Mapping[str, LexicalIndex] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> Self:
        """Index every article of a library."""
        return cls({a.id: LexicalIndex(_pages(a)) for a in library.articles.values() if a.parts})

    def likest(self, article: str, text: str) -> list[str]:
        """Return the ids of the parts that a message may ask for, LEAD one of them, likest first.

        Empty where the article has no parts, or where nothing of it is in the message.
        """
        index = self.indexes.get(article)
        return list(index.likeness(text).articles) if index else []


def _pages(article: Article) -> dict[str, tuple[str, ...]]:
    """Return what is asked and told of the lead and of each part."""
    head = article.head
    pages = {LEAD: (head.title, *head.questions, *head.followups, article.short)}
    for part in article.parts:
        asked = head.parts.get(part.id)
        texts = (*asked.questions, *asked.followups) if asked else ()
        pages[part.id] = (part.name, *texts, part.text)
    return pages
