import asyncio

from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex
from services.understanding.interpretation import Interpretation
from services.understanding.interpreter import Interpreter
from tests.conftest import BARS


class SilentNlu:
    """An NLU that never answers."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError(text, opened)


async def test_slow_nlu_is_not_waited_for(library: Library) -> None:
    """When the readings take longer than their time, the words of the question answer."""
    index = LexicalIndex(library.articles.values())
    interpreter = Interpreter(SilentNlu(), index, BARS, patience=0.01)

    reading = await interpreter.interpret("so thanh vien de lap hop tac xa", None)

    assert reading.degraded
    assert reading.articles()[0].name == "founding/so-thanh-vien"
