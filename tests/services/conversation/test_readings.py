"""The readings of one message."""

import asyncio

from services.conversation.readings import Readings
from services.understanding.interpretation import Interpretation

READ = Interpretation((), in_scope=0.0)


class Reader:
    """Reads when it is told to, and counts how many it reads side by side."""

    def __init__(self) -> None:
        """Hold every reading until the door is opened."""
        self.asked: list[str] = []
        self.door = asyncio.Event()

    async def read(self, text: str, opened: str | None) -> Interpretation:
        """Read a text once the door is open."""
        self.asked.append(f"{text} {opened or ''}".strip())
        await self.door.wait()
        return READ


async def test_two_are_read_at_a_time_in_the_order_in_which_they_were_begun() -> None:
    """What is begun early takes its turn behind what was begun before it."""
    reader = Reader()
    async with Readings(reader.read) as readings:
        tasks = [readings.begin(text, None) for text in ("một", "hai", "ba")]
        await asyncio.sleep(0)
        assert reader.asked == ["một", "hai"]
        reader.door.set()
        await asyncio.gather(*tasks)
    assert reader.asked == ["một", "hai", "ba"]


async def test_the_same_text_beside_the_same_article_is_read_once() -> None:
    """Beside another article it is another question."""
    reader = Reader()
    reader.door.set()
    async with Readings(reader.read) as readings:
        for opened in (None, "founding/ho-so", None):
            assert await readings.of("mất bao lâu", opened) is READ
    assert reader.asked == ["mất bao lâu", "mất bao lâu founding/ho-so"]


async def test_what_nobody_waits_for_ends_with_the_message() -> None:
    """A reading that was begun and not needed is under way no longer."""
    reader = Reader()
    async with Readings(reader.read) as readings:
        begun = readings.begin("hai", None)
        await asyncio.sleep(0)
    assert begun.cancelled()
    assert readings.needed == []
