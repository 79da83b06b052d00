"""Files of tickets: pictures and PDFs, checked by their bytes, pictures written anew.

A picture from a phone says where and when it was taken (EXIF): it is drawn again, and nothing but
what is seen is kept. What is neither picture nor PDF by its first bytes is refused, whatever it is
called.
"""

import asyncio
import hashlib
import hmac
import io
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from services.conversation.plain import visible
from services.errors import TicketError
from services.storage.models import TicketFile, TicketMessage

MOST = 10 * 1024 * 1024
"""Bytes of a file."""
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
_MOST_PIXELS = 50_000_000
"""Of a picture: more would fill the memory when it is opened; a good phone takes 12 million."""
_LONGEST_SIDE = 2400
"""Pixels to which a picture is made smaller: a letter that fills it is still read."""
_QUALITY = 85
_LONGEST_NAME = 60
_MOST_NUMBER = 2**31 - 1
_TOKEN = 32
"""Hex digits: 128 bits."""


@dataclass(frozen=True)
class CleanFile:
    """A file that may be kept and shown."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class FileLinks:
    """By what whoever a file was sent to opens it: nobody can guess the address."""

    site: str
    key: str

    def address(self, file: TicketFile) -> str:
        """Return the address of a file."""
        return f"{self.site}/tep/{file.id}/{self.token(file)}"

    def token(self, file: TicketFile) -> str:
        """Return what opens a file and no other."""
        named = f"ticket-file\x00{file.id}\x00{file.sha256}".encode()
        return hmac.new(self.key.encode(), named, hashlib.sha256).hexdigest()[:_TOKEN]


NO_LINKS = FileLinks("", "")


async def sent(
    session: AsyncSession, links: FileLinks, number: int, token: str
) -> TicketFile | None:
    """Return a file that an agent sent, to whoever holds its token; None to anybody else."""
    if number > _MOST_NUMBER:
        return None
    query = select(TicketFile).join(TicketMessage).where(TicketFile.id == number)
    answered = query.where(TicketMessage.kind == "answer").options(undefer(TicketFile.content))
    file = await session.scalar(answered)
    if file is None or not hmac.compare_digest(links.token(file).encode(), token.encode()):
        return None
    return file


def disposition(file: TicketFile) -> dict[str, str]:
    """Return how a browser takes a file: a picture is seen, a PDF is kept; under its name."""
    way = "attachment" if file.kind == PDF else "inline"
    return {"Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name)}"}


def kept(file: CleanFile) -> TicketFile:
    """Return the row of a file, of no message yet."""
    return TicketFile(
        sha256=file.sha256,
        name=file.name,
        kind=file.kind,
        size=len(file.content),
        content=file.content,
    )


async def find(session: AsyncSession, ticket: int, number: int) -> TicketFile:
    """Return a file of a ticket, its bytes with it.

    Raises:
        TicketError: the ticket has no such file.

    """
    query = select(TicketFile).join(TicketMessage).where(TicketFile.id == number)
    theirs = query.where(TicketMessage.ticket_id == ticket).options(undefer(TicketFile.content))
    found = await session.scalar(theirs)
    if found is None:
        raise TicketError("ticket_file_gone")
    return found


async def cleaned(name: str, content: bytes) -> CleanFile:
    """Return a file as it may be kept; pictures are drawn in a thread.

    Raises:
        TicketError: it is too big, no picture or PDF, or a picture that can't be opened.

    """
    if len(content) > MOST:
        raise TicketError("ticket_file_big", most=MOST // (1024 * 1024))
    if content.startswith(b"%PDF-"):
        return CleanFile(_named(name, PDF), PDF, content)
    return await asyncio.to_thread(_redrawn, name, content)


def _redrawn(name: str, content: bytes) -> CleanFile:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise TicketError("ticket_file_kind")
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            kind = PNG if opened.format == "PNG" else JPEG
            drawn = upright.convert("RGBA" if kind == PNG else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise TicketError("ticket_file_kind") from None
    drawn.info.clear()  # PNG writes its texts anew
    buffer = io.BytesIO()
    if kind == PNG:
        drawn.save(buffer, "PNG", optimize=False)
    else:
        drawn.save(buffer, "JPEG", quality=_QUALITY)
    return CleanFile(_named(name, kind), kind, buffer.getvalue())


def _named(name: str, kind: str) -> str:
    """Return a name that any machine takes, with the ending of what it is."""
    stem = PurePath(visible(name).replace("\\", "/").replace("\0", "")).stem
    plain = "".join(sign if sign.isalnum() or sign in " -_" else "-" for sign in stem).strip(" -")
    return f"{plain[:_LONGEST_NAME] or 'tep'}{_ENDINGS[kind]}"
