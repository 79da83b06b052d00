"""What a conversation was told before, told again out of today's edition; no reply is kept."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.composer import Composer
from services.conversation.computed import computed
from services.conversation.feedback import judge
from services.conversation.policy import AnswerArticle
from services.conversation.question import Channel
from services.conversation.reply import Payload, Reply, read_payload
from services.conversation.scope import within_scope
from services.conversation.trail import show_again
from services.storage.models import Turn

MOST = 50
"""Turns that are told again, the latest."""


async def past_turns(session: AsyncSession, channel: Channel, key: str) -> Sequence[Turn]:
    """Return the latest turns of a conversation, in their order; of distress nothing is left."""
    mine = (Turn.channel == channel, Turn.key == key, (Turn.text != "") | (Turn.payload != ""))
    latest = await session.scalars(select(Turn).where(*mine).order_by(Turn.id.desc()).limit(MOST))
    return latest.all()[::-1]


def told_again(turn: Turn, composer: Composer) -> Reply:
    """Write what a turn was answered with as of today, and say so where the text is another."""
    known = composer.library.articles
    if judged := judge(composer, turn.payload, next(iter(turn.hashes), "")):
        return judged[0]
    if turn.articles and not any(name in known for name in turn.articles):
        return composer.sentence("past_gone")
    reply = _shown(turn, composer)
    versions = zip(turn.articles, turn.hashes, strict=True)
    if all(name in known and known[name].hash == version for name, version in versions):
        return reply
    return replace(reply, notices=(composer.library.phrases.say("past_changed"), *reply.notices))


def _shown(turn: Turn, composer: Composer) -> Reply:
    """Write it out of its code; an answer to words holds for the place that these name."""
    step = turn.step or (f"{Payload('a', turn.articles[0])}" if turn.articles else "")
    shown = read_payload(step)
    if turn.text and shown and shown.verb in {"a", "d"}:
        found = AnswerArticle(shown.article, turn.confidence)
        decision = within_scope(found, (turn.text,), composer.library)
        figures = computed(composer.library, (shown.article,), (turn.text,), composer.today)
        return replace(composer, computed=figures).compose(
            decision, turn.text, {shown.article: turn.told}, degraded=turn.degraded
        )
    if step:
        return show_again(step, composer)
    if turn.outcome == "handoff":
        return composer.handoff(article=turn.open_article)
    told = composer.sentence("past_declined" if turn.outcome == "declined" else "past_talk")
    return replace(told, outcome="declined" if turn.outcome == "declined" else "smalltalk")
