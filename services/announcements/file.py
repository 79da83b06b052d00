"""An announcement file: the fields above its text, the text, and what stands beside it."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from services.errors import AnnouncementError


@dataclass(frozen=True)
class Written:
    """What stands in a file, as it was written."""

    fields: dict[str, Any]
    text: str
    sha256: str


def read_file(path: Path) -> Written:
    """Read a file, its lines ended in any way, with or without a byte order mark.

    Raises:
        AnnouncementError: it can't be read, is not UTF-8, or has no fields that can be read.

    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AnnouncementError("file_unread", file=str(path), why=error.strerror) from None
    head, text = _parted(path, _decoded(path, raw))
    return Written(_fields(path, head), text.strip(), hashlib.sha256(raw).hexdigest())


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


def _decoded(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnnouncementError("file_not_utf8", file=path.name) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip()


def _parted(path: Path, text: str) -> tuple[str, str]:
    handler = YAMLHandler()
    try:
        if handler.detect(text):
            return handler.split(text)
    except ValueError:
        pass  # the second line of hyphens is missing
    raise AnnouncementError("file_without_head", file=path.name)


def _fields(path: Path, head: str) -> dict[str, Any]:
    try:
        fields = YAMLHandler().load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise AnnouncementError("file_head_bad", file=path.name, line=line) from None
    except ValueError:
        raise AnnouncementError("file_day_bad", file=path.name) from None
    return {str(name): value for name, value in fields.items()} if isinstance(fields, dict) else {}
