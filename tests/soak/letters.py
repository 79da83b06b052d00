"""Announcements of a long day: letters of three messages, under way while accidents happen."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import APPROVER, PAPERS, Broadcast
from tests.doubles.waiting import until
from tests.soak.people import PATIENCE

WHOLE = ["", *PAPERS]
"""What a recipient gets: a text, then two files."""
_LOOK = 0.5
_FINAL = {"sent", "uncertain", "failed", "stopped"}


@dataclass
class Letters:
    """Sends to the same people again and again, and looks what each got."""

    broadcast: Broadcast
    api: BotApi
    folder: Path
    people: range
    announced: int = 0
    resumed: int = 0
    """How often the product stopped an announcement and staff went on with it."""
    states: Counter[str] = field(default_factory=Counter)
    """How many letters ended in each state."""
    faults: list[str] = field(default_factory=list)
    """What was lost, came twice or out of turn, or is told wrong by its row."""

    async def settle(self) -> None:
        """Have staff, and people who agree."""
        await self.broadcast.hire()
        for chat in self.people:
            self.api.chats.open(chat)
        await self.broadcast.settle(self.people)

    @asynccontextmanager
    async def on_their_way(self) -> AsyncIterator[None]:
        """Announce; the block begins when a third is out, and after it all comes to an end."""
        before = {chat: len(self._got(chat)) for chat in self.people}
        out = sum(before.values())
        number = await self.broadcast.queued_with_papers(self.folder)
        self.announced += 1
        enough = out + len(WHOLE) * len(self.people) // 3
        await until(lambda: sum(len(self._got(chat)) for chat in self.people) >= enough, PATIENCE)
        yield
        await self._ended(number)
        await self._look(number, before)

    async def _ended(self, number: int) -> None:
        """Wait until everybody had their turn; what the product has stopped goes on."""
        async with asyncio.timeout(PATIENCE):
            while (state := (await self.broadcast.state(number)).state) != "done":
                if state == "paused":
                    self.resumed += 1
                    async with self.broadcast.sessions.begin() as session:
                        await self.broadcast.announcer.resume(session, number, APPROVER)
                await asyncio.sleep(_LOOK)

    async def _look(self, number: int, before: dict[int, int]) -> None:
        rows = await self.broadcast.parts(number)
        self.states.update(state for state, _ in rows.values())
        for chat in self.people:
            got, (state, parts) = self._got(chat)[before[chat] :], rows.get(chat, ("no row", 0))
            doubt = {0, 1} if state == "uncertain" else {0}
            whole = (state == "sent") == (len(got) == len(WHOLE)) or state == "uncertain"
            sound = got == WHOLE[: len(got)] and state in _FINAL and len(got) - parts in doubt
            if not (sound and whole):
                self.faults.append(f"letter {number} to {chat}: {got}, {state}, {parts}")

    def _got(self, chat: int) -> list[str]:
        return [message.file for message in self.api.chats.sent.get(chat, [])]

    def line(self) -> str:
        """Tell it."""
        states = ", ".join(f"{state}: {count}" for state, count in sorted(self.states.items()))
        return (
            f"letters: {self.announced} announcements of three messages to {len(self.people)} "
            f"people, {states}; {self.resumed} times staff had to go on; "
            f"{len(self.faults)} lost, twice or told wrong"
        )
