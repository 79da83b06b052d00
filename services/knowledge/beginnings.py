"""The shape of `content/beginnings.yml`: which messages begin a tool, and what they fill in.

A tool begins on a wish to compute, score, check, look up or draft: on a verb of it, or with its own
numbers. What only asks about the matter is an ordinary question.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.rules import QUANTITIES
from services.knowledge.schema import Strict, Text
from services.knowledge.word_patterns import PatternError, check

A_MONTH, A_YEAR = "qamonth", "qayear"
"""What stands behind a rate that is told by the month, by the year; no word is written so."""

ToolValue = int | float | str
"""An answer as a tool takes it: đồng, months, hundredths, a day as 2027-03-15, a name."""
QuestionId = Annotated[Text, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A question of a tool, as its form or its command calls it."""


class FilledFigure(Strict):
    """A quantity that answers a question of the tool, told by the words around it."""

    question: QuestionId
    label: Text
    """What it is called where a reply tells what was understood."""
    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Word patterns that hold one quantity; the first that is found decides."""
    times: int = 1
    """What it counts: a rate of a month is twelve times that for a year."""
    among: tuple[int, ...] = ()
    """The values that it may have; any where none is named."""
    bare: bool = False
    """Whether it is a rate told without its time: one that may be a month's is asked for."""


class NamedAnswer(Strict):
    """An answer that is told by words."""

    value: int | str
    label: Text
    words: Text
    """A word pattern."""


class FilledName(Strict):
    """A question that is answered by a name: of the answers found, the one named first."""

    question: QuestionId
    label: Text
    words: QuestionId | None = None
    """The question that the words themselves answer, as they were written."""
    offers: Text | None = None
    """What is told, with all answers behind it, where none was named."""
    answers: Annotated[tuple[NamedAnswer, ...], Field(min_length=1)]


class FilledPlace(Strict):
    """A question that the name of one of our places answers."""

    question: QuestionId
    label: Text


class Beginning(Strict):
    """A tool, and the messages that begin it."""

    tool: Annotated[Text, Field(pattern=r"^[a-z]+$")]
    title: Text
    """What is done with it, in words that follow “muốn”."""
    begins: Annotated[tuple[tuple[Text, ...], ...], Field(min_length=1)]
    """Word patterns; a message that holds all of one way begins the tool."""
    named: tuple[tuple[Text, ...], ...] = ()
    """The same, for messages that name an answer too."""
    unless: Text | None = None
    """A word pattern of messages that ask about the matter."""
    again: tuple[Text, ...] = ()
    """Word patterns of a message behind one that began it, which wants it filled in anew."""
    figures: tuple[FilledFigure, ...] = ()
    """In this order: what one takes is not there for the next."""
    names: tuple[FilledName, ...] = ()
    articles: tuple[Text, ...] = ()
    """Those under which a button begins it."""
    place: FilledPlace | None = None
    needs: tuple[QuestionId, ...] = ()
    """What must be told, else nothing begins."""

    @property
    def patterns(self) -> Iterator[str]:
        """All word patterns of it."""
        for way in (*self.begins, *self.named):
            yield from way
        yield from filter(None, (self.unless, *self.again))
        for figure in self.figures:
            yield from figure.says
        for name in self.names:
            yield from (answer.words for answer in name.answers)


class Beginnings(Strict):
    """The tools, in the order in which they are tried."""

    words: dict[str, Text] = Field(default_factory=dict)
    """Lists of words, by the name that patterns call them by."""
    tools: tuple[Beginning, ...] = ()

    @property
    def lists(self) -> dict[str, str]:
        """The words of the lists, and what stands for each kind of quantity."""
        return {**QUANTITIES, "a_month": f"={A_MONTH}", "a_year": f"={A_YEAR}", **self.words}

    @model_validator(mode="after")
    def _readable(self) -> "Beginnings":
        try:
            check((pattern for tool in self.tools for pattern in tool.patterns), self.lists)
        except PatternError as error:
            kind, msg = "word_pattern", "unreadable word pattern: {pattern}"
            raise PydanticCustomError(kind, msg, {"pattern": str(error)}) from None
        return self

    @property
    def titles(self) -> dict[str, str]:
        """What is done with each tool."""
        return {one.tool: one.title for one in self.tools}
