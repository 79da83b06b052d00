"""An announcement file: the fields above its text, and the text, as they were written."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from services.errors import AnnouncementError


@dataclass(frozen=True)
class Written:
    """What stands in a file."""

    fields: dict[str, Any]
    text: str
    sha256: str


def read_file(path: Path) -> Written:
    """Read a file, its lines ended in any way, with or without a byte order mark.

    Raises:
        AnnouncementError: it can't be read, is not UTF-8, or has no fields that can be read.

    """
    raw = _bytes(path)
    head, text = _parted(path, _decoded(path, raw))
    return Written(_fields(path, head), text.strip(), hashlib.sha256(raw).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"Không đọc được tệp {path} ({error.strerror}); xem lại đường dẫn."
        raise AnnouncementError(msg) from None


def _decoded(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = f"Tệp {path.name} không phải chữ UTF-8; lưu lại với bảng mã UTF-8 rồi soạn lại."
        raise AnnouncementError(msg) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip()


def _parted(path: Path, text: str) -> tuple[str, str]:
    handler = YAMLHandler()
    try:
        if handler.detect(text):
            return handler.split(text)
    except ValueError:
        pass  # the second line of hyphens is missing
    msg = (
        f"Tệp {path.name} thiếu phần đầu giữa hai dòng ---; bắt đầu từ một mẫu, xem "
        "“htx announce templates”."
    )
    raise AnnouncementError(msg)


def _fields(path: Path, head: str) -> dict[str, Any]:
    try:
        fields = YAMLHandler().load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", dòng {mark.line + 1}," if mark else ""
        msg = (
            f"Phần đầu tệp {path.name}{where} viết sai dạng; câu có dấu : # * [ hay ngoặc phải đặt "
            "trong ngoặc kép."
        )
        raise AnnouncementError(msg) from None
    except ValueError:
        msg = f"Phần đầu tệp {path.name} có ngày không có thật; viết ngày dạng 2026-12-31."
        raise AnnouncementError(msg) from None
    return {str(name): value for name, value in fields.items()} if isinstance(fields, dict) else {}
