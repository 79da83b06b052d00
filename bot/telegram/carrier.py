"""Telegram as a carrier of letters: one attempt each, and what its answer means for bulk.

    429                          throttled: bulk waits, replies do not
    403                          gone: blocked or deactivated
    400 chat not found           gone
    400 on the text, the file    refused: it would be refused for everyone
    400 otherwise                failed for this chat alone
    moved group                  moved
    401, 409                     halted
    no connection, 5xx           down: nothing was taken
    time-out, connection lost    uncertain: nobody knows whether it arrived

`BadRequest` and `TimedOut` are subclasses of `NetworkError`, so they are told apart first.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

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

from bot.telegram.letter import TelegramForm, TelegramPart
from bot.telegram.request import NotSentError
from services.announcements.attachment import Attachment
from services.announcements.carrier import (
    CarryError,
    Down,
    Gone,
    Halted,
    Moved,
    Refused,
    Throttled,
    Uncertain,
)
from services.announcements.uploads import Uploads

_NOBODY = ("chat not found", "user not found", "peer_id_invalid")
_OUR_FAULT = ("parse", "too long", "empty", "button", "file", "photo", "image", "media", "entit")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class TelegramCarrier(TelegramForm):
    """Carries letters through a bot of its own."""

    bot: Bot
    folder: Path
    """Where attachments are kept."""
    uploads: Uploads

    async def carry(self, chat: str, part: TelegramPart) -> None:
        """Deliver one message, in one attempt.

        Raises:
            CarryError: it was not delivered, or nobody knows; the subclass says which.

        """
        try:
            if part.attachment is None:
                await self._say(chat, part)
            else:
                await self._give(chat, part, part.attachment)
        except TelegramError as error:
            raise meaning(error) from None

    async def _say(self, chat: str, part: TelegramPart) -> None:
        await self.bot.send_message(
            chat,
            part.html,
            parse_mode=ParseMode.HTML,
            reply_markup=part.buttons,
            link_preview_options=_NO_PREVIEW,
        )

    async def _give(self, chat: str, part: TelegramPart, file: Attachment) -> None:
        """Send a file: by the name Telegram knows it by, or its bytes the first time."""
        known = await self.uploads.find(file.sha256)
        content = known or InputFile(file.path(self.folder).read_bytes(), filename=file.name)
        more = {
            "caption": part.html or None,
            "parse_mode": ParseMode.HTML,
            "reply_markup": part.buttons,
        }
        if file.kind == "photo":
            sent = await self.bot.send_photo(chat, content, **more)  # type: ignore[arg-type]  # because the values fit by name
        else:
            sent = await self.bot.send_document(chat, content, **more)  # type: ignore[arg-type]  # because the values fit by name
        if known is None:
            await self.uploads.keep(file.sha256, _file_id(sent))


def meaning(error: TelegramError) -> CarryError:
    """Return what an error says about a letter; see the table above."""
    said = error.message
    match error:
        case RetryAfter(retry_after=wait):
            return Throttled(wait.total_seconds() if isinstance(wait, timedelta) else wait)
        case ChatMigrated(new_chat_id=chat):
            return Moved(str(chat))
        case Forbidden():
            return Gone("deactivated" if "deactivated" in said.lower() else "blocked")
        case BadRequest():
            return _bad(said)
        case InvalidToken() | Conflict():
            return Halted(said)
        case _:
            return _network(error)


def _bad(said: str) -> CarryError:
    lowered = said.lower()
    if any(sign in lowered for sign in _NOBODY):
        return Gone("not_found")
    return Refused(said) if any(sign in lowered for sign in _OUR_FAULT) else CarryError(said)


def _network(error: TelegramError) -> CarryError:
    """Tell what never reached Telegram, or was answered by an error, from what was lost."""
    if isinstance(error, NotSentError) or error.__cause__ is None:
        return Down(error.message) if isinstance(error, NetworkError) else CarryError(error.message)
    return Uncertain(type(error.__cause__).__name__)


def _file_id(sent: Message) -> str:
    """Return Telegram's name for the file of a message; of a picture, the largest size's."""
    if sent.photo:
        return sent.photo[-1].file_id
    return sent.document.file_id if sent.document else ""
