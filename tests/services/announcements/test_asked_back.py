"""What is asked back about an announcement: told out of its text, or a ticket for its author."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.runner import Runner
from services.announcements.asked_back import ToldAnnouncement
from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.state import TurnResult
from services.staff import account
from services.storage.models import Announcement, Delivery, Notice, Person, Ticket
from tests.conftest import NOON
from tests.doubles.broadcast import Broadcast

BODY = """Kính gửi {{ name }}, mời bà con dự lớp tập huấn trồng sầu riêng.

- Thời gian: 8 giờ 30 ngày 05/12/2026, thứ Bảy
- Địa điểm: hội trường UBND xã Trà My
- Thành phần: thành viên hợp tác xã và hộ trồng sầu riêng
"""
WISH = "Mời bà con dự lớp tập huấn trồng sầu riêng."
TIME, PLACE, WHO = (line.removeprefix("- ") for line in BODY.splitlines()[2:])
CHAT = "7"
Ask = Callable[[str], Awaitable[TurnResult]]


def announcement() -> Announcement:
    """Return an announcement that was sent."""
    return Announcement(
        title="Tập huấn sầu riêng",
        topic="",
        body=BODY,
        audience={},
        author="Lan",
        created_at=NOON,
        state="done",
    )


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("mấy giờ vậy em", [TIME]),
        ("lop tap huan hom nao bat dau", [TIME]),
        ("học ở đâu", [PLACE]),
        ("ai đi được", [WISH, WHO]),
        ("có cần mang gì theo không", []),
        ("hộ trồng sầu riêng thì sao", [WHO]),
        ("mấy giờ siêu thị điện máy mở cửa", None),
        ("giá vàng hôm nay bao nhiêu", None),
        ("trồng", None),
    ],
)
def test_lines_answer_what_is_asked_about_them(asked: str, answered: list[str] | None) -> None:
    """By its kind where little else is asked, by the words it shares; what is foreign is left."""
    told = ToldAnnouncement(announcement(), NOON, (WISH, TIME, PLACE, WHO))
    found = told.fitting(asked)

    assert (None if found is None else list(found)) == answered


@pytest.fixture
async def ask(services: Services) -> Ask:
    """Return what asks as somebody who got the announcement yesterday."""
    made = Broadcast(services.settings, services.library, services.sessions)
    await made.settle([int(CHAT)])
    async with services.sessions.begin() as session:
        for name, role, chat in (("Hà", "agent", "71"), ("Lan", "author", "72")):
            (await account.add(session, name, role, NOON, "system")).chat = chat
        sent = announcement()
        session.add(sent)
        await session.flush()
        person = (await session.scalars(select(Person))).one()
        at = NOON - timedelta(days=1)
        session.add(
            Delivery(
                announcement_id=sent.id,
                person_id=person.id,
                who=person.who,
                batch=0,
                state="sent",
                at=at,
            )
        )
    return lambda text: Runner(services).ask(Question("telegram", CHAT, text))


async def test_what_is_asked_back_is_answered_or_reaches_its_author(
    services: Services, ask: Ask
) -> None:
    """Its lines are told as the announcement's; what it lacks is a ticket, its author's first."""
    told = await ask("mấy giờ vậy em")
    lacking = await ask("cần mang gì")
    wanted = await ask("gặp cán bộ")
    async with services.sessions() as session:
        ticket = (await session.scalars(select(Ticket))).one()
        heard = list(await session.scalars(select(Notice.key).order_by(Notice.id)))

    assert told.reply.lead.startswith("Theo thông báo “Tập huấn sầu riêng” ngày 23/11:")
    assert "8 giờ 30" in told.reply.lead
    assert "không nói điều này" in lacking.reply.lead
    assert [button.payload for button in lacking.reply.buttons][:1] == ["h:"]
    assert wanted.ticket == ticket.id
    assert (ticket.announcement_id, ticket.about) == (1, "cần mang gì")
    assert heard == ["72", "71"]


async def test_after_a_week_nothing_is_about_it(services: Services, ask: Ask) -> None:
    """What is asked later is asked of the assistant alone."""
    async with services.sessions.begin() as session:
        (await session.scalars(select(Delivery))).one().at = NOON - timedelta(days=8)

    assert "Theo thông báo" not in (await ask("mấy giờ vậy em")).reply.lead
