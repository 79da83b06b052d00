"""The worker: a process that sends announcements, with a bot and a lane of its own."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog
from cachetools import LRUCache
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.background import background, stop_signals
from bot.telegram.bots import bulk_bot
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.letter import announcer_of, attachments
from services.announcements.announcer import Announcer
from services.announcements.attachments import Uploads
from services.announcements.quiet import Quiet
from services.announcements.sending import jobs
from services.announcements.sending.batch_sender import IN_FLIGHT, BatchSender
from services.announcements.sending.delivery_writer import DeliveryWriter
from services.announcements.sending.dispatcher import Dispatcher
from services.announcements.sending.lease import borrow, hold
from services.announcements.sending.pacer import Pacer
from services.clock import utc_now
from services.errors import AnnouncementError, EditionGone, SettingsError
from services.knowledge.library import Library
from services.people import forgotten
from services.people.person import identity_of
from services.processes import PARENT
from services.publishing.editions import open_edition
from services.settings import Settings
from services.storage.migrate import upgrade
from services.storage.restoring import at_work
from services.storage.session import (
    AWAY,
    Sessions,
    make_blocking_engine,
    make_engine,
    make_sessions,
)

_log = structlog.get_logger()

_LOOK_EVERY = 0.5
_EDITIONS = 4
"""Editions that are kept open: announcements that are on their way at a time are few."""
_AGAIN = 10.0
_ADOPT_EVERY = 10.0
"""Seconds between two looks for jobs of dead workers; one that starts again has its own back."""


async def run(settings: Settings, library: Library) -> None:
    """Send what is queued until the process is told to stop.

    Raises:
        SettingsError: no token is set, or Telegram refuses it; quiet hours are written wrong.
        StorageError: the database can't be opened.

    """
    quiet = Quiet.read(settings.quiet_hours)
    async with AsyncExitStack() as stack:
        stack.enter_context(at_work(settings))  # first: no restore may be under way
        await upgrade(settings.database_url)
        stop = stack.enter_context(stop_signals())
        engine = make_engine(settings.database_url)
        stack.push_async_callback(engine.dispose)
        sessions = make_sessions(engine)
        identity = identity_of(settings)
        await forgotten.replay(sessions, settings.data_dir, identity)
        bot = await stack.enter_async_context(_bot(settings, stop))
        sender = make_sender(settings, library, sessions, bot, quiet)
        stack.callback(sender.deliveries.engine.dispose)
        lease = await stack.enter_async_context(hold(settings))
        given = await stack.enter_async_context(jobs.running(settings, lease, sender.send))
        stack.callback(sender.close)
        _log.info("worker.started")
        # A part that dies ends the worker, and whoever started that starts it anew.
        async with background(
            _keep_looking(Dispatcher(sender, given.enqueue), stop),
            _adopt_orphans(settings, lease),
            _end_with_parent(stop),
        ):
            await stop.wait()


async def _keep_looking(dispatcher: Dispatcher, stop: asyncio.Event) -> None:
    """Look for what is to be done; a look that fails is followed by the next."""
    while not stop.is_set():
        try:
            await dispatcher.look()
        except SQLAlchemyError as error:
            _log.exception("announcement.look_failed", reason=type(error).__name__)
        await _either(stop, dispatcher.sender.ended, _LOOK_EVERY)
        dispatcher.sender.ended.clear()


async def _either(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    """Wait until one of two things has happened, for so many seconds at most."""
    waiting = [asyncio.create_task(event.wait()) for event in (one, other)]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _adopt_orphans(settings: Settings, mine: int) -> None:
    """Take up, now and then, the jobs of workers that died and were not started again."""
    while True:
        await asyncio.sleep(_ADOPT_EVERY)
        try:
            for lease in await jobs.leases_at_work() - {mine}:
                async with borrow(settings, lease) as dead:
                    if dead:
                        await jobs.adopt(lease)
        except AWAY as error:
            _log.warning("worker.adopted_nothing", reason=type(error).__name__)


async def _end_with_parent(stop: asyncio.Event) -> None:
    """Stop when the product whose part this is has died: nobody else would."""
    parent = int(os.environ.get(PARENT, "0"))
    while not parent or os.getppid() == parent:  # noqa: ASYNC110  # because nothing signals that a parent is gone
        await asyncio.sleep(_LOOK_EVERY)
    stop.set()


def make_sender(
    settings: Settings, library: Library, sessions: Sessions, bot: Bot, quiet: Quiet
) -> BatchSender:
    """Wire a sender: its own bot, its own lane."""
    carrier = TelegramCarrier(bot, attachments(settings), Uploads(sessions, "telegram"))
    return BatchSender(
        sessions=sessions,
        announcer=announcer_of(settings, library),
        announcer_at=_announcers(settings, library),
        carriers={"telegram": carrier},
        deliveries=DeliveryWriter(make_blocking_engine(settings.database_url), utc_now),
        pacer=Pacer(sessions, settings.bulk_rate),
        quiet=quiet,
        fail_share=settings.fail_share,
        now=utc_now,
    )


def _announcers(settings: Settings, library: Library) -> Callable[[str], Awaitable[Announcer]]:
    """Return what gives the announcer of an edition; some are kept, reading one takes a while.

    What was approved before editions were noted is sent as the library says.
    """
    known: LRUCache[str, Announcer] = LRUCache(_EDITIONS)

    async def announcer_at(edition: str) -> Announcer:
        """Return the announcer of an edition by its fingerprint; raises AnnouncementError."""
        if not edition:
            return announcer_of(settings, library)
        if edition not in known:
            try:
                opened = await asyncio.to_thread(open_edition, settings, edition)
            except EditionGone:
                raise AnnouncementError("announcement_edition_lost") from None
            known[edition] = announcer_of(settings, opened.library)
        return known[edition]

    return announcer_at


@asynccontextmanager
async def _bot(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Bot]:
    """Give a bot that knows itself; without a network it is tried until there is one."""
    if not settings.telegram_token.get_secret_value():
        msg = "Chưa có mã bot nên không gửi được thông báo: đặt HTX_TELEGRAM_TOKEN."
        raise SettingsError(msg)
    bot = bulk_bot(settings, IN_FLIGHT)
    try:
        await _introduced(bot, stop)
        yield bot
    finally:
        await bot.shutdown()


async def _introduced(bot: Bot, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await bot.initialize()
        except InvalidToken:
            msg = "Telegram không nhận mã bot: xem lại HTX_TELEGRAM_TOKEN."
            raise SettingsError(msg) from None
        except TelegramError as error:
            _log.warning("announcement.no_telegram", reason=type(error).__name__)
        else:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _AGAIN)
