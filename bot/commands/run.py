"""`htx run | web | telegram | worker`: the whole product, or one part of it."""

import uvloop

from bot.commands.db import tell_when_new
from bot.process import Parts
from bot.process import run as run_parts
from bot.terminal import IN_CLEAR, progress
from services.errors import SettingsError
from services.publishing.editions import recorded
from services.settings import Settings, load_settings
from services.telemetry import configure_logs


def run() -> None:
    """Chạy tất cả: máy hiểu câu hỏi, trang web, và Telegram khi có mã bot."""
    _run(load_settings(), Parts(publishes=True, web=True, telegram=True, worker=True))


def web() -> None:
    """Chạy riêng trang web; máy hiểu câu hỏi chạy ở HTX_NLU_URL."""
    _run(load_settings(), Parts(web=True))


def telegram() -> None:
    """Chạy riêng Telegram (kèm trang web nhận webhook nếu có đặt); máy hiểu chạy ở HTX_NLU_URL.

    Raises:
        SettingsError: no token is set.

    """
    settings = load_settings()
    if not settings.telegram_token.get_secret_value():
        msg = "Chưa có mã bot: xin mã ở @BotFather rồi đặt HTX_TELEGRAM_TOKEN."
        raise SettingsError(msg)
    _run(settings, Parts(telegram=True, web=bool(settings.telegram_webhook_url)))


def worker() -> None:
    """Chạy riêng bộ phận gửi thông báo.

    Raises:
        SettingsError: no token is set.

    """
    from bot.worker import run as run_worker  # noqa: PLC0415  # because only who sends loads DBOS

    settings = load_settings()
    _prepare(settings)
    uvloop.run(run_worker(settings, recorded(settings).library))


def _run(settings: Settings, parts: Parts) -> None:
    _prepare(settings)
    uvloop.run(run_parts(settings, recorded(settings), parts))


def _prepare(settings: Settings) -> None:
    configure_logs(settings.log_level)
    tell_when_new(settings)
    for name in settings.in_clear:
        progress(IN_CLEAR.format(name))
