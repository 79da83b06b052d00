"""Pictures and files that staff send: brought here from Telegram and kept as attachments."""

import asyncio
import mimetypes
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from telegram import Document, Message, PhotoSize

from services.announcements.attachments import Attachment, keep
from services.errors import AnnouncementError

_MOST = 20
"""Megabytes that a bot may bring from Telegram (https://core.telegram.org/bots/api#getfile)."""
_MEGABYTE = 1024 * 1024
_PHOTO = "anh.jpg"
"""Telegram gives pictures no names; they are all JPEG."""
_LONGEST = 60
"""Characters of a name without its ending; a file system takes 255 bytes."""


File: TypeAlias = PhotoSize | Document


def file_of(message: Message) -> File | None:
    """Return the picture, in its largest size, or the file of a message."""
    return message.photo[-1] if message.photo else message.document


async def fetch(held: File, folder: Path) -> Attachment:
    """Bring a picture or a file here and keep it.

    Raises:
        AnnouncementError: it is too big, or can't be an attachment.
        TelegramError: Telegram does not give it.

    """
    megabytes = (held.file_size or 0) / _MEGABYTE
    if megabytes > _MOST:
        raise AnnouncementError("attachment_big_here", megabytes=f"{megabytes:.0f}", most=_MOST)
    name = _name(held) if isinstance(held, Document) else _PHOTO
    file = await held.get_file()
    content = bytes(await file.download_as_bytearray())
    return await asyncio.to_thread(_keep, name, content, folder)


def _name(document: Document) -> str:
    """Return a name that any file system takes, with an ending."""
    given = Path((document.file_name or "").replace("\0", "")).name or "tep"
    ending = Path(given).suffix or mimetypes.guess_extension(document.mime_type or "") or ""
    return f"{Path(given).stem[:_LONGEST]}{ending[:_LONGEST]}"


def _keep(name: str, content: bytes, folder: Path) -> Attachment:
    with TemporaryDirectory() as place:
        source = Path(place, name)
        source.write_bytes(content)
        return keep(source, folder)
