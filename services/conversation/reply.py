"""A reply: the same for every channel until a renderer shows it."""

from dataclasses import dataclass
from typing import Literal

from services.conversation.payloads import Payload

Outcome = Literal["answered", "clarify", "smalltalk", "handoff", "declined"]
REASONS = ("wrong", "unclear", "off_topic", "incomplete")
"""Why an answer was of no use; a button names a reason by the place here."""


@dataclass(frozen=True)
class Button:
    """A choice: what it says and the id that comes back when it is pressed."""

    label: str
    payload: str


@dataclass(frozen=True)
class CitedSource:
    """A citation as shown: the document, the clause, and whether it is in force on the day."""

    source: str
    clause: str
    title: str
    in_force: bool


@dataclass(frozen=True)
class Reply:
    """What a question gets, or anything else that the product says.

    `lead`, `detail` and `next_step` are Markdown of the content's kind; a renderer escapes them.
    """

    outcome: Outcome
    lead: str
    """The short answer, or the one sentence there is to say."""
    detail: str = ""
    notices: tuple[str, ...] = ()
    """What the reader must know about this reply: less sure, second-hand, numbers masked."""
    citations: tuple[CitedSource, ...] = ()
    source_lines: tuple[str, ...] = ()
    """One line per citation, in words."""
    next_step: str = ""
    articles: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    """The articles that are asked back about, in the order of their buttons."""
    again: Payload | None = None
    """The button that brings this reply again; None where there is none."""
    buttons: tuple[Button, ...] = ()
    columns: int = 1
    """How many buttons stand side by side, where a channel can show that."""
    verdicts: tuple[Button, ...] = ()
    """What judges the answer: small, side by side, below everything else."""
    confidence: float = 0.0
    degraded: bool = False

    @property
    def article(self) -> str | None:
        """The first article that answered, if any."""
        return self.articles[0] if self.articles else None
