"""A draft: an announcement file as its author wrote it, read and checked for its shape."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.announcements.addressing import read_audience
from services.announcements.attachment import Attachment
from services.announcements.audience import Audience
from services.announcements.file import read_file
from services.errors import AnnouncementError

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
LONGEST = 200
"""Characters of a title."""


def _line(value: Any) -> Any:
    """Take numbers and days for words, and write all on one line."""
    if isinstance(value, str | date) or type(value) in (int, float):
        return " ".join(str(value).split())
    return value


def _line_or_none(value: Any) -> Any:
    return "" if value is None else _line(value)


def _day(value: Any) -> Any:
    """Take days as people write them too, 31/12/2026."""
    if isinstance(value, str) and not value.strip():
        return None
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    if isinstance(value, str | date | None):
        return value.date() if isinstance(value, datetime) else value
    msg = "a number is no day"
    raise ValueError(msg)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) and value.strip() else value or []


class Head(BaseModel):
    """The fields above the text."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=LONGEST)]
    topic: Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=LONGEST)]
    """A topic's name, or its label in the menus."""
    audience: Audience
    valid_until: Annotated[date | None, BeforeValidator(_day)] = None
    source: Annotated[str, BeforeValidator(_line_or_none)] = ""
    attachments: Annotated[list[str], BeforeValidator(_listed)] = []


_SAID = {
    "title": f"title (tiêu đề) phải có, dài tối đa {LONGEST} ký tự",
    "topic": "topic (chủ đề) phải có, viết không dấu, ví dụ ocop",
    "audience": "audience (người nhận) phải có",
    "valid_until": "valid_until (hạn) phải là ngày dạng 2026-12-31",
    "source": "source (nguồn) phải là một dòng chữ",
    "attachments": "attachments (đính kèm) phải là danh sách tên tệp",
}


@dataclass(frozen=True)
class Draft:
    """What an author wrote."""

    head: Head
    body: str
    path: Path | None = None
    """The file it was read from, if any; its attachments stand beside it."""
    sha256: str = ""
    kept: tuple[Attachment, ...] = ()
    """Attachments that were kept before, beside those that the head names."""


def read_draft(path: Path) -> Draft:
    """Read an announcement file. An audience that can't be used is kept with its fault.

    Raises:
        AnnouncementError: it can't be read, or another field is missing, unknown or wrong.

    """
    written = read_file(path)
    audience = read_audience(written.fields.get("audience"), path.parent)
    try:
        head = Head.model_validate(written.fields | {"audience": audience})
    except ValidationError as error:
        raise AnnouncementError(_sentence(path, error)) from None
    return Draft(head, written.text, path.resolve(), written.sha256)


def _sentence(path: Path, error: ValidationError) -> str:
    """Say which field is wrong; of several, the first."""
    named = str(error.errors()[0]["loc"][0])
    if named not in _SAID:
        known = ", ".join(_SAID)
        return f"{path.name}: không có mục “{named}” ở phần đầu; chỉ dùng {known}."
    return f"{path.name}: {_SAID[named]}."
