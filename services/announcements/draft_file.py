"""A draft: what an author wrote, in a chat or in a file, ready to be kept; templates to begin from.

A file has the fields above its text. A template is one with blanks, in `content/announcements`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError

from services.announcements.announcement import DAYS, FIELDS, AnnouncementForm, longest
from services.announcements.audience import Audience
from services.announcements.audience_words import Naming, read_audience
from services.announcements.letter import names_in
from services.clock import read_day
from services.errors import AnnouncementError, why_of
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.people.person import Identity

_HEAD = tuple(name for name in FIELDS if name != "body")
"""What may stand above the text of a file."""
_REQUIRED = ("title", "topic")
_TEMPLATES = "announcements"
"""The folder of the content in which templates stand."""


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
    file = _read_file(path)
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


@dataclass(frozen=True)
class Template:
    """A file to begin from."""

    name: str
    path: Path

    @property
    def title(self) -> str:
        """The title that it proposes.

        Raises:
            AnnouncementError: the template is broken.

        """
        return str(_read_file(self.path).fields.get("title", self.name))

    def copy(self, target: Path) -> None:
        """Write a copy to begin from, where no file stands yet.

        Raises:
            AnnouncementError: there is one already, or it can't be written.

        """
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(self.path.read_text(encoding="utf-8"))
        except FileExistsError:
            raise AnnouncementError("file_there", file=str(target)) from None
        except OSError as error:
            raise AnnouncementError("file_unwritten", file=str(target), why=why_of(error)) from None


def templates(content: Path) -> dict[str, Template]:
    """Return the templates of a content folder by name."""
    paths = sorted((content / _TEMPLATES).glob("*.md"))
    return {path.stem: Template(path.stem, path) for path in paths}


def find_template(content: Path, name: str) -> Template:
    """Return a template.

    Raises:
        AnnouncementError: there is none of that name.

    """
    known = templates(content)
    if name not in known:
        raise AnnouncementError("template_unknown", name=name, known=list(known))
    return known[name]


def broken_templates(content: Path, library: Library) -> Iterator[Finding]:
    """Yield a finding for each template from which no announcement can begin."""
    naming = Naming.of(library, Identity(""))
    for template in templates(content).values():
        fault = _template_fault(template, naming)
        if fault:
            file = f"{_TEMPLATES}/{template.path.name}"
            yield Finding(file, 1, "-", fault, "Sửa mẫu, xem các mẫu khác.")


def _template_fault(template: Template, naming: Naming) -> str:
    """Return why no announcement can begin from a template; empty where one can."""
    try:
        form = read_draft(template.path, naming, date.max).form
        names_in(form.body)
    except AnnouncementError as error:
        return str(error)
    if not form.body:
        return str(AnnouncementError("template_empty"))
    return Audience.stored(form.audience).fault


@dataclass(frozen=True)
class _Written:
    """What stands in a file, as it was written."""

    fields: dict[str, Any]
    text: str
    sha256: str


def _read_file(path: Path) -> _Written:
    """Read a file, its lines ended in any way, with or without a byte order mark."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AnnouncementError("file_unread", file=str(path), why=why_of(error)) from None
    head, text = _parted(path, _decoded(path, raw))
    return _Written(_fields(path, head), text.strip(), hashlib.sha256(raw).hexdigest())


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


def _form(path: Path, fields: Mapping[str, Any]) -> AnnouncementForm:
    try:
        form = AnnouncementForm.model_validate(fields)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        if name == "urgent":
            raise AnnouncementError("field_yes_no", file=path.name, field=name) from None
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
