"""What was told before, told again: out of its code, of today's edition, within its place."""

from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.history import past_turns, told_again
from services.conversation.reply import Reply
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.content import write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import COUNT, LACK, LEAD, PARTED, write_parted

FAR = "ở Huế lập hợp tác xã cần mấy người"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content with an article in parts."""
    root = write_content(tmp_path / "content")
    write_parted(root, COUNT, LACK)
    return root


@pytest.fixture
def nlu(nlu: FakeNlu) -> FakeNlu:
    """Return an NLU that takes what is said here for a question of that article."""
    for text in ("đếm răng hè", FAR):
        nlu.table[text] = reading(("founding.so-thanh-vien", 0.9))
    return nlu


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


async def again(citizen: Citizen) -> list[Reply]:
    """Return what the conversation was told, told again now."""
    app = citizen.services
    async with app.sessions() as session:
        turns = await past_turns(session, citizen.channel, citizen.conversation)
    return [told_again(turn, app.composer()) for turn in turns]


@pytest.mark.parametrize(
    "payload",
    [f"a:{PARTED}", f"d:{PARTED}#dem", f"f:{PARTED}", "t:ocop", "s:ocop", "m:", "h:"],
)
async def test_button_is_told_as_it_was(citizen: Citizen, payload: str) -> None:
    """A lead, a part, the whole, a list and a person come again as they were told."""
    told = await citizen.press(payload)

    assert await again(citizen) == [told]


async def test_part_that_was_asked_is_told_again(citizen: Citizen) -> None:
    """A question in words gets the part that it was answered with."""
    told = await citizen.say("đếm răng hè")
    [reply] = await again(citizen)

    assert told.part == "dem"
    assert (reply.part, reply.lead, reply.detail) == (told.part, told.lead, told.detail)
    assert reply.buttons == told.buttons


async def test_answer_for_another_place_stays_one(citizen: Citizen) -> None:
    """What was told as a rule of the whole country is not told again as ours."""
    told = await citizen.say(FAR)
    [reply] = await again(citizen)

    assert "chung cả nước" in told.lead
    assert (reply.lead, reply.next_step) == (told.lead, told.next_step)


async def test_verdict_is_thanked_again_and_judges_nothing(citizen: Citizen) -> None:
    """Telling the past writes nothing: it only shows."""
    await citizen.press(f"a:{PARTED}")
    thanks = await citizen.press(f"u:{PARTED}")

    assert (await again(citizen))[1] == thanks


async def test_part_that_is_gone_gives_way_to_what_comes_first(
    citizen: Citizen, services: Services
) -> None:
    """A part of before that the article lost is told by its lead; a lost article is named so."""
    await citizen.press(f"d:{PARTED}#khong")
    [lead] = await again(citizen)
    withdraw(services, PARTED)
    [gone] = await again(citizen)

    assert lead.lead.startswith(LEAD[:20])
    assert "nay không còn" in gone.lead
    assert gone.articles == ()
