"""A reaction: what a handler returns to be said. It is said once all that the handler did is kept.

A handler is `async def name(visit, session, app) -> Reaction`: it changes rows in the session and
commits nothing. Its rows, its reaction and the receipt of the message are one transaction, so that
a killed process says what it had decided, and does nothing twice. Hence a reaction can be written
down whole: it holds data alone.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import Base64Bytes, TypeAdapter

from services.announcements.letter import Letter
from services.conversation.reply import Reply


@dataclass(frozen=True)
class ReportFile:
    """A file to be read elsewhere."""

    name: str
    content: Base64Bytes
    caption: str


Wording: TypeAlias = Reply | Letter | ReportFile
"""One thing to be said: words, a letter exactly as recipients get it, a file."""


@dataclass(frozen=True)
class ToStaff:
    """What somebody else is told: a member of staff, by name, in a private chat."""

    name: str
    chat: str
    wordings: tuple[Wording, ...]


@dataclass(frozen=True)
class Reaction:
    """What is to be said, in order; nothing at all is a reaction too."""

    wordings: tuple[Wording, ...] = ()
    instead_of: int | None = None
    """The message whose place the first words take, where the channel can do that."""
    seen: int = 0
    """How many blocks of the reply were shown before: only the rest is said."""
    notices: tuple[ToStaff, ...] = ()
    """What others are told then; whoever is not reached is named to the one who acted."""
    then: str = ""
    """The payload of a button whose reaction follows, read once this one is kept.

    For what takes long to read: while a handler's rows are not committed, SQLite has no other
    writer. What it names may read only: after a kill it is done again.
    """
    erases: bool = False
    """Whether something was erased: no trace of it may be left when that is said."""
    follows: bool = False
    """Whether something may be there now that is followed in a message of its own."""


_WRITTEN = TypeAdapter(Reaction)


def written(reaction: Reaction) -> dict[str, Any]:
    """Return a reaction as JSON."""
    held: dict[str, Any] = _WRITTEN.dump_python(reaction, mode="json")
    return held


def read(held: dict[str, Any]) -> Reaction:
    """Return the reaction that `written` wrote."""
    return _WRITTEN.validate_python(held)
