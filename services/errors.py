"""The errors of the product; each carries a code and values for machines, a sentence for people.

    HtxError
    ├── SettingsError            a setting is missing or wrong
    ├── ContentError             articles, sources or phrases are broken (carries findings)
    │   └── EditionGone          an edition asked for by its fingerprint is of no use any more
    ├── GapError                 a gap is gone, or was changed by another meanwhile
    ├── ModelError               the understanding model could not be trained or loaded
    ├── NluError
    │   ├── NluUnavailable       the NLU server is down or too slow
    │   └── NluAnswerInvalid     it answered something that is no interpretation
    ├── StorageError             the database could not be opened, saved or restored
    ├── PeopleError              a person or a list of people can't be used
    │   ├── PlaceUnknown         no ward or commune of Đà Nẵng bears the name
    │   └── RowRefused           one row of a list can't be used; the others can
    ├── StaffError               an account is unknown, or may not do this
    ├── AnnouncementError        an announcement is refused; nothing was sent, the draft is kept
    ├── ProposalError            a proposal of an article is refused; its text is kept
    ├── TicketError              a ticket is another's, closed, or has changed meanwhile
    ├── ToolError                what a tool was given is none of what it works out
    └── MachineError             the machine lacks something: a port, disk, Python 3.10, network

An error is raised with the code of one case and what is particular to it:
`StaffError("staff_unknown", name=name)`. The sentence of that code stands in
`content/phrases/errors.yml` and says what happened; what is to be done about it on one face (a
command, a button) is added there by code, as `bot/terminal.py` does. A sentence in the
code's place is told as it is: findings, what another program said.

What a citizen reads when something fails stands in `content/phrases/replies.yml`.
"""

import re
from collections.abc import Mapping
from datetime import date
from errno import errorcode
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import TemplateError

from services.sandbox import Sandbox

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_FILE = Path(__file__).resolve().parents[1] / "content/phrases/errors.yml"
"""Of the content that the product comes with: an error may be that no other content can be read."""
_LAST_RESORT = "Việc này không làm được ({})."


class HtxError(Exception):
    """Base of all errors that the product raises on purpose.

    `str(error)` is a sentence that says what happened; `code` and `values` are stable.
    """

    code: str = "error"

    def __init__(self, what: str = "", /, **values: Any) -> None:
        """Keep the code of a case with its values, or a sentence that is told as it is."""
        super().__init__(what or self.code)
        self.values = values
        if _CODE.fullmatch(what):
            self.code = what

    def __str__(self) -> str:
        """Return the sentence."""
        return sentence(self)


def sentence(error: HtxError) -> str:
    """Return the sentence of an error; for one without a phrase, its code and values."""
    what = str(error.args[0])
    if what != error.code:
        return what
    try:
        return _ENVIRONMENT.from_string(_phrases()[what]).render(**error.values).strip()
    except (KeyError, TemplateError):
        told = (f"{name}: {value}" for name, value in error.values.items())
        return _LAST_RESORT.format(", ".join((what, *told)))


def why_of(error: OSError) -> str:
    """Return why the system refuses something, in words; in its own where none are known."""
    name = errorcode.get(error.errno or 0, "")
    try:
        why = _ENVIRONMENT.from_string(_phrases()["system_refused"]).render(name=name).strip()
    except (KeyError, TemplateError):
        why = ""
    return why or error.strerror or str(error)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, str]:
    """Read the sentences by code; none where the file can't be read."""
    try:
        read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return read if isinstance(read, dict) else {}


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


_ENVIRONMENT = Sandbox(trim_blocks=True)
_ENVIRONMENT.filters["day"] = _day


class SettingsError(HtxError):
    """A setting is missing or wrong."""

    code = "settings"


class ContentError(HtxError):
    """Content is broken; the message lists file, line, field and remedy of each finding."""

    code = "content"


class GapError(HtxError):
    """A gap is not there, or another has done something else with it."""

    code = "gap"


class EditionGone(ContentError):
    """An edition that is asked for by its fingerprint is not there any more, or can say nothing."""

    code = "edition_gone"


class ModelError(HtxError):
    """The understanding model could not be trained or loaded."""

    code = "model"


class NluError(HtxError):
    """The NLU server gave no usable interpretation."""

    code = "nlu"


class NluUnavailable(NluError):
    """The NLU server is down or slower than its time limit."""

    code = "nlu_unavailable"


class NluAnswerInvalid(NluError):
    """The NLU server answered something that is no interpretation."""

    code = "nlu_answer_invalid"


class StorageError(HtxError):
    """The database could not be opened, saved or restored."""

    code = "storage"


class PeopleError(HtxError):
    """A person, or a list of people, can't be used."""

    code = "people"


class PlaceUnknown(PeopleError):
    """No ward or commune of Đà Nẵng bears the name."""

    code = "place_unknown"


class RowRefused(PeopleError):
    """One row of a list can't be used; the message is the reason, told beside the line."""

    code = "row_refused"


class StaffError(HtxError):
    """An account is unknown, disabled, or may not do this."""

    code = "staff"


class AnnouncementError(HtxError):
    """An announcement, or what was asked of it, is refused; nothing was sent."""

    code = "announcement"


class ProposalError(HtxError):
    """A proposal of an article, or what was asked of it, is refused; its text is kept."""

    code = "proposal"


class TicketError(HtxError):
    """A ticket is another's or closed, or what was to be done with it can't be done."""

    code = "ticket"


class ToolError(HtxError):
    """What a tool was given is none of what it works out; the code says which value."""

    code = "tool"


class MachineError(HtxError):
    """The machine lacks something the product needs."""

    code = "machine"
