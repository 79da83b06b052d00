"""Feedback: whether an answer was of use, kept for the version of the article that was shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.composer import Composer
from services.conversation.question import Question
from services.conversation.reply import (
    REASONS,
    VERDICTS,
    Payload,
    Reply,
    read_payload,
)
from services.storage.models import Feedback, Turn, TurnArticle


@dataclass(frozen=True)
class Verdict:
    """What a person thinks of one version of an article."""

    article: str
    part: str
    """The part that was judged; empty for what the article says first, or all of it."""
    version: str
    """The hash of what was shown."""
    useful: bool
    reason: str | None = None
    """Why it was of no use, if a reason was given."""


def judge(composer: Composer, payload: str, shown: str) -> tuple[Reply, Verdict] | None:
    """Return the verdict that a button gives and the reply to it; None when it gives none.

    `shown` is the version that the conversation read last; an article that it never read is judged
    as it stands now.
    """
    pressed = _verdict_in(payload)
    if pressed is None:
        return None
    known = composer.library.articles.get(pressed.article)
    version = shown or (known.hash if known else "")
    if not version:
        return None
    verdict = Verdict(pressed.article, pressed.part, version, useful=pressed.verb == "u")
    match pressed:
        case Payload("u"):
            return composer.thanks("thanks_useful"), verdict
        case Payload("w", _, place):
            return composer.thanks("thanks_reason"), replace(verdict, reason=REASONS[place])
        case _:
            return composer.thanks("ask_reason", pressed.name), verdict


async def version_shown(session: AsyncSession, question: Question) -> str:
    """Return the hash of the article that a verdict is about, as read here last; else nothing."""
    pressed = _verdict_in(question.payload)
    if pressed is None:
        return ""
    query = (
        select(TurnArticle.hash)
        .join(Turn, Turn.id == TurnArticle.turn_id)
        .where(
            Turn.channel == question.channel,
            Turn.key == question.conversation,
            TurnArticle.article == pressed.article,
        )
        .order_by(Turn.id.desc())
        .limit(1)
    )
    return await session.scalar(query) or ""


async def verdicts(session: AsyncSession, question: Question) -> Sequence[Feedback]:
    """Return what a conversation thought so far of the article that a verdict is about."""
    pressed = _verdict_in(question.payload)
    if pressed is None:
        return ()
    mine = {
        "channel": question.channel,
        "key": question.conversation,
        "article": pressed.article,
    }
    return (await session.scalars(select(Feedback).filter_by(**mine))).all()


def kept(
    question: Question, before: Sequence[Feedback], verdict: Verdict, now: datetime
) -> Feedback:
    """Return the row of a verdict. A conversation has one on a version of an article: the last."""
    row = next((one for one in before if one.hash == verdict.version), None) or Feedback(
        channel=question.channel,
        key=question.conversation,
        hash=verdict.version,
        at=now,
        article=verdict.article,
        useful=verdict.useful,
    )
    row.at, row.useful, row.part = now, verdict.useful, verdict.part[:12]
    row.reason = None if verdict.useful else verdict.reason or row.reason
    return row


def _verdict_in(payload: str) -> Payload | None:
    pressed = read_payload(payload)
    known = pressed is not None and pressed.verb in VERDICTS and pressed.page < len(REASONS)
    return pressed if known else None
