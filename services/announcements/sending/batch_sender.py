"""The batch sender: carries the letters of a batch, each message of each letter once.

A delivery is claimed for one message at a time. What may come of it, and what the row says then:

    sent, more follow   pending again, one more message is out; the next a second later
    sent, the last      sent
    not yet, moved      pending as it was; tried again once the channel takes bulk, or at the new id
    halted              pending as it was; the announcement is paused until a person has mended it
    gone                stopped; nothing more is sent to the person
    failed              failed
    refused             failed; the announcement ends, for everybody would be refused
    unknown             uncertain; neither this message nor another of the letter goes any more

So a message that is known to be out is never sent again, whatever stops a letter in its midst, and
a worker that dies leaves in doubt what it had on its way at that moment, nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from services.announcements import deliveries
from services.announcements.announcer import Announcer
from services.announcements.carrier import (
    BETWEEN_PARTS,
    Carriers,
    Failed,
    Gone,
    Halted,
    Moved,
    NotYet,
    Outcome,
    Refused,
    Sent,
    Unknown,
)
from services.announcements.deliveries import Recipient
from services.announcements.letter import Reader, Writer
from services.announcements.quiet import Quiet
from services.announcements.sending import brakes
from services.announcements.sending.delivery_writer import DeliveryWriter
from services.announcements.sending.pacer import Pacer
from services.errors import AnnouncementError
from services.storage.models import Announcement
from services.storage.session import AWAY, Sessions

_log = structlog.get_logger()

IN_FLIGHT = 8
"""Messages that one worker has under way at a time: at 24 a second two or three are enough, and
no more than these are in doubt when it dies."""
_BEGUN = 32
"""Letters that one worker has begun: those of three messages take over two seconds, and 24
messages a second need some twenty of them side by side."""
_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds without a turn after each failure to reach the channel; the last one repeats."""


@dataclass
class _Batch:
    """One batch while it is carried."""

    announcement: Announcement
    writer: Writer
    over: bool = False
    """Whether the announcement is held: no other message begins."""
    troubled: bool = False
    """Whether a letter failed or is in doubt: the brake must look."""
    broken: Exception | None = None
    """What nobody foresaw, once a letter broke."""


@dataclass
class BatchSender:
    """Carries batches, several side by side, all within one pace and one limit of messages."""

    sessions: Sessions
    announcer: Announcer
    announcer_at: Callable[[str], Awaitable[Announcer]]
    """Returns an announcer out of an edition, by its fingerprint; raises AnnouncementError
    where it is gone."""
    carriers: Carriers
    deliveries: DeliveryWriter
    pacer: Pacer
    quiet: Quiet
    fail_share: float
    now: Callable[[], datetime]
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a batch has ended: there may be more to give out."""
    stopped: bool = False
    """Whether an administrator has stopped all sending, as the dispatcher saw last."""
    closing: bool = False
    """Whether the process is to end: what is under way ends, nothing else begins."""
    _calls: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(IN_FLIGHT), init=False
    )
    _letters: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(_BEGUN), init=False
    )
    _failures: int = field(default=0, init=False)

    async def send(self, number: int, batch: int) -> None:
        """Send what waits in a batch, for as long as the announcement is being sent.

        What an earlier life of this job left under way is closed as uncertain first. An error that
        is nobody's letter's pauses this announcement alone; the jobs of others go on.
        """
        try:
            await self._send(number, batch)
        except AWAY as error:
            _log.warning("announcement.put_off", number=number, reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # because a job that fails is given out again, for ever
            _log.exception("announcement.stopped", number=number, reason=type(error).__name__)
            why = type(error).__name__
            await self.pause(number, AnnouncementError("announcement_unforeseen", why=why))
        finally:
            self.ended.set()

    async def pause(self, number: int, problem: AnnouncementError) -> None:
        """Pause an announcement until staff, who are told why, resume it."""
        async with self.sessions.begin() as session:
            await brakes.pause(session, number, problem, self.now())

    def close(self) -> None:
        """Let what is under way end, and nothing else begin."""
        self.closing = True

    @property
    def is_night(self) -> bool:
        """Whether quiet hours hold: nothing may begin now but what is urgent."""
        return self.quiet.ends_after(self.now()) is not None

    async def _send(self, number: int, batch: int) -> None:
        async with self.sessions.begin() as session:
            if await deliveries.settle(session, number, batch, self.now()):
                await brakes.judge(session, number, self.fail_share, self.now())
            announcement = await self.announcer.find(session, number)
            people = await deliveries.waiting(session, number, batch)
            accepted = await deliveries.was_answered(session, number)
        if announcement.state != "sending" or not people:
            return
        try:
            approved = await self.announcer_at(announcement.edition)
            carried = _Batch(announcement, approved.writer(announcement))
        except AnnouncementError as problem:
            await self.pause(number, problem)
            return
        if not accepted:
            # Whether the channel takes this text at all is seen on one recipient alone.
            await self._carry_all(carried, people[:1])
            people = people[1:]
        await self._carry_all(carried, people)
        if carried.troubled:
            async with self.sessions.begin() as session:
                await brakes.judge(session, number, self.fail_share, self.now())
        if carried.broken:
            raise carried.broken

    async def _carry_all(self, batch: _Batch, people: Sequence[Recipient]) -> None:
        """Carry some letters side by side, until all that came of them is written."""
        async with asyncio.TaskGroup() as letters:
            for to in people:
                await self._letters.acquire()
                if self._rests(batch):
                    self._letters.release()
                    return
                letters.create_task(self._letter(batch, to))

    async def _letter(self, batch: _Batch, to: Recipient) -> None:
        """Carry one letter; whatever breaks in it touches no other that is under way.

        Its row is written before anything else that may fail: nothing is left in doubt by an error
        here. No other letter of the batch begins then. Where the database was away, the next look
        gives it out again; what would break there again pauses the announcement.
        """
        try:
            await self._carry(batch, to)
        except AWAY as error:
            batch.over = True
            _log.warning("announcement.letter_put_off", reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # because a task group would cancel the letters of others
            batch.over, batch.broken = True, batch.broken or error
            _log.exception("announcement.letter_failed", reason=type(error).__name__)
        finally:
            self._letters.release()

    async def _carry(self, batch: _Batch, to: Recipient) -> None:
        """Carry one letter, message by message, until it has ended or may not go on now."""
        going: Recipient | None = to
        while going is not None:
            async with self._calls:
                await self.pacer.turn()
                if self._rests(batch):
                    return
                if not await self.deliveries.claim(going.delivery, going.parts_sent):
                    await self._look_up(batch)
                    return
                outcome, left = await self._call(batch, going)
            going = await self._write(batch, going, outcome, left)

    async def _call(self, batch: _Batch, to: Recipient) -> tuple[Outcome, int]:
        """Make the call for the next message of a letter; return how many are left after it."""
        carrier = self.carriers[to.channel]
        try:
            parts = carrier.parts(batch.writer.letter(Reader(to.name, to.place, to.role)))
            part = parts[to.parts_sent]
        except Exception as error:  # noqa: BLE001  # because nothing was sent, and the letters of others may be in order
            _log.exception("announcement.not_rendered", reason=type(error).__name__)
            return Failed(type(error).__name__), 0
        outcome = await carrier.carry(to.chat, part)
        return outcome, len(parts) - to.parts_sent - 1

    async def _write(
        self, batch: _Batch, to: Recipient, outcome: Outcome, left: int
    ) -> Recipient | None:
        """Write what came of a message, then do what follows; return with whom to go on, if so."""
        match outcome:
            case Sent():
                return await self._arrived(to, left)
            case NotYet() | Moved():
                await self.deliveries.release(to.delivery, to.parts_sent)
                return await self._make_way(to, outcome)
            case Halted(problem=problem):
                await self.deliveries.release(to.delivery, to.parts_sent)
                await self._hold(batch, problem)
            case Gone(reason=reason):
                await self.deliveries.close(to.delivery, to.parts_sent, "stopped", reason)
                async with self.sessions.begin() as session:
                    await deliveries.stop_recipient(session, to, reason, self.now())
            case Unknown(why=why):
                batch.troubled = True
                await self.deliveries.close(to.delivery, to.parts_sent, "uncertain", why)
            case Failed(why=why) | Refused(why=why):
                batch.troubled = True
                await self.deliveries.close(to.delivery, to.parts_sent, "failed", why)
                if isinstance(outcome, Refused):
                    await self._give_up(batch, why)
        return None

    async def _arrived(self, to: Recipient, left: int) -> Recipient | None:
        self._failures = 0
        to = to._replace(parts_sent=to.parts_sent + 1)
        if not left:
            await self.deliveries.close(to.delivery, to.parts_sent, "sent")
            return None
        # Put back in between: a pause, /dungtin and /xoa take hold there, and a death does no harm.
        await self.deliveries.release(to.delivery, to.parts_sent)
        await asyncio.sleep(BETWEEN_PARTS)
        return to

    async def _make_way(self, to: Recipient, outcome: NotYet | Moved) -> Recipient:
        """Do what must be done before another try; return whom to try."""
        if isinstance(outcome, Moved):
            async with self.sessions.begin() as session:
                identity, now = self.announcer.identity, self.now()
                return await deliveries.move_recipient(session, to, outcome.chat, identity, now)
        if outcome.seconds is not None:
            await self.pacer.hold(outcome.seconds)
            return to
        pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
        self._failures += 1
        _log.warning("announcement.channel_down", pause=pause)
        await self.pacer.hold(pause)
        return to

    async def _hold(self, batch: _Batch, problem: AnnouncementError) -> None:
        batch.over = True
        await self.pause(batch.announcement.id, problem)

    async def _give_up(self, batch: _Batch, why: str) -> None:
        batch.over = True
        problem = AnnouncementError("announcement_text_refused", why=why)
        async with self.sessions.begin() as session:
            await brakes.halt(session, batch.announcement.id, problem, self.now())

    async def _look_up(self, batch: _Batch) -> None:
        """See whether a refused claim means that the whole announcement is held."""
        async with self.sessions() as session:
            now = await self.announcer.find(session, batch.announcement.id)
        batch.over = batch.over or now.state != "sending"

    def _rests(self, batch: _Batch) -> bool:
        """Say whether no other message of a batch may begin."""
        if batch.over or self.closing or self.stopped:
            return True
        return self.is_night and not batch.announcement.urgent
