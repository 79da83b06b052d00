"""The time: moments counted in UTC, days in Việt Nam; read as people write them, and written so.

A day is 31/12/2026, 31.12, 2026-12-31 or ngày 31 tháng 12; a moment is a day and an hour in any
order: 27/11 08:00, 8h30 ngày 27/11, 7 giờ 30/11/2026, 2026-11-27T08:00.
"""

import calendar
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from services.errors import AnnouncementError

if TYPE_CHECKING:
    from holidays.countries.vietnam import VN

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Seven hours ahead of UTC all year round: no summer time since 1975."""

_DAY = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"
    r"|(?P<d>\d{1,2})\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{1,2})"
    r"(?:(?:[/.-]|\s+năm\s+)(?P<y>\d{4}))?(?!\d))",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d/])(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?![\d/])", re.IGNORECASE)
_LONG_PAST = timedelta(days=180)
"""A day without a year that was so long ago is meant of the next year."""


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day that it is in Việt Nam at a moment."""
    return moment.astimezone(VIETNAM).date()


def read_day(text: str, today: date) -> date:
    """Read a day; one without a year is the nearest.

    Raises:
        AnnouncementError: it is written in no form that is known, or stands in no calendar.

    """
    found = _DAY.search(text)
    if found is None:
        raise AnnouncementError("day_unread", written=text)
    day, month, year = (
        int(found[long] or found[short] or 0)
        for long, short in (("day", "d"), ("month", "m"), ("year", "y"))
    )
    read = _dated(day, month, year or today.year)
    if year or today - read < _LONG_PAST:
        return read
    return _dated(day, month, today.year + 1)


def read_moment(text: str, now: datetime) -> datetime:
    """Read a moment, in Việt Nam unless it names another zone.

    Raises:
        AnnouncementError: it is none, or its day stands in no calendar.

    """
    if (exact := _iso(text)) is not None:
        return exact
    hour = _HOUR.search(_DAY.sub(" ", text))
    if _DAY.search(text) is None or hour is None:
        raise AnnouncementError("moment_unread", written=text)
    day = read_day(text, now.astimezone(VIETNAM).date())
    try:
        return datetime(
            day.year, day.month, day.day, int(hour[1]), int(hour[2] or 0), tzinfo=VIETNAM
        )
    except ValueError:
        raise AnnouncementError("moment_unread", written=text) from None


def write_moment(moment: datetime) -> str:
    """Write a moment as people do: 08:00 ngày 31/12/2026."""
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def write_day(value: date | None) -> str:
    """Write a day as people do; nothing for none."""
    return f"{value:%d/%m/%Y}" if value else ""


def iso(moment: datetime | None) -> str | None:
    """Write a moment for a machine, to the second; none stays none."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else None


@lru_cache(maxsize=1)
def days_off() -> "VN":
    """Return the holidays of Việt Nam; a year is worked out when it is first asked of."""
    from holidays.countries.vietnam import VN  # noqa: PLC0415  # because it takes a fifth of a second

    return VN()  # type: ignore[no-untyped-call]  # because the package types no constructor


def _dated(day_: int, month: int, year: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0  # noqa: PLR2004  # because a year has twelve months
        written = f"{day_}/{month}/{year}"
        raise AnnouncementError(
            "day_of_no_calendar", written=written, month=month, last=last
        ) from None


def _iso(text: str) -> datetime | None:
    """Read what a machine writes, with seconds or a zone too; a day alone is no moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if ":" not in text:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
