"""The sender: carries the batches of announcements, each letter once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from services.announcements import deliveries
from services.announcements.announcer import Announcer
from services.announcements.carrier import Carriers
from services.announcements.quiet import Quiet
from services.announcements.sending import brakes, recipient
from services.announcements.sending.ledger import Ledger
from services.announcements.sending.pacer import Pacer
from services.announcements.sending.round import Round
from services.storage.session import Sessions

_log = structlog.get_logger()

IN_FLIGHT = 8
"""Letters that one worker has under way at a time: at 24 a second two or three are enough."""
_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds without a turn after each failure to reach the channel; the last one repeats."""


@dataclass
class Sender:
    """Carries batches, several side by side, all within one pace and one limit of letters."""

    sessions: Sessions
    announcer: Announcer
    carriers: Carriers
    ledger: Ledger
    pacer: Pacer
    quiet: Quiet
    fail_share: float
    now: Callable[[], datetime]
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a batch has ended: there may be more to give out."""
    closing: bool = False
    """Whether the process is to end: what is under way ends, nothing else begins."""
    _failures: int = field(default=0, init=False)

    async def send(self, number: int, batch: int) -> None:
        """Send what waits in a batch, for as long as the announcement is being sent.

        What an earlier life of this job left under way is closed as uncertain first.
        """
        try:
            await self._send(number, batch)
        finally:
            self.ended.set()

    async def _send(self, number: int, batch: int) -> None:
        async with self.sessions.begin() as session:
            await recipient.close_lost(session, number, batch, self.now())
            said = await self.announcer.find(session, number)
            people = await recipient.waiting(session, number, batch)
            tried = await deliveries.was_tried(session, number)
        if said.state != "sending" or not people:
            return
        turns = Round(self, said)
        await turns.carry_all(people, first_alone=not tried)
        if turns.failed:
            async with self.sessions.begin() as session:
                await brakes.judge(session, number, self.fail_share, self.now())

    @property
    def resting(self) -> bool:
        """Whether nothing may begin now: quiet hours, or the process is to end."""
        return self.closing or self.quiet.ends_after(self.now()) is not None

    def reached(self) -> None:
        """Note that the channel works."""
        self._failures = 0

    async def not_reached(self) -> None:
        """Give the channel a rest, longer each time in a row."""
        pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
        self._failures += 1
        _log.warning("announcement.channel_down", pause=pause)
        await self.pacer.hold(pause)
