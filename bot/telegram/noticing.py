"""Noticing: brings notices to the chats of Telegram, each claimed before it is sent.

Reminders whose time has come become notices first, but not in quiet hours, which would hold them:
they are worded when they are told.

It has a bot of its own whose way tells what never left from what was lost: only the first is tried
again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.telegram.carrier import TelegramCarrier
from bot.telegram.letter import TelegramPart
from bot.telegram.render import Renderer
from bot.telegram.sender import keyboard
from bot.telegram.visit import CHANNEL
from services.announcements.carrier import (
    BETWEEN_PARTS,
    Failed,
    Gone,
    Halted,
    Moved,
    NotYet,
    Outcome,
    Refused,
    Sent,
    Unknown,
    reason,
)
from services.announcements.quiet import Quiet
from services.bootstrap import Services
from services.conversation.history import notice_reply
from services.notices import notices
from services.notices.notices import Ended
from services.people import person
from services.reminders import reminders
from services.staff import stops
from services.storage.models import Notice
from services.storage.session import AWAY
from services.telemetry import trace

_log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two looks: somebody may wait for a person's answer."""
_AGAIN = timedelta(seconds=10)
_HALTED = timedelta(minutes=1)
_INSIST = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Seconds between tries to write down what became of a message, while the database is away."""


@dataclass
class Noticing:
    """Sends what is due, one after another."""

    services: Services
    bot: Bot
    carrier: TelegramCarrier
    quiet: Quiet
    every: float = EVERY

    async def run(self) -> None:
        """Look again and again; a look that fails is followed by the next."""
        await self._begin()
        while True:
            try:
                await self.look()
            except AWAY as error:
                _log.warning("notice.no_look", reason=type(error).__name__)
            await asyncio.sleep(self.every)

    async def _begin(self) -> None:
        while True:
            try:
                await self.bot.initialize()
            except TelegramError as error:
                _log.warning("notice.no_telegram", reason=type(error).__name__)
                await asyncio.sleep(_AGAIN.total_seconds())
            else:
                return

    async def look(self) -> None:
        """Send what is due now."""
        now = self.services.now()
        quiet = self.quiet.ends_after(now) is not None
        if not quiet:
            await self._remind(now)
        async with self.services.sessions.begin() as session:
            await notices.give_up_stale(session, now)
            stopped = await stops.find(session, "sending") is not None
            waiting = await notices.due(session, CHANNEL, now, quiet=quiet or stopped)
        held = set[str]()
        for notice in waiting:
            if notice.key not in held and not await self._send(notice):
                held.add(notice.key)

    async def _remind(self, now: datetime) -> None:
        """Have all told whose reminders are due; a fault in these keeps no notice back."""
        try:
            async with self.services.sessions.begin() as session:
                await reminders.tell_due(session, self.services.library, now)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  # because others wait for their notices
            _log.error("reminder.not_told", trace=trace(error))

    async def _send(self, notice: Notice) -> bool:
        """Send one that nobody else has taken; return whether its chat may be told the next."""
        async with self.services.sessions.begin() as session:
            if not await notices.claim(session, notice.id, self.services.now()):
                return True
        outcome, parts_sent = await self._carry(notice)
        for pause in (*_INSIST, None):
            try:
                await self._settle(notice, outcome, parts_sent)
            except AWAY as error:
                # What can't be written stays claimed: it is uncertain then, and never sent again.
                _log.warning("notice.not_written", reason=type(error).__name__)
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                break
        return not isinstance(outcome, NotYet | Halted)

    async def _carry(self, notice: Notice) -> tuple[Outcome, int]:
        """Send the messages that are not out; return what came of the last, and how many are."""
        chat, parts = notice.key.partition(":")[0], self._parts(notice)
        for place in range(notice.parts_sent, len(parts)):
            await asyncio.sleep(BETWEEN_PARTS if place else 0)
            outcome = await self.carrier.carry(chat, parts[place])
            if outcome != Sent():
                return outcome, place
        return Sent(), len(parts)

    def _parts(self, notice: Notice) -> Sequence[TelegramPart]:
        renderer = Renderer(self.services.library.phrases)
        return [
            TelegramPart(message.html or escape(message.plain, quote=False), keyboard(message))
            for message in renderer.first(notice_reply(notice))
        ]

    async def _settle(self, notice: Notice, outcome: Outcome, parts_sent: int) -> None:
        now, why = self.services.now(), reason(outcome)
        async with self.services.sessions.begin() as session:
            match outcome:
                case NotYet() | Halted():
                    until = now + _wait(outcome)
                    await notices.put_back(
                        session, notice, until, reason=why, parts_sent=parts_sent
                    )
                    return
                case Gone(reason=stop):
                    gone = await person.find(session, CHANNEL, notice.key)
                    if gone is not None:
                        person.stop(gone, stop, now)
                    await reminders.end_all(session, (CHANNEL, notice.key))
            state = _ENDS[type(outcome)]
            await notices.settle(session, notice.id, state, now, reason=why, parts_sent=parts_sent)
        _log.info("notice.ended", number=notice.id, state=state)


_ENDS: dict[type[Outcome], Ended] = {
    Sent: "sent",
    Gone: "stopped",
    Moved: "failed",
    Failed: "failed",
    Refused: "failed",
    Unknown: "uncertain",
}


def _wait(outcome: NotYet | Halted) -> timedelta:
    if isinstance(outcome, Halted):
        return _HALTED
    return timedelta(seconds=outcome.seconds) if outcome.seconds else _AGAIN
