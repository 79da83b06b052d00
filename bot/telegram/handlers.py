"""What is done with questions. A handler only translates: update in, reply out."""

from collections import deque
from contextlib import suppress
from functools import partial

import structlog
from telegram import Message, Update
from telegram.error import TelegramError

from bot.desk import Desk
from bot.telegram.addressing import Visit, said, visit_of
from bot.telegram.people import PeopleHandlers
from bot.telegram.render import Outgoing, Renderer
from bot.telegram.scrub import Scrubber
from bot.telegram.serving import CHANNEL, Context, Serving
from bot.telegram.signs import acknowledged
from bot.telegram.staff.serving import StaffHandlers
from services.conversation.payloads import Payload, read_payload
from services.conversation.question import Question
from services.conversation.turn import TurnResult
from services.storage.models import Person

_log = structlog.get_logger()

_ALBUMS = 100


class Handlers:
    """Answers questions; every public method but `failed` is a handler's callback."""

    def __init__(
        self, serving: Serving, desk: Desk, people: PeopleHandlers, staff: StaffHandlers
    ) -> None:
        """Serve out of the desk; what is no question is the people's, or what staff write."""
        self._serving = serving
        self._desk = desk
        self._people = people
        self._staff = staff
        token = serving.services.settings.telegram_token
        self._scrubber = Scrubber(token.get_secret_value())
        self._albums: deque[str] = deque(maxlen=_ALBUMS)

    async def help(self, update: Update, _context: Context) -> None:
        """Say how to ask."""
        await self._say(update, "help")

    async def text(self, update: Update, _context: Context) -> None:
        """Answer what was written."""
        if update.message is None:
            return
        await self._serving.serve(update, partial(self._hear, message=update.message))

    async def pressed(self, update: Update, _context: Context) -> None:
        """Answer a pressed button."""
        query = update.callback_query
        if query is None:
            return
        payload = query.data or "-"
        async with acknowledged(query):
            await self._serving.serve(
                update, lambda visit, _known: self._ask(visit, payload=payload)
            )

    async def other(self, update: Update, _context: Context) -> None:
        """Say that only text can be read, unless staff add it to what they write."""
        if update.message is None or update.message.media_group_id in self._albums:
            return
        await self._serving.serve(update, partial(self._look, message=update.message))

    async def failed(self, update: object, context: Context) -> None:
        """Log an error, then tell the person who waits for an answer; never raises."""
        error = context.error
        _log.error(
            "telegram.failed", reason=type(error).__name__, trace=self._scrubber.trace(error)
        )
        visit = visit_of(update) if isinstance(update, Update) else None
        if visit is None:
            return
        for message in self._serving.first(self._serving.sentence("failed")):
            with suppress(TelegramError):
                await self._serving.delivery.try_once(visit, message)

    async def _say(self, update: Update, phrase: str) -> None:
        serving = self._serving
        await serving.serve(
            update, lambda visit, _known: serving.say(visit, serving.sentence(phrase))
        )

    async def _hear(self, visit: Visit, known: Person | None, message: Message) -> None:
        """Answer a text, unless it answers what the person was asked."""
        text = said(message)
        if await self._staff.takes(visit, message):
            return
        if not await self._people.takes(visit, known, text):
            await self._ask(visit, text=text)

    async def _look(self, visit: Visit, _known: Person | None, message: Message) -> None:
        """Say that only text can be read; of an album, once."""
        album = message.media_group_id
        if album in self._albums or await self._staff.takes_file(visit, message):
            return
        if album:
            self._albums.append(album)
        await self._serving.say(visit, self._serving.sentence("not_text"))

    async def _ask(self, visit: Visit, *, text: str = "", payload: str = "") -> None:
        """Answer a question; its turn is kept once the reply was sent."""
        question = Question(CHANNEL, visit.conversation, text, payload)
        async with self._desk.serve(question) as served:
            await self._serving.delivery.send(visit, _rendered(served.result, payload))
            self._serving.mark_seen(served.session, visit)


def _rendered(answered: TurnResult, payload: str) -> list[Outgoing]:
    """Render a reply, or what is left of it when the rest was asked for."""
    renderer, reply = Renderer(answered.library.phrases), answered.reply
    match read_payload(payload):
        case Payload(seen=seen) if seen and reply.again:
            return renderer.rest(reply, seen)
        case _:
            return renderer.first(reply)
