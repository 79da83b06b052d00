"""What was told before, told again: out of its code, of today's edition, within its place."""

from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
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
    edition = app.current.edition
    return [reply for _, reply in told_again(turns, app.composer(), edition.parts)]


@pytest.mark.parametrize(
    "payload",
    [f"a:{PARTED}", f"d:{PARTED}#dem", f"f:{PARTED}", "t:ocop", "s:ocop", "m:"],
)
async def test_button_is_told_as_it_was(citizen: Citizen, payload: str) -> None:
    """A lead, a part, the whole and a list come again as they were told."""
    told = await citizen.press(payload)

    assert await again(citizen) == [told]


async def test_whom_to_ask_is_told_again_without_the_promise_of_then(citizen: Citizen) -> None:
    """Which offices answer; that a ticket was opened, and by when, was true at that time."""
    told = await citizen.press("h:")
    [reply] = await again(citizen)

    assert "phiếu" in told.lead
    assert "phiếu" not in reply.lead
    assert told.lead.endswith(reply.lead)


async def test_part_that_was_asked_is_told_again(citizen: Citizen) -> None:
    """A question in words gets the part that it was answered with."""
    told = await citizen.say("đếm răng hè")
    [reply] = await again(citizen)

    assert told.part == "dem"
    assert (reply.part, reply.lead, reply.detail) == (told.part, told.lead, told.detail)
    assert reply.buttons == told.buttons


async def test_what_else_was_meant_keeps_its_button(citizen: Citizen, nlu: FakeNlu) -> None:
    """The same answer comes again, with what else may have been meant."""
    nlu.table["rứa hụt người"] = reading(("founding.so-thanh-vien", 0.5), ("ocop.ho-so", 0.2))
    await citizen.say("đếm răng hè")
    told = await citizen.say("rứa hụt người")
    reply = (await again(citizen))[1]

    assert "Ý khác: Hồ sơ OCOP" in [button.label for button in told.buttons]
    assert (reply.lead, reply.buttons) == (told.lead, told.buttons)


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


@pytest.mark.parametrize(
    "talk",
    [
        (FAR, "nói ngắn thôi"),
        ("đếm răng hè", "nói dễ hiểu hơn"),
        ("ở Huế đếm răng rứa", "1"),
        ("ở Huế đếm răng rứa", f"a:{PARTED}"),
        ("ở Huế đếm răng rứa", "cảm ơn nhé", "1"),
        ("hụt người", "hụt người"),
        (f"a:{PARTED}", "nói lại"),
    ],
)
async def test_what_leaned_on_a_message_before_is_told_as_it_was(
    citizen: Citizen, nlu: FakeNlu, talk: tuple[str, ...]
) -> None:
    """A choice by its place or button, an act, a repeat: in the light of what stood before."""
    nlu.table["ở Huế đếm răng rứa"] = reading(("founding.so-thanh-vien", 0.4), ("ocop.ho-so", 0.3))
    nlu.table["hụt người"] = reading(("founding.so-thanh-vien", 0.9))
    told = [await (citizen.press(one) if ":" in one else citizen.say(one)) for one in talk]
    replies = await again(citizen)

    assert [reply.lead for reply in replies] == [reply.lead for reply in told]
    assert [reply.part for reply in replies] == [reply.part for reply in told]


async def test_one_that_fails_keeps_nobody_off_the_others(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with one of them: the others are told, and it that it can't be."""
    fine, wrong = f"a:{PARTED}", "a:ocop/ho-so"
    for payload in (fine, wrong, fine):
        await citizen.press(payload)
    pressed = Composer.pressed

    def broken(composer: Composer, payload: str) -> Reply:
        if payload == wrong:
            raise KeyError(payload)
        return pressed(composer, payload)

    monkeypatch.setattr(Composer, "pressed", broken)
    first, failed, last = await again(citizen)

    assert first == last
    assert ("trục trặc" in failed.lead, first.article) == (True, PARTED)


async def test_tool_that_was_begun_is_begun_again(citizen: Citizen) -> None:
    """Whoever comes back from a paper finds the way to it where it stood."""
    told = await citizen.say("soạn giúp giấy mời đại hội")
    [reply] = await again(citizen)

    assert reply.tool == "paper"
    assert (reply.values, reply.lead) == (told.values, told.lead)
