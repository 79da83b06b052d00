import asyncio
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.kept import erase_conversation
from services.conversation.retention import BATCH, reduce_old
from services.storage.models import Conversation, DailyCount, Pending, Turn, in_order
from tests.conftest import NOON
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading


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


async def count(session: AsyncSession, table: type[Turn | Conversation | Pending]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_erasing_takes_all_of_one_conversation_and_nothing_else(
    services: Services, session: AsyncSession, nlu: FakeNlu
) -> None:
    """One's own turns, open article, last question and what was asked back go; another's stay."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4))
    for citizen in (Citizen(services, "tôi"), Citizen(services, "người khác")):
        await citizen.press("a:ocop/hang-sao")
        await citizen.say("hồ sơ")

    gone = await erase_conversation(session, "web", "tôi")

    left = [await count(session, table) for table in (Turn, Conversation, Pending)]
    assert (gone, left) == (2, [2, 1, 1])


async def test_open_article_is_kept_per_conversation(services: Services, nlu: FakeNlu) -> None:
    """The open article belongs to a conversation, and the last one counts."""
    mine, other = Citizen(services, "tôi"), Citizen(services, "người khác")
    await mine.press("a:founding/ho-so")
    await mine.press("a:ocop/hang-sao")
    for text, key in (("bao lâu", mine), ("bao lâu", other)):
        nlu.table[f"{text} | ocop/hang-sao"] = reading(("out_of_scope", 0.9))
        await key.say(text)

    assert nlu.asked == ["bao lâu | ocop/hang-sao", "bao lâu"]


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
