"""What is done with each kind of update. A handler only translates: update in, reply out."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.desk import Desk
from bot.limits import MessageLimit
from bot.telegram.addressing import Visit, said, visit_of
from bot.telegram.delivery import Delivery
from bot.telegram.order import Order
from bot.telegram.render import Outgoing, Renderer
from bot.telegram.scrub import Scrubber
from bot.telegram.signs import acknowledged, typing
from services.bootstrap import Services
from services.conversation import turns
from services.conversation.dialogue import Answered
from services.conversation.payloads import Payload, read_payload
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply

_log = structlog.get_logger()

CHANNEL: Channel = "telegram"
Context = ContextTypes.DEFAULT_TYPE
_ALBUMS = 100


class Handlers:
    """Serves people through a bot; every public method but `failed` is a handler's callback."""

    def __init__(
        self,
        services: Services,
        desk: Desk,
        limit: MessageLimit,
        delivery: Delivery,
        typing_every: float,
    ) -> None:
        """Serve out of the desk, each conversation at most as often as `limit` allows."""
        self._services = services
        self._desk = desk
        self._limit = limit
        self._delivery = delivery
        self._typing_every = typing_every
        self._scrubber = Scrubber(services.settings.telegram_token.get_secret_value())
        self._order = Order()
        self._told_to_wait: set[str] = set()
        self._albums: deque[str] = deque(maxlen=_ALBUMS)

    async def start(self, update: Update, _context: Context) -> None:
        """Greet, with the notice and the subjects; what a link carried is not asked for."""
        days = self._services.settings.keep_days
        notice = self._services.library.phrases.say("notice", days=days)
        greeting = self._services.dialogue.composer().menu("start", notice=notice)
        await self._serve(update, lambda visit: self._say(visit, greeting))

    async def help(self, update: Update, _context: Context) -> None:
        """Say how to ask."""
        await self._serve(update, lambda visit: self._say(visit, self._sentence("help")))

    async def erase(self, update: Update, _context: Context) -> None:
        """Erase what was kept of the conversation, then say so."""
        await self._serve(update, self._erase)

    async def text(self, update: Update, _context: Context) -> None:
        """Answer what was written."""
        if update.message is None:
            return
        text = said(update.message)
        await self._serve(update, lambda visit: self._ask(visit, text=text))

    async def pressed(self, update: Update, _context: Context) -> None:
        """Answer a pressed button."""
        query = update.callback_query
        if query is None:
            return
        payload = query.data or "-"
        async with acknowledged(query):
            await self._serve(update, lambda visit: self._ask(visit, payload=payload))

    async def other(self, update: Update, _context: Context) -> None:
        """Say that only text can be read; of an album, once."""
        album = update.message.media_group_id if update.message else None
        if album in self._albums:
            return
        if album:
            self._albums.append(album)
        await self._serve(update, lambda visit: self._say(visit, self._sentence("not_text")))

    async def failed(self, update: object, context: Context) -> None:
        """Log an error, then tell the person who waits for an answer; never raises."""
        error = context.error
        _log.error(
            "telegram.failed", reason=type(error).__name__, trace=self._scrubber.trace(error)
        )
        visit = visit_of(update) if isinstance(update, Update) else None
        if visit is None:
            return
        for message in self._first(self._sentence("failed")):
            with suppress(TelegramError):
                await self._delivery.try_once(visit, message)

    async def _serve(self, update: Update, answer: Callable[[Visit], Awaitable[None]]) -> None:
        """Answer an update once, after those that the same person sent before it.

        Nothing may be awaited before the place in the line is asked for: updates come in order
        only so far.
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
                if not await self._was_seen(visit):
                    await answer(visit)

    @asynccontextmanager
    async def _in_turn(self, visit: Visit) -> AsyncIterator[None]:
        bot = self._delivery.bot
        async with typing(bot, visit, self._typing_every), self._order.line(visit.conversation):
            yield

    async def _ask(self, visit: Visit, *, text: str = "", payload: str = "") -> None:
        """Answer a question; its turn is kept once the reply was sent."""
        question = Question(CHANNEL, visit.conversation, text, payload)
        async with self._desk.serve(question) as served:
            await self._delivery.send(visit, _rendered(served.answered, payload))
            self._mark_seen(served.session, visit)

    async def _erase(self, visit: Visit) -> None:
        async with self._services.sessions.begin() as session:
            count = await turns.erase(session, CHANNEL, visit.conversation)
        await self._say(visit, self._sentence("erased", count=count))

    async def _say(self, visit: Visit, reply: Reply) -> None:
        """Say what is no turn of the conversation."""
        await self._delivery.send(visit, self._first(reply))
        try:
            async with self._services.sessions.begin() as session:
                self._mark_seen(session, visit)
        except SQLAlchemyError as error:
            _log.exception("telegram.update_not_marked", reason=type(error).__name__)

    async def _ask_to_wait(self, visit: Visit) -> None:
        """Ask a person who writes too fast to wait; once, until they are served again."""
        if visit.conversation in self._told_to_wait:
            return
        self._told_to_wait.add(visit.conversation)
        await self._delivery.send(visit, self._first(self._sentence("too_many")))

    async def _was_seen(self, visit: Visit) -> bool:
        async with self._services.sessions() as session:
            return await turns.was_seen(session, CHANNEL, str(visit.update))

    def _mark_seen(self, session: AsyncSession, visit: Visit) -> None:
        turns.mark_seen(session, CHANNEL, str(visit.update), self._services.dialogue.now())

    def _first(self, reply: Reply) -> list[Outgoing]:
        return Renderer(self._services.library.phrases).first(reply)

    def _sentence(self, phrase: str, **values: object) -> Reply:
        return self._services.dialogue.composer().sentence(phrase, **values)


def _rendered(answered: Answered, payload: str) -> list[Outgoing]:
    """Render a reply, or what is left of it when the rest was asked for."""
    renderer, reply = Renderer(answered.library.phrases), answered.reply
    match read_payload(payload):
        case Payload(seen=seen) if seen and reply.again:
            return renderer.rest(reply, seen)
        case _:
            return renderer.first(reply)
