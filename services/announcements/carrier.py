"""A carrier: what a channel must be able to do with a letter, and what may come of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from services.announcements.letter import Letter
from services.people.person import Stop

Part: TypeAlias = Any
"""A message as its own channel sends it; nobody else looks inside."""


BETWEEN_PARTS = 1.05
"""Seconds between two messages in one chat: Telegram takes one a second
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""


class Form(Protocol):
    """What a channel makes of a letter."""

    def faults(self, letter: Letter) -> list[str]:
        """Say in a sentence each what the channel would refuse."""
        ...

    def parts(self, letter: Letter) -> Sequence[Part]:
        """Return the messages that a letter takes, in their order."""
        ...


class Carrier(Form, Protocol):
    """Carries letters to the chats of one channel."""

    async def carry(self, chat: str, part: Part) -> None:
        """Deliver one message, in one attempt.

        Raises:
            CarryError: it was not delivered, or nobody knows; the subclass says which.

        """
        ...


Forms = Mapping[str, Form]
"""Forms by channel."""

Carriers = Mapping[str, Carrier]
"""Carriers by channel."""


class CarryError(Exception):
    """A letter was not delivered."""


class Gone(CarryError):
    """Nothing reaches the person any more; `reason` is one of `services.people.person.Stop`."""

    def __init__(self, reason: Stop) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Moved(CarryError):
    """The chat has a new id; nothing was delivered."""

    def __init__(self, chat: str) -> None:
        """Keep the new id."""
        super().__init__("moved")
        self.chat = chat


class Throttled(CarryError):
    """The channel wants no bulk for so many seconds; nothing was delivered."""

    def __init__(self, seconds: float) -> None:
        """Keep the seconds."""
        super().__init__("throttled")
        self.seconds = seconds


class Down(CarryError):
    """The channel can't be reached or is out of order; nothing was delivered."""


class Uncertain(CarryError):
    """The channel took the letter, or part of it, and never said what became of it."""


class Refused(CarryError):
    """The channel refuses the letter itself: it would refuse it for everyone."""


class Halted(CarryError):
    """The channel refuses the product: a wrong token, a bot that runs elsewhere."""
