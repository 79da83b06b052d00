"""Serving: what all handlers share. An update is answered once, in its turn, and its sender met."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import ContextTypes

from bot.limits import MessageLimit
from bot.telegram.addressing import Visit, visit_of
from bot.telegram.delivery import Delivery
from bot.telegram.order import Order
from bot.telegram.render import Outgoing, Renderer
from bot.telegram.signs import typing
from services.bootstrap import Services
from services.conversation import turns
from services.conversation.question import Channel
from services.conversation.reply import Reply
from services.people import person as people
from services.people.person import Identity
from services.storage.models import Person

_log = structlog.get_logger()

CHANNEL: Channel = "telegram"
Context = ContextTypes.DEFAULT_TYPE
Answer: TypeAlias = Callable[[Visit, Person | None], Awaitable[None]]
"""Answers a visit; the person is who was known before it: none in a group, none at first."""


class Serving:
    """Serves updates side by side, those of one conversation in the order they came."""

    def __init__(
        self, services: Services, limit: MessageLimit, delivery: Delivery, typing_every: float
    ) -> None:
        """Serve each conversation at most as often as `limit` allows."""
        self.services = services
        self.delivery = delivery
        self._limit = limit
        self._typing_every = typing_every
        self._order = Order()
        self._told_to_wait: set[str] = set()
        self._identity = Identity(services.settings.secret_key.get_secret_value())

    async def serve(self, update: Update, answer: Answer, *, meets: bool = True) -> None:
        """Answer an update once, after those that the same person sent before it.

        Whoever writes in a private chat is met, unless `meets` is false. Nothing may be awaited
        before the place in the line is asked for: updates come in order only so far.
        """
        visit = visit_of(update)
        if visit is None:
            return
        with self._order.once(visit.update) as first:
            if not first:
                return
            if not self._limit.allow(f"{CHANNEL}:{visit.conversation}"):
                await self._ask_to_wait(visit)
                return
            self._told_to_wait.discard(visit.conversation)
            async with self._in_turn(visit):
                await self._answer(visit, answer, meets=meets and visit.private)

    async def say(self, visit: Visit, *replies: Reply) -> None:
        """Say what is no turn of the conversation."""
        await self.send(visit, *replies)
        try:
            async with self.services.sessions.begin() as session:
                self.mark_seen(session, visit)
        except SQLAlchemyError as error:
            _log.exception("telegram.update_not_marked", reason=type(error).__name__)

    async def send(self, visit: Visit, *replies: Reply) -> bool:
        """Send replies one after the other; return whether the person has not blocked the bot."""
        messages = [said for reply in replies for said in self.first(reply)]
        return await self.delivery.send(visit, messages)

    async def send_instead(self, visit: Visit, place: int, reply: Reply) -> None:
        """Put a reply in the place of the message with that id."""
        first, *rest = self.first(reply)
        await self.delivery.send_instead(visit, place, first)
        await self.delivery.send(visit, rest)

    async def meet(self, session: AsyncSession, visit: Visit) -> Person:
        """Return the person of a private chat, made or revived where need be."""
        now = self.services.dialogue.now()
        return await people.meet(session, self._identity, CHANNEL, visit.conversation, now)

    def mark_seen(self, session: AsyncSession, visit: Visit) -> None:
        """Note that an update was answered."""
        turns.mark_seen(session, CHANNEL, str(visit.update), self.services.dialogue.now())

    def first(self, reply: Reply) -> list[Outgoing]:
        """Render what is said at once."""
        return Renderer(self.services.library.phrases).first(reply)

    def sentence(self, phrase: str, **values: object) -> Reply:
        """Return a reply of one phrase."""
        return self.services.dialogue.composer().sentence(phrase, **values)

    async def _answer(self, visit: Visit, answer: Answer, *, meets: bool) -> None:
        """Answer, then write down whom it was for: nobody waits for that."""
        async with self.services.sessions() as session:
            if await turns.was_seen(session, CHANNEL, str(visit.update)):
                return
            known = await people.find(session, CHANNEL, visit.conversation) if meets else None
        try:
            await answer(visit, known)
        finally:
            if meets and people.is_due(known, self.services.dialogue.now()):
                await self._note(visit)

    async def _note(self, visit: Visit) -> None:
        try:
            async with self.services.sessions.begin() as session:
                await self.meet(session, visit)
        except SQLAlchemyError as error:
            _log.exception("telegram.person_not_noted", reason=type(error).__name__)

    @asynccontextmanager
    async def _in_turn(self, visit: Visit) -> AsyncIterator[None]:
        bot = self.delivery.bot
        async with typing(bot, visit, self._typing_every), self._order.line(visit.conversation):
            yield

    async def _ask_to_wait(self, visit: Visit) -> None:
        """Ask a person who writes too fast to wait; once, until they are served again."""
        if visit.conversation in self._told_to_wait:
            return
        self._told_to_wait.add(visit.conversation)
        await self.send(visit, self.sentence("too_many"))
