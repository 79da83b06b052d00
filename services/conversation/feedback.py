"""Feedback: whether an answer was of use, kept for the version of the article that was shown."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.composer import Composer
from services.conversation.payloads import VERDICTS, Payload, read_payload
from services.conversation.question import Question
from services.conversation.reply import REASONS, Reply
from services.storage.models import Feedback, Turn, TurnArticle


async def judge(
    session: AsyncSession, composer: Composer, question: Question, now: datetime
) -> Reply | None:
    """Keep the verdict that a button gives and reply to it; None when the button gives none.

    A conversation has one verdict on a version of an article: the last.
    """
    pressed = read_payload(question.payload)
    if pressed is None or pressed.verb not in VERDICTS or pressed.page >= len(REASONS):
        return None
    shown = await _shown(session, composer, question, pressed.name)
    if shown is None:
        return None
    verdict = await _verdict(session, question, pressed.name, shown, now)
    verdict.at, verdict.useful = now, pressed.verb == "u"
    match pressed:
        case Payload("u"):
            verdict.reason = None
            return composer.thanks("thanks_useful")
        case Payload("w", page=place):
            verdict.reason = REASONS[place]
            return composer.thanks("thanks_reason")
        case _:
            return composer.thanks("ask_reason", pressed.name)


async def _shown(
    session: AsyncSession, composer: Composer, question: Question, article: str
) -> str | None:
    """Return the hash of the article as this conversation read it last, or as it is now."""
    query = (
        select(TurnArticle.hash)
        .join(Turn, Turn.id == TurnArticle.turn_id)
        .where(
            Turn.channel == question.channel,
            Turn.key == question.conversation,
            TurnArticle.article == article,
        )
        .order_by(Turn.id.desc())
        .limit(1)
    )
    read = await session.scalar(query)
    if read:
        return read
    known = composer.library.articles.get(article)
    return known.hash if known else None


async def _verdict(
    session: AsyncSession, question: Question, article: str, shown: str, now: datetime
) -> Feedback:
    """Return the conversation's verdict on a version, a new one where there is none."""
    mine = {"channel": question.channel, "key": question.conversation, "hash": shown}
    kept = await session.scalar(select(Feedback).filter_by(**mine))
    if kept is None:
        kept = Feedback(**mine, at=now, article=article, useful=True)
        session.add(kept)
    return kept
