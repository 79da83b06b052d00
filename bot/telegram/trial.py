"""A trial in Telegram: one letter, to one chat, in one attempt; no delivery is written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.announcing import attachments
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.request import bulk_bot
from services.announcements.carrier import (
    BETWEEN_PARTS,
    CarryError,
    Gone,
    Refused,
    Throttled,
    Uncertain,
)
from services.announcements.letter import Letter
from services.announcements.uploads import Uploads
from services.errors import AnnouncementError, SettingsError
from services.settings import Settings
from services.storage.session import Sessions


async def try_on(settings: Settings, sessions: Sessions, chat: str, letter: Letter) -> int:
    """Send a letter to a chat; return how many messages it took.

    Raises:
        SettingsError: no token is set, or Telegram refuses it.
        AnnouncementError: the letter did not arrive, or nobody knows.

    """
    async with _bot(settings) as bot:
        carrier = TelegramCarrier(bot, attachments(settings), Uploads(sessions, "telegram"))
        parts = carrier.parts(letter)
        for number, part in enumerate(parts):
            await asyncio.sleep(BETWEEN_PARTS if number else 0)
            try:
                await carrier.carry(chat, part)
            except CarryError as error:
                raise AnnouncementError(_why(error)) from None
    return len(parts)


@asynccontextmanager
async def _bot(settings: Settings) -> AsyncIterator[Bot]:
    if not settings.telegram_token.get_secret_value():
        msg = "Chưa có mã bot nên không gửi thử được: đặt HTX_TELEGRAM_TOKEN."
        raise SettingsError(msg)
    bot = bulk_bot(settings, 1)
    try:
        await bot.initialize()
        yield bot
    except InvalidToken:
        msg = "Telegram không nhận mã bot: xem lại HTX_TELEGRAM_TOKEN."
        raise SettingsError(msg) from None
    except TelegramError as error:
        msg = f"Không nối được Telegram ({type(error).__name__}); xem lại mạng rồi thử lại."
        raise AnnouncementError(msg) from None
    finally:
        await bot.shutdown()


def _why(error: CarryError) -> str:
    match error:
        case Gone():
            return "Telegram không gửi được cho bạn: mở bot trên điện thoại, bấm Bắt đầu, thử lại."
        case Throttled(seconds=seconds):
            return f"Telegram bảo chờ {seconds:.0f} giây; thử lại sau."
        case Refused():
            return f"Telegram không nhận nội dung này ({error}); sửa rồi soạn lại."
        case Uncertain():
            return "Không rõ tin thử đã tới chưa: xem điện thoại rồi hãy thử lại."
        case _:
            return f"Tin thử không gửi được ({error}); xem lại mạng và mã bot rồi thử lại."
