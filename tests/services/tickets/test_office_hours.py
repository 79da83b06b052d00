"""Office hours: when somebody answers, over lunch, weekends, holidays and swapped Saturdays."""

from datetime import datetime, timedelta

import pytest

from services.clock import VIETNAM
from services.errors import SettingsError
from services.tickets.office_hours import read_hours

HOURS = read_hours("T2-T6 08:00-11:30 13:30-17:00")


def at(text: str) -> datetime:
    """Return a moment in Việt Nam: `27/11 16:40`, of 2026."""
    return datetime.strptime(f"2026 {text} +0700", "%Y %d/%m %H:%M %z")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("26/11 09:00", 1, "26/11 10:00"),
        ("26/11 11:00", 1, "26/11 14:00"),  # over lunch
        ("27/11 16:40", 1, "30/11 08:40"),  # Friday afternoon
        ("28/11 10:00", 4, "30/11 14:00"),  # Saturday
        ("26/11 20:00", 1, "27/11 09:00"),  # in the evening
        ("23/11 16:30", 1, "25/11 08:30"),  # over the Day of Culture
        ("13/02 16:30", 1, "23/02 08:30"),  # over Tết
        ("21/08 16:30", 1, "22/08 08:30"),  # a Saturday that is worked instead of 31/8
        ("28/08 16:30", 1, "03/09 08:30"),  # the day swapped for it, and the National Day
    ],
)
def test_hours_of_work_are_counted(start: str, hours: float, due: str) -> None:
    """A deadline falls within hours of work, and as much is worked until it."""
    found = HOURS.after(at(start), hours)

    assert found == at(due)
    assert HOURS.between(at(start), at(due)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("26/11 09:00", True), ("26/11 12:00", False), ("24/11 09:00", False), ("29/11 09:00", False)],
)
def test_whether_somebody_is_there(moment: str, is_open: bool) -> None:
    """Not over lunch, on a holiday, on a Sunday."""
    assert HOURS.is_open(at(moment)) is is_open


def test_saturday_may_have_hours_of_its_own() -> None:
    """Groups of days stand side by side."""
    hours = read_hours("T2-T6 08:00-17:00; T7 08:00-11:00")

    assert hours.is_open(at("28/11 10:00"))
    assert not hours.is_open(at("28/11 12:00"))


def test_office_that_never_opens() -> None:
    """It promises nothing."""
    assert read_hours("").after(at("26/11 09:00"), 1) is None


@pytest.mark.parametrize(
    "text",
    ["8-17", "T2-T6", "T6-T2 08:00-11:00", "T2 11:00-08:00", "T2 08:00-25:00", "T8 08:00-11:00"],
)
def test_what_is_written_otherwise_is_refused(text: str) -> None:
    """With how it is to be written."""
    with pytest.raises(SettingsError, match="HTX_OFFICE_HOURS"):
        read_hours(text)


def test_times_are_of_viet_nam() -> None:
    """Whatever the zone in which the moment is given."""
    start = at("26/11 09:00").astimezone(VIETNAM)

    assert HOURS.after(start, 1) == at("26/11 10:00")
