"""Days of a message: one day, or the days of a month where only that is told."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from nlu.text import fold
from services.clock import VIETNAM

_MONTHS = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
_NAMED = {name: n for n, name in enumerate(_MONTHS, 1)} | {"muoi mot": 11, "muoi hai": 12}
_NAMED |= {"bon": 4}
_DOCUMENT = re.compile(
    r"(?:quyet dinh|qd|nghi dinh|nd|nghi quyet|nq|luat|thong tu|tt|cong van|cv|ket luan|kl"
    r"|van ban)(?: so)?\s*$"
)
"""Before the number of a document, which looks like a month: `Nghị quyết 07/2021`."""
_NUMBER = re.compile(r"\d+/\d+")
_NUMBERED = re.compile(r"\b(?:so nha|kiet|hem|ngo|quy|dot|tuan)\s*$")
"""Before a number that is no day: `quý 1/2027`, `kiệt 20/11`."""
_TODAY = re.compile(r"(?:^|[,.;:!?]\s*)(?:(?:hom|bua) (?:nay|ni)|nay|chu|gio)( la)?(?: ngay)?\s*$")
"""Before a day that is told to be today."""
_TOLD = re.compile(r"\s*(?:la\s+)?(?:ngay\s+)?\d")
"""Behind `hôm nay` where its day is told."""
_CLAUSE_ENDS = re.compile(r"\s*(?:roi|a)?\s*(?:[,.;:!?]|$)")
_COUNTED = ("lần", "kỳ", "kỳ họp", "cuộc họp", "buổi họp", "phiên họp", "phiên", "đợt")
"""What a number behind `thứ` counts, and names no day of the week."""
WEEKDAY = (
    r"(?:(?:hôm|hom|bữa|bua|ngày|ngay)\s+)?"
    + "".join(f"(?<!{one} )(?<!{fold(one)} )" for one in _COUNTED)
    + r"(?:(?:thứ|thu)\s*(?:hai|ba|tư|tu|năm|nam|sáu|sau|bảy|bay|[2-7])|chủ nhật|chu nhat|cn)"
    r"\s*,?\s*(?:là|la)?\s+"
)
"""What may stand before a day: `hôm thứ ba 5/1/2027`; `lần thứ hai 5/1/2027` is none."""
MET_TODAY = (
    r"(?:sáng|sang|trưa|trua|chiều|chieu)\s+nay"
    r"(?:(?=\s+(?:(?:mới|moi|vừa|vua|đã|da)\s+)?(?:họp|hop)\s+(?:xong|rồi|roi)\b)"
    r"|(?<=(?:họp|hop) (?:sáng|sang|trưa|trua) nay)|(?<=(?:họp|hop) (?:chiều|chieu) nay))"
)
"""Today, where a part of it is when a meeting was held: `sáng nay họp xong`, `họp sáng nay`."""
_WEEKDAY = re.compile(r"(?:(?:hom|bua|ngay) )?(?:thu ?(?P<at>\w+)|chu nhat|cn) ?,?(?: la)? (?=\S)")
_WEEKDAYS = ("hai", "ba", "tu", "nam", "sau", "bay")
_SUNDAY = 8
_MONTH_WORD = r"(?:thang|thg|t)\s*"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(
    rf"(?:ngay|mung|hom)?\s*(?P<day>\d{{1,2}})\s*(?:[/.-]\s*|{_MONTH_WORD})"
    r"(?P<month>\d{1,2}|[a-z]+(?: mot| hai)?)(?:\s*[/.,-]?\s*(?:nam\s*)?(?P<year>\d{2,4}))?"
    r"(?P<turn>\D*)"
)
_MONTH = re.compile(
    rf"(?:{_MONTH_WORD})?(?P<month>\d{{1,2}}|[a-z]+(?: mot| hai)?)"
    r"\s*[/.,-]?\s*(?:(?:nam\s*)?(?P<year>\d{4}))?(?P<turn>\D*)"
)
_CENTURY = 2000
_FEW_YEARS = 30
"""The last year of this century that is written in two digits: later ones are days or something."""
_TURNS = {
    "nay": 0,
    "ni": 0,
    "sau": 1,
    "toi": 1,
    "sang": 1,
    "qua": 1,
    "ngoai": -1,
    "truoc": -1,
    "roi": -1,
}
"""How far a year or month is from this one."""


@dataclass(frozen=True)
class Period:
    """From a day to a day; the same one where the day itself is told."""

    first: date
    last: date
    dated: bool = True
    """Whether its year was told; else it is the nearest."""

    @classmethod
    def of(cls, day: date, *, dated: bool = True) -> Self:
        """Return one day."""
        return cls(day, day, dated)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a period as `str` writes it. Raises ValueError for any other text."""
        first, last, *undated = text.split("/")
        return cls(date.fromisoformat(first), date.fromisoformat(last), not undated)

    def __str__(self) -> str:
        """Write it: `2028-12-31/2028-12-31`, and `/?` behind it where its year was not told."""
        return f"{self.first}/{self.last}{'' if self.dated else '/?'}"

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    def shifted(self, *, days: int = 0, months: int = 0) -> "Period":
        """Return it so many days or months later; a day that a month lacks is that month's last."""
        first, last = (_later(day, months) + timedelta(days) for day in (self.first, self.last))
        return Period(first, last, self.dated)


def read_period(text: str, before: str, today: date, behind: str = "") -> Period | None:
    """Read what was found as a day or a month; None for a day of no calendar, or a document.

    Nor for what only tells which day it is, on which nothing happens: “nay là 30/11, …”; nor for a
    day that is none of its weekday.
    """
    told = " ".join(fold(text).split())
    week = _WEEKDAY.match(told)
    told = told[week.end() :] if week else told
    told_before = fold(before[-24:])
    if _NUMBER.fullmatch(told) and _DOCUMENT.search(told_before):
        return None
    if _NUMBERED.search(told_before) or _is_today(told, told_before, fold(behind[:24])):
        return None
    try:
        found = _relative(told, today) or _dated(told, today) or _month(told, today)
    except ValueError:
        return None
    return None if week and found and _is_other(week["at"], found) else found


def write_day(day: date) -> str:
    """Write a day as people do, without noughts: 2/9/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def write_moment(moment: datetime) -> str:
    """Write a moment in Việt Nam with its day so: 08:05 ngày 2/9/2026."""
    here = moment.astimezone(VIETNAM)
    return f"{here:%H:%M} ngày {write_day(here)}"


def write_period(period: Period) -> str:
    """Write a day; of several both ends, for the paper tells which."""
    if period.is_day:
        return f"ngày {write_day(period.first)}"
    return f"ngày {write_day(period.first)} đến {write_day(period.last)}, tùy ngày cụ thể"


def write_month(period: Period) -> str:
    """Write a whole month by its name, anything else as `write_period` does."""
    first = period.first
    if not period.is_day and period == _whole_month(first.year, first.month):
        return f"tháng {first.month}/{first.year}"
    return write_period(period)


def _is_other(weekday: str | None, day: Period) -> bool:
    """Say whether a day is another one of its week than is told; the Sunday has no number."""
    number = _WEEKDAYS.index(weekday) + 2 if weekday in _WEEKDAYS else int(weekday or _SUNDAY)
    return day.is_day and day.first.isoweekday() + 1 != number


def _is_today(told: str, before: str, behind: str) -> bool:
    """Say whether a day is only told to be today: alone in its clause, or behind `là`."""
    if told == "hom nay":
        return bool(_TOLD.match(behind))
    found = _TODAY.search(before)
    return bool(found and (found[1] or _CLAUSE_ENDS.match(behind)))


def _relative(told: str, today: date) -> Period | None:
    """Read what is told from today: `hôm qua`, `tháng sau`."""
    match told.split():
        case ["hom" | "sang" | "trua" | "chieu", "nay"]:
            return Period.of(today)
        case ["hom", "qua"]:
            return Period.of(today - timedelta(1))
        case ["thang", turn] if turn in _TURNS:
            first = _later(today.replace(day=1), _TURNS[turn])
            return _whole_month(first.year, first.month)
    return None


def _dated(told: str, today: date) -> Period | None:
    """Read a day; one without a year is the nearest."""
    if iso := _ISO.fullmatch(told):
        return Period.of(date(*map(int, iso.groups())))
    found = _DAY.fullmatch(told)
    if found is None or (month := _month_of(found["month"])) is None:
        return None
    if (year := _year_of(found, today)) is not None:
        return Period.of(date(year, month, int(found["day"])))
    if "/" in told and told[0].isdigit() and int(found["day"]) <= month:
        return None  # `1/3` is a fraction as well, `20/11` is not
    near = [date(today.year + n, month, int(found["day"])) for n in (-1, 0, 1)]
    return Period.of(min(near, key=lambda day: abs(day - today)), dated=False)


def _month(told: str, today: date) -> Period | None:
    """Read a month with its year."""
    found = _MONTH.fullmatch(told)
    if found is None or (month := _month_of(found["month"])) is None:
        return None
    if found["turn"].split() and found["turn"].split()[0] in {"nay", "toi"}:  # the next March
        return _whole_month(today.year + (month < today.month), month)
    year = _year_of(found, today)
    return _whole_month(year, month) if year else None


def _whole_month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _month_of(told: str) -> int | None:
    month = int(told) if told.isdecimal() else _NAMED.get(told, 0)
    return month if 1 <= month <= 12 else None  # noqa: PLR2004  # because a year has twelve months


def _year_of(found: re.Match[str], today: date) -> int | None:
    """Return the year that is told in digits, or from this one: `sang năm`."""
    if told := found["year"]:
        year = int(told)
        if len(told) == 2:  # noqa: PLR2004  # because 27 is 2027
            return _CENTURY + year if today.year - _FEW_YEARS < _CENTURY + year else None
        return year
    turns = _TURNS[word] if (word := _turn_in(found["turn"])) else None
    return None if turns is None else today.year + turns


def _turn_in(told: str) -> str | None:
    return next((word for word in told.split() if word in _TURNS), None)


def _later(day: date, months: int) -> date:
    """Return the day so many months later, or the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
