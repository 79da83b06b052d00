"""The runner of Telegram's updates: written down, answered in their turn, said, marked."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import stamina
import structlog
from cachetools import LRUCache, TTLCache
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.limits import WINDOW_SECONDS
from bot.reaction import Reaction, read, written
from bot.runner import Runner
from bot.telegram import questions
from bot.telegram.bots import Scrubber
from bot.telegram.messenger import Messenger
from bot.telegram.people import meet
from bot.telegram.routes import Route, route_of
from bot.telegram.sender import signs
from bot.telegram.visit import CHANNEL, Visit, visit_of
from services.bootstrap import Services
from services.inbox import LONGEST, RENEW_EVERY, Admitted, Arrival, Inbox, TakenOverError
from services.people import person as people
from services.storage.models import Received
from services.storage.session import time_of

_log = structlog.get_logger()

_ALBUMS = 100
_MOST_TOLD = 5_000
_MOST_TRIES = 10
"""A message at which so many processes died, or that could not be said so often, is given up."""
_LATER = timedelta(seconds=30)
"""How long what Telegram did not take waits; each message was tried for a minute before that."""
_MOST_UNDER_WAY = 1_000
"""Updates that are under way at most; what waits longer is as safe at Telegram, for a day."""


@dataclass(frozen=True)
class _Message:
    """An update, and what is to be done about it."""

    update: Update
    visit: Visit
    route: Route


@dataclass
class TelegramRunner:
    """Takes updates and answers each, once, whatever becomes of the process."""

    runner: Runner
    bot: Bot
    inbox: Inbox
    messenger: Messenger
    scrubber: Scrubber
    look: Callable[[], None]
    """Tells whoever follows announcements that there may be something to follow."""
    typing_every: float
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict, init=False)
    """What is being done, by its row in the inbox."""
    _renewed: set[int] = field(default_factory=set, init=False)
    """What was being done at the last sign of life: what began since needs none yet."""
    _unkept: set[int] = field(default_factory=set, init=False)
    """Rows of which nothing could be kept: they wait for their lease to end."""
    _unwritten: LRUCache[str, _Message] = field(
        default_factory=lambda: LRUCache(_MOST_UNDER_WAY), init=False
    )
    """What could not be written down, by its number: it comes again, and was counted before."""
    _albums: deque[str] = field(default_factory=lambda: deque(maxlen=_ALBUMS), init=False)
    _told_to_wait: TTLCache[str, bool] = field(
        default_factory=lambda: TTLCache(_MOST_TOLD, WINDOW_SECONDS), init=False
    )

    async def take(self, updates: Sequence[Update]) -> None:
        """Write updates down and begin to answer them: once this returns, Telegram may forget them.

        Raises:
            SQLAlchemyError: they could not be written down.

        """
        messages = {str(one.update.update_id): one for one in map(self._message, updates) if one}
        if not messages:
            return
        try:
            rows = await self._services.writer.run(partial(self._receive, messages))
        except SQLAlchemyError:
            self._unwritten.update(messages)
            raise
        for row, update in rows:
            message = messages[update]
            self._begin(row, self._answer(replace(message.visit, row=row), message.route))
        while len(self._under_way) >= _MOST_UNDER_WAY:
            await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)

    async def keep(self) -> None:
        """Say again and again that this process lives, and take over what dead ones left."""
        while True:
            try:
                await self._keep()
            except SQLAlchemyError as error:
                self._tell_of(error, "telegram.inbox_not_kept")
            await asyncio.sleep(RENEW_EVERY)

    async def rest(self) -> None:
        """Wait until all that was taken is answered, and say meanwhile that this process lives."""
        while self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=RENEW_EVERY)
            try:
                await self._renew()
            except SQLAlchemyError as error:
                self._tell_of(error, "telegram.inbox_not_kept")

    @property
    def _services(self) -> Services:
        return self.runner.services

    async def _receive(
        self, messages: Mapping[str, _Message], session: AsyncSession
    ) -> list[Admitted]:
        """Write messages down; those of a conversation of which something failed here wait too."""
        now = await time_of(session)
        await self.inbox.leave(session, self._unkept, now)
        arrivals = [
            Arrival(number, one.visit.conversation, one.update.to_dict())
            for number, one in messages.items()
        ]
        return await self.inbox.receive(session, arrivals, now)

    def _message(self, update: Update) -> _Message | None:
        """Return what is to be done about an update; None where nobody waits for an answer.

        One in which we fail would come again for ever, before all others: it is told so instead.
        """
        try:
            return self._routed(update)
        except Exception as error:  # noqa: BLE001  # because it is told where somebody can be told
            self._tell_of(error, "telegram.not_routed")
            self._services.meters.failed(CHANNEL)
        chat = update.effective_chat
        if chat is None or chat.type != ChatType.PRIVATE:
            return None
        visit = Visit(str(chat.id), chat.id)
        return _Message(update, visit, Route(lambda _visit: True, questions.failed))

    def _routed(self, update: Update) -> _Message | None:
        """Return what is to be done about an update; None where nobody waits for an answer.

        Whoever writes too fast is asked to wait; once, until they are served again.
        """
        if before := self._unwritten.pop(str(update.update_id), None):
            return before
        visit = visit_of(update)
        route = route_of(visit) if visit else None
        if visit is None or route is None:
            return None
        who = visit.conversation
        if self.runner.limit.allow(f"{CHANNEL}:{who}"):
            self._told_to_wait.pop(who, None)
            return _Message(update, self._in_album(visit), route)
        if who in self._told_to_wait:
            return None
        self._told_to_wait[who] = True
        return _Message(update, visit, Route(route.fits, questions.too_many))

    def _in_album(self, visit: Visit) -> Visit:
        album = visit.message.media_group_id if visit.message else None
        if not album:
            return visit
        if album in self._albums:
            return replace(visit, later_in_album=True)
        self._albums.append(album)
        return visit

    def _begin(self, row: int, work: Coroutine[Any, Any, None]) -> None:
        """Begin to work on a row; it counts as under way from this moment on."""
        self._unkept.discard(row)
        task = self._under_way[row] = asyncio.create_task(self._safely(row, work))
        task.add_done_callback(lambda _: self._under_way.pop(row))

    async def _safely(self, row: int, work: Coroutine[Any, Any, None]) -> None:
        """Work; what can't be kept is tried again once its lease is over, here or elsewhere."""
        try:
            await work
        except TakenOverError:
            _log.warning("telegram.taken_over")
        except Exception as error:  # noqa: BLE001  # because nobody else would hear of it
            self._tell_of(error, "telegram.not_answered")
            self._unkept.add(row)

    async def _answer(self, visit: Visit, route: Route) -> None:
        """Answer a visit. Nothing is awaited before its place in the line is asked for."""
        async with (
            signs(self.bot, visit, self.typing_every),
            self.runner.turn(CHANNEL, visit.conversation),
        ):
            await self._say(visit, await self._reaction(visit, route))

    async def _reaction(self, visit: Visit, route: Route) -> Reaction:
        """Return a handler's reaction once it is kept; what fails has one too: it says so."""

        async def receipt(reaction: Reaction, session: AsyncSession) -> None:
            """Keep the reaction in the row of the update."""
            await self.inbox.react(session, visit.row, _kept(visit, reaction))

        try:
            return await _insist(self.runner.react, visit, partial(_meeting, route), receipt)
        except TakenOverError:
            raise
        except Exception as error:  # noqa: BLE001  # because whoever waits must hear of it
            self._tell_of(error, "telegram.failed")
            self._services.meters.failed(CHANNEL)
        await self._services.writer.run(partial(receipt, failed := self._failure))
        return failed

    async def _say(self, visit: Visit, reaction: Reaction, tries: int = 0) -> None:
        """Say a reaction that is kept, and mark it; what Telegram does not take now, later.

        The mark is written within the turn: of one conversation at most one reply is out and not
        marked at a time, so a kill repeats no more than that.
        """
        left = reaction
        try:
            async for rest in self._spoken(visit, reaction):
                left = rest
        except Exception as error:  # noqa: BLE001  # because it is said, or told that it can't be
            self._tell_of(error, "telegram.not_said")
            if _passes(error) and tries < _MOST_TRIES:
                wait = error.retry_after if isinstance(error, RetryAfter) else _LATER
                pause = wait if isinstance(wait, timedelta) else _LATER
                await self._services.writer.run(partial(self._leave, visit, left, pause))
                return
            await self._say_that_it_failed(visit)
        await self._services.writer.run(partial(self.inbox.close, row=visit.row))
        if reaction.erases:  # until now the row knew where to answer
            await self._services.wiper.wipe()

    async def _leave(
        self, visit: Visit, left: Reaction, pause: timedelta, session: AsyncSession
    ) -> None:
        """Leave what is left to be said to whoever looks after a pause."""
        await self.inbox.react(session, visit.row, _kept(visit, left))
        await self.inbox.leave(session, [visit.row], await time_of(session) + min(pause, LONGEST))

    async def _spoken(self, visit: Visit, reaction: Reaction) -> AsyncIterator[Reaction]:
        """Say a reaction, then what it leads to; yield what is left after each part."""
        if reaction.follows:
            self.look()
        if reaction.erases:
            await self._services.wiper.wipe()
        async for left in self.messenger.say(visit, reaction):
            yield left
        if reaction.then:
            shown = await self._shown(visit, reaction.then)
            async for left in self.messenger.say(visit, shown):
                yield left

    async def _shown(self, visit: Visit, payload: str) -> Reaction:
        """Return what a button shows; nothing is kept of it."""
        pressed = replace(visit, payload=payload, message=None)
        route = route_of(pressed)
        if route is None:
            return Reaction()
        async with self._services.sessions() as session:
            return await route.handler(pressed, session, self._services)

    async def _say_that_it_failed(self, visit: Visit) -> None:
        try:
            await self.messenger.try_once(visit, "failed")
        except Exception as error:  # noqa: BLE001  # because the row must be closed all the same
            self._tell_of(error, "telegram.not_told")

    async def _keep(self) -> None:
        await self._renew()
        async with self._services.sessions() as session:
            if not await self.inbox.has_lapsed(session, await time_of(session)):
                return
        for row in await self._services.writer.run(self._take_over):
            _log.info("telegram.took_over", tries=row.tries)
            self._begin(row.id, self._take_up(row))

    async def _take_over(self, session: AsyncSession) -> list[Received]:
        now = await time_of(session)
        return await self.inbox.take_over(session, list(self._under_way), now)

    async def _renew(self) -> None:
        last, self._renewed = self._renewed, set(self._under_way)
        if lasting := last & self._renewed:
            await self._services.writer.run(partial(self._live, lasting))

    async def _live(self, rows: Collection[int], session: AsyncSession) -> None:
        await self.inbox.renew(session, rows, await time_of(session))

    async def _take_up(self, row: Received) -> None:
        """Go on with what a dead process left: say what it had decided, or answer anew.

        One that was only slow may have said it by the time that its turn is over.
        """
        try:
            visit, then = self._left(row)
        except Exception as error:  # noqa: BLE001  # because another version may have written it
            self._tell_of(error, "telegram.unreadable")
            chat = int(row.conversation.partition(":")[0])
            visit, then = Visit(row.conversation, chat, row=row.id), self._failure
        if isinstance(then, Route):
            await self._answer(visit, then)
            return
        async with self.runner.turn(CHANNEL, row.conversation):
            async with self._services.sessions() as session:
                mine = await self.inbox.has(session, row.id)
            if mine:
                await self._say(visit, then, row.tries)

    def _left(self, row: Received) -> tuple[Visit, Reaction | Route]:
        """Return whose message a row holds, and what is to be said of it or who reacts to it."""
        if row.reaction:
            return _read(row)
        visit = visit_of(Update.de_json(row.content or {}, self.bot))
        route = route_of(visit) if visit else None
        if visit is None or route is None:
            return Visit(row.conversation, 0, row=row.id), Reaction()
        if row.tries >= _MOST_TRIES:
            route = Route(route.fits, questions.failed)
        return replace(visit, row=row.id), route

    @property
    def _failure(self) -> Reaction:
        return Reaction((self.messenger.sentence("failed"),))

    def _tell_of(self, error: Exception, event: str) -> None:
        """Log an error; a library's may quote the address of a call, and with it the token."""
        _log.error(event, reason=type(error).__name__, trace=self.scrubber.trace(error))


async def _meeting(route: Route, visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """React, and note whoever writes in a private chat: made at the first message, then hourly."""
    if not (route.meets and visit.private):
        return await route.handler(visit, session, app)
    known = await people.find(session, CHANNEL, visit.conversation)
    await session.commit()  # gives the connection to others: what comes may take its time
    due = people.is_due(known, app.now())
    reaction = await route.handler(replace(visit, known=known), session, app)
    if due:
        await meet(visit, session, app)
    return reaction


def _wrote_nothing(error: Exception) -> bool:
    """Say whether the database was kept from writing: in SQLite, by others who wrote too long.

    Of a connection that was lost nobody knows what it had written.
    """
    return isinstance(error, OperationalError) and not error.connection_invalidated


_insist = stamina.AsyncRetryingCaller(attempts=3, timeout=None).on(_wrote_nothing)
"""Reacts again at once where nothing was kept: within the turn, so that what follows waits."""


def _passes(error: Exception) -> bool:
    """Say whether what could not be said now may be said later: a network or a database is away."""
    if isinstance(error, BadRequest):
        return False
    return isinstance(error, TelegramError | SQLAlchemyError)


def _kept(visit: Visit, reaction: Reaction) -> dict[str, Any]:
    """Return a reaction, and where it is said, as the inbox keeps them."""
    return {"where": [visit.chat, visit.thread, visit.replies_to], "what": written(reaction)}


def _read(row: Received) -> tuple[Visit, Reaction]:
    kept = row.reaction or {}
    chat, thread, replies_to = kept["where"]
    return Visit(row.conversation, chat, thread, replies_to, row=row.id), read(kept["what"])
