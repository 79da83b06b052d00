"""The wiring: one application, its handlers in order, its error handler."""

from typing import Any, TypeAlias

from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.desk import Desk
from bot.limits import MessageLimit
from bot.telegram.addressing import Addressed
from bot.telegram.delivery import Delivery
from bot.telegram.handlers import Handlers
from bot.telegram.profile import introduce
from bot.telegram.scrub import Scrubber, guard_logs
from bot.telegram.signs import EVERY
from services.bootstrap import Services
from services.settings import Settings

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

_SECONDS = 10.0
"""How long a connection, a request or an answer may take."""
_ERASE = r"(?i)^/xóa\b"
"""`/xoa` as a Vietnamese keyboard may write it; Telegram takes it for no command."""


def build(
    services: Services, desk: Desk, limit: MessageLimit, *, typing_every: float = EVERY
) -> App:
    """Build the application; it does nothing until `lifecycle.running` starts it.

    `typing_every` is after how many seconds the sign that the bot is writing is shown again.
    Raises `telegram.error.InvalidToken` when no token is set.
    """
    guard_logs(Scrubber(services.settings.telegram_token.get_secret_value()))
    application = _bare(services.settings)

    application.post_init = lambda started: introduce(started.bot, services.library.phrases)
    do = Handlers(services, desk, limit, Delivery(application.bot), typing_every)
    application.add_handlers(_ordered(do))
    application.add_error_handler(do.failed)
    return application


def _bare(settings: Settings) -> App:
    """Make an application that serves people side by side and keeps no state of its own."""
    base = settings.telegram_base_url
    builder: Any = ApplicationBuilder()
    builder = (
        builder.token(settings.telegram_token.get_secret_value())
        .base_url(base)
        .base_file_url(f"{base.removesuffix('/bot')}/file/bot")
        .connect_timeout(_SECONDS)
        .read_timeout(_SECONDS)
        .write_timeout(_SECONDS)
        .pool_timeout(_SECONDS)
        .get_updates_connect_timeout(_SECONDS)
        .get_updates_read_timeout(_SECONDS)
        .concurrent_updates(True)  # noqa: FBT003  # because the library takes it by position only
        .job_queue(None)
    )
    if settings.telegram_webhook_url:
        builder = builder.updater(None)
    application: App = builder.build()
    return application


def _ordered(do: Handlers) -> list[BaseHandler[Any, Any, Any]]:
    """Return the handlers in order: the first that fits an update has it alone.

    What none fits is ignored: edits, channel posts, what a group says to others.
    """
    new, for_bot = filters.UpdateType.MESSAGE, Addressed()
    return [
        CallbackQueryHandler(do.pressed),
        CommandHandler("start", do.start, new),
        CommandHandler("help", do.help, new),
        CommandHandler("xoa", do.erase, new),
        MessageHandler(for_bot & filters.Regex(_ERASE), do.erase),
        MessageHandler(for_bot & filters.TEXT, do.text),
        MessageHandler(for_bot & ~filters.StatusUpdate.ALL, do.other),
    ]
