"""Office hours: when somebody answers, over lunch, weekends and the holidays of Việt Nam.

A day is a list of spans from the start: offices close for lunch. Holidays, Tết and days that were
swapped (`nghỉ bù`, a Saturday worked instead) come from the package `holidays`, which reads the
decisions of the government; those of next year follow its rule until it has decided.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from services.clock import VIETNAM, days_off
from services.errors import SettingsError

Span = tuple[time, time]

_GROUP = re.compile(r"(?P<days>T[2-7]|CN)(?:\s*-\s*(?P<to>T[2-7]|CN))?\s+(?P<spans>[\d:\s,–-]+)")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_FARTHEST = 60
"""Days within which every office opens: the longest Tết was eleven."""


@dataclass(frozen=True)
class OfficeHours:
    """The spans of each weekday, Monday is 0; a day that has none is closed."""

    spans: Mapping[int, tuple[Span, ...]]

    def opens(self, day: date) -> tuple[Span, ...]:
        """Return the spans of a day; one that is worked instead of another is as a Monday."""
        if day in days_off():
            return ()
        swapped = day in days_off().weekend_workdays
        return self.spans.get(0 if swapped else day.weekday(), ())

    def is_open(self, moment: datetime) -> bool:
        """Say whether somebody is there."""
        local = moment.astimezone(VIETNAM)
        return any(begin <= local.time() < end for begin, end in self.opens(local.date()))

    def after(self, start: datetime, hours: float) -> datetime | None:
        """Return when so many hours of work are over; None for an office that never opens."""
        left = timedelta(hours=hours)
        for begin, end in self._from(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of a time was worked, by the same calendar as `after`."""
        worked = timedelta()
        for begin, close in self._from(start, (end - start).days + 2):
            if begin >= end:
                break
            worked += min(close, end) - begin
        return worked

    def _from(self, start: datetime, days: int = _FARTHEST) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans from a moment on, the first cut to what is left of it."""
        first = start.astimezone(VIETNAM)
        for ahead in range(days):
            day = first.date() + timedelta(days=ahead)
            for begin, end in self.opens(day):
                opens = max(datetime.combine(day, begin, VIETNAM), first)
                closes = datetime.combine(day, end, VIETNAM)
                if opens < closes:
                    yield opens, closes


@lru_cache(maxsize=8)
def read_hours(text: str) -> OfficeHours:
    """Read `T2-T6 07:30-11:30 13:30-17:00; T7 07:30-11:30`; an empty text is an office never open.

    Raises:
        SettingsError: it is written otherwise.

    """
    spans: dict[int, tuple[Span, ...]] = {}
    try:
        for group in filter(None, map(str.strip, text.split(";"))):
            days, hours = _read_group(group)
            spans |= dict.fromkeys(days, hours)
    except (ValueError, AttributeError):
        msg = f"HTX_OFFICE_HOURS là “{text}”, phải viết như T2-T6 07:30-11:30 13:30-17:00; T7 …"
        raise SettingsError(msg) from None
    return OfficeHours(spans)


def _read_group(group: str) -> tuple[range, tuple[Span, ...]]:
    found = _GROUP.fullmatch(group)
    if found is None:
        raise ValueError(group)
    first = _DAYS.index(found["days"])
    last = _DAYS.index(found["to"]) if found["to"] else first
    hours = tuple(
        (time(int(one[1]), int(one[2])), time(int(one[3]), int(one[4])))
        for one in _SPAN.finditer(found["spans"])
    )
    ends = [begin < end for begin, end in hours]
    if not all(ends) or not hours or hours != tuple(sorted(hours)) or last < first:
        raise ValueError(group)
    return range(first, last + 1), hours
