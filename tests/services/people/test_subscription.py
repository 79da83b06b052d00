"""Stopping and starting announcements in a word; presses under an announcement."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.questions import Questions
from services.people.subscription import by_label, find_topic, topic_of
from services.storage.models import Press
from tests.doubles.people import announce, deliver, ledger, someone_in


@pytest.mark.parametrize(
    ("named", "topic"),
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
def test_topic_is_found(services: Services, named: str, topic: str | None) -> None:
    """A name, a label or whole words of one label name a topic; words of two name none."""
    assert find_topic(named, services.library.topics) == topic


def test_topic_is_a_slug_or_a_label() -> None:
    """A label is understood however it is written."""
    labelled = by_label({"fund": "Vay vốn Quỹ"})

    assert topic_of(" vay  von QUỸ", labelled) == "fund"
    assert topic_of("Hoi-Cho_1", labelled) == "hoi-cho_1"
    assert topic_of("vay vốn", labelled) is None


async def test_stop_all_and_take_it_back(services: Services, session: AsyncSession) -> None:
    """A no is noted with its words; taken back, the same topics are wanted as before it."""
    someone = await someone_in(services, session)
    await someone.tap("topic-ocop")
    stopped = await someone.stop()
    agreed_after_no = someone.person.agreed
    await someone.tap("again")

    stamp = Questions(someone.library, await someone.profile()).stamp("again")
    assert [button.payload for button in stopped.buttons] == [f"p:again.{stamp}"]
    assert not agreed_after_no
    assert someone.person.agreed
    assert (await ledger(session))[1:] == [
        (False, someone.say("command_dungtin")),
        (True, someone.say("stopped")),
    ]
    assert await someone.choices() == {"founding": False, "ocop": True}


async def test_start_all(services: Services, session: AsyncSession) -> None:
    """Starting is a yes to every topic, whatever was chosen before."""
    someone = await someone_in(services, session)
    await someone.tap("topic-ocop", "no")
    await someone.start()

    assert someone.person.agreed
    assert await someone.choices() == {"founding": True, "ocop": True}
    assert (await ledger(session))[-1] == (True, someone.say("command_nhantin"))


async def test_stop_one_topic(services: Services, session: AsyncSession) -> None:
    """One topic is stopped, the others go on; it is no withdrawal."""
    someone = await someone_in(services, session)
    await someone.tap("yes")
    reply = await someone.stop("ocop")

    assert "Đã dừng tin về đăng ký sản phẩm OCOP, trừ khi có tin khẩn." in reply.lead
    assert someone.person.agreed
    assert await someone.choices() == {"founding": True, "ocop": False}


async def test_start_one_topic_after_a_no(services: Services, session: AsyncSession) -> None:
    """Whoever had stopped all and starts one topic gets that one alone."""
    someone = await someone_in(services, session)
    await someone.tap("yes", "no")
    reply = await someone.start("ocop")

    assert "chỉ tin về đăng ký sản phẩm OCOP" in reply.lead
    assert await someone.choices() == {"founding": False, "ocop": True}
    assert someone.person.agreed


@pytest.mark.parametrize("verb", ["stop", "start"])
async def test_unknown_topic_is_told_which_there_are(
    services: Services, session: AsyncSession, verb: str
) -> None:
    """An unknown topic changes nothing; the reply lists the topics and says the word as it was."""
    someone = await someone_in(services, session)
    reply = await (someone.stop if verb == "stop" else someone.start)("*bóng* đá")

    assert r"“\*bóng\* đá”" in reply.lead
    assert "- đăng ký sản phẩm OCOP" in reply.lead
    assert await ledger(session) == []


@pytest.mark.parametrize(
    ("place", "button", "phrase"),
    [(0, "read", "announcement_read"), (1, "ask", "announcement_ask"), (2, "stop", "stopped")],
)
async def test_press_is_counted_once_and_answered_each_time(
    services: Services, session: AsyncSession, place: int, button: str, phrase: str
) -> None:
    """However often a button is pressed, its recipient counts once; each press is answered."""
    someone = await someone_in(services, session)
    number = (await deliver(session, someone.person, "sent", someone.now)).announcement_id
    first = await someone.press_under(f"x:{number}:{place}")
    second = await someone.press_under(f"x:{number}:{place}")
    rows = list(await session.scalars(select(Press)))

    assert first == second
    assert first is not None
    assert first.lead == someone.say(phrase)
    assert [(row.who, row.button) for row in rows] == [(someone.person.who, button)]


async def test_stop_withdraws(services: Services, session: AsyncSession) -> None:
    """“Dừng nhận tin” is a no to all, noted with the button's own words."""
    someone = await someone_in(services, session)
    await someone.tap("yes")
    await someone.press_under(f"x:{(await announce(session, someone.now)).id}:2")

    assert not someone.person.agreed
    assert (await ledger(session))[-1] == (False, someone.say("announcement_button_stop"))


@pytest.mark.parametrize("payload", ["x:99", "x:", "x:một:1", "x:1:3", f"x:{'9' * 30}", "p:yes"])
async def test_unknown_announcement_or_button_is_stale(
    services: Services, session: AsyncSession, payload: str
) -> None:
    """Nothing is counted for what there is not."""
    someone = await someone_in(services, session)
    await announce(session, someone.now)

    assert await someone.press_under(payload) is None
    assert list(await session.scalars(select(Press))) == []
