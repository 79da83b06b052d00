"""What people say of themselves, want to be told, and want forgotten; in private chats alone."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.telegram.addressing import Visit, said
from bot.telegram.serving import CHANNEL, Context, Serving
from bot.telegram.signs import acknowledged
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people import enrolment, subscription
from services.people.data_export import KeptDays, tell
from services.people.deeplink import decode
from services.people.erasing import erase, hold_back
from services.people.person import Identity
from services.storage.models import Person
from services.storage.wiping import wipe

Step: TypeAlias = Callable[[AsyncSession, Person, Library, datetime], Awaitable[Reply | None]]
"""Notes what a person wrote or pressed and replies; None to what makes no sense any more."""


class PeopleHandlers:
    """Keeps what people say of themselves; every public method but `takes` is a callback."""

    def __init__(self, serving: Serving) -> None:
        """Serve beside the handlers of questions."""
        self._serving = serving
        self._services = serving.services

    async def start(self, update: Update, _context: Context) -> None:
        """Greet, with the notice and the subjects; then ask who it is, or show what is known."""
        link = decode(_argument(update)) or enrolment.NOWHERE
        step = partial(enrolment.begin, link=link)
        await self._serving.serve(update, partial(self._greet, step=step))

    async def said(self, update: Update, _context: Context) -> None:
        """Note what a button says of the person; what comes next takes its message's place."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        what = (query.data or "").partition(":")[2]
        step = partial(enrolment.press, what=what)
        go_on = partial(self._go_on, place=query.message.message_id, step=step)
        async with acknowledged(query):
            await self._serving.serve(update, go_on)

    async def pressed(self, update: Update, _context: Context) -> None:
        """Count and answer a button under an announcement."""
        query = update.callback_query
        if query is None:
            return
        step = partial(subscription.press, payload=query.data or "")
        async with acknowledged(query):
            await self._serving.serve(
                update, partial(self._reply, step=step, otherwise=self._stale)
            )

    async def told(self, update: Update, _context: Context) -> None:
        """Tell what is held of the person."""
        settings = self._services.settings
        kept = KeptDays(turns=settings.keep_days, backups=settings.backup_days)

        async def told(
            session: AsyncSession, person: Person, library: Library, _now: datetime
        ) -> Reply:
            """Say it."""
            return await tell(session, person, library, kept)

        await self._command(update, told)

    async def stop(self, update: Update, _context: Context) -> None:
        """Stop all announcements, or those of the topic behind the command."""
        await self._command(update, partial(subscription.stop, named=_argument(update)))

    async def resume(self, update: Update, _context: Context) -> None:
        """Start all announcements, or those of the topic behind the command."""
        await self._command(update, partial(subscription.start, named=_argument(update)))

    async def erase(self, update: Update, _context: Context) -> None:
        """Erase all that is kept of a person, then say so; that does not make them known again."""
        await self._serving.serve(update, self._erase, meets=False)

    async def takes(self, visit: Visit, known: Person | None, text: str) -> bool:
        """Take a text for the place that was asked for; return whether it was answered so."""
        if known is None:
            return False
        async with self._services.sessions() as session:
            now = self._services.dialogue.now()
            if not await enrolment.awaits_place(session, known, now):
                return False
        reply = await self._note(visit, partial(enrolment.write_place, text=text))
        if reply:
            await self._serving.send(visit, reply)
        return bool(reply)

    async def _command(self, update: Update, step: Step) -> None:
        alone = partial(self._serving.sentence, "people_private")
        await self._serving.serve(update, partial(self._reply, step=step, otherwise=alone))

    async def _reply(
        self, visit: Visit, _known: Person | None, step: Step, otherwise: Callable[[], Reply]
    ) -> None:
        """Say what a step replies, or what else there is to say."""
        reply = await self._note(visit, step)
        if reply:
            await self._serving.send(visit, reply)
        else:
            await self._serving.say(visit, otherwise())

    async def _greet(self, visit: Visit, _known: Person | None, step: Step) -> None:
        greeting, asked = self._greeting(visit), await self._note(visit, step)
        if asked:
            await self._serving.send(visit, greeting, asked)
        else:
            await self._serving.say(visit, greeting)

    async def _go_on(self, visit: Visit, _known: Person | None, place: int, step: Step) -> None:
        """Say what a step replies in the place of the message that led to it."""
        reply = await self._note(visit, step)
        if reply:
            await self._serving.send_instead(visit, place, reply)
        else:
            await self._serving.say(visit, self._stale())

    async def _note(self, visit: Visit, step: Step) -> Reply | None:
        """Keep what a step notes together with the update's mark: neither happens twice.

        None, and nothing kept of the update, where the step has no reply, and in a group.
        """
        if not visit.private:
            return None
        async with self._services.sessions.begin() as session:
            person = await self._serving.meet(session, visit)
            now = self._services.dialogue.now()
            reply = await step(session, person, self._services.library, now)
            if reply:
                self._serving.mark_seen(session, visit)
        return reply

    async def _erase(self, visit: Visit, _known: Person | None) -> None:
        await hold_back(self._services.sessions, CHANNEL, visit.conversation)
        settings, now = self._services.settings, self._services.dialogue.now()
        identity = Identity(settings.secret_key.get_secret_value())
        async with self._services.sessions.begin() as session:
            gone = await erase(session, identity, CHANNEL, visit.conversation, now)
        await wipe(self._services.sessions)
        phrase = "erased_person" if visit.private else "erased"
        text = self._serving.sentence(phrase, count=gone.turns, days=settings.backup_days)
        await self._serving.say(visit, text)

    def _greeting(self, visit: Visit) -> Reply:
        say, days = self._services.current.say, self._services.settings.keep_days
        notices = [say("notice", days=days), *([say("notice_data")] if visit.private else [])]
        return self._services.dialogue.composer().menu("start", notice=" ".join(notices))

    def _stale(self) -> Reply:
        return self._services.dialogue.composer().stale()


def _argument(update: Update) -> str:
    """Return what stands behind a command."""
    command, *rest = (said(update.message) if update.message else "").split(maxsplit=1) or [""]
    return rest[0] if rest and command.startswith("/") else ""
