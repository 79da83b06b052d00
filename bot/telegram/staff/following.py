"""Following: one message per announcement tells how far it is, edited until it is the report.

What is followed stands in the database, so that a restart goes on with the same messages. Nobody
waits for any of this: it runs beside the replies, in a task of its own.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.telegram.letter import announcer_of
from bot.telegram.render import Renderer
from bot.telegram.sender import content
from bot.telegram.staff.context import command
from services.announcements import deliveries, describe, report
from services.announcements.announcement import BEFORE, UNDER_WAY
from services.announcements.announcer import Announcer
from services.bootstrap import Services
from services.conversation.reply import Reply
from services.staff import account
from services.storage.models import Announcement

_log = structlog.get_logger()

EVERY = 3.0
"""Seconds between two looks: no message is edited more often."""


@dataclass
class Following:
    """Follows what staff want to see."""

    services: Services
    bot: Bot
    every: float = EVERY
    _shown: dict[int, Reply] = field(default_factory=dict, init=False)
    """What the message of each announcement says, as far as this process has written it."""
    _asked: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def look(self) -> None:
        """Look soon, should nothing have been followed until now."""
        self._asked.set()

    async def run(self) -> None:
        """Look again and again for as long as anything is followed; then wait to be asked."""
        while True:
            self._asked.clear()
            if await self._look():
                await asyncio.sleep(self.every)
            else:
                await self._asked.wait()

    async def _look(self) -> bool:
        """Show all that is followed; return whether there is any."""
        try:
            async with self.services.sessions() as session:
                followed = await report.followed(session)
        except Exception as error:  # noqa: BLE001  # because the next look must come whatever failed
            _log.exception("announcement.not_followed", reason=type(error).__name__)
            return True
        for number in followed:
            await self._show_alone(number)
        return bool(followed)

    async def _show_alone(self, number: int) -> None:
        """Show one; what breaks there keeps no other from being shown."""
        try:
            await self._show(number)
        except Exception as error:  # noqa: BLE001  # because the others must be shown whatever failed
            _log.exception("announcement.not_followed", number=number, reason=type(error).__name__)

    async def _show(self, number: int) -> None:
        """Show how far one is, if that is news; what has ended is followed no more."""
        services = self.services
        announcer = announcer_of(services.settings, services.library, services.now)
        async with services.sessions() as session:
            announcement = await announcer.find(session, number)
            place = announcement.progress
            staff = await account.of_chat(session, place[0]) if place else None
            reply = await progress(session, announcer, announcement) if staff else None
        if reply is None:
            await self._keep(number, place, [])
            return
        placed = await self._put(number, place, reply)
        if placed is not None:
            await self._keep(number, place, placed if announcement.state in UNDER_WAY else [])

    async def _put(self, number: int, place: list[str], reply: Reply) -> list[str] | None:
        """Return where the message is then; nowhere when nobody can read it, None for later."""
        if place[1] and reply == self._shown.get(number):
            return place
        try:
            placed = await self._edit(place, reply) if place[1] else await self._send(place, reply)
        except RetryAfter as told:
            wait = told.retry_after  # a `timedelta`, as `bot/telegram/__init__.py` has it
            await asyncio.sleep(wait.total_seconds() if isinstance(wait, timedelta) else wait)
            return None
        except (BadRequest, Forbidden) as refused:
            _log.warning("announcement.follower_gone", reason=refused.message)
            return []
        except TelegramError as error:
            _log.warning("announcement.progress_not_shown", reason=type(error).__name__)
            return None
        self._shown[number] = reply
        return placed

    async def _edit(self, place: list[str], reply: Reply) -> list[str]:
        """Edit the message; one that can't be edited any more is followed by a new one."""
        chat, message = map(int, place)
        try:
            await self.bot.edit_message_text(
                chat_id=chat, message_id=message, **content(Renderer.whole(reply))
            )
        except BadRequest as refused:
            if "not modified" not in refused.message.lower():
                return await self._send(place, reply)
        return place

    async def _send(self, place: list[str], reply: Reply) -> list[str]:
        chat = place[0]
        sent = await self.bot.send_message(int(chat), **content(Renderer.whole(reply)))
        return [chat, str(sent.message_id)]

    async def _keep(self, number: int, before: list[str], after: list[str]) -> None:
        """Note where the message is, unless it is wanted elsewhere by now."""
        if not after:
            self._shown.pop(number, None)
        if before == after:
            return
        async with self.services.sessions.begin() as session:
            await report.move_progress(session, number, before, after)


async def progress(
    session: AsyncSession,
    announcer: Announcer,
    announcement: Announcement,
    *,
    controls: bool = True,
) -> Reply:
    """Tell how far an announcement is; one that has ended is told of in its report.

    `controls` says whether the reader may pause, resume and cancel, and see who got nothing.
    """
    phrases, number = announcer.library.phrases, announcement.id
    if announcement.state in UNDER_WAY:
        lead = describe.progress(
            phrases,
            announcement,
            await deliveries.tally(session, number),
            await deliveries.reasons(session, number),
            announcer.quiet_for(announcement).ends_after(announcer.now()),
        )
        hour = ["hour"] if announcement.starts_at else []
        words = ["resume" if announcement.state == "paused" else "pause", *hour, "cancel"]
    elif announcement.state in BEFORE:
        lead, words = phrases.say("staff_held", **describe.named(announcement)), ["open"]
    else:
        found = await announcer.report(session, number)
        lead = describe.report(phrases, found)
        words = [*(["missed"] if found.counted["sent"] < found.total else []), "copy"]
    buttons = tuple(command(phrases.say(f"staff_button_{word}"), word, number) for word in words)
    return Reply("smalltalk", lead, buttons=buttons if controls else (), columns=2)
