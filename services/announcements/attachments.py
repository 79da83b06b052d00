"""Attachments: pictures and PDFs, kept by their hash, so that nobody can change them afterwards.

What a channel holds of them already need not be sent to it again: `Uploads`. A channel's name for a
file is one bot's own: another bot is refused it
(https://core.telegram.org/bots/api#sending-files). What can't be read or noted there costs another
upload and nothing else: a letter's fate never hangs on it.
"""

import hashlib
import secrets
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from services.conversation.plain import visible
from services.errors import AnnouncementError, why_of
from services.storage.models import Upload
from services.storage.session import Sessions

_log = structlog.get_logger()

Kind = Literal["photo", "document"]
_KINDS: dict[str, Kind] = {
    ".jpg": "photo",
    ".jpeg": "photo",
    ".png": "photo",
    ".pdf": "document",
}
_PNG = b"\x89PNG"
_BEGINNINGS = {".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".png": _PNG, ".pdf": b"%PDF"}
_MOST: dict[Kind, int] = {"photo": 10, "document": 50}
"""Megabytes (https://core.telegram.org/bots/api#sending-files)."""
_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 60
"""Characters of a name without its ending; a file system takes 255 bytes."""
_MOST_PIXELS = 10_000
_MOST_OBLONG = 20
"""Of a photo: width and height together, and one by the other
(https://core.telegram.org/bots/api#sendphoto)."""
_PNG_SIZE = slice(16, 24)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame, which names the size (ITU-T T.81, table B.1)."""
_MARK = 0xFF


@dataclass(frozen=True)
class Attachment:
    """A kept file."""

    name: str
    kind: Kind
    sha256: str
    size: int
    fault: str = ""
    """Why there is nothing kept of it, a sentence."""

    def as_row(self) -> dict[str, Any]:
        """Return it as it is stored with an announcement."""
        return asdict(self)

    def path(self, folder: Path) -> Path:
        """Return where its bytes are."""
        return folder / self.sha256

    def read(self, folder: Path) -> bytes:
        """Return its bytes, the ones that were approved.

        Raises:
            AnnouncementError: it is gone, or other bytes lie there by now.

        """
        try:
            content = self.path(folder).read_bytes()
        except OSError:
            raise AnnouncementError("announcement_file_lost", name=self.name) from None
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise AnnouncementError("announcement_file_swapped", name=self.name)
        return content


@dataclass(frozen=True)
class Uploads:
    """A channel's own names for attachments, by bot and hash."""

    sessions: Sessions
    channel: str

    async def find(self, bot: int, sha256: str) -> str | None:
        """Return the name by which a bot may send a file again, if it was sent before."""
        try:
            async with self.sessions() as session:
                known = await session.get(Upload, (self.channel, bot, sha256))
        except SQLAlchemyError as error:
            _log.warning("upload.not_found", reason=type(error).__name__)
            return None
        return known.file if known else None

    async def keep(self, bot: int, sha256: str, file: str) -> None:
        """Note the channel's name for a file, whoever else notes one at this moment."""
        row = Upload(channel=self.channel, bot=bot, sha256=sha256, file=file)
        try:
            async with self.sessions.begin() as session:
                await session.merge(row)
        except IntegrityError:
            return  # another worker was first; its name is as good
        except SQLAlchemyError as error:
            _log.warning("upload.not_kept", reason=type(error).__name__)

    async def forget(self, bot: int, sha256: str) -> None:
        """Let go of a name that the channel refuses."""
        try:
            async with self.sessions.begin() as session:
                known = await session.get(Upload, (self.channel, bot, sha256))
                if known is not None:
                    await session.delete(known)
        except SQLAlchemyError as error:
            _log.warning("upload.not_forgotten", reason=type(error).__name__)


def keep_all(names: Iterable[str], near: Path, folder: Path) -> list[Attachment]:
    """Keep the files of these names that stand in `near`; of one that can't be, say why in it."""
    return list(dict.fromkeys(_kept_or_refused(name, near, folder) for name in names))


def keep(source: Path, folder: Path) -> Attachment:
    """Copy a file into the folder of attachments.

    Raises:
        AnnouncementError: it can't be read, is no picture or PDF, or more than Telegram takes.

    """
    kind, content = _read(source)
    kept = Attachment(visible(source.name), kind, hashlib.sha256(content).hexdigest(), len(content))
    folder.mkdir(parents=True, exist_ok=True)
    if not kept.path(folder).exists():
        # Written under another name first: whoever reads the hash's name reads all of it.
        unfinished = folder / f"{kept.sha256}.{secrets.token_hex(4)}"
        unfinished.write_bytes(content)
        unfinished.replace(kept.path(folder))
    return kept


def keep_bytes(name: str, content: bytes, folder: Path) -> Attachment:
    """Keep what came under a name from elsewhere: of the name the last part alone, cut short.

    Raises:
        AnnouncementError: it is no picture or PDF, or more than Telegram takes.

    """
    given = Path(name.replace("\0", "").replace("\\", "/"))
    short = f"{given.stem[:_LONGEST_NAME] or 'tep'}{given.suffix[:_LONGEST_NAME]}"
    with TemporaryDirectory() as place:
        source = Path(place, short)
        source.write_bytes(content)
        return keep(source, folder)


def safe_path(folder: Path, name: str) -> Path:
    """Return the file of that name in a folder or below it, however its letters are composed.

    All that an announcement file names is sought in its own folder alone: whoever sends a file to
    an officer must not have another of the officer's files sent out with it.

    Raises:
        AnnouncementError: there is none, or it lies outside of the folder.

    """
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise AnnouncementError("file_outside", name=name)
        found = path if path.is_file() else _composed(path)
    except (OSError, ValueError):
        found = None
    if found is None:
        raise AnnouncementError("file_not_beside", name=name)
    return found


def _composed(path: Path) -> Path | None:
    """Return the file whose name reads the same: macOS writes Vietnamese letters in pieces."""
    wanted = unicodedata.normalize("NFC", path.name)
    for other in path.parent.iterdir():
        if unicodedata.normalize("NFC", other.name) == wanted and other.is_file():
            return other
    return None


def _kept_or_refused(name: str, near: Path, folder: Path) -> Attachment:
    try:
        return keep(safe_path(near, name), folder)
    except AnnouncementError as error:
        return Attachment(name, "document", "", 0, str(error))


def _read(source: Path) -> tuple[Kind, bytes]:
    ending, name = source.suffix.lower(), source.name
    if ending not in _KINDS:
        raise AnnouncementError("attachment_kind", name=name)
    kind = _KINDS[ending]
    try:
        size = source.stat().st_size
        if size > _MOST[kind] * _MEGABYTE:
            megabytes = f"{size / _MEGABYTE:.1f}"
            raise AnnouncementError(
                "attachment_big", name=name, megabytes=megabytes, most=_MOST[kind]
            )
        content = source.read_bytes()
    except OSError as error:
        raise AnnouncementError("attachment_unread", name=name, why=why_of(error)) from None
    if not content.startswith(_BEGINNINGS[ending]):
        raise AnnouncementError("attachment_not_as_named", name=name, kind=ending.lstrip("."))
    if kind == "photo":
        _require_shape(name, content)
    return kind, content


def _require_shape(name: str, content: bytes) -> None:
    """Refuse a picture that Telegram would refuse for its shape, as far as the file tells it."""
    found = pixels(content)
    if found is None:
        return
    width, height = found
    if width + height > _MOST_PIXELS or max(found) > _MOST_OBLONG * min(found):
        raise AnnouncementError("attachment_shape", name=name, width=width, height=height)


def pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG picture; None when its beginning names none."""
    try:
        if content.startswith(_PNG):
            width, height = struct.unpack(">II", content[_PNG_SIZE])
            return width, height
        return _jpeg_pixels(content)
    except (struct.error, IndexError):
        return None


def _jpeg_pixels(content: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the frame's."""
    at = 2
    while content[at] == _MARK:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 1 if marker == _MARK else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
