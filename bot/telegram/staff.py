"""What staff do with announcements in Telegram: in private chats, and told to nobody else."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from telegram import Message, Update

from bot.announcing import announcer_of, attachments
from bot.telegram.addressing import Visit, said
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.following import Following
from bot.telegram.incoming import fetch, file_of
from bot.telegram.serving import CHANNEL, Context, Serving
from bot.telegram.signs import acknowledged
from bot.telegram.telling import Telling
from bot.telegram.written import words_of
from services.announcements.authoring import desk, menu, writing
from services.announcements.authoring.answer import Answer, View
from services.announcements.authoring.duty import Duty, Office, key
from services.announcements.quiet import Quiet
from services.announcements.uploads import Uploads
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.errors import HtxError, StaffError
from services.staff import account, link
from services.storage.models import Person, Staff

Step: TypeAlias = Callable[[Duty], Awaitable[View]]
"""Does something; returns what is to be shown then."""


class StaffHandlers:
    """Serves staff; every public method but those that take something is a handler's callback."""

    def __init__(self, serving: Serving, following: Following) -> None:
        """Serve beside the handlers of questions; what staff follow is shown by `following`.

        Raises:
            SettingsError: the quiet hours are written wrong.

        """
        self._serving = serving
        self._services = serving.services
        self._following = following
        self._quiet = Quiet.read(self._services.settings.quiet_hours)
        folder, uploads = self._folder, Uploads(self._services.sessions, CHANNEL)
        self._telling = Telling(serving, TelegramCarrier(serving.delivery.bot, folder, uploads))

    async def start(self, update: Update, _context: Context) -> None:
        """Link a chat to an account by a one-time link."""
        words = said(update.message).split() if update.message else []
        token = words[-1].removeprefix(link.PREFIX)
        await self._serving.serve(update, partial(self._link, token=token))

    async def menu(self, update: Update, _context: Context) -> None:
        """Show staff what they can do; others are told that the command is not for them."""
        await self._serving.serve(update, self._menu)

    async def pressed(self, update: Update, _context: Context) -> None:
        """Do what a button of staff says; in any other chat it is an old button."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        step = partial(desk.press, payload=query.data or "")
        go_on = partial(self._press, place=query.message.message_id, step=step)
        async with acknowledged(query):
            await self._serving.serve(update, go_on)

    async def takes(self, visit: Visit, message: Message) -> bool:
        """Take words for what staff were asked; return whether they were answered so."""
        words = words_of(message)
        if words.plain.startswith("/") or not await self._expects(visit, files=False):
            return False
        return await self._do(visit, partial(desk.write, words=words))

    async def takes_file(self, visit: Visit, message: Message) -> bool:
        """Take a picture or a file for what staff are writing; return whether it was."""
        held = file_of(message)
        if held is None or not await self._expects(visit, files=True):
            return False
        try:
            file = await fetch(held, self._folder, self._services.library.phrases)
        except HtxError as refused:
            await self._serving.say(visit, _sentence(refused))
            return True
        album, words = message.media_group_id or "", words_of(message)
        return await self._do(visit, partial(writing.attach, file=file, words=words, album=album))

    async def _expects(self, visit: Visit, *, files: bool) -> bool:
        if not visit.private:
            return False
        async with self._services.sessions() as session:
            return await self._office.expects(session, visit.conversation, files=files)

    async def _link(self, visit: Visit, _known: Person | None, token: str) -> None:
        if not visit.private:
            await self._serving.say(visit, self._serving.sentence("people_private"))
            return
        try:
            async with self._services.sessions.begin() as session:
                now = self._services.dialogue.now()
                staff = await link.take(session, token, visit.conversation, now)
                self._serving.mark_seen(session, visit)
        except StaffError:
            await self._serving.say(visit, self._serving.sentence("staff_link_refused"))
        else:
            await self._serving.send(visit, self._linked(staff))

    def _linked(self, staff: Staff) -> Reply:
        """Say who is linked now, and what they may do."""
        say = self._services.library.phrases.say
        lead = say(
            "staff_linked",
            name=literal(staff.name),
            writes=staff.role in account.WRITERS,
            approves=staff.role in account.APPROVERS,
        )
        return Reply("smalltalk", lead, buttons=(key(say("staff_button_menu"), "menu"),))

    async def _menu(self, visit: Visit, _known: Person | None) -> None:
        if not await self._do(visit, menu.menu):
            await self._serving.say(visit, self._serving.sentence("staff_only"))

    async def _press(self, visit: Visit, _known: Person | None, place: int, step: Step) -> None:
        if not await self._do(visit, step, place):
            await self._serving.say(visit, self._services.dialogue.composer().stale())

    async def _do(self, visit: Visit, step: Step, place: int | None = None) -> bool:
        """Do a step, commit it, then show what comes of it; return whether the chat is staff's."""
        try:
            view = await self._act(visit, step, place)
        except HtxError as refused:
            await self._serving.say(visit, _sentence(refused))
            return True
        if view is None:
            return False
        await self._telling.answer(visit, await self._view(visit, view, place), place)
        self._following.look()
        return True

    async def _act(self, visit: Visit, step: Step, place: int | None) -> View | None:
        """Do a step together with the update's mark: neither happens twice."""
        if not visit.private:
            return None
        async with self._services.sessions.begin() as session:
            duty = await self._office.duty(session, visit.conversation, str(place or ""))
            if duty is None:
                return None
            view = await step(duty)
            self._serving.mark_seen(session, visit)
        return view

    async def _view(self, visit: Visit, view: View, place: int | None) -> Answer:
        """Read what is to be shown; nothing is locked meanwhile, a rehearsal takes its time."""
        async with self._services.sessions() as session:
            duty = await self._office.duty(session, visit.conversation, str(place or ""))
            try:
                return await view(duty) if duty else Answer()
            except HtxError as refused:
                return Answer((_sentence(refused),))

    @property
    def _office(self) -> Office:
        """The office over what is served now."""
        settings, now = self._services.settings, self._services.dialogue.now
        announcer = announcer_of(settings, self._services.library, now)
        return Office(announcer, settings.bulk_rate, self._quiet)

    @property
    def _folder(self) -> Path:
        return attachments(self._services.settings)


def _sentence(refused: HtxError) -> Reply:
    return Reply("declined", literal(str(refused)))
