"""The screens of staff on the way that updates take today."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message, Update

from bot.announcing import attachments
from bot.reaction import Reaction
from bot.telegram.addressing import Visit, said
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.serving import CHANNEL, Context, Serving
from bot.telegram.signs import acknowledged
from bot.telegram.staff import handlers
from bot.telegram.staff.following import Following
from bot.telegram.telling import Telling
from services.announcements.uploads import Uploads
from services.bootstrap import Services
from services.storage.models import Person

Handler: TypeAlias = Callable[[Visit, AsyncSession, Services], Awaitable[Reaction | None]]


class StaffHandlers:
    """Serves staff; every public method but those that take something is a handler's callback."""

    def __init__(self, serving: Serving, following: Following) -> None:
        """Serve beside the handlers of questions; what staff follow is shown by `following`."""
        self._serving, self._following = serving, following
        services = serving.services
        uploads = Uploads(services.sessions, CHANNEL)
        carrier = TelegramCarrier(serving.delivery.bot, attachments(services.settings), uploads)
        self._telling = Telling(serving, carrier)

    async def start(self, update: Update, _context: Context) -> None:
        """Link a chat to an account by a one-time link."""
        await self._serve(update, handlers.start)

    async def menu(self, update: Update, _context: Context) -> None:
        """Show staff what they can do; others are told that the command is not for them."""
        await self._serve(update, handlers.menu)

    async def pressed(self, update: Update, _context: Context) -> None:
        """Do what a button of staff says; in any other chat it is an old button."""
        if update.callback_query is None or update.callback_query.message is None:
            return
        async with acknowledged(update.callback_query):
            await self._serve(update, handlers.press)

    async def takes(self, visit: Visit, message: Message) -> bool:
        """Take words for what staff were asked; return whether they were answered so."""
        return await self._react(replace(visit, message=message), handlers.write)

    async def takes_file(self, visit: Visit, message: Message) -> bool:
        """Take a picture or a file for what staff are writing; return whether it was."""
        return await self._react(replace(visit, message=message), handlers.attach)

    async def _serve(self, update: Update, handler: Handler) -> None:
        query, message = update.callback_query, update.message
        pressed = query.message.message_id if query and query.message else None

        async def answer(visit: Visit, _known: Person | None) -> None:
            """Answer with a handler's reaction."""
            whole = replace(
                visit,
                text=said(message) if message else "",
                payload=(query.data or "") if query else "",
                pressed=pressed,
                message=message,
            )
            await self._react(whole, handler)

        await self._serving.serve(update, answer)

    async def _react(self, visit: Visit, handler: Handler) -> bool:
        """Keep what a handler does, then say its reaction; return whether it had any."""
        reaction = await self._kept(visit, handler)
        if reaction is None:
            return False
        try:
            await self._telling.say(visit, reaction)
            if reaction.then:
                shown = replace(visit, payload=reaction.then, message=None)
                async with self._serving.services.sessions() as session:
                    seen = await handlers.press(shown, session, self._serving.services)
                await self._telling.say(visit, seen)
        finally:
            # Whatever became of saying it: what was done is done, and may be followed.
            if reaction.follows:
                self._following.look()
        return True

    async def _kept(self, visit: Visit, handler: Handler) -> Reaction | None:
        """Do what a handler does together with the update's mark: neither happens twice."""
        async with self._serving.services.sessions() as session:
            reaction = await handler(visit, session, self._serving.services)
            if reaction is not None:
                self._serving.mark_seen(session, visit)
                await session.commit()
        return reaction
