"""The errors of the product; each carries a code for machines and a sentence for the person.

    HtxError
    ├── SettingsError            a setting is missing or wrong
    ├── ContentError             articles, sources or phrases are broken (carries findings)
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
    └── MachineError             the machine lacks something: a port, disk, Python 3.10, network

The sentence of an error is for whoever runs the product. What a citizen reads when something
fails stands in `content/phrases/replies.yml`.
"""

from typing import ClassVar


class HtxError(Exception):
    """Base of all errors that the product raises on purpose.

    `str(error)` is a sentence that says what happened and what to do; `code` is stable.
    """

    code: ClassVar[str] = "error"


class SettingsError(HtxError):
    """A setting is missing or wrong."""

    code = "settings"


class ContentError(HtxError):
    """Content is broken; the message lists file, line, field and remedy of each finding."""

    code = "content"


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


class MachineError(HtxError):
    """The machine lacks something the product needs."""

    code = "machine"
