"""The inbox of who writes announcements: what is asked about their own, and nothing else."""

from http import HTTPStatus

from services.bootstrap import Services
from services.storage.models import Announcement, Ticket
from tests.bot.console.conftest import SignIn
from tests.conftest import NOON
from tests.doubles.console import press
from tests.doubles.web import words


async def test_an_author_answers_what_is_asked_about_theirs(
    services: Services, signed_in: SignIn
) -> None:
    """First on their first page; the ticket of anything else is refused, read or acted on."""
    author, other = await signed_in("author", name="Lan"), await signed_in("author", name="Thảo")
    agent = await signed_in("agent")
    async with services.sessions.begin() as session:
        sent = Announcement(
            title="Họp <b>", topic="", body="Mời.", audience={}, author="Lan", created_at=NOON
        )
        tickets = [
            Ticket(channel="web", key=f"k{number}", opened_at=NOON, about=f"câu {number}")
            for number in (1, 2)
        ]
        tickets[0].announcement_id = 1
        session.add_all([sent, *tickets])
    home = words((await author.get("/console")).text)
    lists = [words((await one.get("/console/inbox")).text) for one in (author, other, agent)]
    page = words((await author.get("/console/inbox/1")).text)
    taken = await press(author, "/console/inbox/1/take")
    sent_on = await press(author, "/console/inbox/1/answer", text="8 giờ.", once="a")
    refused = [
        await author.get("/console/inbox/2"),
        await press(author, "/console/inbox/2/take"),
        await press(other, "/console/inbox/1/take-over", owner="1", why="x"),
        await other.get("/console/inbox/1/news"),
    ]

    assert "1 phiếu hỏi về thông báo tôi soạn" in home
    assert [("câu 1" in one, "câu 2" in one) for one in lists] == [
        (True, False),
        (False, False),
        (True, True),
    ]
    assert "Số liệu của phiếu" not in lists[0]
    assert "về thông báo “Họp <b>”" in page
    assert "Người soạn: Lan." in page
    assert taken.headers["location"] == sent_on.headers["location"] == "/console/inbox/1"
    assert {one.status_code for one in refused} == {HTTPStatus.UNPROCESSABLE_ENTITY}
    assert all("không hỏi về thông báo nào của anh/chị" in words(one.text) for one in refused)
    assert "câu 2" not in words(refused[1].text)
