"""Attachments: pictures and PDFs, kept by their hash, so that nobody can change them afterwards."""

import hashlib
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

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


@dataclass(frozen=True)
class Attachment:
    """A kept file."""

    name: str
    kind: Kind
    sha256: str
    size: int

    def as_row(self) -> dict[str, Any]:
        """Return it as it is stored with an announcement."""
        return asdict(self)

    def path(self, folder: Path) -> Path:
        """Return where its bytes are."""
        return folder / self.sha256


def keep(source: Path, folder: Path) -> Attachment:
    """Copy a file into the folder of attachments.

    Raises:
        AnnouncementError: it is missing, no picture or PDF, or bigger than Telegram takes.

    """
    ending = source.suffix.lower()
    if ending not in _KINDS:
        msg = f"Tệp đính kèm {source.name} phải là ảnh (jpg, png) hoặc PDF."
        raise AnnouncementError(msg)
    if not source.is_file():
        msg = f"Không thấy tệp đính kèm {source.name} bên cạnh tệp thông báo; xem lại tên tệp."
        raise AnnouncementError(msg)
    kind, size = _KINDS[ending], source.stat().st_size
    if size > _MOST[kind] * _MEGABYTE:
        msg = (
            f"Tệp đính kèm {source.name} nặng {size / _MEGABYTE:.1f} MB, Telegram chỉ nhận tới "
            f"{_MOST[kind]} MB; nén lại hoặc đăng lên trang web rồi ghi địa chỉ."
        )
        raise AnnouncementError(msg)
    content = source.read_bytes()
    if not content.startswith(_BEGINNINGS[ending]):
        msg = f"Tệp đính kèm {source.name} không đúng là tệp {ending.lstrip('.')}; xuất lại tệp."
        raise AnnouncementError(msg)
    kept = Attachment(source.name, kind, hashlib.sha256(content).hexdigest(), size)
    folder.mkdir(parents=True, exist_ok=True)
    if not kept.path(folder).exists():
        draft = kept.path(folder).with_suffix(".draft")
        shutil.copyfile(source, draft)
        draft.replace(kept.path(folder))
    return kept
