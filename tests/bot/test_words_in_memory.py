"""What people wrote is nowhere in memory once it is answered."""

import gc
from types import CellType, CoroutineType, FrameType

import pytest

from bot.runner import Runner
from nlu.text import fold
from services.bootstrap import Services
from services.conversation.question import Question
from tests.doubles.nlu import FakeNlu, reading

_OF_THE_TEST = (CellType, CoroutineType, FrameType)


def marked() -> str:
    """Return a word that nobody else has; it stands nowhere in the source as a whole."""
    return "quắc".join("zz")


async def ask(services: Services, nlu: FakeNlu) -> None:
    """Ask what is read by itself, what leans on it, what corrects it, and what names a place."""
    word = marked()
    for question in (
        f"Thành lập hợp tác xã {word} cần mấy người? Rồi {word} nộp ở đâu?",
        f"còn {word} thì răng",
        f"không phải {word}, ý tôi là hồ sơ",
        f"HTX {word} ở Đại Lộc được không",
    ):
        nlu.table[question] = reading(("founding.so-thanh-vien", 0.9))
        await Runner(services).ask(Question("web", "a", question))
    nlu.table.clear()
    nlu.asked.clear()


def remembered(word: str) -> list[str]:
    """Return which objects hold a text with a word in it."""
    gc.collect()
    return [
        f"{type(holder).__qualname__}: {told[:80]}"
        for holder in gc.get_objects()
        if not isinstance(holder, _OF_THE_TEST)
        for told in gc.get_referents(holder)
        if isinstance(told, str) and word in told.lower()
    ]


@pytest.mark.parametrize("down", [False, True])
async def test_nothing_of_a_turn_stays_in_memory(
    services: Services, nlu: FakeNlu, *, down: bool
) -> None:
    """Neither reading, folding nor remembering holds a word of it after the reply."""
    nlu.down = down
    await ask(services, nlu)

    assert remembered(marked()) == []
    assert remembered(fold(marked())) == []
