"""The wiring: one application, its handlers in order, its error handler."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeAlias

from telegram import Update
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
from bot.telegram.addressing import Addressed, Opens, Says, Spelled
from bot.telegram.delivery import Delivery
from bot.telegram.handlers import Handlers
from bot.telegram.people import PeopleHandlers
from bot.telegram.profile import introduce
from bot.telegram.scrub import Scrubber, guard_logs
from bot.telegram.serving import Context, Serving
from bot.telegram.signs import EVERY
from bot.telegram.staff.following import EVERY as FOLLOW_EVERY
from bot.telegram.staff.following import Following
from bot.telegram.staff.serving import StaffHandlers
from services.bootstrap import Services
from services.settings import Settings
from services.staff import link

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Callback: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]

FOLLOWING = "following"
"""Where an application keeps what follows announcements."""
_SECONDS = 10.0
"""How long a connection, a request or an answer may take."""
_STOP = ("dung nhan tin", "dung tin", "ngung nhan tin", "thoi nhan tin")
"""Words that stop announcements without a command; nothing starts them but a command or button."""


def build(
    services: Services,
    desk: Desk,
    limit: MessageLimit,
    *,
    typing_every: float = EVERY,
    follow_every: float = FOLLOW_EVERY,
) -> App:
    """Build the application; it does nothing until `lifecycle.running` starts it.

    `typing_every` is after how many seconds the sign that the bot is writing is shown again,
    `follow_every` how often it is looked how far announcements are.
    Raises `telegram.error.InvalidToken` when no token is set, and `SettingsError` when the quiet
    hours are written wrong.
    """
    guard_logs(Scrubber(services.settings.telegram_token.get_secret_value()))
    application = _bare(services.settings)

    application.post_init = lambda started: introduce(started.bot, services.library.phrases)
    serving = Serving(services, limit, Delivery(application.bot), typing_every)
    people = PeopleHandlers(serving)
    following = Following(services, application.bot, follow_every)
    staff = StaffHandlers(serving, following)
    do = Handlers(serving, desk, people, staff)
    application.add_handlers(_ordered(do, people, staff))
    application.bot_data[FOLLOWING] = following
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


def _ordered(
    do: Handlers, people: PeopleHandlers, staff: StaffHandlers
) -> list[BaseHandler[Any, Any, Any]]:
    """Return the handlers in order: the first that fits an update has it alone.

    What none fits is ignored: edits, channel posts, what a group says to others.
    """
    new, for_bot = filters.UpdateType.MESSAGE, Addressed()
    return [
        CallbackQueryHandler(people.said, pattern="^p:"),
        CallbackQueryHandler(people.pressed, pattern="^x:"),
        CallbackQueryHandler(staff.pressed, pattern="^b:"),
        CallbackQueryHandler(do.pressed),
        MessageHandler(for_bot & Opens(link.PREFIX), staff.start),
        CommandHandler("start", people.start, new),
        CommandHandler("help", do.help, new),
        *_command("dulieu", people.told),
        *_command("nhantin", people.resume),
        *_command("dungtin", people.stop),
        *_command("xoa", people.erase),
        MessageHandler(for_bot & Spelled("thongbao"), staff.menu),
        MessageHandler(for_bot & Says(*_STOP), people.stop),
        MessageHandler(for_bot & filters.TEXT, do.text),
        MessageHandler(for_bot & ~filters.StatusUpdate.ALL, do.other),
    ]


def _command(name: str, callback: Callback) -> Iterator[BaseHandler[Any, Any, Any]]:
    """Yield the handlers of a command: as Telegram knows it, and with its diacritics."""
    yield CommandHandler(name, callback, filters.UpdateType.MESSAGE)
    yield MessageHandler(Addressed() & Spelled(name), callback)
