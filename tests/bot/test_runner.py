import asyncio

import pytest

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Question
from services.understanding.interpretation import Interpretation
from tests.doubles.nlu import FakeNlu

CROWD = 40


class MeetingNlu(FakeNlu):
    """Reads a question when so many are being read at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = asyncio.Barrier(CROWD)

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        await self.meeting.wait()
        return await super().parse(text, opened)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


@pytest.fixture
def nlu() -> FakeNlu:
    return MeetingNlu()


async def test_nobody_who_is_read_holds_a_connection(services: Services) -> None:
    """More questions can be read at a time than there are connections to the database."""
    runner = Runner(services)

    asking = (runner.ask(Question("web", f"{number}", "hồ sơ")) for number in range(CROWD))
    answered = await asyncio.wait_for(asyncio.gather(*asking), 5)

    assert {one.reply.degraded for one in answered} == {False}
