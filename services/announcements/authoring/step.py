"""A step: one question of an announcement that is being written, and what answers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from services.announcements.authoring.duty import Duty
from services.conversation.reply import Reply


@dataclass(frozen=True)
class Words:
    """What was written in a message."""

    plain: str
    marked: str
    """The same as Markdown that shows it as it was written: bold, italic, links."""


Ask: TypeAlias = Callable[[Duty], Awaitable[Reply]]
Write: TypeAlias = Callable[[Duty, Words], Awaitable[str | None]]
"""Notes what was written; returns the question that comes next, None when this one is answered.

Raises `AnnouncementError` for what is no answer; its sentence says what would be one.
"""
Press: TypeAlias = Callable[[Duty, str], Awaitable[str | None]]
"""Notes a button by what it names; returns and raises as a `Write` does."""


@dataclass(frozen=True)
class Step:
    """How a question is asked and answered."""

    ask: Ask
    write: Write | None = None
    """What takes words; None where only buttons answer."""
    presses: Mapping[str, Press] = field(default_factory=dict)
    """What takes a button, by its word."""
