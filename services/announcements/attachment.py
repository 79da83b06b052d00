"""Attachments: pictures and PDFs, kept by their hash, so that nobody can change them afterwards."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from services.announcements.beside import beside
from services.announcements.picture import pixels
from services.errors import AnnouncementError

Kind = Literal["photo", "document"]
_KINDS: dict[str, Kind] = {
    ".jpg": "photo",
    ".jpeg": "photo",
    ".png": "photo",
    ".pdf": "document",
}
_BEGINNINGS = {".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".png": b"\x89PNG", ".pdf": b"%PDF"}
_MOST: dict[Kind, int] = {"photo": 10, "document": 50}
"""Megabytes (https://core.telegram.org/bots/api#sending-files)."""
_MEGABYTE = 1024 * 1024
_MOST_PIXELS = 10_000
_MOST_OBLONG = 20
"""Of a photo: width and height together, and one by the other
(https://core.telegram.org/bots/api#sendphoto)."""


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


def keep_all(names: Iterable[str], near: Path, folder: Path) -> list[Attachment]:
    """Keep the files of these names that stand in `near`; of one that can't be, say why in it."""
    return list(dict.fromkeys(_kept_or_refused(name, near, folder) for name in names))


def keep(source: Path, folder: Path) -> Attachment:
    """Copy a file into the folder of attachments.

    Raises:
        AnnouncementError: it can't be read, is no picture or PDF, or more than Telegram takes.

    """
    kind, content = _read(source)
    kept = Attachment(source.name, kind, hashlib.sha256(content).hexdigest(), len(content))
    folder.mkdir(parents=True, exist_ok=True)
    if not kept.path(folder).exists():
        draft = folder / f"{kept.sha256}.{secrets.token_hex(4)}"
        draft.write_bytes(content)
        draft.replace(kept.path(folder))
    return kept


def _kept_or_refused(name: str, near: Path, folder: Path) -> Attachment:
    try:
        return keep(beside(near, name), folder)
    except AnnouncementError as error:
        return Attachment(name, "document", "", 0, str(error))


def _read(source: Path) -> tuple[Kind, bytes]:
    ending = source.suffix.lower()
    if ending not in _KINDS:
        _refuse(source, "phải là ảnh (jpg, png) hoặc PDF")
    kind = _KINDS[ending]
    try:
        _require_size(source, kind)
        content = source.read_bytes()
    except OSError as error:
        _refuse(source, f"không đọc được ({error.strerror}); xem lại đường dẫn và quyền đọc")
    if not content.startswith(_BEGINNINGS[ending]):
        _refuse(source, f"không đúng là tệp {ending.lstrip('.')}; xuất lại tệp")
    if kind == "photo":
        _require_shape(source, content)
    return kind, content


def _require_size(source: Path, kind: Kind) -> None:
    size = source.stat().st_size
    if size > _MOST[kind] * _MEGABYTE:
        _refuse(
            source,
            f"nặng {size / _MEGABYTE:.1f} MB, Telegram chỉ nhận tới {_MOST[kind]} MB; "
            "nén lại hoặc đăng lên trang web rồi ghi địa chỉ",
        )


def _require_shape(source: Path, content: bytes) -> None:
    """Refuse a picture that Telegram would refuse for its shape, as far as the file tells it."""
    found = pixels(content)
    if found is None:
        return
    width, height = found
    oblong = max(found) > _MOST_OBLONG * min(found)
    if width + height > _MOST_PIXELS or oblong:
        _refuse(
            source,
            f"rộng {width}, cao {height} điểm ảnh, Telegram không nhận ảnh lớn hay dài như vậy; "
            "thu nhỏ hoặc cắt bớt",
        )


def _refuse(source: Path, why: str) -> NoReturn:
    msg = f"Tệp đính kèm {source.name} {why}."
    raise AnnouncementError(msg)
