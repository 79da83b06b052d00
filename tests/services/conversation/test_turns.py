import asyncio
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation import turns
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.retention import BATCH, reduce_old
from services.storage.models import Conversation, DailyCount, Turn, in_order
from tests.conftest import NOON

MINE = Question("web", "tôi", "chào")


def turn(key: str = "tôi", age: timedelta = timedelta()) -> Turn:
    return Turn(
        channel="web",
        key=key,
        at=NOON - age,
        text="lời của tôi",
        payload="",
        outcome="answered",
        confidence=0.9,
        degraded=False,
        ms=5,
        answered_by=in_order([("ocop/hang-sao", "0")]),
    )


def answered(article: str) -> Reply:
    return Reply("answered", "Câu trả lời.", articles=(article,))


async def count(session: AsyncSession, table: type[Turn | Conversation]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_erasing_takes_all_of_one_conversation_and_nothing_else(
    session: AsyncSession,
) -> None:
    """One's own turns and open article go; another's stay."""
    session.add_all([turn(), turn(), turn("người khác")])
    turns.keep_open(session, MINE, None, answered("ocop/hang-sao"), NOON)

    gone = await turns.erase(session, "web", "tôi")

    assert (gone, await count(session, Turn), await count(session, Conversation)) == (2, 1, 0)


async def test_open_article_is_kept_per_conversation(session: AsyncSession) -> None:
    """The open article belongs to a conversation, and the last one counts."""
    turns.keep_open(session, MINE, None, answered("founding/ho-so"), NOON)
    turns.keep_open(session, MINE, await turns.find(session, MINE), answered("ocop/hang-sao"), NOON)

    other = Question("web", "người khác")
    mine = await turns.standing(session, await turns.find(session, MINE), NOON)
    others = await turns.standing(session, await turns.find(session, other), NOON)
    assert (mine.opened, others.opened) == ("ocop/hang-sao", None)


async def test_update_is_seen_once_marked(session: AsyncSession) -> None:
    """An update counts as seen once it was answered."""
    before = await turns.was_seen(session, "telegram", "7")
    turns.mark_seen(session, "telegram", "7", NOON)
    await session.flush()

    assert (before, await turns.was_seen(session, "telegram", "7")) == (False, True)


async def test_old_turns_become_counts(services: Services) -> None:
    """Turns past their days leave a count by day, channel, outcome and article, and no word."""
    old = timedelta(days=91)
    async with services.sessions.begin() as session:
        session.add_all([turn(age=old), turn(age=old), turn()])

    gone = await reduce_old(services.sessions, NOON, keep_days=90)

    async with services.sessions() as session:
        kept = (await session.scalars(select(DailyCount))).one()
        left = await count(session, Turn)
    assert (gone, left) == (2, 1)
    assert (kept.article, kept.outcome, kept.turns) == ("ocop/hang-sao", "answered", 2)


async def test_processes_that_reduce_at_once_count_a_turn_once(services: Services) -> None:
    """Of two processes whose day begins at one moment, only one counts a turn."""
    many, old = 2 * BATCH + 40, timedelta(days=91)
    async with services.sessions.begin() as session:
        session.add_all([turn(age=old) for _ in range(many)])
        session.add(
            DailyCount(
                day=(NOON - old).date(),
                channel="web",
                outcome="answered",
                article="ocop/hang-sao",
                turns=2,
            )
        )

    gone = await asyncio.gather(
        *(reduce_old(services.sessions, NOON, keep_days=90) for _ in range(2))
    )

    async with services.sessions() as session:
        counted = await session.scalar(select(DailyCount.turns))
    assert (sum(gone), counted) == (many, many + 2)
