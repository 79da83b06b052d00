"""A draft: what an author wrote, out of a file or in a chat, ready to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from services.announcements.announcement import DAYS, FIELDS, AnnouncementForm, longest
from services.announcements.audience_words import Naming, read_audience
from services.announcements.file import read_file
from services.announcements.when import read_day
from services.errors import AnnouncementError

_HEAD = tuple(name for name in FIELDS if name != "body")
"""What may stand above the text of a file."""
_REQUIRED = ("title", "topic")


@dataclass(frozen=True)
class Draft:
    """What an author wrote."""

    form: AnnouncementForm
    names: tuple[str, ...] = ()
    """Files to be attached, beside those that the form holds; they stand beside the draft's."""
    path: Path | None = None
    """The file it was read from, if any."""
    sha256: str = ""


def read_draft(path: Path, naming: Naming, today: date) -> Draft:
    """Read an announcement file. An audience that can't be used is kept with its fault.

    Raises:
        AnnouncementError: it can't be read, or another field is missing, unknown or wrong.

    """
    file = read_file(path)
    fields = dict(file.fields)
    for name in fields:
        if name not in _HEAD:
            raise AnnouncementError("field_unknown", file=path.name, field=name, known=_HEAD)
    audience = read_audience(fields.pop("audience", None), path.parent, naming)
    names = _names(path, fields.pop("attachments", None))
    for name in DAYS & fields.keys():
        fields[name] = _day(path, name, fields[name], today)
    form = _form(path, fields | {"body": file.text, "audience": audience.row()})
    named = {"topic": naming.topic(form.topic), "source": naming.source(form.source)}
    return Draft(form.with_(**named), names, path.resolve(), file.sha256)


def _form(path: Path, fields: Mapping[str, Any]) -> AnnouncementForm:
    try:
        form = AnnouncementForm.model_validate(fields)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise AnnouncementError(
            "field_bad", file=path.name, field=name, most=longest(name), required=name in _REQUIRED
        ) from None
    for name in _REQUIRED:
        if not getattr(form, name):
            raise AnnouncementError(
                "field_bad", file=path.name, field=name, most=longest(name), required=True
            )
    return form


def _names(path: Path, value: Any) -> tuple[str, ...]:
    """Return names of files; a name alone is a list of one."""
    named = [value] if isinstance(value, str) and value.strip() else value or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise AnnouncementError("field_names", file=path.name, field="attachments")
    return tuple(named)


def _day(path: Path, name: str, value: Any, today: date) -> date | None:
    """Take a day as YAML has it, and as people write it."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return read_day(value if isinstance(value, str) else "", today)
    except AnnouncementError as error:
        if error.code == "day_unread":
            raise AnnouncementError("field_day", file=path.name, field=name) from None
        raise
