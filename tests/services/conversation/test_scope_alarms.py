"""Of what people ask in our field next to nothing is taken for another place's, one case, a tool.

Counted over every tenth example of the content and measured question that an article answers.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import yaml

from services.conversation.beginnings import begun
from services.conversation.composer import Composer
from services.conversation.elsewhere import elsewhere
from services.conversation.particulars import particular_in
from services.conversation.scope import urgent_in
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import examples, read_content, spread

MOST = 0.005
"""The share that may be taken wrongly. Of 8,980 questions none was when this was written."""
MEASURED = ROOT / "tests/understanding"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


def in_field(library: Library) -> Iterator[str]:
    """Yield every question that some article answers."""
    yield from examples(library)
    for name in ("questions", "stories"):
        path = MEASURED / f"{name}.yml"
        rows = yaml.safe_load(path.read_text("utf-8"))["questions"] if path.exists() else []
        yield from (row["text"] for row in rows if row["articles"])
    for talk in yaml.safe_load((MEASURED / "dialogues.yml").read_text("utf-8")):
        yield from (turn["text"] for turn in talk["turns"] if turn["articles"])


def for_another_place(library: Library, question: str) -> bool:
    return elsewhere(library.places, question) is not None


def of_one_case(library: Library, question: str) -> bool:
    """Say whether it is no rule's, other than by a warning that tells on its own article."""
    particular = particular_in(library.cues.particulars, library.places, question)
    warned = library.articles.get(particular.article or "") if particular else None
    own = warned is not None and question in (*warned.questions, *warned.followups)
    return particular is not None and not own


def begins_a_tool(library: Library, question: str) -> bool:
    return begun(library, question, date(2026, 11, 30)) is not None


@pytest.mark.parametrize("is_taken", [for_another_place, of_one_case, begins_a_tool])
def test_hardly_any_question_of_ours_is_taken_wrongly(
    library: Library, is_taken: Callable[[Library, str], bool]
) -> None:
    """At most one in two hundred; what is taken stands in the message of a failure."""
    asked = spread(in_field(library))
    taken = [question for question in asked if is_taken(library, question)]

    assert len(taken) <= MOST * len(asked), "\n".join(taken)


@pytest.mark.parametrize(
    "message",
    ["nhắn tin kêu nộp trước 3 triệu rồi quỹ mới cho vay", "bấm link giả mất sạch tiền trong thẻ"],
)
def test_warning_of_swindlers_leaves_the_article_of_them_open(
    library: Library, message: str
) -> None:
    """What is told on then is read beside that: the seal that they sent is no seal of one's own."""
    urgent = urgent_in(message, library)
    assert urgent

    reply = Composer(library, date(2026, 11, 30)).compose(urgent, message)

    assert (reply.outcome, reply.offered) == ("handoff", ("bank/lua-dao",))
