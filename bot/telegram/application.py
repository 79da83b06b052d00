"""The bot: put together, started and stopped; in one sentence when it can't be."""

import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot.background import background
from bot.runner import Runner
from bot.telegram.bots import bulk_bot, replying_bot, scrubber_of
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.letter import attachments
from bot.telegram.messenger import Messenger
from bot.telegram.noticing import EVERY as NOTICE_EVERY
from bot.telegram.noticing import Noticing
from bot.telegram.profile import introduce
from bot.telegram.runner import TelegramRunner
from bot.telegram.sender import TYPING_EVERY, Sender
from bot.telegram.staff.following import EVERY as FOLLOW_EVERY
from bot.telegram.staff.following import Following
from bot.telegram.updates import TWICE, UPDATES, Polling, usable_secret, webhook_url
from bot.telegram.visit import CHANNEL
from services.announcements.attachments import Uploads
from services.announcements.quiet import Quiet
from services.bootstrap import Services
from services.errors import HtxError, MachineError, SettingsError
from services.inbox import Inbox
from services.settings import Settings

_log = structlog.get_logger()

_REJECTED = "Telegram không nhận mã bot: xem lại HTX_TELEGRAM_TOKEN, hoặc xin mã mới ở @BotFather."
_BAD_WEBHOOK = (
    "Telegram không nhận địa chỉ webhook ({reason}): HTX_TELEGRAM_WEBHOOK_URL phải là https, "
    "cổng 443, 80, 88 hoặc 8443, và mở được từ Internet."
)
_NO_NETWORK = "Không nối được máy chủ Telegram ở {host}: kiểm tra mạng hoặc HTX_TELEGRAM_BASE_URL."
_REFUSED = "Telegram chưa cho bot chạy ({reason}): thường chờ ít phút là được."


@dataclass
class Telegram:
    """The bot of this process; it does nothing until `running` starts it."""

    services: Services
    bot: Bot
    runner: TelegramRunner
    following: Following
    noticing: Noticing
    running: bool = False
    """Whether updates may be brought now."""

    async def take(self, updates: Sequence[Update]) -> None:
        """Write updates down and begin to answer them, as the runner does."""
        await self.runner.take(updates)


def build(
    runner: Runner,
    *,
    typing_every: float = TYPING_EVERY,
    follow_every: float = FOLLOW_EVERY,
    notice_every: float = NOTICE_EVERY,
) -> Telegram:
    """Put the bot together.

    `typing_every` is after how many seconds the sign that the bot is writing is shown again,
    `follow_every` how often it is looked how far announcements are, `notice_every` for notices.
    Raises `telegram.error.InvalidToken` when no token is set, and `SettingsError` when the quiet
    hours are written wrong.
    """
    services = runner.services
    bot = replying_bot(services.settings)
    following = Following(services, bot, follow_every)
    uploads = Uploads(services.sessions, CHANNEL)
    carrier = TelegramCarrier(bot, attachments(services.settings), uploads)
    made = TelegramRunner(
        runner=runner,
        bot=bot,
        inbox=Inbox(CHANNEL, uuid.uuid4().hex),
        messenger=Messenger(services, Sender(bot), carrier),
        scrubber=scrubber_of(services.settings),
        look=following.look,
        typing_every=typing_every,
    )
    bulk = bulk_bot(services.settings, 1)
    noticing = Noticing(
        services,
        bulk,
        TelegramCarrier(bulk, attachments(services.settings), uploads),
        Quiet.read(services.settings.quiet_hours),
        notice_every,
    )
    return Telegram(services, bot, made, following, noticing)


@asynccontextmanager
async def running(telegram: Telegram) -> AsyncIterator[None]:
    """Run the bot: it takes updates while the block runs, then answers what it took.

    A part of it that fails ends the block with it.

    Raises:
        SettingsError: the token or the webhook's address or secret is wrong.
        MachineError: no network, or the bot runs elsewhere too.

    """
    bot, settings = telegram.bot, telegram.services.settings
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.shutdown)
        stack.push_async_callback(telegram.noticing.bot.shutdown)
        stack.push_async_callback(telegram.runner.rest)
        with _in_words(settings):
            await bot.initialize()
            stack.callback(setattr, telegram, "running", False)  # noqa: FBT003  # because it is set
            telegram.running = True  # before Telegram is told where to bring what waits
            await _open(bot, settings)
        parts = [telegram.runner.keep(), telegram.following.run(), telegram.noticing.run()]
        if not settings.telegram_webhook_url:
            parts.append(Polling(bot, telegram.take).run())
        async with background(*parts):
            await introduce(bot, telegram.services.library.phrases)
            _log.info("telegram.started", webhook=bool(settings.telegram_webhook_url))
            yield


async def _open(bot: Bot, settings: Settings) -> None:
    """Have Telegram give its updates this way; none that waits there is dropped."""
    if settings.telegram_webhook_url:
        await bot.set_webhook(
            webhook_url(settings), secret_token=usable_secret(settings), allowed_updates=UPDATES
        )
        return
    await bot.delete_webhook()
    await bot.get_updates(limit=1, timeout=timedelta(0), allowed_updates=UPDATES)


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
            return MachineError(TWICE)
        case BadRequest():
            return SettingsError(_BAD_WEBHOOK.format(reason=error.message))
        case NetworkError():
            return MachineError(_NO_NETWORK.format(host=settings.telegram_base_url))
        case _:
            return MachineError(_REFUSED.format(reason=error.message))
