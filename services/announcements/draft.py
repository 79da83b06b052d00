"""A draft: an announcement file as its author wrote it, read and checked for its shape."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import frontmatter
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.announcements.audience import Audience
from services.errors import AnnouncementError

_TOPIC = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def _stripped(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value or []


class Head(BaseModel):
    """The fields above the text."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, BeforeValidator(_stripped), Field(min_length=1, max_length=200)]
    topic: Annotated[str, BeforeValidator(_stripped), Field(pattern=_TOPIC)]
    audience: Audience
    valid_until: date | None = None
    source: Annotated[str, BeforeValidator(_stripped)] = ""
    attachments: Annotated[list[str], BeforeValidator(_listed)] = []


_SAID = {
    "title": "title (tiêu đề) phải có, dài tối đa 200 ký tự",
    "topic": "topic (chủ đề) phải có, viết không dấu, ví dụ ocop",
    "audience": (
        "audience (người nhận) phải có; chỉ nhận topics, roles, places, groups, chats, "
        "active_days, exclude"
    ),
    "valid_until": "valid_until (hạn) phải là ngày dạng 2026-12-31",
    "source": "source (nguồn) phải là một dòng chữ",
    "attachments": "attachments (đính kèm) phải là danh sách tên tệp",
}


@dataclass(frozen=True)
class Draft:
    """An announcement file, read."""

    head: Head
    body: str
    path: Path
    sha256: str


def read_draft(path: Path) -> Draft:
    """Read an announcement file.

    Raises:
        AnnouncementError: it can't be read, or a field is missing, unknown or wrong.
        PlaceUnknown: the audience names a place that is not in Đà Nẵng.

    """
    raw = _bytes(path)
    try:
        found = frontmatter.loads(raw.decode("utf-8-sig"))
        head = Head.model_validate(found.metadata)
    except UnicodeDecodeError:
        msg = f"Tệp {path.name} không phải chữ UTF-8; lưu lại với bảng mã UTF-8 rồi soạn lại."
        raise AnnouncementError(msg) from None
    except yaml.YAMLError:
        msg = f"Phần đầu tệp {path.name} (giữa hai dòng ---) viết sai dạng; xem mẫu trong tài liệu."
        raise AnnouncementError(msg) from None
    except ValidationError as error:
        raise AnnouncementError(_sentence(path, error)) from None
    body = str(found.content).strip()
    if not body:
        msg = f"Thông báo trong {path.name} chưa có nội dung; viết dưới phần đầu tệp."
        raise AnnouncementError(msg)
    return Draft(head, body, path.resolve(), hashlib.sha256(raw).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"Không đọc được tệp {path} ({error.strerror}); xem lại đường dẫn."
        raise AnnouncementError(msg) from None


def _sentence(path: Path, error: ValidationError) -> str:
    """Say which field is wrong; of several, the first."""
    named = str(error.errors()[0]["loc"][0])
    if named not in _SAID:
        known = ", ".join(_SAID)
        return f"{path.name}: không có mục “{named}” ở phần đầu; chỉ dùng {known}."
    return f"{path.name}: {_SAID[named]}."
