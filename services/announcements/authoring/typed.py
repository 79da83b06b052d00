"""What staff type: days, moments, lists of names."""

import re
from datetime import date, datetime, timedelta

from services.clock import VIETNAM

_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?!\d)")
_CLOCK = re.compile(r"(?<![\d/])(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?![\d/])")
_LONG_PAST = timedelta(days=180)
"""A day without a year that was so long ago is meant of the next year."""


def read_day(text: str, today: date) -> date | None:
    """Read `31/12/2026` or `31/12`; None when it is no day."""
    found = _DAY.search(text)
    if found is None:
        return None
    day, month, year = (int(part) if part else 0 for part in found.groups())
    try:
        read = date(year or today.year, month, day)
        nearest = read if year or today - read < _LONG_PAST else read.replace(year=today.year + 1)
    except ValueError:
        return None
    return nearest


def read_moment(text: str, now: datetime) -> datetime | None:
    """Read `27/11 08:00` or `8h 27/11/2026`, in Việt Nam; None when it is no moment."""
    day = read_day(text, now.astimezone(VIETNAM).date())
    clock = _CLOCK.search(_DAY.sub(" ", text))
    if day is None or clock is None:
        return None
    try:
        return datetime(
            day.year, day.month, day.day, int(clock[1]), int(clock[2] or 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None


def names(text: str) -> list[str]:
    """Return the names of a list, parted by commas, semicolons or lines."""
    parted = (" ".join(name.split()) for name in re.split(r"[,;\n]", text))
    return [name for name in parted if name]
