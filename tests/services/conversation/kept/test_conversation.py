"""What a conversation remembers from one turn to the next, and what it must let go."""

import asyncio

import pytest
from sqlalchemy import select

from services.bootstrap import Services, bootstrap
from services.knowledge.library import Library
from services.settings import Settings
from services.storage.models import Turn
from services.understanding.interpretation import Interpretation
from tests.conftest import BARS
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.nlu import FakeNlu, reading, with_patience

PATIENCE = 0.25
"""Seconds that the product has for a message here."""


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.fixture
def unsure(nlu: FakeNlu) -> FakeNlu:
    """Return an NLU that is not sure of “hồ sơ” and of “sao”, and knows nothing of “mưa”."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    nlu.table["sao"] = reading(("ocop.hang-sao", 0.3))
    return nlu


@pytest.mark.usefixtures("unsure")
async def test_question_after_a_decline_is_asked_back_anew(citizen: Citizen) -> None:
    """Once something else was said, an unsure question is asked back as a first one is."""
    await citizen.say("hồ sơ")
    declined = await citizen.say("mưa")

    anew = await citizen.say("sao")

    assert declined.outcome == "declined"
    assert (anew.outcome, anew.offered) == ("clarify", ("ocop/hang-sao",))


@pytest.mark.usefixtures("unsure")
async def test_number_chooses_nothing_after_another_reply(citizen: Citizen) -> None:
    """“2” means the second button only while nothing else was told."""
    await citizen.say("hồ sơ")
    await citizen.say("mưa")

    assert (await citizen.say("2")).articles == ()


async def test_what_was_only_asked_back_does_not_stay_open(
    citizen: Citizen, unsure: FakeNlu
) -> None:
    """After small talk a message is read beside what answered last, not beside an old offer."""
    unsure.table["mấy sao"] = reading(("ocop.hang-sao", 0.9))
    unsure.table["cảm ơn"] = reading(("smalltalk.thanks", 0.9))
    unsure.table["bao lâu | ocop/hang-sao"] = reading(("ocop.hang-sao", 0.9))
    await citizen.say("mấy sao")
    await citizen.say("hồ sơ")
    await citizen.say("cảm ơn")

    assert (await citizen.say("bao lâu")).articles == ("ocop/hang-sao",)


@pytest.mark.usefixtures("unsure")
async def test_choice_of_an_article_that_went_away_is_told_so(
    citizen: Citizen, services: Services
) -> None:
    """It is a stale choice, kept as a turn; the next message is answered as ever."""
    await citizen.say("hồ sơ")
    withdraw(services, "founding/ho-so")

    gone = await citizen.say("1")

    async with services.sessions() as session:
        kept = list(await session.scalars(select(Turn.text).order_by(Turn.id)))
    assert (gone.outcome, gone.articles) == ("declined", ())
    assert [button.payload for button in gone.buttons][:1] == ["s:policy"]
    assert kept == ["hồ sơ", "1"]
    assert (await citizen.say("1")).outcome == "declined"


@pytest.mark.usefixtures("unsure")
async def test_number_means_the_button_that_was_shown(citizen: Citizen, services: Services) -> None:
    """“2” is the second button on the screen, though the first leads nowhere any more."""
    await citizen.say("hồ sơ")
    withdraw(services, "founding/ho-so")

    assert (await citizen.say("2")).articles == ("ocop/ho-so",)


async def test_nothing_is_read_beside_an_article_that_went_away(
    citizen: Citizen, services: Services, nlu: FakeNlu
) -> None:
    """A message after it went is read by itself, by the bars of such messages."""
    nlu.table["mấy sao"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["bao lâu | ocop/hang-sao"] = reading(("ocop.ho-so", 0.9))
    await citizen.say("mấy sao")
    withdraw(services, "ocop/hang-sao")

    await citizen.say("bao lâu")

    assert nlu.asked[-1] == "bao lâu"


async def test_two_questions_by_words_are_both_named(
    citizen: Citizen, services: Services, nlu: FakeNlu
) -> None:
    """What the whole surely asks is told, the other part is a button; the reply is less sure."""
    nlu.down = True

    reply = await citizen.say("số thành viên để lập hợp tác xã? hạng sao ocop?")

    async with services.sessions() as session:
        turn = (await session.scalars(select(Turn))).one()
    assert reply.articles == ("founding/so-thanh-vien",)
    assert "a:ocop/hang-sao" in [button.payload for button in reply.buttons]
    assert (reply.degraded, turn.degraded) == (True, True)
    assert [notice for notice in reply.notices if "chưa chắc" in notice] == [reply.notices[0]]


async def test_short_question_among_others_is_answered_too(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Giấy gì?” between two longer questions is asked about the first."""
    whole = "Lập hợp tác xã cần mấy người? Giấy gì? Ocop có mấy hạng sao?"
    nlu.table[whole] = reading(("ocop.hang-sao", 0.7), ("founding.ho-so", 0.2))
    nlu.table["Lập hợp tác xã cần mấy người?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["Giấy gì? | founding/so-thanh-vien"] = reading(("founding.ho-so", 0.9))
    nlu.table["Ocop có mấy hạng sao?"] = reading(("ocop.hang-sao", 0.9))

    reply = await citizen.say(whole)

    assert reply.articles == ("founding/so-thanh-vien", "founding/ho-so", "ocop/hang-sao")


async def test_open_topic_hides_no_other_by_words(citizen: Citizen, nlu: FakeNlu) -> None:
    """A question that another topic's article answers best is answered by that one."""
    await citizen.press("a:founding/so-thanh-vien")
    nlu.down = True

    assert (await citizen.say("hồ sơ ocop")).articles == ("ocop/ho-so",)


class SilentNlu(FakeNlu):
    """Never answers."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Wait for ever."""
        await asyncio.Event().wait()
        return await super().parse(text, opened)


async def test_silent_nlu_is_not_waited_for(settings: Settings, library: Library) -> None:
    """When the reading takes longer than its time, the words of the question answer."""
    nlu = SilentNlu()
    async with bootstrap(settings=settings, library=library, nlu=nlu, thresholds=BARS) as services:
        services.current.edition = with_patience(services.current.edition, PATIENCE)
        reply = await Citizen(services).say("so thanh vien de lap hop tac xa")

    assert (reply.articles, reply.degraded) == (("founding/so-thanh-vien",), True)


class SlowNlu(FakeNlu):
    """Takes more than half of the patience with a message for each reading."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read after a while, and be sure of nothing."""
        await asyncio.sleep(0.6 * PATIENCE)
        return await super().parse(text, opened)


async def test_all_readings_of_a_message_share_one_patience(
    settings: Settings, library: Library
) -> None:
    """Three questions take four readings, two at a time: all within the time of one message."""
    nlu = SlowNlu({"hồ sơ gồm những gì?": reading(("founding.ho-so", 0.9))})
    async with bootstrap(settings=settings, library=library, nlu=nlu, thresholds=BARS) as services:
        services.current.edition = with_patience(services.current.edition, PATIENCE)
        citizen = Citizen(services)
        reply = await citizen.say("hồ sơ gồm những gì? nộp ở chỗ nào? mất bao lâu vậy?")

    assert reply.degraded
    assert len(nlu.asked) < 3
