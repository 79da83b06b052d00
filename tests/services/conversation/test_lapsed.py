"""An article that rests on nothing in force is no longer served, by any way to it."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.state import load_state
from services.conversation.turn import turn
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from tests.conftest import NOON
from tests.doubles.content import article_text, head
from tests.doubles.nlu import FakeNlu, reading

LAPSED, NEIGHBOUR = "founding/so-thanh-vien", "founding/ho-so"


@pytest.fixture
def library(content: Path) -> Library:
    """Return content with an article that cites the old law alone."""
    front = head(LAPSED, "Số thành viên") | {
        "citations": [{"source": "luat-23-2012", "clause": "toàn văn"}]
    }
    text = article_text(front, "Cần 7 người.")
    (content / f"articles/{LAPSED}.md").write_text(text, encoding="utf-8")
    return load_library(content)


async def replied(services: Services, session: AsyncSession, **asked: str) -> Reply:
    """Return the reply to a question or a button."""
    question = Question("terminal", "x", asked.get("text", ""), asked.get("payload", ""))
    stored = await load_state(session, question, NOON)
    return (await turn(stored.state, question, services.current.edition, NOON)).reply


@pytest.mark.parametrize("verb", ["a", "v", "c"])
async def test_old_button_is_stale(services: Services, session: AsyncSession, verb: str) -> None:
    """A button to it says that it leads nowhere any more."""
    reply = await replied(services, session, payload=f"{verb}:{LAPSED}")

    assert (reply.outcome, reply.articles) == ("declined", ())


async def test_menu_and_neighbours_leave_it_out(services: Services, session: AsyncSession) -> None:
    """No menu and no related button shows it; a list of one opens what it lists."""
    menu = await replied(services, session, payload="t:founding")
    neighbour = await replied(services, session, payload=f"a:{NEIGHBOUR}")

    assert menu.articles == (NEIGHBOUR,)
    assert f"a:{LAPSED}" not in [button.payload for button in neighbour.buttons]


async def test_question_is_not_answered_from_it(
    services: Services, session: AsyncSession, nlu: FakeNlu
) -> None:
    """However sure the understanding is, it is not said."""
    nlu.table["mấy người?"] = reading((LAPSED.replace("/", "."), 0.99))

    reply = await replied(services, session, text="mấy người?")

    assert (reply.outcome, reply.articles) == ("declined", ())
