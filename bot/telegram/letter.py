"""A letter as Telegram shows it, what Telegram would refuse of it, and who makes letters so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from html import escape
from pathlib import Path

from telegram import InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.telegram.markup import html, joined, markdown, units
from bot.telegram.render import WHOLE, Outgoing
from bot.telegram.sender import keyboard
from services.announcements.announcer import Announcer
from services.announcements.attachments import Attachment
from services.announcements.letter import Letter, filled
from services.announcements.quiet import Quiet
from services.clock import utc_now
from services.conversation.reply import Button
from services.knowledge.library import Library
from services.people.person import identity_of
from services.settings import Settings

CAPTION = 1024
"""Characters under a picture or a file (https://core.telegram.org/bots/api#sendphoto)."""
_BETWEEN = "\n\n· · ·\n\n"
_KEPT = 32
"""Announcements whose words are kept as Telegram takes them."""


@dataclass(frozen=True)
class TelegramPart:
    """One message: a text, or a file with a text under it, or a file alone."""

    html: str
    buttons: InlineKeyboardMarkup | None = None
    attachment: Attachment | None = None


class TelegramForm:
    """Makes messages of letters."""

    def faults(self, letter: Letter) -> list[str]:
        """Say in a sentence each what Telegram would refuse."""
        found, length = [], units(_plain(letter))
        if length > WHOLE:
            found.append(
                f"Thông báo dài {length} ký tự, Telegram chỉ nhận {WHOLE}; viết ngắn lại "
                "hoặc để phần dài trong tệp PDF đính kèm."
            )
        most = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
        if any(len(button.payload.encode()) > most for button in letter.buttons):
            found.append("Mã của một nút dài quá mức Telegram nhận.")
        return found

    def parts(self, letter: Letter) -> Sequence[TelegramPart]:
        """Return the messages: a short text stands under the one file, else before all files."""
        worded, files = _worded(letter.wording, letter.buttons), letter.attachments
        text = filled(worded.html, letter.values, partial(escape, quote=False))
        if len(files) == 1 and units(_plain(letter)) <= CAPTION:
            return (TelegramPart(text, worded.buttons, files[0]),)
        alone = TelegramPart(text, worded.buttons)
        return (alone, *(TelegramPart("", attachment=file) for file in files))

    def preview(self, letter: Letter) -> str:
        """Return what the reader sees, message by message, as plain text."""
        text = _plain(letter)
        return _BETWEEN.join(_shown(part, text) for part in self.parts(letter))


def _plain(letter: Letter) -> str:
    return filled(_worded(letter.wording, letter.buttons).plain, letter.values)


def _shown(part: TelegramPart, text: str) -> str:
    file = [f"[📎 {part.attachment.name}]"] if part.attachment else []
    words = [text] if part.html else []
    rows = part.buttons.inline_keyboard if part.buttons else ()
    buttons = [f"[ {button.text} ]" for row in rows for button in row]
    return "\n".join([*file, *words, *([""] if buttons else []), *buttons])


@dataclass(frozen=True)
class _Worded:
    """What is the same in the letters of all: HTML and plain text with marks, and the buttons."""

    html: str
    plain: str
    buttons: InlineKeyboardMarkup | None


@lru_cache(maxsize=_KEPT)
def _worded(wording: str, buttons: tuple[Button, ...]) -> _Worded:
    runs = joined(markdown(wording))
    plain = "".join(run.text for run in runs)
    written = html(runs)
    return _Worded(written, plain, keyboard(Outgoing(written, plain, buttons)))


FORMS = {"telegram": TelegramForm()}
"""The form of each channel that announcements are sent on."""


def attachments(settings: Settings) -> Path:
    """Return the folder where attachments are kept."""
    return settings.data_dir / "attachments"


def announcer_of(
    settings: Settings, library: Library, now: Callable[[], datetime] = utc_now
) -> Announcer:
    """Return an announcer out of a library.

    Raises:
        SettingsError: the quiet hours are written wrong.

    """
    return Announcer(
        library=library,
        forms=FORMS,
        folder=attachments(settings),
        now=now,
        identity=identity_of(settings),
        quiet=Quiet.read(settings.quiet_hours),
        rate=settings.bulk_rate,
    )
