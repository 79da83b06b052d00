"""A reply and its buttons: the same for every channel until a renderer shows them.

What a button carries is a verb and an id, never text; at most 64 bytes (Telegram's limit).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from services.knowledge.beginnings import ToolValue

Outcome = Literal["answered", "clarify", "smalltalk", "handoff", "declined", "form"]
REASONS = ("wrong", "unclear", "off_topic", "incomplete")
"""Why an answer was of no use; a button names a reason by the place here."""
_Shows = Literal["a", "d", "f", "v", "c", "k", "s", "t", "m", "h"]
Verb = Literal[_Shows, "u", "n", "w", "x", "p", "b", "g", "r", "q", "o", "e"]
"""What a button does.

a: what an article says first, the page tells which belief it settles · d: a part of an article,
named `article#part`, the page as before · f: all that an article says · v: what it says to one kind
of reader, the page tells which · c: its checklist · k: what a wish may mean · s: a subject's
topics · t: a topic's groups, or the articles of one, named `topic#group` · m: the menu · h: a
person · u: this article was useful · n: it was not · w: why it was not, the page tells the reason ·
x: a button under an announcement, the page tells which · p: what a person says of himself · b: a
step of staff with announcements · g: something about one's ticket · r: to be told when a question
has its answer, named by what it is known again; without a name, not to be told any more · q: a tool
is begun, or gone on with · o: a dossier: begun, looked at, marked · e: to be told of a deadline
before it is over, or not any more, named by what it is known again; without a name, of which one is
told.
"""

VERDICTS: tuple[Verb, ...] = ("u", "n", "w")
"""Verbs that judge an answer and ask for nothing."""

NEW = "new."
"""Before the procedure of which a dossier is begun."""
_PART = "#"
_VERBS = "|".join(get_args(Verb))
_NUMBER = "[0-9]{1,3}"
_FORM = re.compile(
    rf"(?P<verb>{_VERBS}):(?P<name>[^:\0]*)(?::(?P<page>{_NUMBER})(?::(?P<seen>{_NUMBER}))?)?"
)


@dataclass(frozen=True)
class Payload:
    """A verb and what it acts on."""

    verb: Verb
    name: str = ""
    page: int = 0
    seen: int = 0
    """How much of the reply was shown before, in blocks; only the rest is asked for then."""

    @property
    def article(self) -> str:
        """The article that its name begins with."""
        return self.name.partition(_PART)[0]

    @property
    def part(self) -> str:
        """The part of it that the name ends with; empty where it names none."""
        return self.name.partition(_PART)[2]

    topic, group = article, part
    """The topic that its name begins with, and the group of it, if it names one."""

    def __str__(self) -> str:
        """Encode as `verb:name:page:seen`; noughts at the end are left out."""
        text = f"{self.verb}:{self.name}"
        if self.seen:
            return f"{text}:{self.page}:{self.seen}"
        return f"{text}:{self.page}" if self.page else text


def read_payload(text: str) -> Payload | None:
    """Decode what came back from a button, or return None when it is not ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    verb: Verb = found["verb"]  # type: ignore[assignment]  # because the pattern holds the verbs alone
    return Payload(verb, found["name"], int(found["page"] or 0), int(found["seen"] or 0))


def to_part(article: str, part: str, belief: int = 0) -> Payload:
    """Return what a button to a part carries; it settles the belief at this place first."""
    return Payload("d", f"{article}{_PART}{part}", belief)


def to_group(topic: str, group: str) -> Payload:
    """Return what a button to a group of a topic carries."""
    return Payload("t", f"{topic}{_PART}{group}")


@dataclass(frozen=True)
class Button:
    """A choice: what it says and the id that comes back when it is pressed."""

    label: str
    payload: str


def is_to_part(button: Button) -> bool:
    """Say whether a button leads to a part of an article: its name is short, two fit a row."""
    return button.payload.startswith("d:")


def is_to_tool(button: Button) -> bool:
    """Say whether a button begins a tool: on a page that is an address of its own."""
    return button.payload.startswith("q:")


def to_dossier(procedure: str) -> Payload:
    """Return what a button carries that begins a dossier of a procedure."""
    return Payload("o", f"{NEW}{procedure}")


def is_to_dossier(button: Button) -> bool:
    """Say whether a button begins a dossier: on a page that is an address of its own."""
    return button.payload.startswith(f"o:{NEW}")


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
    part: str | None = None
    """The part of the article that is told; None for a lead, or all of it."""
    told: tuple[str, ...] = ()
    """The ids of the parts that a short answer tells, in their order, the lead among them.

    What a question tells of a second article is written `article#part`.
    """
    act: str | None = None
    """The act of talk that the message was; None where it was none."""
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
    asks: str = ""
    """The rule of the law that asks for one more figure; empty where none does."""
    leans: bool = False
    """Whether it was worked out of the figures of the question before, which stays the question."""
    unknown: bool = False
    """Whether it says that what was asked is not known: such replies are counted in a row."""
    particular: bool = False
    """Whether it names what it does not know: a letter, a contact, a fraud."""
    tool: str = ""
    """The tool that the message begins; empty where it begins none."""
    values: Mapping[str, ToolValue] = field(default_factory=dict)
    """What the message answers of that tool's questions."""
    person: bool = False
    """Whether a person was asked for: whoever keeps the turn opens a ticket."""

    def opened_by(self, sentence: str) -> "Reply":
        """Return the same reply with a sentence before it.

        It stays in the first paragraph: what is shown later is counted in paragraphs.
        """
        return replace(self, lead=f"{sentence}\\\n{self.lead}")

    @property
    def article(self) -> str | None:
        """The first article that answered, if any."""
        return self.articles[0] if self.articles else None
