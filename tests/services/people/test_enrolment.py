"""The three questions: what is asked next, and what is noted."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people import consent
from services.people.deeplink import Deeplink
from services.people.enrolment import begin, press, write_place
from services.people.person import awaits_place
from services.people.places import places, require_place
from services.storage.models import GroupMember
from tests.doubles.people import WORDING, ledger, meeting_of, tap

HOA_TIEN = require_place("Hòa Tiến")


async def test_three_taps(services: Services, session: AsyncSession) -> None:
    """Role, place and a yes are three taps; then all three are shown."""
    meeting = await meeting_of(services, session)
    first = (await begin(meeting)).lead
    second = await tap(meeting, "role-farmer")
    third = await tap(meeting, f"place-{HOA_TIEN.code}")
    last = await tap(meeting, "yes")

    assert "Bà con là ai" in first
    assert second.startswith("Đã ghi: nông dân.")
    assert third == f"Đã ghi: nông dân, xã Hòa Tiến.\n\n{meeting.say(WORDING)}"
    assert all(part in last for part in ("nông dân", "xã Hòa Tiến", "Nhận tin: tất cả"))
    assert (meeting.person.role, meeting.person.place) == ("farmer", HOA_TIEN.code)
    assert meeting.person.agreed


async def test_yes_is_kept_with_the_words_it_answers(
    services: Services, session: AsyncSession
) -> None:
    """The ledger holds the question as it was shown; every topic is wanted."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "yes")

    assert await ledger(session) == [(True, meeting.say(WORDING))]
    assert await consent.choices(session, meeting.person) == {"founding": True, "ocop": True}


@pytest.mark.parametrize("what", ["yes", "again", "topic-ocop"])
async def test_yes_to_other_words_is_asked_again(
    services: Services, session: AsyncSession, what: str
) -> None:
    """A yes under words that are not today's counts for nothing; today's are shown."""
    meeting = await meeting_of(services, session)
    reply = await press(meeting, what, "Bà con có muốn quà không?")

    assert reply is not None
    assert "/dungtin" in reply.lead
    assert await ledger(session) == []
    assert not meeting.person.agreed


async def test_second_press_of_a_yes_asks_nothing(
    services: Services, session: AsyncSession
) -> None:
    """Who pressed twice sees what was noted, once."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "yes")
    reply = await press(meeting, "yes", "Trợ lý đã ghi:")

    assert reply is not None
    assert "Nhận tin: tất cả" in reply.lead
    assert len(await ledger(session)) == 1


async def test_no_always_counts(services: Services, session: AsyncSession) -> None:
    """A no is noted under whatever words."""
    meeting = await meeting_of(services, session)
    await press(meeting, "no", "")

    assert await ledger(session) == [(False, meeting.say(WORDING))]


async def test_every_question_may_be_skipped(services: Services, session: AsyncSession) -> None:
    """Three times “Bỏ qua” leaves nothing behind, and each question has it."""
    meeting = await meeting_of(services, session)
    await begin(meeting)
    skips = [f"skip-{step}" for step in ("role", "place", "consent")]
    said = [await tap(meeting, skip) for skip in skips]

    assert "Bà con ở xã, phường nào?" in said[0]
    assert said[1] == meeting.say(WORDING)
    assert "Nhận tin: chưa chọn" in said[2]
    assert await ledger(session) == []


async def test_all_places_stand_in_one_keyboard(services: Services, session: AsyncSession) -> None:
    """The question for the place offers all 94 and to skip, several a row: Telegram takes 100."""
    meeting = await meeting_of(services, session)
    reply = await press(meeting, "ask-place", "")

    assert reply is not None
    assert len(reply.buttons) == 95
    assert reply.buttons[-1].payload == "p:skip-place"
    assert reply.columns == 3


async def test_topics_are_chosen_by_ticking(services: Services, session: AsyncSession) -> None:
    """The first tick is a yes to that topic alone; each further press changes one."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "topics", "topic-ocop")
    after_one = await consent.choices(session, meeting.person)
    await tap(meeting, "topic-founding", "topic-ocop")

    assert after_one == {"founding": False, "ocop": True}
    assert await consent.choices(session, meeting.person) == {"founding": True, "ocop": False}
    assert await ledger(session) == [(True, meeting.say("consent_topics"))]


async def test_ticked_topics_stand_before_their_labels(
    services: Services, session: AsyncSession
) -> None:
    """A topic that is wanted has a tick, another an empty box, both the label of the content."""
    meeting = await meeting_of(services, session)
    reply = await press(meeting, "topic-ocop", meeting.say("consent_topics"))

    assert reply is not None
    assert [button.label for button in reply.buttons] == [
        "⬜ Đăng ký thành lập hợp tác xã",
        "✅ Đăng ký sản phẩm OCOP",
        "Xong",
    ]


async def test_all_but_one(services: Services, session: AsyncSession) -> None:
    """Whoever gets everything and unticks one topic keeps the others, and says no new yes."""
    meeting = await meeting_of(services, session)
    said = await tap(meeting, "yes", "topic-founding", "done")

    assert "chỉ tin về đăng ký sản phẩm OCOP" in said
    assert len(await ledger(session)) == 1


async def test_who_comes_back_is_shown_what_is_known(
    services: Services, session: AsyncSession
) -> None:
    """After an answer /start asks nothing; a button changes each part and leads back."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "role-farmer", "skip-place", "no")
    shown = await begin(meeting)
    asked = await tap(meeting, "ask-role")
    changed = await tap(meeting, "role-manager")

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
    meeting = await meeting_of(services, session)

    assert await press(meeting, what, "") is None
    assert meeting.person.role is None


@pytest.mark.parametrize("written", ["Hòa Tiến", "hoa tien", "xã Hoà Tiến.", HOA_TIEN.code])
async def test_place_may_be_written(
    services: Services, session: AsyncSession, written: str
) -> None:
    """A ward's name in any spelling answers the question, which is closed then."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "role-farmer")
    opened = awaits_place(meeting.person, meeting.now)
    reply = await write_place(meeting, written)

    assert opened
    assert reply is not None
    assert meeting.person.place == HOA_TIEN.code
    assert not awaits_place(meeting.person, meeting.now)


async def test_what_is_no_place_closes_the_question(
    services: Services, session: AsyncSession
) -> None:
    """A text that names no ward is left to be answered, and the next is no place either."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "role-farmer")

    assert await write_place(meeting, "vay vốn cần gì") is None
    assert not awaits_place(meeting.person, meeting.now)


async def test_question_for_the_place_does_not_stay_open(
    services: Services, session: AsyncSession
) -> None:
    """Half a day later a ward's name is a question again."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "role-farmer")

    assert not awaits_place(meeting.person, meeting.now + timedelta(hours=12))


async def test_link_fills_place_topic_and_event(services: Services, session: AsyncSession) -> None:
    """Whoever comes by a link is not asked for the place, but is for consent."""
    meeting = await meeting_of(services, session)
    link = Deeplink(place=HOA_TIEN.code, topic="ocop", event="hop-xa")
    first = await begin(meeting, link)
    third = await tap(meeting, "role-farmer")
    ticked = await press(meeting, "topics", "")

    assert first.lead.startswith("Đã ghi: xã Hòa Tiến.")
    assert third.endswith(meeting.say(WORDING))
    assert await session.get(GroupMember, ("event-hop-xa", meeting.person.id))
    assert not meeting.person.agreed
    assert ticked is not None
    assert ticked.buttons[1].label.startswith("✅")


async def test_link_changes_nothing_that_was_said(
    services: Services, session: AsyncSession
) -> None:
    """A second link leaves place and topics as the person said; whoever refused is not asked."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "role-farmer", f"place-{HOA_TIEN.code}", "topic-founding", "no")
    other = next(code for code in places() if code != HOA_TIEN.code)
    reply = await begin(meeting, Deeplink(place=other, topic="ocop"))

    assert "Nhận tin: không" in reply.lead
    assert meeting.person.place == HOA_TIEN.code
    assert not (await consent.choices(session, meeting.person))["ocop"]


async def test_link_to_what_is_unknown_is_ignored(
    services: Services, session: AsyncSession
) -> None:
    """A place or topic that does not exist is left out, and the first question comes."""
    meeting = await meeting_of(services, session)
    reply = await begin(meeting, Deeplink(place="99999", topic="khong-co"))

    assert "Bà con là ai" in reply.lead
    assert meeting.person.place is None
    assert await consent.choices(session, meeting.person) == {}


async def test_ticked_by_a_link_and_done_is_a_yes(
    services: Services, session: AsyncSession
) -> None:
    """“Xong” under a topic that a link ticked is a yes to it."""
    meeting = await meeting_of(services, session)
    await begin(meeting, Deeplink(topic="ocop"))
    said = await tap(meeting, "topics", "done")

    assert "chỉ tin về đăng ký sản phẩm OCOP" in said
    assert meeting.person.agreed
