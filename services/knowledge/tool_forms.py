"""The forms of tools as they stand in `content/tools`: what a person is asked, in which order.

What a person has answered is a table of a question's id and a value, and nothing else: which
questions apply, which come next, what is read, is computed from that (`services/tools/forms`). An
id means the same for ever; a question whose meaning changes gets another.
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, NoReturn, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.schema import Strict, Text

QuestionKind = Literal[
    "choice", "many", "yes_no", "number", "money", "months", "date", "text", "long", "rows", "place"
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Scalar: TypeAlias = bool | int | str
RESERVED = frozenset({"review", "result", "result.csv", "result.ics", "erase", "keep"})
"""Last parts of addresses beside a form's questions."""
_HASH = 16
_CHOOSES = ("choice", "many")


class NumberOf(Strict):
    """A number that is an earlier answer's, so many times."""

    of: Id
    times: Decimal = Decimal(1)


Limit: TypeAlias = Decimal | NumberOf


class Bounds(Strict):
    """Between what an answer lies; of a text its letters are counted."""

    least: Limit | None = None
    most: Limit | None = None
    below: Id | None = None
    """The earlier answer that it must be less than."""
    multiple_of: Id | None = None
    """The earlier answer of which it must be a multiple."""
    divides: Id | None = None
    """The earlier answer that must be a multiple of it."""

    @property
    def named(self) -> tuple[str, ...]:
        """The questions that it reads."""
        limits = (one.of for one in (self.least, self.most) if isinstance(one, NumberOf))
        return (*limits, *filter(None, (self.below, self.multiple_of, self.divides)))


class FormChoice(Strict):
    """One of the answers that may be chosen."""

    id: Id
    label: Text
    help: str = ""
    section: str = ""
    """What it and those behind it are told under, where they are many."""
    number: int | None = None
    """What it counts as where bounds are reckoned."""


class FormQuestion(Strict):
    """One question of a form."""

    id: Id
    kind: QuestionKind
    ask: Text
    help: str = ""
    name: str = ""
    """What its answer is called where all are looked over; the question itself where empty."""
    section: str = ""
    choices: tuple[FormChoice, ...] = ()
    show_if: Mapping[Id, Scalar | tuple[Scalar, ...]] = Field(default_factory=dict)
    """Earlier questions and the values of which their answers must be one; all must hold."""
    bounds: Bounds = Bounds()
    unit: str = ""
    """What stands behind a number."""
    yearly_from: Annotated[Decimal, Field(gt=0)] | None = None
    """Of a number for a year, one that is told for a month counts twelve times; what is told
    without its time and is less than this may be either, and is asked."""
    optional: bool = False
    """Whether it may be left out."""
    columns: tuple["FormQuestion", ...] = ()
    """What each row tells, of what is answered row by row."""
    example: str = ""
    """A row as it may be typed."""
    personal: bool = False
    """Whether the answer tells who somebody is: it stands in no log."""

    @property
    def named(self) -> str:
        """What its answer is called."""
        return self.name or self.ask

    def choice(self, name: object) -> FormChoice | None:
        """Return the choice of an id."""
        return next((one for one in self.choices if one.id == name), None)

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        if (self.kind in _CHOOSES) != bool(self.choices):
            _refuse(f"câu {self.id}: kind choice, many cần choices; kind khác thì không")
        if (self.kind == "rows") != bool(self.columns):
            _refuse(f"câu {self.id}: kind rows cần columns; kind khác thì không")
        if len({one.id for one in self.choices}) < len(self.choices):
            _refuse(f"câu {self.id}: hai choices trùng id")
        return self


class ToolForm(Strict):
    """What a tool asks."""

    name: str = ""
    """The tool's, which is the name of the file."""
    title: Text
    intro: Text
    begin: Text
    """What the button says that begins it."""
    early: str = ""
    """What the button says that ends it with questions open, all of which may be left out; empty
    where each must be answered."""
    questions: Annotated[tuple[FormQuestion, ...], Field(min_length=1)]
    keep_days: Annotated[int, Field(ge=1, le=365)] = 90

    @cached_property
    def fingerprint(self) -> str:
        """What tells this form from what it was before: the beginning of a hash."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:_HASH]

    def question(self, name: str) -> FormQuestion | None:
        """Return the question of an id."""
        return self._by_id.get(name)

    @property
    def single(self) -> bool:
        """Whether it asks one thing, in words: its answer is told at once, nothing looked over."""
        return [one.kind for one in self.questions] == ["text"]

    @cached_property
    def _by_id(self) -> Mapping[str, FormQuestion]:
        return {one.id: one for one in self.questions}

    @model_validator(mode="after")
    def _reads_backwards(self) -> Self:
        """Refuse a question that reads what is asked later, so that no path goes in a circle."""
        before: dict[str, FormQuestion] = {}
        for one in self.questions:
            if one.id in before or one.id in RESERVED:
                _refuse(f"id {one.id} dùng hai lần, hoặc là từ dành riêng")
            for name in (*one.show_if, *one.bounds.named):
                if name not in before:
                    _refuse(f"câu {one.id} đọc {name}, không có ở trước nó")
            for name, values in one.show_if.items():
                _expect_values(one.id, before[name], values)
            before[one.id] = one
        return self


def _expect_values(name: str, read: FormQuestion, values: Scalar | tuple[Scalar, ...]) -> None:
    """Refuse a condition that no answer can meet."""
    if read.kind not in _CHOOSES:
        return
    for value in values if isinstance(values, tuple) else (values,):
        if read.choice(value) is None:
            _refuse(f"câu {name}: {read.id} không có lựa chọn {value}")


def _refuse(what: str) -> NoReturn:
    kind, msg = "tool_form", "{what}"
    raise PydanticCustomError(kind, msg, {"what": what})
