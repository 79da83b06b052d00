"""An answer: what a step says to whoever took it, and to others."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from services.announcements.authoring.duty import Duty
from services.announcements.letter import Letter
from services.conversation.reply import Reply


@dataclass(frozen=True)
class Paper:
    """A file to be read elsewhere."""

    name: str
    content: bytes
    caption: str


Said: TypeAlias = Reply | Letter | Paper
"""One thing that is said: words, a letter exactly as recipients get it, a file."""


@dataclass(frozen=True)
class Notice:
    """What another member of staff is told."""

    name: str
    chat: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Answer:
    """What is said; of a press, the first words stand in the place of what was pressed."""

    said: tuple[Said, ...] = ()
    notices: tuple[Notice, ...] = ()
    beside: bool = False
    """Whether the message that was pressed stays as it is."""


View: TypeAlias = Callable[[Duty], Awaitable[Answer]]
"""Reads what is to be said; nothing is written meanwhile, so that it may take its time."""
Act: TypeAlias = Callable[[Duty, str], Awaitable[View]]
"""Does what a button asks, by what the button names; returns what is to be shown then."""


async def told(_duty: Duty, reply: Reply) -> Answer:
    """Say what is known already; a `View` once `reply` is given."""
    return Answer((reply,))
