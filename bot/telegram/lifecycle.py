"""Starting and stopping: by polling or by webhook, and in one sentence when it can't be."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import structlog
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater

from bot.telegram.application import FOLLOWING, App
from bot.telegram.webhook import usable_secret, webhook_url
from services.errors import HtxError, MachineError, SettingsError
from services.settings import Settings

_log = structlog.get_logger()

UPDATES = ("message", "callback_query")
"""The kinds of updates that Telegram is asked for."""

_REJECTED = "Telegram không nhận mã bot: xem lại HTX_TELEGRAM_TOKEN, hoặc xin mã mới ở @BotFather."
_TWICE = (
    "Bot Telegram này đang chạy ở một nơi khác nữa: tắt nơi kia rồi chạy lại, "
    "hoặc dùng mã bot khác trong HTX_TELEGRAM_TOKEN."
)
_BAD_WEBHOOK = (
    "Telegram không nhận địa chỉ webhook ({reason}): HTX_TELEGRAM_WEBHOOK_URL phải là https, "
    "cổng 443, 80, 88 hoặc 8443, và mở được từ Internet."
)
_NO_NETWORK = (
    "Không nối được máy chủ Telegram ở {host}: kiểm tra mạng hoặc HTX_TELEGRAM_BASE_URL "
    "rồi chạy lại."
)
_REFUSED = "Telegram chưa cho bot chạy ({reason}): chờ ít phút rồi chạy lại."


@asynccontextmanager
async def running(application: App, settings: Settings) -> AsyncIterator[None]:
    """Run the application: it receives updates while the block runs, and ends what it began.

    Raises:
        SettingsError: the token or the webhook's address or secret is wrong.
        MachineError: no network, or the bot runs elsewhere too.

    """
    async with AsyncExitStack() as stack:
        stack.push_async_callback(application.bot.shutdown)
        with _in_words(settings):
            await stack.enter_async_context(application)
            await application.start()
            stack.push_async_callback(application.stop)
            await _receive(stack, application, settings)
        if application.post_init:
            await application.post_init(application)
        following = asyncio.create_task(application.bot_data[FOLLOWING].run())
        stack.push_async_callback(_end, following)
        _log.info("telegram.started", webhook=bool(settings.telegram_webhook_url))
        yield


async def _receive(stack: AsyncExitStack, application: App, settings: Settings) -> None:
    """Begin to receive updates; none that waits at Telegram is dropped."""
    updater = application.updater
    if updater is None:
        await application.bot.set_webhook(
            webhook_url(settings),
            secret_token=usable_secret(settings),
            allowed_updates=UPDATES,
        )
        return
    await application.bot.delete_webhook()
    await application.bot.get_updates(limit=1, timeout=timedelta(0), allowed_updates=UPDATES)
    await updater.start_polling(
        allowed_updates=UPDATES, drop_pending_updates=False, error_callback=_PollingTrouble()
    )
    stack.push_async_callback(_stop_polling, updater)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _stop_polling(updater: Updater) -> None:
    try:
        await updater.stop()
    except TelegramError as error:
        _log.warning("telegram.polling_ended", reason=type(error).__name__)


class _PollingTrouble:
    """Logs what goes wrong while polling; PTB goes on trying, ever less often."""

    def __init__(self) -> None:
        self._told_twice = False

    def __call__(self, error: TelegramError) -> None:
        """Log an error; that the bot runs twice, once."""
        if not isinstance(error, Conflict):
            _log.warning("telegram.polling_failed", reason=type(error).__name__)
        elif not self._told_twice:
            self._told_twice = True
            _log.error("telegram.runs_twice", sentence=_TWICE)


@contextmanager
def _in_words(settings: Settings) -> Iterator[None]:
    """Turn what Telegram or the network answers at the start into one sentence."""
    try:
        yield
    except TelegramError as error:
        raise _sentence(error, settings) from None


def _sentence(error: TelegramError, settings: Settings) -> HtxError:
    match error:
        case InvalidToken():
            return SettingsError(_REJECTED)
        case Conflict():
            return MachineError(_TWICE)
        case BadRequest():
            return SettingsError(_BAD_WEBHOOK.format(reason=error.message))
        case NetworkError():
            return MachineError(_NO_NETWORK.format(host=settings.telegram_base_url))
        case _:
            return MachineError(_REFUSED.format(reason=error.message))
