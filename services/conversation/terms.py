"""Terms of the law: what a rule makes of a person's days; pure, counted from the day that it is.

Like `services.conversation.arithmetic`, whose sums know no day.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from services.conversation.arithmetic import Told
from services.conversation.days import Period
from services.conversation.quantities import Term
from services.knowledge.rules import ArithmeticName

Stage = Literal["early", "open", "late", "over", "gone"]

_HUNDRED = 100
_CITY = (((4, 30), 1, 6), ((10, 30), 2, 12))
_MINISTRY = (((1, 30), 2, 3), ((7, 30), 1, 9))
"""The day before which papers are proposed, the round's number, and the month before whose 30th it
is over: Quyết định 26/2026, Điều 5 khoản 1 (the commune to the city) and 2 (the city on)."""
_SATURDAY = 5
_LONG_AGO = timedelta(days=365)
_LONG_OVER = timedelta(days=5 * 365)
"""A term that was over so long ago is another matter's: the day is a birthday, or the founding."""
_IN_FORCE = date(2026, 5, 22)
"""Certificates of before hold as their own decision says: Quyết định 26/2026, Điều 12 khoản 1."""


def reassessment(  # noqa: PLR0913  # because these are the figures of the rule, by name
    today: date,
    *,
    earliest: int,
    latest: int,
    extended: int,
    months: int,
    end: Period | None = None,
    issued: Period | None = None,
    remaining: Term | None = None,
) -> Told | None:
    """Tell when a certificate that ends, or was issued, in a period is handed in again.

    `stages` are where today stands for the last and the first day on which it may end.
    """
    ends = _ahead(today, remaining) if end is None and remaining else end
    if ends is None and issued is not None and issued.first <= today:
        ends = issued.shifted(months=months)
    if ends is None or ends.first > Period.of(today).shifted(months=months).first:
        return None  # none that there is can end so late
    stages = tuple(
        _stage(today, day, earliest, latest, extended) for day in (ends.last, ends.first)
    )
    return {
        "ends": ends,
        "first": ends.shifted(days=-earliest),
        "last": ends.shifted(days=-latest),
        "until": ends.shifted(days=extended),
        "stage": stages[0] if stages[0] == stages[1] else "unsure",
        "stages": stages,
        "given": end is not None,
        "old": end is None and issued is not None and issued.first < _IN_FORCE,
        "left": remaining if end is None else None,
    }


def rounds(
    today: date,
    *,
    workdays: int = 0,
    handed: Period | None = None,
    proposed: Period | None = None,
    raised: Period | None = None,
) -> Told | None:
    """Tell for which round of the year papers are that a commune takes or proposes in a period.

    It needs up to so many working days to propose what it takes. Of what the city has `raised` to
    the ministry the rounds are others.
    """
    given = handed or proposed or raised
    if given is None or today - given.last > _LONG_AGO:
        return None
    told = _worked(handed, workdays) if handed else given
    rows = _MINISTRY if raised else _CITY
    found = (_round(day, rows) for day in (told.first, told.last))
    return {
        "given": given,
        "proposed": told,
        "over": today > told.last,
        "rounds": tuple(dict.fromkeys(found)),
    }


def deadline(  # noqa: PLR0913  # because these are the figures of the rule, by name
    today: date,
    *,
    day: Period,
    days: int = 0,
    months: int = 0,
    workdays: int = 0,
    done: Period | None = None,
    term: Term | None = None,
) -> Told | None:
    """Tell the last day of a term that begins with a day, and where today stands.

    Where a day is told on which it is `done`, that is judged in the place of today. Of another
    `term` than the rule's own nothing is told.

    The day of the event does not count: ten days from the 1st end with the 11th. A term of
    working days is `about`: holidays are not known here; less than none are counted back,
    for a notice that is due so long before the day.
    """
    if term and term not in {Term(workdays, "workday"), Term(days, "day"), Term(months, "month")}:
        return None
    last = _worked(day, workdays) if workdays else day.shifted(days=days, months=months)
    if today - last.last > _LONG_OVER:
        return None
    stages = ("open" if today <= last.last else "late", "open" if today <= last.first else "late")
    return {
        "begins": day,
        "done": done,
        "in_time": done is not None and done.last <= last.first,
        "last": last,
        "about": bool(workdays),
        "stage": stages[0] if stages[0] == stages[1] else "unsure",
        "left": (last.first - today).days,
    }


def shortage(
    today: date, *, least: int, months: int, day: Period, count: int | None = None
) -> Told | None:
    """Tell until when members must be taken in who are lacking since a day; None if none are."""
    return deadline(today, day=day, months=months) if count is None or count < least else None


def yearly(today: date, *, month: int, day: int, or_month: int = 0, or_day: int = 0) -> Told:
    """Tell how many days are left to a day of each year, or the next of two, and gone since it."""
    days = [(month, day), *([(or_month, or_day)] if or_month else [])]
    years = (today.year - 1, today.year, today.year + 1)
    dates = sorted(date(year, *each) for year in years for each in days)
    ahead = next(one for one in dates if one >= today)
    last = dates[dates.index(ahead) - 1]
    return {
        "today": today,
        "next": ahead,
        "left": (ahead - today).days,
        "last": last,
        "since": (today - last).days,
    }


def since(today: date, *, day: Period) -> Told | None:
    """Tell a day on which something began that ends on no day of its own; none that is to come."""
    return {"begins": day} if day.first <= today else None


DATED: Mapping[ArithmeticName, Callable[..., Told | None]] = {
    "reassessment": reassessment,
    "rounds": rounds,
    "deadline": deadline,
    "shortage": shortage,
    "since": since,
    "yearly": yearly,
}
"""What depends on the day that it is."""


def _ahead(today: date, term: Term) -> Period | None:
    """Return the day in so many days, or the month in so many months, for those are about."""
    if term.unit == "day" and term.count <= _LONG_OVER.days:
        return Period.of(today + timedelta(term.count))
    if term.months is None or term.months > _HUNDRED:
        return None
    first = Period.of(today.replace(day=1)).shifted(months=term.months)
    return Period(first.first, first.shifted(months=1, days=-1).last)


def _stage(today: date, end: date, earliest: int, latest: int, extended: int) -> Stage:
    if today < end - timedelta(earliest):
        return "early"
    if today <= end - timedelta(latest):
        return "open"
    if today <= end:
        return "late"
    return "over" if today <= end + timedelta(extended) else "gone"


def _round(proposed: date, rows: Sequence[tuple[tuple[int, int], int, int]]) -> tuple[int, ...]:
    """Return the number of the round of papers proposed on a day, and its last month and year."""
    for before, number, over in rows:
        if proposed < date(proposed.year, *before):
            return number, over, proposed.year
    return *rows[0][1:], proposed.year + 1


def _worked(period: Period, count: int) -> Period:
    first, last = (_after_workdays(day, count) for day in (period.first, period.last))
    return Period(first, last, period.dated)


def _after_workdays(day: date, count: int) -> date:
    """Return the last of so many working days after a day, or before it where less than none.

    Holidays count as working days.
    """
    step = timedelta(1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < _SATURDAY
    return day
