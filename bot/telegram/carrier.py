"""Telegram as a carrier of letters: one attempt each, and what its answer means for bulk.

    429                          not yet: bulk waits, replies do not
    no connection, 5xx           not yet: nothing was taken
    403                          gone: blocked or deactivated
    400 chat not found           gone
    400 on the text, the file    refused: it would be refused for everyone
    413                          refused: too big
    403 or 400 of a proxy        not yet
    400 otherwise                failed for this chat alone
    moved group                  moved
    401, 409, a file is lost     halted
    time-out, connection lost    unknown: nobody knows whether it arrived

`BadRequest` and `TimedOut` are subclasses of `NetworkError`, so they are told apart first.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from telegram import Bot, InputFile, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.bots import NotSentError, bulk_bot
from bot.telegram.letter import TelegramForm, TelegramPart, attachments
from bot.telegram.sender import LONGEST_WAIT
from services.announcements.attachments import Attachment, Uploads
from services.announcements.carrier import (
    BETWEEN_PARTS,
    Failed,
    Gone,
    Halted,
    Moved,
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

_log = structlog.get_logger()

_NOBODY = ("chat not found", "user not found", "peer_id_invalid")
_OUR_FAULT = ("parse", "too long", "empty", "button", "file", "photo", "image", "media", "entit")
_STALE = ("wrong file", "wrong remote file", "file_id", "file reference")
"""Of a file that is named: the name is another bot's, or Telegram has let go of the file."""
_TOO_BIG = "too large"
"""Of a request that is answered by 413, for which python-telegram-bot has no error of its own."""
_SHORTLY = 0.5
"""Seconds until what is only to be looked at is tried again."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class TelegramCarrier(TelegramForm):
    """Carries letters through a bot of its own."""

    bot: Bot
    folder: Path
    """Where attachments are kept."""
    uploads: Uploads

    async def carry(self, chat: str, part: TelegramPart) -> Outcome:
        """Deliver one message in one attempt, and say what came of it; no error escapes."""
        try:
            if part.attachment is None:
                await self._say(chat, part)
            else:
                return await self._give(chat, part, part.attachment)
        except TelegramError as error:
            return meaning(error)
        except Exception as error:  # noqa: BLE001  # because a letter whose fate is unknown is no reason to stop those of others
            _log.exception("announcement.carry_failed", reason=type(error).__name__)
            return Unknown(type(error).__name__)
        return Sent()

    async def show(self, chat: str, letter: Letter, attempts: int = 1) -> Outcome:
        """Carry a whole letter to one who wants to look at it, whom a second copy does no harm.

        Returns the outcome of the first message that did not arrive in so many attempts, if any.
        """
        for place, part in enumerate(self.parts(letter)):
            await asyncio.sleep(BETWEEN_PARTS if place else 0)
            outcome = await self._insist(chat, part, attempts)
            if outcome != Sent():
                return outcome
        return Sent()

    async def _insist(self, chat: str, part: TelegramPart, attempts: int) -> Outcome:
        while True:
            outcome = await self.carry(chat, part)
            attempts -= 1
            if not attempts or not isinstance(outcome, NotYet | Unknown):
                return outcome
            wait = outcome.seconds if isinstance(outcome, NotYet) and outcome.seconds else _SHORTLY
            if wait > LONGEST_WAIT.total_seconds():
                return outcome
            await asyncio.sleep(wait)

    async def _say(self, chat: str, part: TelegramPart) -> None:
        await self.bot.send_message(
            chat,
            part.html,
            parse_mode=ParseMode.HTML,
            reply_markup=part.buttons,
            link_preview_options=_NO_PREVIEW,
        )

    async def _give(self, chat: str, part: TelegramPart, file: Attachment) -> Outcome:
        """Send a file: by the name Telegram knows it by, or its bytes where it knows none."""
        known = await self.uploads.find(self.bot.id, file.sha256)
        if known is not None:
            try:
                await self._send(chat, part, file, known)
            except BadRequest as error:
                if not any(sign in error.message.lower() for sign in _STALE):
                    raise
                # Refused, so nothing has arrived: the bytes are no second copy.
                await self.uploads.forget(self.bot.id, file.sha256)
            else:
                return Sent()
        try:
            content = await asyncio.to_thread(file.read, self.folder)
        except AnnouncementError as problem:
            return Halted(problem)
        sent = await self._send(chat, part, file, InputFile(content, filename=file.name))
        await self.uploads.keep(self.bot.id, file.sha256, _file_id(sent))
        return Sent()

    async def _send(
        self, chat: str, part: TelegramPart, file: Attachment, content: str | InputFile
    ) -> Message:
        more = {
            "caption": part.html or None,
            "parse_mode": ParseMode.HTML,
            "reply_markup": part.buttons,
        }
        if file.kind == "photo":
            return await self.bot.send_photo(chat, content, **more)  # type: ignore[arg-type]  # because the values fit by name
        return await self.bot.send_document(chat, content, **more)  # type: ignore[arg-type]  # because the values fit by name


def meaning(error: TelegramError) -> Outcome:
    """Return what an error says about a message; see the table above."""
    why = error.message
    match error:
        case RetryAfter(retry_after=timedelta() as wait):
            return NotYet(why, wait.total_seconds())
        case ChatMigrated(new_chat_id=chat):
            return Moved(str(chat))
        case Forbidden() if error.__cause__ is None:
            return Gone("deactivated" if "deactivated" in why.lower() else "blocked")
        case BadRequest() if error.__cause__ is None:
            return _bad(why)
        case InvalidToken() | Conflict():
            return Halted(AnnouncementError("announcement_bot_refused", why=why))
        case _:
            return _network(error)


async def try_on(settings: Settings, sessions: Sessions, chat: str, letter: Letter) -> int:
    """Send a letter to a chat as a trial, of which no delivery is written; return its messages.

    Raises:
        SettingsError: no token is set, or Telegram refuses it.
        AnnouncementError: the letter did not arrive, or nobody knows.

    """
    async with _bot_for_one(settings) as bot:
        carrier = TelegramCarrier(bot, attachments(settings), Uploads(sessions, "telegram"))
        outcome = await carrier.show(chat, letter)
    if outcome != Sent():
        raise AnnouncementError(_why(outcome))
    return len(carrier.parts(letter))


def _bad(why: str) -> Outcome:
    lowered = why.lower()
    if any(sign in lowered for sign in _NOBODY):
        return Gone("not_found")
    return Refused(why) if any(sign in lowered for sign in _OUR_FAULT) else Failed(why)


def _network(error: TelegramError) -> Outcome:
    """Tell what never reached Telegram, or was answered by an error, from what was lost."""
    if _TOO_BIG in error.message.lower():
        return Refused(error.message)
    if isinstance(error, Forbidden | BadRequest):
        return NotYet(error.message)  # the page of a proxy in between says nothing of the person
    if isinstance(error, NotSentError) or error.__cause__ is None:
        return (NotYet if isinstance(error, NetworkError) else Failed)(error.message)
    return Unknown(type(error.__cause__).__name__)


def _file_id(sent: Message) -> str:
    """Return Telegram's name for the file of a message; of a picture, the largest size's."""
    if sent.photo:
        return sent.photo[-1].file_id
    return sent.document.file_id if sent.document else ""


@asynccontextmanager
async def _bot_for_one(settings: Settings) -> AsyncIterator[Bot]:
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
