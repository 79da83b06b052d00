"""`htx run | web | telegram`: the whole product, or one part of it."""

import uvloop

from bot.commands.terminal import progress
from bot.process import Parts
from bot.process import run as run_parts
from services.errors import ContentError, SettingsError
from services.knowledge.library import Library, load_library
from services.logs import configure_logs
from services.publishing.snapshot import Snapshot, take
from services.publishing.status import last_served
from services.settings import Settings, load_settings
from services.understanding.model import ensure_model


def run() -> None:
    """Chạy tất cả: máy hiểu câu hỏi, trang web, và Telegram khi có mã bot."""
    settings = load_settings()
    snapshot, library = first_content(settings)
    model = ensure_model(settings.model_copy(update={"content_dir": snapshot.path}), progress)
    parts = Parts(model.path, snapshot.fingerprint, web=True, telegram=True, worker=True)
    _logged(settings)
    uvloop.run(run_parts(settings, library, parts))


def web() -> None:
    """Chạy riêng trang web; máy hiểu câu hỏi chạy ở HTX_NLU_URL."""
    settings = load_settings()
    _logged(settings)
    uvloop.run(run_parts(settings, load_library(settings.content_dir), Parts(web=True)))


def telegram() -> None:
    """Chạy riêng Telegram (kèm trang web nhận webhook nếu có đặt); máy hiểu chạy ở HTX_NLU_URL.

    Raises:
        SettingsError: no token is set.

    """
    settings = load_settings()
    if not settings.telegram_token.get_secret_value():
        msg = "Chưa có mã bot: xin mã ở @BotFather rồi đặt HTX_TELEGRAM_TOKEN."
        raise SettingsError(msg)
    _logged(settings)
    parts = Parts(telegram=True, web=bool(settings.telegram_webhook_url))
    uvloop.run(run_parts(settings, load_library(settings.content_dir), parts))


def worker() -> None:
    """Chạy riêng bộ phận gửi thông báo.

    Raises:
        SettingsError: no token is set.

    """
    from bot.worker import run as run_worker  # noqa: PLC0415  # because only who sends loads DBOS

    settings = load_settings()
    _logged(settings)
    uvloop.run(run_worker(settings, load_library(settings.content_dir)))


def first_content(settings: Settings) -> tuple[Snapshot, Library]:
    """Return a snapshot of the content and what it says; the one served last when it is broken.

    Raises:
        ContentError: it is broken, and nothing was served before.

    """
    snapshot = take(settings)
    try:
        return snapshot, load_library(snapshot.path)
    except ContentError as error:
        snapshot.drop()
        last = last_served(settings)
        if last is None:
            raise
        progress(f"{error}\nDùng tạm bản nội dung tốt gần nhất; sửa xong bản mới sẽ tự được dùng.")
        return last, load_library(last.path)


def _logged(settings: Settings) -> None:
    configure_logs(settings.log_level)
