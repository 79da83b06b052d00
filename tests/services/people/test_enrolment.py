"""The three questions: what is asked next, and what is noted."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people import groups
from services.people.deeplink import Deeplink
from services.people.enrolment import awaits_place
from services.people.places import places, require_place
from services.storage.models import GroupMember
from tests.conftest import NOON
from tests.doubles.people import WORDING, ledger, someone_in

HOA_TIEN = require_place("Hòa Tiến")


async def test_three_taps(services: Services, session: AsyncSession) -> None:
    """Role, place and a yes are three taps; then all three are shown."""
    someone = await someone_in(services, session)
    first = (await someone.begin()).lead
    second = await someone.tap("role-farmer")
    third = await someone.tap(f"place-{HOA_TIEN.code}")
    last = await someone.tap("yes")

    assert "Bà con là ai" in first
    assert second.startswith("Đã ghi: nông dân.")
    assert third == f"Đã ghi: nông dân, xã Hòa Tiến.\n\n{someone.say(WORDING)}"
    assert all(part in last for part in ("nông dân", "xã Hòa Tiến", "Nhận tin: tất cả"))
    assert (someone.person.role, someone.person.place) == ("farmer", HOA_TIEN.code)
    assert someone.person.agreed


async def test_yes_is_kept_with_the_words_it_answers(
    services: Services, session: AsyncSession
) -> None:
    """The ledger holds the question as it was shown; every topic is wanted."""
    someone = await someone_in(services, session)
    await someone.tap("yes")

    assert await ledger(session) == [(True, someone.say(WORDING))]
    assert await someone.choices() == {"founding": True, "ocop": True}


@pytest.mark.parametrize("stamp", ["", ".", ".00000000"])
@pytest.mark.parametrize("what", ["yes", "again", "topic-ocop", "done"])
async def test_yes_to_other_words_is_asked_again(
    services: Services, session: AsyncSession, what: str, stamp: str
) -> None:
    """A yes under words that are not today's counts for nothing; today's are shown."""
    someone = await someone_in(services, session)
    await someone.begin(Deeplink(topic="ocop"))
    reply = await someone.press(f"{what}{stamp}")

    assert reply is not None
    assert what == "done" or "/dungtin" in reply.lead
    assert await ledger(session) == []
    assert not someone.person.agreed


async def test_second_press_of_a_yes_asks_nothing(
    services: Services, session: AsyncSession
) -> None:
    """Who pressed twice sees what was noted, once."""
    someone = await someone_in(services, session)
    await someone.tap("yes")

    assert "Nhận tin: tất cả" in await someone.tap("yes")
    assert len(await ledger(session)) == 1


async def test_buttons_that_are_a_yes_bear_the_stamp_of_their_words(
    services: Services, session: AsyncSession
) -> None:
    """And pressed as they were made they count; none is longer than Telegram takes."""
    someone = await someone_in(services, session)
    asked, topics = await someone.press("ask-consent"), await someone.press("topics")
    assert asked
    assert topics
    payloads = [button.payload for button in (*asked.buttons, *topics.buttons)]

    reply = await someone.press(payloads[0].removeprefix("p:"))

    assert reply
    assert someone.person.agreed
    assert [payload for payload in payloads if "." in payload] == [payloads[0], *payloads[4:]]
    assert max(len(payload.encode()) for payload in payloads) <= 64


async def test_start_reads_little(services: Services, session: AsyncSession) -> None:
    """What is known of a person is read once: two queries."""
    someone = await someone_in(services, session)
    statements: list[str] = []

    def note(*executed: object) -> None:
        statements.append(str(executed[2]).split()[0])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    await someone.begin()
    event.remove(session.get_bind(), "before_cursor_execute", note)

    assert sorted(statements) == ["SELECT", "SELECT"]


async def test_no_always_counts(services: Services, session: AsyncSession) -> None:
    """A no is noted under whatever words."""
    someone = await someone_in(services, session)
    await someone.press("no")

    assert await ledger(session) == [(False, someone.say(WORDING))]


async def test_every_question_may_be_skipped(services: Services, session: AsyncSession) -> None:
    """Three times “Bỏ qua” leaves nothing behind, and each question has it."""
    someone = await someone_in(services, session)
    await someone.begin()
    skips = [f"skip-{step}" for step in ("role", "place", "consent")]
    replies = [await someone.tap(skip) for skip in skips]

    assert "Bà con ở xã, phường nào?" in replies[0]
    assert replies[1] == someone.say(WORDING)
    assert "Nhận tin: chưa chọn" in replies[2]
    assert await ledger(session) == []


async def test_all_places_stand_in_one_keyboard(services: Services, session: AsyncSession) -> None:
    """The question for the place offers all 94 and to skip, several a row: Telegram takes 100."""
    someone = await someone_in(services, session)
    reply = await someone.press("ask-place")

    assert reply is not None
    assert len(reply.buttons) == 95
    assert reply.buttons[-1].payload == "p:skip-place"
    assert reply.columns == 3


async def test_topics_are_chosen_by_ticking(services: Services, session: AsyncSession) -> None:
    """The first tick is a yes to that topic alone; each further press changes one."""
    someone = await someone_in(services, session)
    await someone.tap("topics", "topic-ocop")
    after_one = await someone.choices()
    await someone.tap("topic-founding", "topic-ocop")

    assert after_one == {"founding": False, "ocop": True}
    assert await someone.choices() == {"founding": True, "ocop": False}
    assert await ledger(session) == [(True, someone.say("consent_topics"))]


async def test_ticked_topics_stand_before_their_labels(
    services: Services, session: AsyncSession
) -> None:
    """A topic that is wanted has a tick, another an empty box, both the label of the content."""
    someone = await someone_in(services, session)
    await someone.tap("topic-ocop")
    reply = await someone.press("topics")

    assert reply is not None
    assert [button.label for button in reply.buttons] == [
        "⬜ Đăng ký thành lập hợp tác xã",
        "✅ Đăng ký sản phẩm OCOP",
        "Xong",
    ]


async def test_all_but_one(services: Services, session: AsyncSession) -> None:
    """Whoever gets everything and unticks one topic keeps the others, and says no new yes."""
    someone = await someone_in(services, session)
    text = await someone.tap("yes", "topic-founding", "done")

    assert "chỉ tin về đăng ký sản phẩm OCOP" in text
    assert len(await ledger(session)) == 1


async def test_who_comes_back_is_shown_what_is_known(
    services: Services, session: AsyncSession
) -> None:
    """After an answer /start asks nothing; a button changes each part and leads back."""
    someone = await someone_in(services, session)
    await someone.tap("role-farmer", "skip-place", "no")
    shown = await someone.begin()
    asked = await someone.tap("ask-role")
    changed = await someone.tap("role-manager")

    assert "Nhận tin: không" in shown.lead
    assert [button.payload for button in shown.buttons] == [
        "p:ask-role",
        "p:ask-place",
        "p:ask-consent",
    ]
    assert asked == "Đã ghi: nông dân.\n\n**Bà con là ai trong các mục dưới đây?**"
    assert "quản lý hợp tác xã" in changed


@pytest.mark.parametrize(
    "what", ["role-king", "place-1", "skip-all", "ask-name", "topic-x", "", "-", "no such"]
)
async def test_unknown_button_is_stale(
    services: Services, session: AsyncSession, what: str
) -> None:
    """A button that nobody made notes nothing."""
    someone = await someone_in(services, session)

    assert await someone.press(what) is None
    assert someone.person.role is None


@pytest.mark.parametrize("written", ["Hòa Tiến", "hoa tien", "xã Hoà Tiến.", HOA_TIEN.code])
async def test_place_may_be_written(
    services: Services, session: AsyncSession, written: str
) -> None:
    """A ward's name in any spelling answers the question, which is closed then."""
    someone = await someone_in(services, session)
    await someone.tap("role-farmer")
    opened = await awaits_place(session, someone.person, someone.now)
    reply = await someone.write_place(written)

    assert opened
    assert reply is not None
    assert someone.person.place == HOA_TIEN.code
    assert not await awaits_place(session, someone.person, someone.now)


async def test_what_is_no_place_closes_the_question(
    services: Services, session: AsyncSession
) -> None:
    """A text that names no ward is left to be answered, and the next is no place either."""
    someone = await someone_in(services, session)
    await someone.tap("role-farmer")

    assert await someone.write_place("vay vốn cần gì") is None
    assert not await awaits_place(session, someone.person, someone.now)


async def test_question_for_the_place_does_not_stay_open(
    services: Services, session: AsyncSession
) -> None:
    """Half a day later a ward's name is a question again."""
    someone = await someone_in(services, session)
    await someone.tap("role-farmer")

    assert not await awaits_place(session, someone.person, someone.now + timedelta(hours=12))


async def test_link_fills_place_topic_and_event(services: Services, session: AsyncSession) -> None:
    """Whoever comes by a link is not asked for the place, but is for consent."""
    someone = await someone_in(services, session)
    await groups.make_event(session, "hop-xa", NOON)
    link = Deeplink(place=HOA_TIEN.code, topic="ocop", event="hop-xa")
    first = await someone.begin(link)
    third = await someone.tap("role-farmer")
    ticked = await someone.press("topics")

    assert first.lead.startswith("Đã ghi: xã Hòa Tiến.")
    assert third.endswith(someone.say(WORDING))
    assert await session.get(GroupMember, ("event-hop-xa", someone.person.id))
    assert not someone.person.agreed
    assert ticked is not None
    assert ticked.buttons[1].label.startswith("✅")


async def test_link_changes_nothing_that_is_known(
    services: Services, session: AsyncSession
) -> None:
    """A second link leaves place and topics as the person said; whoever refused is not asked."""
    someone = await someone_in(services, session)
    await someone.tap("role-farmer", f"place-{HOA_TIEN.code}", "topic-founding", "no")
    other = next(code for code in places() if code != HOA_TIEN.code)
    reply = await someone.begin(Deeplink(place=other, topic="ocop"))

    assert "Nhận tin: không" in reply.lead
    assert someone.person.place == HOA_TIEN.code
    assert not (await someone.choices())["ocop"]


async def test_link_to_what_is_unknown_is_ignored(
    services: Services, session: AsyncSession
) -> None:
    """A place or topic that does not exist is left out, and the first question comes."""
    someone = await someone_in(services, session)
    reply = await someone.begin(Deeplink(place="99999", topic="khong-co"))

    assert "Bà con là ai" in reply.lead
    assert someone.person.place is None
    assert await someone.choices() == {}


async def test_ticked_by_a_link_and_done_is_a_yes(
    services: Services, session: AsyncSession
) -> None:
    """“Xong” under a topic that a link ticked is a yes to it."""
    someone = await someone_in(services, session)
    await someone.begin(Deeplink(topic="ocop"))
    text = await someone.tap("topics", "done")

    assert "chỉ tin về đăng ký sản phẩm OCOP" in text
    assert someone.person.agreed
