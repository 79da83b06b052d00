"""A round: one batch of an announcement, carried letter by letter."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.announcements.carrier import (
    BETWEEN_PARTS,
    Carrier,
    CarryError,
    Down,
    Gone,
    Halted,
    Moved,
    Part,
    Refused,
    Throttled,
    Uncertain,
)
from services.announcements.letter import Reader, Writer
from services.announcements.sending import brakes, recipient
from services.announcements.sending.recipient import Recipient
from services.people.person import Stop
from services.storage.models import Announcement

if TYPE_CHECKING:
    from services.announcements.sending.sender import Sender


@dataclass
class Round:
    """Carries the letters of a batch side by side, until it is over."""

    sender: "Sender"
    said: Announcement
    failed: int = 0
    over: bool = False
    """Whether the announcement is held: no other letter begins."""
    _writer: Writer = field(init=False)
    _tasks: asyncio.TaskGroup = field(init=False)

    def __post_init__(self) -> None:
        """Make the writer of the letters."""
        self._writer = self.sender.announcer.writer(self.said)

    async def carry_all(self, people: Sequence[Recipient], *, first_alone: bool) -> None:
        """Send to each; to the first alone while it is unknown whether the text is taken."""
        if first_alone:
            await self._carry_beside(people[:1])
        await self._carry_beside(people[1:] if first_alone else people)

    async def _carry_beside(self, people: Sequence[Recipient]) -> None:
        """Send to some side by side, as far as there are slots, until all of it is written."""
        async with asyncio.TaskGroup() as self._tasks:
            for to in people:
                await self.sender.slots.acquire()
                if self.over or self.sender.resting:
                    self.sender.slots.release()
                    return
                self._tasks.create_task(self._in_slot(to))

    async def _in_slot(self, to: Recipient) -> None:
        try:
            await self._send(to)
        finally:
            self.sender.slots.release()

    async def _send(self, to: Recipient) -> None:
        """Send one letter; again for as long as it is certain that nothing of it arrived."""
        target: Recipient | None = to
        while target is not None:
            await self.sender.pacer.turn()
            if self.over or self.sender.resting:
                return
            if not await self.sender.ledger.claim(target.delivery):
                await self._look_up()
                return
            target = await self._carry(target)

    async def _carry(self, to: Recipient) -> Recipient | None:
        """Carry a claimed letter; return whom to try again, if anyone."""
        carrier = self.sender.carriers[to.channel]
        first, *others = carrier.parts(self._writer.letter(Reader(to.name, to.place, to.role)))
        try:
            await carrier.carry(to.chat, first)
            self.sender.reached()
            for part in others:
                await self._insist(carrier, to, part)
        except (Throttled, Down, Moved) as error:
            to = await self._make_way(to, error)
            await self.sender.ledger.release(to.delivery)
            return to
        except CarryError as error:
            await self._fail(to, error)
            return None
        # Written beside the slot: the next letter need not wait for that.
        self._tasks.create_task(self.sender.ledger.close(to.delivery, "sent"))
        return None

    async def _insist(self, carrier: Carrier, to: Recipient, part: Part) -> None:
        """Carry another part of a letter whose first has arrived, until it arrives or fails."""
        while True:
            await asyncio.sleep(BETWEEN_PARTS)
            await self.sender.pacer.turn()
            try:
                return await carrier.carry(to.chat, part)
            except (Throttled, Down, Moved) as error:
                to = await self._make_way(to, error)

    async def _make_way(self, to: Recipient, error: CarryError) -> Recipient:
        """Do what must be done before another try; return whom to try."""
        match error:
            case Throttled(seconds=seconds):
                await self.sender.pacer.hold(seconds)
            case Moved(chat=chat):
                async with self.sender.sessions.begin() as session:
                    return await recipient.move(session, to, chat, self.sender.announcer.identity)
            case _:
                await self.sender.not_reached()
        return to

    async def _fail(self, to: Recipient, error: CarryError) -> None:
        """Write why a letter did not arrive, and stop what must not go on."""
        match error:
            case Gone(reason=reason):
                await self._stop(to, reason)
            case Uncertain():
                await self.sender.ledger.close(to.delivery, "uncertain", str(error))
            case Halted():
                await self.sender.ledger.release(to.delivery)
                await self._hold(f"Telegram từ chối bot ({error}); xem lại mã bot.")
            case Refused():
                self.failed += 1
                await self.sender.ledger.close(to.delivery, "failed", str(error))
                await self._halt(f"Telegram không nhận nội dung này ({error}); soạn lại.")
            case _:
                self.failed += 1
                await self.sender.ledger.close(to.delivery, "failed", str(error))

    async def _stop(self, to: Recipient, reason: Stop) -> None:
        await self.sender.ledger.close(to.delivery, "stopped", reason)
        async with self.sender.sessions.begin() as session:
            await recipient.stop(session, to, reason, self.sender.now())

    async def _hold(self, reason: str) -> None:
        self.over = True
        async with self.sender.sessions.begin() as session:
            await brakes.pause(session, self.said.id, reason, self.sender.now())

    async def _halt(self, reason: str) -> None:
        self.over = True
        async with self.sender.sessions.begin() as session:
            await brakes.halt(session, self.said.id, reason, self.sender.now())

    async def _look_up(self) -> None:
        """See whether a refused claim means that the whole announcement is held."""
        async with self.sender.sessions() as session:
            now = await self.sender.announcer.find(session, self.said.id)
        self.over = now.state != "sending"
