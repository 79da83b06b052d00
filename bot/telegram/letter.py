"""A letter as Telegram shows it, and what Telegram would refuse of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from telegram import InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.telegram.delivery import keyboard
from bot.telegram.markup import html, joined, markdown, units
from bot.telegram.render import WHOLE, Outgoing
from services.announcements.attachment import Attachment
from services.announcements.letter import Letter

CAPTION = 1024
"""Characters under a picture or a file (https://core.telegram.org/bots/api#sendphoto)."""
_BETWEEN = "\n\n· · ·\n\n"
_KEPT = 256
"""Letters whose message is kept: each is looked at for faults, then sent."""


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
        said, length = [], units(_outgoing(letter).plain)
        if length > WHOLE:
            said.append(
                f"Thông báo dài {length} ký tự, Telegram chỉ nhận {WHOLE}; viết ngắn lại "
                "hoặc để phần dài trong tệp PDF đính kèm."
            )
        most = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
        if any(len(button.payload.encode()) > most for button in letter.buttons):
            said.append("Mã của một nút dài quá mức Telegram nhận.")
        return said

    def parts(self, letter: Letter) -> Sequence[TelegramPart]:
        """Return the messages: a short text stands under the one file, else before all files."""
        text, files = _outgoing(letter), letter.attachments
        if len(files) == 1 and units(text.plain) <= CAPTION:
            return (TelegramPart(text.html, keyboard(text), files[0]),)
        alone = TelegramPart(text.html, keyboard(text))
        return (alone, *(TelegramPart("", attachment=file) for file in files))

    def preview(self, letter: Letter) -> str:
        """Return what the reader sees, message by message, as plain text."""
        text = _outgoing(letter).plain
        return _BETWEEN.join(_shown(part, text) for part in self.parts(letter))


def _shown(part: TelegramPart, text: str) -> str:
    file = [f"[📎 {part.attachment.name}]"] if part.attachment else []
    words = [text] if part.html else []
    rows = part.buttons.inline_keyboard if part.buttons else ()
    buttons = [f"[ {button.text} ]" for row in rows for button in row]
    return "\n".join([*file, *words, *([""] if buttons else []), *buttons])


@lru_cache(maxsize=_KEPT)
def _outgoing(letter: Letter) -> Outgoing:
    runs = joined(markdown(letter.text))
    return Outgoing(html(runs), "".join(run.text for run in runs), letter.buttons)
