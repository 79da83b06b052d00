"""What a change of a document affects: what depends on it today, and who was told by it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nlu.text import fold
from services.clock import day_of
from services.insight.log import OF_CITIZENS
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.schema import Citation
from services.storage.models import ArticleVersion, DailyCount, Turn, TurnArticle

_MOST_NEAR = 5


@dataclass(frozen=True)
class DependentArticle:
    """An article that depends on a document."""

    id: str
    title: str
    clauses: tuple[str, ...]
    """What it cites of the document; empty when it depends on it only by way of something else."""
    by: tuple[str, ...]
    """The facts it covers and the procedure it shows that depend on the document."""


@dataclass(frozen=True)
class Dependents:
    """What depends on a document, by id."""

    articles: tuple[DependentArticle, ...]
    facts: tuple[str, ...]
    procedures: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def citing(self) -> frozenset[str]:
        """The articles that cite the document themselves."""
        return frozenset(article.id for article in self.articles if article.clauses)


@dataclass(frozen=True)
class Former:
    """A version that cited the document; its article says something else today, or is gone."""

    hash: str
    article: str
    since: str


@dataclass(frozen=True)
class Reached:
    """Who was told on one channel."""

    channel: str
    turns: int
    conversations: int
    first: date
    last: date


@dataclass(frozen=True)
class Counted:
    """Turns of which only counts are left: which version they told is no longer known."""

    turns: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Affected:
    """A document, what depends on it today, and who was told by it."""

    source: str
    title: str
    in_force: bool
    replaced_by: tuple[str, ...]
    dependents: Dependents
    former: tuple[Former, ...]
    told: tuple[Reached, ...]
    counted: Counted

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx content affected --json` prints."""
        whole: dict[str, Any] = to_jsonable_python(asdict(self))
        return {**whole, **whole.pop("dependents")}


async def affected(session: AsyncSession, library: Library, source: str, today: date) -> Affected:
    """Return what depends on a document of the library, and who was told by it."""
    document, dependents = library.sources[source], dependents_of(library, source)
    served = {article.hash for article in library.articles.values()}
    versions = await session.scalars(select(ArticleVersion).order_by(ArticleVersion.since))
    citing = [version for version in versions if _cites(version, source)]
    hashes = {version.hash for version in citing}
    hashes |= {library.articles[name].hash for name in dependents.citing}
    return Affected(
        source=source,
        title=document.title,
        in_force=document.in_force(today),
        replaced_by=document.replaced_by,
        dependents=dependents,
        former=tuple(_former(version) for version in citing if version.hash not in served),
        told=await _reached(session, _told(hashes, dependents.citing)),
        counted=await _counted(
            session, dependents.citing | {version.article for version in citing}
        ),
    )


def dependents_of(library: Library, source: str) -> Dependents:
    """Gather what depends on a document of the library."""
    facts = [f.id for f in library.facts.values() if source in {f.source, *_named(f.also)}]
    procedures = [n for n, p in library.procedures.items() if source in _named(p.citations)]
    forms = [form.id for form in library.forms.values() if form.source == source]
    articles = _dependent_articles(library, source, facts, procedures)
    return Dependents(tuple(articles), tuple(facts), tuple(procedures), tuple(forms))


def leaning(library: Library) -> Counter[str]:
    """Count for each document the articles that depend on it, as `dependents_of` finds them."""
    facts = {f.id: {*filter(None, (f.source,)), *_named(f.also)} for f in library.facts.values()}
    procedures = {name: _named(one.citations) for name, one in library.procedures.items()}
    counted: Counter[str] = Counter()
    for article in library.articles.values():
        covered = (facts.get(name, set()) for name in article.head.covers)
        shown = procedures.get(article.head.procedure or "", set())
        counted.update(_named(article.citations).union(shown, *covered))
    return counted


def near_sources(library: Library, wanted: str) -> list[str]:
    """List the ids of documents that may be meant: by number or words, then by spelling."""
    words = fold(wanted).split()
    known = {n: fold(f"{n} {s.number} {s.title}") for n, s in library.sources.items()}
    by_words = [name for name, text in known.items() if all(word in text for word in words)]
    alike = get_close_matches(fold(wanted), library.sources, _MOST_NEAR)
    return list(dict.fromkeys((*by_words, *alike)))[:_MOST_NEAR]


def _cites(version: ArticleVersion, source: str) -> bool:
    return any(citation["source"] == source for citation in version.content["citations"])


def _former(version: ArticleVersion) -> Former:
    return Former(version.hash, version.article, version.since.isoformat())


def _told(hashes: Collection[str], articles: Collection[str]) -> ColumnElement[bool]:
    """Tell a turn that cited the document; of a version never kept, today's article decides."""
    never_kept = TurnArticle.hash.not_in(select(ArticleVersion.hash))
    cited = or_(TurnArticle.hash.in_(hashes), and_(TurnArticle.article.in_(articles), never_kept))
    return exists().where(TurnArticle.turn_id == Turn.id, cited)


async def _reached(session: AsyncSession, told: ColumnElement[bool]) -> tuple[Reached, ...]:
    query = (
        select(
            Turn.channel,
            func.count(),
            func.count(Turn.key.distinct()),
            func.min(Turn.at),
            func.max(Turn.at),
        )
        .where(OF_CITIZENS, told)
        .group_by(Turn.channel)
        .order_by(Turn.channel)
    )
    return tuple(
        Reached(channel, turns, conversations, day_of(first), day_of(last))
        for channel, turns, conversations, first, last in await session.execute(query)
    )


async def _counted(session: AsyncSession, articles: Collection[str]) -> Counted:
    query = select(
        func.coalesce(func.sum(DailyCount.turns), 0),
        func.min(DailyCount.day),
        func.max(DailyCount.day),
    ).where(
        DailyCount.article.in_(articles),
        DailyCount.outcome == "answered",
        DailyCount.channel != "terminal",
    )
    turns, first, last = (await session.execute(query)).one()
    return Counted(turns, first, last)


def _dependent_articles(
    library: Library, source: str, facts: Collection[str], procedures: Collection[str]
) -> Iterator[DependentArticle]:
    for article in library.articles.values():
        clauses = tuple(c.clause for c in article.citations if c.source == source)
        by = tuple(_by(article, facts, procedures))
        if clauses or by:
            yield DependentArticle(article.id, article.head.title, clauses, by)


def _by(article: Article, facts: Collection[str], procedures: Collection[str]) -> Iterator[str]:
    yield from (name for name in article.head.covers if name in facts)
    if article.head.procedure in procedures:
        yield str(article.head.procedure)


def _named(citations: Iterable[Citation]) -> set[str]:
    return {citation.source for citation in citations}
