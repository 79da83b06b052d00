"""A carrier: what a channel must be able to do with a letter, and what may come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from services.announcements.letter import Letter
from services.errors import AnnouncementError
from services.people.person import Stop

Part: TypeAlias = Any
"""A message as its own channel sends it; nobody else looks inside."""


BETWEEN_PARTS = 1.05
"""Seconds between two messages in one chat: Telegram takes one a second
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""


@dataclass(frozen=True)
class Sent:
    """The message arrived."""


@dataclass(frozen=True)
class NotYet:
    """Nothing was taken, and the same message may be taken later."""

    why: str
    seconds: float | None = None
    """For so long the channel wants no bulk; None when it can't be reached or is out of order."""


@dataclass(frozen=True)
class Moved:
    """Nothing was taken: the chat has a new id."""

    chat: str


@dataclass(frozen=True)
class Gone:
    """Nothing was taken: nothing reaches the person any more."""

    reason: Stop


@dataclass(frozen=True)
class Failed:
    """Nothing was taken: the channel refuses it in this chat, for a reason of this chat's."""

    why: str


@dataclass(frozen=True)
class Refused:
    """Nothing was taken: the channel refuses the message itself, and would for everyone."""

    why: str


@dataclass(frozen=True)
class Halted:
    """Nothing was taken, nor will it be before a person has mended something."""

    problem: AnnouncementError


@dataclass(frozen=True)
class Unknown:
    """The channel may have taken it and never said so: nobody may send it again."""

    why: str


Outcome: TypeAlias = Sent | NotYet | Moved | Gone | Failed | Refused | Halted | Unknown


def reason(outcome: Outcome) -> str:
    """Return why a message did not arrive, as the channel says it."""
    match outcome:
        case NotYet(why=why) | Failed(why=why) | Refused(why=why) | Unknown(why=why):
            return why
        case Gone(reason=why):
            return why
        case Halted(problem=problem):
            return str(problem)
        case _:
            return ""


class LetterForm(Protocol):
    """What a channel makes of a letter."""

    def faults(self, letter: Letter) -> list[str]:
        """Say in a sentence each what the channel would refuse."""
        ...

    def parts(self, letter: Letter) -> Sequence[Part]:
        """Return the messages that a letter takes, in their order."""
        ...


class Carrier(LetterForm, Protocol):
    """Carries letters to the chats of one channel."""

    async def carry(self, chat: str, part: Part) -> Outcome:
        """Deliver one message in one attempt, and say what came of it; no error escapes."""
        ...


Forms = Mapping[str, LetterForm]
"""Forms by channel."""

Carriers = Mapping[str, Carrier]
"""Carriers by channel."""
