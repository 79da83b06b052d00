"""A trial in Telegram: one letter, to one chat, in one attempt; no delivery is written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.telegram.carrier import TelegramCarrier
from bot.telegram.letter import attachments
from bot.telegram.request import bulk_bot
from services.announcements.attachments import Uploads
from services.announcements.carrier import (
    Gone,
    Halted,
    NotYet,
    Outcome,
    Refused,
    Sent,
    Unknown,
    reason,
)
from services.announcements.letter import Letter
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
        outcome = await carrier.show(chat, letter)
    if outcome != Sent():
        raise AnnouncementError(_why(outcome))
    return len(carrier.parts(letter))


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


def _why(outcome: Outcome) -> str:
    match outcome:
        case Gone():
            return "Telegram không gửi được cho bạn: mở bot trên điện thoại, bấm Bắt đầu, thử lại."
        case NotYet(seconds=float() | int() as seconds):
            return f"Telegram bảo chờ {seconds:.0f} giây; thử lại sau."
        case Refused(why=why):
            return f"Telegram không nhận nội dung này ({why}); sửa rồi soạn lại."
        case Unknown():
            return "Không rõ tin thử đã tới chưa: xem điện thoại rồi hãy thử lại."
        case Halted(problem=problem):
            return str(problem)
        case _:
            return f"Tin thử không gửi được ({reason(outcome)}); xem lại mạng rồi thử lại."
