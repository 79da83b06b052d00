"""Stopping and starting announcements in a word."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people import consent
from services.people.subscription import start, stop
from services.people.wishes import find_topic
from tests.doubles.people import ledger, meeting_of, tap

STOP, START = "Dừng nhận tin", "Nhận tin về hợp tác xã"


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("ocop", "ocop"),
        ("OCOP", "ocop"),
        ("Đăng ký sản phẩm OCOP", "ocop"),
        ("dang ky san pham ocop", "ocop"),
        ("thành lập", "founding"),
        ("thanh lap hop tac xa", "founding"),
        ("đăng ký", None),
        ("lập hợp", "founding"),
        ("lap h", None),
        ("bóng đá", None),
    ],
)
def test_topic_is_found(services: Services, said: str, topic: str | None) -> None:
    """A name, a label or whole words of one label name a topic; words of two name none."""
    assert find_topic(said, services.library.topics) == topic


async def test_stop_all_and_take_it_back(services: Services, session: AsyncSession) -> None:
    """A no is noted with its words; taken back, the same topics are wanted as before it."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "topic-ocop")
    stopped = await stop(meeting, "", STOP)
    agreed_after_no = meeting.person.agreed
    await tap(meeting, "again")

    assert [button.payload for button in stopped.buttons] == ["p:again"]
    assert not agreed_after_no
    assert meeting.person.agreed
    assert (await ledger(session))[1:] == [(False, STOP), (True, meeting.say("stopped"))]
    assert await consent.choices(session, meeting.person) == {"founding": False, "ocop": True}


async def test_start_all(services: Services, session: AsyncSession) -> None:
    """Starting is a yes to every topic, whatever was chosen before."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "topic-ocop", "no")
    await start(meeting, "", START)

    assert meeting.person.agreed
    assert await consent.choices(session, meeting.person) == {"founding": True, "ocop": True}
    assert (await ledger(session))[-1] == (True, START)


async def test_stop_one_topic(services: Services, session: AsyncSession) -> None:
    """One topic is stopped, the others go on; it is no withdrawal."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "yes")
    reply = await stop(meeting, "ocop", STOP)

    assert "Đã dừng tin về đăng ký sản phẩm OCOP." in reply.lead
    assert meeting.person.agreed
    assert await consent.choices(session, meeting.person) == {"founding": True, "ocop": False}


async def test_start_one_topic_after_a_no(services: Services, session: AsyncSession) -> None:
    """Whoever had stopped all and starts one topic gets that one alone."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "yes", "no")
    reply = await start(meeting, "ocop", START)

    assert "chỉ tin về đăng ký sản phẩm OCOP" in reply.lead
    assert await consent.choices(session, meeting.person) == {"founding": False, "ocop": True}
    assert meeting.person.agreed


@pytest.mark.parametrize("do", [stop, start])
async def test_unknown_topic_is_told_which_there_are(
    services: Services, session: AsyncSession, do: object
) -> None:
    """An unknown topic changes nothing; the reply lists the topics and says the word as it was."""
    meeting = await meeting_of(services, session)
    reply = await (stop if do is stop else start)(meeting, "*bóng* đá", START)

    assert r"“\*bóng\* đá”" in reply.lead
    assert "- đăng ký sản phẩm OCOP" in reply.lead
    assert await ledger(session) == []
