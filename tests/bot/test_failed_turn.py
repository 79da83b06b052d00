"""A turn in which something fails that nobody foresaw: what is read and kept."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.storage.models import Turn
from services.understanding.interpretation import Interpretation
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.web import ASKED

FATAL = "đất nhà bà Sáu rộng bao nhiêu"


class FragileNlu(FakeNlu):
    """An NLU with a fault that nobody foresaw, in one question and beside any open article."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Fail, with what was asked in the error."""
        if text == FATAL or opened:
            raise ValueError(text)
        return await super().parse(text, opened)


@pytest.fixture
def nlu() -> FakeNlu:
    """Return an NLU that knows one question."""
    return FragileNlu({ASKED: reading(("founding.so-thanh-vien", 0.9))})


async def kept(services: Services) -> Sequence[tuple[str, str]]:
    """Return text and outcome of every turn that is kept."""
    async with services.sessions() as session:
        turns = await session.scalars(select(Turn).order_by(Turn.id))
        return [(turn.text, turn.outcome) for turn in turns]


@pytest.mark.parametrize("channel", ["terminal", "web", "telegram"])
async def test_what_failed_is_told_and_kept(services: Services, channel: Channel) -> None:
    """Whoever asked reads that it failed; staff find the question among those not answered."""
    answered = await Runner(services).ask(Question(channel, "c1", FATAL))

    assert answered.reply.lead == services.library.phrases.say("failed")
    assert await kept(services) == [(FATAL, "declined")]


async def test_conversation_begins_anew_after_a_failure(services: Services) -> None:
    """What breaks the reading beside an open article breaks one turn, not all that follow."""
    runner = Runner(services)
    answered = [await runner.ask(Question("web", "c1", ASKED)) for _ in range(3)]

    assert [one.reply.outcome for one in answered] == ["answered", "declined", "answered"]
