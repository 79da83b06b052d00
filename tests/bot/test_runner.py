"""The runner: what those who are read hold, and the limit that every face shares."""

import asyncio

import pytest

from bot.limits import MessageLimit, Quota
from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Channel, Question
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


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_nobody_who_is_read_holds_a_connection(services: Services, channel: Channel) -> None:
    """More questions can be read at a time than there are connections to the database."""
    runner = Runner(services)

    asking = (runner.ask(Question(channel, f"{number}", "hồ sơ")) for number in range(CROWD))
    answered = await asyncio.wait_for(asyncio.gather(*asking), 5)

    assert {one.reply.degraded for one in answered} == {False}


@pytest.fixture
def limit() -> MessageLimit:
    """Return a limit that has counted nobody."""
    return MessageLimit()


def test_thirty_pass_and_the_next_does_not(limit: MessageLimit) -> None:
    """Thirty messages a minute are served."""
    assert [limit.allow("a") for _ in range(31)] == [True] * 30 + [False]


def test_keys_are_counted_apart(limit: MessageLimit) -> None:
    """One caller's haste is not another's."""
    for _ in range(31):
        limit.allow("a")

    assert limit.allow("b")


def test_every_key_must_have_room(limit: MessageLimit) -> None:
    """A message is refused when one of its keys is full, and then counts for none."""
    for _ in range(30):
        limit.allow("a")
    refused = limit.allow("a", "b")

    assert not refused
    assert [limit.allow("b") for _ in range(30)] == [True] * 30


def test_memory_is_bounded() -> None:
    """When as many callers are held as there is room for, new ones wait; nobody is forgotten."""
    moments = [0.0]
    quota = Quota(lambda: moments[-1], most_keys=100)
    served = [quota.allow({f"caller {number}": 1}) for number in range(101)]
    again = quota.allow({"caller 0": 1})
    moments.append(61.0)

    assert served == [True] * 100 + [False]
    assert not again
    assert quota.allow({"caller 0": 1})
