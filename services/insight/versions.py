"""Versions: what each article said, kept under its hash from the first day it was served."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.insight.log import OF_CITIZENS
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.storage.dialects import insert
from services.storage.models import ArticleVersion, Turn, TurnArticle


@dataclass(frozen=True)
class Told:
    """A version, and how many turns it answered of those that are still kept."""

    version: ArticleVersion
    turns: int

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx content show --json` prints."""
        kept = self.version
        named = {"hash": kept.hash, "article": kept.article, "since": kept.since.isoformat()}
        return {**named, "turns": self.turns, **kept.content}


async def keep_versions(session: AsyncSession, library: Library, at: datetime) -> int:
    """Keep what the articles say from now on; return how many were not kept before.

    Whoever puts a library on serve calls it; the caller commits. Two processes may do so at once.
    """
    served = {article.hash: article for article in library.articles.values()}
    query = select(ArticleVersion.hash).where(ArticleVersion.hash.in_(served))
    kept = set(await session.scalars(query))
    rows = [_row(article, library, at) for name, article in served.items() if name not in kept]
    if rows:
        await session.execute(insert(session, ArticleVersion).on_conflict_do_nothing(), rows)
    return len(rows)


async def find_version(session: AsyncSession, name: str) -> Told | None:
    """Return the version with this hash, or None when none with it was ever served."""
    version = await session.get(ArticleVersion, name)
    if version is None:
        return None
    told = select(func.count(TurnArticle.turn_id.distinct())).join(
        Turn, Turn.id == TurnArticle.turn_id
    )
    count = await session.scalar(told.where(OF_CITIZENS, TurnArticle.hash == name))
    return Told(version, count or 0)


def _row(article: Article, library: Library, at: datetime) -> dict[str, Any]:
    return {
        "hash": article.hash,
        "article": article.id,
        "since": at,
        "content": {
            "title": article.head.title,
            "body": article.body,
            "variants": dict(article.variants),
            "next_step": article.head.next_step,
            "settles": [belief.settles for belief in article.head.beliefs],
            "citations": [
                {**cited.model_dump(), "title": library.sources[cited.source].title}
                for cited in article.citations
            ],
        },
    }
