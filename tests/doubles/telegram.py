"""What the tests of the Telegram face share: questions, and an NLU that waits when told to."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from services.understanding.interpretation import Interpretation
from tests.doubles.nlu import FakeNlu, reading

ASKED = "Thành lập hợp tác xã cần mấy người?"
ASKED_LONG = "Lập hợp tác xã qua những bước nào?"
UNSURE = "hồ sơ"
LONG = "founding/cac-buoc"
LONG_BODY = "\n\n".join(
    ["Lập hợp tác xã qua **20 bước**.", *(f"Bước {n}: {'làm việc này ' * 8}" for n in range(1, 21))]
)
READINGS = {
    ASKED: reading(("founding.so-thanh-vien", 0.9)),
    ASKED_LONG: reading(("founding.cac-buoc", 0.9)),
    UNSURE: reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3)),
}

Start = Callable[[], AbstractAsyncContextManager[None]]


class GatedNlu(FakeNlu):
    """Reads as the table says; a text that has a gate is read once that is open."""

    def __init__(self, table: dict[str, Interpretation]) -> None:
        """Start with a table and no gates."""
        super().__init__(table)
        self.gates: dict[str, asyncio.Event] = {}

    def hold(self, text: str) -> asyncio.Event:
        """Make a text wait; return the gate that lets it through."""
        self.gates[text] = asyncio.Event()
        return self.gates[text]

    async def parse(self, text: str) -> Interpretation:
        """Return the table's reading once the gate is open."""
        self.asked.append(text)
        if text in self.gates:
            await self.gates[text].wait()
        return self.table.get(text, reading(("out_of_scope", 0.9), in_scope=0.02))
