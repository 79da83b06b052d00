"""How articles are used: which answered somebody, and which were of no use to those who judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.insight.log import OF_CITIZENS
from services.knowledge.library import Library
from services.storage.models import DailyCount, Feedback, Turn, TurnArticle

LATELY = timedelta(days=90)
_MANY, _SHARE = 3, 0.3
"""An article is disliked from so many verdicts on, and from this share of all."""


@dataclass(frozen=True)
class ArticleUse:
    """How one article was used lately."""

    turns: int
    useful: int
    useless: int


async def of_article(session: AsyncSession, article: str, now: datetime) -> ArticleUse:
    """Count the turns that an article answered lately, and the verdicts on it."""
    turns = select(func.count(TurnArticle.turn_id.distinct())).join(
        Turn, Turn.id == TurnArticle.turn_id
    )
    turns = turns.where(OF_CITIZENS, TurnArticle.article == article, Turn.at >= now - LATELY)
    judged = select(
        func.count(case((Feedback.useful, 1))), func.count(case((~Feedback.useful, 1)))
    ).where(Feedback.article == article, Feedback.at >= now - LATELY)
    useful, useless = (await session.execute(judged)).one()
    return ArticleUse(await session.scalar(turns) or 0, useful, useless)


async def never_used(session: AsyncSession, library: Library) -> set[str]:
    """Return the articles that never answered anybody, as far back as is kept."""
    used = set(await session.scalars(select(TurnArticle.article).distinct()))
    used |= set(await session.scalars(select(DailyCount.article).distinct()))
    return library.articles.keys() - used


async def disliked(session: AsyncSession, library: Library, now: datetime) -> dict[str, int]:
    """Return the articles that many lately found of no use as they stand today, and how many did.

    A verdict on an earlier text is over: it was mended since.
    """
    wrong = func.count(case((~Feedback.useful, 1)))
    query = select(Feedback.article, Feedback.hash, wrong, func.count())
    query = query.where(Feedback.at >= now - LATELY).group_by(Feedback.article, Feedback.hash)
    return {
        article: useless
        for article, hashed, useless, every in await session.execute(query)
        if article in library.articles
        and library.articles[article].hash == hashed
        and useless >= max(_MANY, _SHARE * every)
    }
