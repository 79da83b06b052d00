"""What is asked while the NLU is down is answered in one message where the words are sure."""

import pytest

from services.conversation.question import Question
from services.conversation.state import ConversationState
from services.conversation.turn import turn
from services.edition import Edition
from services.settings import ROOT
from services.understanding.interpretation import Interpreter
from services.understanding.thresholds import load_thresholds
from services.understanding.words import WordReader
from tests.conftest import NOON
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu
from tests.soak.people import QUESTIONS


@pytest.fixture(scope="module")
def edition() -> Edition:
    """Return the content that is served, its NLU down."""
    library, nlu = read_content(ROOT / "content"), FakeNlu()
    nlu.down = True
    return Edition(library, Interpreter(nlu, WordReader.of(library), load_thresholds()))


@pytest.mark.parametrize("text", QUESTIONS)
async def test_nothing_is_asked_back(edition: Edition, text: str) -> None:
    """So the long day's people count: a reply that asks back is two messages in Telegram."""
    question = Question("telegram", "1", text)

    reply = (await turn(ConversationState(), question, edition, NOON)).reply

    assert reply.outcome in {"answered", "declined"}
