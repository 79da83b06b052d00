"""What the tests of the Telegram face share: questions, and an NLU that waits when told to."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bot.limits import MessageLimit
from services.understanding.interpretation import Interpretation
from tests.doubles.nlu import FakeNlu, reading

ASKED = "Thành lập hợp tác xã cần mấy người?"
ASKED_LONG = "Lập hợp tác xã qua những bước nào?"
UNSURE = "hồ sơ"
LONG = "founding/cac-buoc"
LONG_BODY = "\n\n".join(
    ["Lập hợp tác xã qua **20 bước**.", *(f"Bước {n}: {'làm việc này ' * 8}" for n in range(1, 21))]
)
LONG_PART = "\n\n".join(f"Quản lý lo việc {n}." for n in range(1, 41))
READINGS = {
    ASKED: reading(("founding.so-thanh-vien", 0.9)),
    ASKED_LONG: reading(("founding.cac-buoc", 0.9)),
    UNSURE: reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3)),
}

Start = Callable[[], AbstractAsyncContextManager[None]]


@dataclass
class Gate:
    """Where a text waits: it was reached, it was opened."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def pass_through(self) -> None:
        """Say that it was reached; wait until it is open."""
        self.reached.set()
        await self.opened.wait()


class NoLimit(MessageLimit):
    """Lets everybody send as many messages as they like: a test is quicker than a person."""

    def allow(self, *_keys: str) -> bool:
        """Allow it."""
        return True


class GatedNlu(FakeNlu):
    """Reads as the table says; a text that has a gate is read once that is open."""

    def __init__(self, table: dict[str, Interpretation]) -> None:
        """Start with a table and no gates."""
        super().__init__(table)
        self.gates: dict[str, Gate] = {}

    def hold(self, text: str) -> Gate:
        """Make a text wait; return the gate that lets it through."""
        self.gates[text] = Gate()
        return self.gates[text]

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Return the table's reading once the gate is open."""
        if text in self.gates:
            await self.gates[text].pass_through()
        return await super().parse(text, opened)
