"""By when, which days are off, when people are reminded.

The form of `content/deadlines`, `content/calendar.yml` and `content/reminders.yml`.
"""

import re
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.schema import Day, Strict, Text

Unit: TypeAlias = Literal["days", "workdays", "months"]
_MONTH_DAY = r"^\d{2}-\d{2}$"
_YEAR = 12
_WHAT = "{what}"
_UNIT_WORDS = {"workdays": "ngày làm việc", "days": "ngày", "months": "tháng", "years": "năm"}


class Deadline(Strict):
    """One deadline."""

    id: Annotated[Text, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    what: Text
    """What has to be done, or happens, by then."""
    term: Text
    """How long, and from which event, as the clause words it."""
    event: Text | None = None
    """The day from which it counts, as people name it; the same words are the same day. None for
    what comes each year."""
    after: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")] | None = None
    """The deadline above whose day that day is, at the latest."""
    opens: bool = False
    """Whether something may be done from that day on, not until then."""
    office: bool = False
    """Whether it binds an office, not those who read it."""
    days: int | None = None
    workdays: int | None = None
    months: int | None = None
    years: int | None = None
    """How long, in one of these; below nought where it is counted back from the event."""
    each: Annotated[str, StringConstraints(pattern=_MONTH_DAY)] | None = None
    """The month and day of an event that comes each year; then nothing else need be counted."""
    moves: bool = True
    """Whether somebody does something by then, who may do so on the next working day."""
    source: Text
    clause: Text
    note: Text | None = None

    @property
    def length(self) -> tuple[int, Unit]:
        """How many of which unit."""
        if self.workdays is not None:
            return self.workdays, "workdays"
        if self.days is not None:
            return self.days, "days"
        return (self.months or 0) + _YEAR * (self.years or 0), "months"

    @model_validator(mode="after")
    def _counts_from_something(self) -> Self:
        if (self.event is None) is not (self.each is not None):
            what = f"hạn {self.id} phải ghi một trong event, each"
            raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        return self

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        """Refuse a term of two lengths or none, and one whose words tell another number."""
        given = {unit: getattr(self, unit) for unit in _UNIT_WORDS}
        counted = [(unit, count) for unit, count in given.items() if count is not None]
        if len(counted) > 1 or not (counted or self.each):
            what = f"hạn {self.id} phải ghi một trong {', '.join(_UNIT_WORDS)}, hoặc each"
            raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        for unit, count in counted:
            told = rf"\b0?{abs(count)} {_UNIT_WORDS[unit]}\b(?! làm việc)"
            if not re.search(told, self.term):
                what = f"hạn {self.id}: term không nói {abs(count)} {_UNIT_WORDS[unit]}"
                raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        return self


class Deadlines(Strict):
    """The deadlines of a procedure, in the order of its steps."""

    title: Text | None = None
    """None where it is the procedure's."""
    ask: Text
    """The office to ask about them."""
    yearly: bool = False
    """Whether they are the round of a year, for which nobody is asked a day."""
    deadlines: Annotated[tuple[Deadline, ...], Field(min_length=1)]

    @property
    def events(self) -> dict[str, str]:
        """The days from which they count, each by the first deadline that counts from it."""
        first: dict[str, str] = {}
        for one in self.deadlines:
            if one.event:
                first.setdefault(one.event, one.id)
        return {name: event for event, name in first.items()}

    @property
    def usual(self) -> str:
        """The event that a day is of, where nobody says of which; none for the round of a year."""
        return "" if self.yearly else next(iter(self.events), "")

    @model_validator(mode="after")
    def _follow_above(self) -> Self:
        above: set[str] = set()
        for one in self.deadlines:
            if one.after and one.after not in above:
                what = f"hạn {one.id}: after {one.after} không có trong các hạn ở trên"
                raise PydanticCustomError("tool_data", _WHAT, {"what": what})
            above.add(one.id)
        return self


class ChangedDay(Strict):
    """A day that is off, or worked, because the government decided so."""

    day: Day
    works: bool
    document: Text


class DaysOff(Strict):
    """What the government decided of days off, beside what is so each year."""

    decided_through: int = 0
    """The last year whose days off are decided: later ones follow a rule."""
    changes: tuple[ChangedDay, ...] = ()


Plan: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=0, le=365)], ...], Field(min_length=1, max_length=4)
]
"""So many days before a deadline somebody is reminded, each time once."""


class Reminding(Strict):
    """When people are reminded of deadlines."""

    hour: Annotated[int, Field(ge=0, le=23)] = 8
    """Of the day, in Việt Nam; quiet hours put it off."""
    plans: Annotated[tuple[Plan, ...], Field(min_length=1)] = ((7, 1),)
    """What may be picked; the first holds where nothing is."""
    offered: tuple[Text, ...] = ("nam",)
    """Whose yearly deadlines are offered to whoever names none."""
