"""An interpretation: what was made of a question, by the NLU or out of its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, get_args

from services.knowledge.distress_cues import Emergency
from services.understanding.thresholds import Bars, Thresholds

Kind = Literal["article", "smalltalk", "handoff", "out_of_scope", "followup"]

PartsMeant = Mapping[str, Mapping[str, float]]
"""By article, how much is asked for each of its parts."""

_CLASSES: tuple[Kind, ...] = ("handoff", "out_of_scope", "followup")


EMERGENCIES: tuple[Emergency, ...] = get_args(Emergency)
Danger = (
    Emergency
    | Literal["self", "youth", "other", "child", "harassment", "violence", "emergency", "lines"]
)
"""Who writes may take their life, a grown person or a youth, or somebody else theirs; a child is
hurt; somebody is beaten or threatened; somebody is in water, fire, illness or hunger. Words alone
tell the kinds of emergency and harassment apart, and who asks which line to call."""


@dataclass(frozen=True)
class Distress:
    """What was heard in a message of somebody who may be in danger, or tells of another."""

    clear: bool
    """Whether it leaves no doubt: then nothing else is answered."""
    dangers: tuple[Danger, ...]
    """Each once, the one that is spoken to first."""
    likely: bool = False
    """Whether it is likely clear: then nothing else is said where nothing else is answered."""
    faint: bool = False
    """Whether it is only a doubt where the message asks nothing and nothing else is answered."""


@dataclass(frozen=True)
class Candidate:
    """One reading of a question and how sure the NLU is of it."""

    kind: Kind
    name: str
    """The id of an article or of a kind of small talk; empty for the other kinds."""
    confidence: float

    @classmethod
    def of_intent(cls, intent: str, confidence: float) -> Self:
        """Read an intent's name: `founding.ho-so`, `smalltalk.greeting` or a class of its own."""
        if intent in _CLASSES:
            return cls(intent, "", confidence)
        group, _, name = intent.partition(".")
        if group == "smalltalk":
            return cls("smalltalk", name, confidence)
        return cls("article", f"{group}/{name}", confidence)


@dataclass(frozen=True)
class Interpretation:
    """Ranked readings of a question, the best first."""

    ranking: tuple[Candidate, ...]
    in_scope: float
    """How sure the gate is that some article could answer, from 0 to 1."""
    opened: bool = False
    """True when it was read beside the article that is open."""
    degraded: bool = False
    """True when it was read by its words, in the NLU's place."""
    bars: Bars | None = None
    """What it is judged by where that is not the NLU's bars."""
    distress: Distress | None = None
    """What the NLU hears of distress in it."""
    near: bool | None = None
    """Whether the NLU finds something like distress in it, whatever words it has; None unasked."""
    parts: PartsMeant = field(default_factory=dict)
    """For the likeliest articles that have parts, how much is asked for each: 1 fully, 0 not."""

    @property
    def best(self) -> Candidate | None:
        """The first reading, or None when there is none."""
        return self.ranking[0] if self.ranking else None

    def is_of(self, article: str) -> bool:
        """Say whether it is an article's before any other's."""
        return next((c.name == article for c in self.articles()), False)

    def articles(self) -> list[Candidate]:
        """List the readings that are articles, the best first."""
        return [candidate for candidate in self.ranking if candidate.kind == "article"]


class Nlu(Protocol):
    """Whatever reads a question."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Read a question beside the open article; raise `NluError` without a usable reading."""
        ...


@dataclass(frozen=True)
class Interpreter:
    """Two ways to turn a text into an interpretation: the NLU's, and the words' when it fails."""

    nlu: Nlu
    words: Nlu
    """Reads by words alone, and never fails."""
    thresholds: Thresholds
    patience: float = 1.5
    """Seconds that all readings of a message may take together."""

    async def read(self, text: str, opened: str | None) -> Interpretation:
        """Read `text` beside the open article, if any.

        Raises:
            NluError: there is no usable reading.

        """
        return await self.nlu.parse(text, opened)

    async def read_by_words(self, text: str, opened: str | None) -> Interpretation:
        """Find articles that hold the words of `text`; never fails, but is `degraded`."""
        return await self.words.parse(text, opened)
