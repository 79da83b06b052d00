"""The process: NLU server, web page and Telegram, started and stopped together."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from bot.background import background, stop_signals
from bot.console.app import add_console
from bot.runner import Runner
from bot.telegram.application import Telegram, build, running
from bot.telegram.profile import introduce
from bot.telegram.updates import is_telegram, router
from bot.terminal import HOW_TO_OPEN, progress
from bot.web.app import make_app
from bot.web.server import make_server, serve
from services.announcements import approval
from services.announcements.quiet import Quiet
from services.bootstrap import Services, bootstrap
from services.clock import utc_now
from services.conversation.retention import reduce_old
from services.editing.committing import commit_approved
from services.editing.learning import keep_learning
from services.errors import HtxError, MachineError, SettingsError
from services.insight.awaiting import tell_answered
from services.insight.kept_gaps import GapKeeper
from services.insight.usage import roll_up
from services.insight.versions import keep_versions
from services.knowledge.library import Library
from services.people import forgotten
from services.people.end_dates import EndDates, end_old
from services.people.person import identity_of
from services.people.rekeying import move_people
from services.processes import Child, locked, require_free, shorten
from services.publishing.editions import BuiltEdition
from services.publishing.follower import follow
from services.publishing.publisher import InUse, OnPublished, Publisher
from services.publishing.rehearsal import rehearse
from services.publishing.status import Publishing, record_path
from services.reminders import reminders
from services.settings import Settings
from services.staff import link, sign_in
from services.storage.backup import expire
from services.storage.restoring import at_work
from services.storage.session import Sessions, claim
from services.understanding.client import client_of
from services.understanding.meaning import meanings
from services.understanding.switchboard import AbsentNlu, Switchboard

_log = structlog.get_logger()

_DAY = 24 * 60 * 60.0
_WORKER_ENDS_WITHIN = 12.0
"""Seconds in which the worker ends what is under way."""
_GAPS_EVERY = 60.0
"""Seconds between two looks for what was not answered well."""
_TELEGRAM_AGAIN = 30.0
"""Seconds until Telegram is tried again."""


@dataclass(frozen=True)
class Parts:
    """Which parts of the product this process runs."""

    publishes: bool = False
    """Whether it runs an NLU server of its own and serves what is changed in the content."""
    web: bool = False
    telegram: bool = False
    worker: bool = False
    """Whether announcements are sent, by a process of its own."""


async def run(settings: Settings, edition: BuiltEdition, parts: Parts) -> None:
    """Run the parts until the process is told to stop.

    The edition is served at once, by its words until its NLU server reads. Where the process
    publishes, it also serves what is changed in the content meanwhile, unless the settings say no;
    else it follows the process that does.

    Raises:
        HtxError: a part can't start; the message says what to do.

    """
    Quiet.read(settings.quiet_hours)  # else the worker alone would end, again and again
    if parts.web:
        _require_port(settings)
    async with AsyncExitStack() as stack:
        if parts.publishes:
            stack.enter_context(_only_publisher(settings))
        stack.enter_context(at_work(settings))
        stop = stack.enter_context(stop_signals())
        nlu = AbsentNlu() if parts.publishes else None
        services = await stack.enter_async_context(
            bootstrap(settings=settings, edition=edition, nlu=nlu)
        )
        identity = identity_of(settings)
        await forgotten.replay(services.sessions, settings.data_dir, identity)
        doubts = await asyncio.to_thread(rehearse, services.current.edition)
        runner = Runner(services)
        telegram = _telegram(runner) if parts.telegram else None
        gc.freeze()  # what was loaded stays: a collection need not walk through all of it
        status = None
        if parts.publishes:
            status = Publishing(record_path(settings), edition.fingerprint)
        if parts.web:
            await stack.enter_async_context(_web(runner, telegram, status))
        if status is not None:
            progress("Khởi động máy hiểu câu hỏi…")
            board, tell = Switchboard(settings.nlu_port), teller(services, telegram)
            publisher = Publisher(
                settings,
                edition,
                services.current,
                board,
                status,
                progress,
                tell,
                _in_use(services),
                doubts=doubts,
            )
            await stack.enter_async_context(_publishing(publisher))
        else:
            following = follow(settings, services.current, teller(services, telegram))
            await stack.enter_async_context(background(following))
        if telegram is not None:
            await stack.enter_async_context(background(_keep_telegram(telegram)))
        if telegram is not None and parts.worker:
            await stack.enter_async_context(_worker(settings))
        await stack.enter_async_context(background(_tidy_daily(services)))
        if parts.web:
            await stack.enter_async_context(background(_keep_gaps(services)))
            learning = keep_learning(settings, services.sessions, services.now)
            await stack.enter_async_context(background(learning))
        _announce(settings, parts)
        await stop.wait()
        progress("Đang dừng…")


@contextlib.contextmanager
def _only_publisher(settings: Settings) -> Iterator[None]:
    """Publish alone what lies in a data folder, whichever machine it is seen from.

    Raises:
        MachineError: another process does.

    """
    with locked(settings.data_dir / "run.lock") as mine:
        if not mine:
            raise MachineError("run_twice", folder=settings.data_dir)
        yield


def _require_port(settings: Settings) -> None:
    host, port = settings.web_host, settings.web_port
    sentence = (
        f"Không mở được cổng {port} ở {host}, có thể chương trình khác đang dùng; "
        "tắt nó hoặc đặt HTX_WEB_PORT sang cổng khác."
    )
    require_free(host, port, sentence)


def _telegram(runner: Runner) -> Telegram | None:
    if not runner.services.settings.telegram_token.get_secret_value():
        return None
    return build(runner)


def teller(services: Services, telegram: Telegram | None) -> OnPublished:
    """Return what is told of new content: the kept versions, who waits, the card in Telegram."""

    async def _tell(library: Library) -> None:
        async with services.sessions.begin() as session:
            await keep_versions(session, library, utc_now())
            await tell_answered(session, library, utc_now())
        if telegram is not None and telegram.running:
            await introduce(telegram.bot, library.phrases)

    return _tell


def _in_use(services: Services) -> InUse:
    """Return what names the editions in whose frame announcements are still to be sent."""

    async def in_use() -> frozenset[str]:
        """Name them."""
        async with services.sessions() as session:
            return await approval.editions(session)

    return in_use


async def _keep_telegram(telegram: Telegram) -> None:
    """Run Telegram; where the network, the machine or a fault of ours stops it, try again.

    A setting that Telegram refuses is said once: only a person can mend it.
    """
    while True:
        try:
            async with running(telegram):
                await asyncio.Event().wait()
        except SettingsError as error:
            progress(f"Telegram chưa chạy: {error}")
            return
        except HtxError as error:
            progress(f"Telegram chưa chạy, sẽ thử lại: {error}")
        except Exception as error:  # noqa: BLE001  # because the page goes on, and so must Telegram
            _log.error("telegram.broke", trace=telegram.runner.scrubber.trace(error))
            progress("Telegram ngừng vì lỗi không lường trước (xem nhật ký), sẽ thử lại.")
        # A fault while it stops takes the place of the cancellation: the stop must not be lost.
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError
        await asyncio.sleep(_TELEGRAM_AGAIN)


@asynccontextmanager
async def _publishing(publisher: Publisher) -> AsyncIterator[None]:
    """Run the NLU server, and publish changes unless the settings say no."""
    try:
        await publisher.board.start()
        async with background(publisher.run()):
            yield
    finally:
        await publisher.board.stop()


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    """Run the worker beside the block: what it sends may slow nobody's reply."""
    command = (str(Path(sys.executable).with_name("htx")), "worker")
    log = settings.data_dir / "worker.log"
    environment = os.environ | {"HTX_DATA_DIR": str(settings.data_dir)}
    worker = Child(
        "worker",
        command,
        environment,
        log,
        folder=Path.cwd(),  # a file .env, and paths in settings, mean the same there
        patience=_WORKER_ENDS_WITHIN,
    )
    await worker.start()
    try:
        yield
    finally:
        await worker.stop()


@asynccontextmanager
async def _web(
    runner: Runner, telegram: Telegram | None, status: Publishing | None
) -> AsyncIterator[None]:
    settings = runner.services.settings
    routers = (router(telegram, settings),) if telegram else ()
    client = client_of(settings)
    app = make_app(
        runner,
        nlu_ready=client.ping,
        routers=routers,
        add_console=add_console,
        is_known=lambda request: is_telegram(request, settings),
        publishing=status,
        bot=lambda: telegram.bot.username if telegram and telegram.running else "",
    )
    try:
        async with background(serve(make_server(app, settings))):
            yield
    finally:
        await client.close()


async def _tidy_daily(services: Services) -> None:
    """Once a day, let go of what is old."""
    while True:
        await tidy(services)
        await asyncio.sleep(_DAY)


async def tidy(services: Services) -> None:
    """Let go of turns, people, records and backups whose time is over, and of their traces.

    What was approved while git was not reached is committed as well.

    What fails is logged, keeps nothing else from being done, and is tried again next day.
    """
    settings, sessions, now = services.settings, services.sessions, utc_now()
    ends = EndDates.of(settings, now)
    steps: dict[str, Callable[[], Awaitable[int | bool | list[int] | None]]] = {
        "usage": lambda: roll_up(sessions, now),  # before words go: hours and places go with them
        "turns": lambda: reduce_old(sessions, now, settings.keep_days),
        "reminders": lambda: _recount(services),
        "moved": lambda: move_people(sessions, identity_of(settings)),
        "renamed": lambda: _hold_renamed(sessions, now),
        "records": lambda: end_old(sessions, ends),
        "backups": lambda: asyncio.to_thread(expire, settings, now),
        "links": lambda: _end_links(sessions, now),
        "erased": lambda: asyncio.to_thread(
            forgotten.expire, settings.data_dir, now, settings.backup_days
        ),
        "committed": lambda: commit_approved(sessions, settings.content_dir),
        "wiped": services.wiper.insist,
        "logs": lambda: asyncio.to_thread(_shorten_logs, settings.data_dir),
    }
    done = {}
    for name, step in steps.items():
        try:
            done[name] = await step()
        except Exception:  # noqa: BLE001  # because the next step must come whatever failed in this
            _log.exception("storage.not_tidied", step=name)
    _log.info("storage.tidied", **done)


async def _recount(services: Services) -> None:
    """Count the days of reminders anew."""
    async with services.sessions.begin() as session:
        await claim(session)
        await reminders.recount(session, services.library, services.now())


async def _hold_renamed(sessions: Sessions, now: datetime) -> list[int]:
    """Ask anew about what a new key made of audiences; return which announcements."""
    async with sessions.begin() as session:
        return await approval.hold_renamed(session, now)


async def _keep_gaps(services: Services) -> None:
    """Put what is not answered well into gaps; tell of what is answered: again and again."""
    keeper = GapKeeper(services.sessions, partial(meanings, services.settings))
    while True:
        try:
            await keeper.keep(services.library, services.now())
            async with services.sessions.begin() as session:
                await tell_answered(session, services.library, services.now())
        except Exception as error:  # noqa: BLE001  # because the next look must come whatever failed
            _log.exception("gaps.not_kept", reason=type(error).__name__)
        await asyncio.sleep(_GAPS_EVERY)


async def _end_links(sessions: Sessions, now: datetime) -> int:
    async with sessions.begin() as session:
        return await link.end_old(session, now) + await sign_in.end_old(session, now)


def _shorten_logs(folder: Path) -> None:
    for name in ("nlu.log", "worker.log"):
        shorten(folder / name)


def _announce(settings: Settings, parts: Parts) -> None:
    if parts.web and settings.is_open:
        progress(f"Trang web mở ra ngoài ở {settings.web_host} mà không có HTTPS: {HOW_TO_OPEN}.")
    if parts.web:
        progress(f"Sẵn sàng: mở {settings.site} (Ctrl-C để dừng)")
    else:
        progress("Sẵn sàng (Ctrl-C để dừng)")
