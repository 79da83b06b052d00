"""Affected: who was told by a document, in turns that are kept and in those that were counted."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.insight.leaning import Leaning, leaning_on
from services.knowledge.library import Library
from services.storage.models import ArticleVersion, DailyCount, Turn

_ARTICLE = Turn.articles[0].as_string()
_HASH = Turn.hashes[0].as_string()


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
    """A document, what stands on it today, and who was told by it."""

    source: str
    title: str
    in_force: bool
    replaced_by: tuple[str, ...]
    leaning: Leaning
    former: tuple[Former, ...]
    told: tuple[Reached, ...]
    counted: Counted

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx content affected --json` prints."""
        whole: dict[str, Any] = to_jsonable_python(asdict(self))
        return {**whole, **whole.pop("leaning")}


async def affected(session: AsyncSession, library: Library, source: str, today: date) -> Affected:
    """Return what stands on a document of the library, and who was told by it."""
    document, leaning = library.sources[source], leaning_on(library, source)
    served = {article.hash for article in library.articles.values()}
    versions = await session.scalars(select(ArticleVersion).order_by(ArticleVersion.since))
    citing = [version for version in versions if _cites(version, source)]
    hashes = {version.hash for version in citing}
    hashes |= {library.articles[name].hash for name in leaning.citing}
    return Affected(
        source=source,
        title=document.title,
        in_force=document.in_force(today),
        replaced_by=document.replaced_by,
        leaning=leaning,
        former=tuple(_former(version) for version in citing if version.hash not in served),
        told=await _reached(session, _told(hashes, leaning.citing)),
        counted=await _counted(session, leaning.citing | {version.article for version in citing}),
    )


def _cites(version: ArticleVersion, source: str) -> bool:
    return any(citation["source"] == source for citation in version.content["citations"])


def _former(version: ArticleVersion) -> Former:
    return Former(version.hash, version.article, version.since.isoformat())


def _told(hashes: Collection[str], articles: Collection[str]) -> ColumnElement[bool]:
    """Tell a turn that cited the document; of a version never kept, today's article decides."""
    never_kept = _HASH.not_in(select(ArticleVersion.hash))
    return or_(_HASH.in_(hashes), and_(_ARTICLE.in_(articles), never_kept))


async def _reached(session: AsyncSession, told: ColumnElement[bool]) -> tuple[Reached, ...]:
    query = (
        select(
            Turn.channel,
            func.count(),
            func.count(Turn.key.distinct()),
            func.min(Turn.at),
            func.max(Turn.at),
        )
        .where(told)
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
    ).where(DailyCount.article.in_(articles), DailyCount.outcome == "answered")
    turns, first, last = (await session.execute(query)).one()
    return Counted(turns, first, last)
