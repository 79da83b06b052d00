"""Leaning: which articles, facts, procedures and forms stand on a document today."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from nlu.text import fold
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.schema import Citation

_MOST_NEAR = 5


@dataclass(frozen=True)
class LeaningArticle:
    """An article that stands on a document."""

    id: str
    title: str
    clauses: tuple[str, ...]
    """What it cites of the document; empty when it leans on it only by way of something else."""
    by: tuple[str, ...]
    """The facts it covers and the procedure it shows that lean on the document."""


@dataclass(frozen=True)
class Leaning:
    """What stands on a document, by id."""

    articles: tuple[LeaningArticle, ...]
    facts: tuple[str, ...]
    procedures: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def citing(self) -> frozenset[str]:
        """The articles that cite the document themselves."""
        return frozenset(article.id for article in self.articles if article.clauses)


def leaning_on(library: Library, source: str) -> Leaning:
    """Gather what stands on a document of the library."""
    facts = [f.id for f in library.facts.values() if source in {f.source, *_named(f.also)}]
    procedures = [n for n, p in library.procedures.items() if source in _named(p.citations)]
    forms = [form.id for form in library.forms.values() if form.source == source]
    articles = _articles(library, source, facts, procedures)
    return Leaning(tuple(articles), tuple(facts), tuple(procedures), tuple(forms))


def near_sources(library: Library, said: str) -> list[str]:
    """List the ids of documents that may be meant: by number or words, then by spelling."""
    words = fold(said).split()
    told = {n: fold(f"{n} {s.number} {s.title}") for n, s in library.sources.items()}
    by_words = [name for name, text in told.items() if all(word in text for word in words)]
    alike = get_close_matches(fold(said), library.sources, _MOST_NEAR)
    return list(dict.fromkeys((*by_words, *alike)))[:_MOST_NEAR]


def _articles(
    library: Library, source: str, facts: Collection[str], procedures: Collection[str]
) -> Iterator[LeaningArticle]:
    for article in library.articles.values():
        clauses = tuple(c.clause for c in article.head.citations if c.source == source)
        by = tuple(_by(article, facts, procedures))
        if clauses or by:
            yield LeaningArticle(article.id, article.head.title, clauses, by)


def _by(article: Article, facts: Collection[str], procedures: Collection[str]) -> Iterator[str]:
    yield from (name for name in article.head.covers if name in facts)
    if article.head.procedure in procedures:
        yield str(article.head.procedure)


def _named(citations: Iterable[Citation]) -> set[str]:
    return {citation.source for citation in citations}
