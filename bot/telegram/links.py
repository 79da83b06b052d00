"""Links that open the bot in Telegram, and the bot's own name, which they begin with."""

import re

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from services.errors import MachineError, SettingsError
from services.settings import Settings

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def link_of(bot: str, payload: str) -> str:
    """Return the address that opens a bot in Telegram and hands it a payload."""
    return f"https://t.me/{bot}?start={payload}" if payload else f"https://t.me/{bot}"


async def bot_name(settings: Settings, given: str) -> str:
    """Return the bot's name as given, or as Telegram tells it.

    Raises:
        SettingsError: the name is none, or there is no token to ask with.
        MachineError: Telegram can't be asked.

    """
    name = given.removeprefix("https://t.me/").removeprefix("@")
    if not name:
        return await _asked_name(settings)
    if not _NAME.fullmatch(name):
        msg = f"“{given}” không phải tên bot; ghi như htx_da_nang_bot."
        raise SettingsError(msg)
    return name


async def _asked_name(settings: Settings) -> str:
    token = settings.telegram_token.get_secret_value()
    if not token:
        msg = "Chưa biết tên bot: ghi tên bot, hoặc đặt HTX_TELEGRAM_TOKEN để hỏi Telegram."
        raise SettingsError(msg)
    try:
        async with Bot(token, base_url=settings.telegram_base_url) as bot:
            return bot.username
    except InvalidToken:
        msg = "Telegram không nhận mã bot; xem lại HTX_TELEGRAM_TOKEN, hoặc ghi tên bot."
        raise SettingsError(msg) from None
    except TelegramError as error:
        msg = f"Chưa hỏi được tên bot ({error.message}); kiểm tra mạng, hoặc ghi tên bot."
        raise MachineError(msg) from None
