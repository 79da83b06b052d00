"""Days counted as laws word them: days, working days, months.

The first day is not counted. A term of days counts all of them, one of working days leaves out
weekends and days off; one of months ends on the same day of its last month, or on the last day of a
month that has no such day (Bộ luật Dân sự 2015, Điều 147, 148). Days off are those of the package
`holidays`; what the government decided otherwise stands in `content/calendar.yml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from services.clock import days_off
from services.conversation.days import Period
from services.knowledge.deadlines import DaysOff, Unit

_DAY = timedelta(1)
_WEEKEND = 5
_NEAR = 10
"""Days around a Tết within which the government may move days off; the longest had nine."""
_TET = "Lunar New Year"
"""In the names that the package has for its days."""


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked."""

    decided: DaysOff

    @cached_property
    def _works(self) -> dict[date, bool]:
        return {change.day: change.works for change in self.decided.changes}

    def is_off(self, day: date) -> bool:
        """Say whether nobody works that day."""
        if day in self._works:
            return not self._works[day]
        known = days_off()
        if day in known:
            return True
        return day.weekday() >= _WEEKEND and day not in known.weekend_workdays

    def working_day(self, day: date, step: int = 1) -> date:
        """Return the day itself, or the nearest after it that is worked; before it for -1."""
        while self.is_off(day):
            day += step * _DAY
        return day

    def end(self, start: date, count: int, unit: Unit) -> date:
        """Return the last day of a term; one that is counted back has a count below nought."""
        if unit == "months":
            return Period.of(start).shifted(months=count).first
        if unit == "days":
            return start + count * _DAY
        day, step = start, 1 if count > 0 else -1
        for _ in range(abs(count)):
            day = self.working_day(day + step * _DAY, step)
        return day

    def is_expected(self, start: date, end: date, unit: Unit) -> bool:
        """Say whether the end may still change: days off that it depends on are not decided yet.

        These are those that a count of working days passes, and a Tết nearby.
        """
        first, last = sorted((start, end))
        passed = _between(first, last - _DAY) if unit == "workdays" else (end,)
        near = _between(end - _NEAR * _DAY, end + _NEAR * _DAY)
        found = (*filter(days_off().__contains__, passed), *filter(_is_tet, near))
        return any(day.year > self.decided.decided_through for day in found)


def _is_tet(day: date) -> bool:
    return _TET in days_off().get(day, "")


def _between(first: date, last: date) -> Iterator[date]:
    """Yield the days after one until another."""
    yield from (first + n * _DAY for n in range(1, (last - first).days + 1))
