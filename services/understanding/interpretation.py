"""An interpretation: what the NLU made of a question."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["article", "smalltalk", "handoff", "out_of_scope", "followup"]

_CLASSES: tuple[Kind, ...] = ("handoff", "out_of_scope", "followup")


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
    """True when lexical search answered in the NLU's place."""

    @property
    def best(self) -> Candidate | None:
        """The first reading, or None when there is none."""
        return self.ranking[0] if self.ranking else None

    def articles(self) -> list[Candidate]:
        """List the readings that are articles, the best first."""
        return [candidate for candidate in self.ranking if candidate.kind == "article"]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ParsedIntent(_Lenient):
    """A name and a probability."""

    name: str = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)


class ParsedGate(_Lenient):
    """The gate's judgement."""

    in_scope: float = Field(ge=0, le=1)
    opened: bool
    """Whether the message was read beside the open article: a topic may be unknown to the model."""


class Parse(_Lenient):
    """The part of Rasa's parse object that the product relies on."""

    intent_ranking: tuple[ParsedIntent, ...] = Field(min_length=1)
    gate: ParsedGate

    def interpretation(self) -> Interpretation:
        """Translate into the words of the product."""
        ranking = tuple(Candidate.of_intent(i.name, i.confidence) for i in self.intent_ranking)
        return Interpretation(ranking, self.gate.in_scope, opened=self.gate.opened)
