"""What a chat was asked last, and until when."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.pending import ask, clear, find
from tests.conftest import NOON
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading

CHAT = ("web", "a")
SOON = NOON + timedelta(minutes=10)


async def test_last_question_takes_the_place_of_the_one_before(session: AsyncSession) -> None:
    """A chat answers what it was asked last, and nothing that was asked before."""
    await ask(session, CHAT, "place", {}, SOON)
    await ask(session, CHAT, "step", {"field": "title"}, SOON)
    await session.commit()

    assert await find(session, CHAT, "place", NOON) is None
    assert await find(session, CHAT, "step", NOON) == {"field": "title"}
    assert await find(session, ("web", "b"), "step", NOON) is None


async def test_question_lapses(session: AsyncSession) -> None:
    """From its end on, what comes is no answer to it."""
    await ask(session, CHAT, "place", {}, SOON)

    assert await find(session, CHAT, "place", SOON - timedelta(seconds=1)) == {}
    assert await find(session, CHAT, "place", SOON) is None


async def test_question_is_taken_back_by_its_own_kind_alone(session: AsyncSession) -> None:
    """Whoever is done with a question leaves another's alone."""
    await ask(session, CHAT, "place", {}, SOON)
    await clear(session, CHAT, "step", NOON)
    asked = await find(session, CHAT, "place", NOON)
    await clear(session, CHAT, "place", NOON)

    assert (asked, await find(session, CHAT, "place", NOON)) == ({}, None)


async def test_turn_that_offers_nothing_leaves_what_was_asked(services: Services) -> None:
    """A pressed button or an answer takes no question back but an offer of articles."""
    async with services.sessions.begin() as session:
        await ask(session, CHAT, "place", {}, SOON)

    await Citizen(services).press("a:ocop/hang-sao")

    async with services.sessions() as session:
        assert await find(session, CHAT, "place", NOON) == {}


async def test_offer_takes_the_place_of_what_was_asked(services: Services, nlu: FakeNlu) -> None:
    """After “did you mean” a number chooses an article, whatever was asked before."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    async with services.sessions.begin() as session:
        await ask(session, CHAT, "place", {}, SOON)
    citizen = Citizen(services)

    await citizen.say("hồ sơ")

    assert (await citizen.say("2")).articles == ("ocop/ho-so",)
