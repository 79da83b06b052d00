"""Quiet hours: read from the settings, and never worked in."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.announcements.quiet import Quiet
from services.clock import VIETNAM
from services.errors import SettingsError

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001  # because the zone is set below
    lambda moment: moment.replace(tzinfo=UTC)
)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
SECONDS = st.floats(0, 500_000)
NIGHT = Quiet(time(21), time(6))


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Return a moment in Việt Nam."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize("text", ["21:00-06:00", " 21:00 - 6:00 ", "21:00–06:00"])
def test_hours_are_read(text: str) -> None:
    """With or without spaces and noughts, with either dash."""
    assert Quiet.read(text) == NIGHT


def test_empty_is_never() -> None:
    """Nothing holds then."""
    assert Quiet.read("  ").ends_after(at(3)) is None


@pytest.mark.parametrize(
    "text", ["21-6", "25:00-06:00", "21:60-06:00", "đêm", "21:00", "24:00-6:00"]
)
def test_hours_written_otherwise_are_one_sentence(text: str) -> None:
    """It names the setting and the form."""
    with pytest.raises(SettingsError, match=r"HTX_QUIET_HOURS là .* phải viết như 21:00-06:00"):
        Quiet.read(text)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        (at(20, 59), None),
        (at(21), at(6, day=25)),
        (at(23, 59), at(6, day=25)),
        (at(0), at(6)),
        (at(5, 59), at(6)),
        (at(6), None),
    ],
)
def test_night_goes_over_midnight(moment: datetime, ends: datetime | None) -> None:
    """From its first minute until just before its last."""
    assert NIGHT.ends_after(moment) == ends


def test_noon_rest_is_within_a_day() -> None:
    """Hours that begin before they end."""
    rest = Quiet.read("11:30-13:00")

    assert (rest.ends_after(at(12)), rest.ends_after(at(13))) == (at(13), None)


def test_work_goes_on_in_the_morning() -> None:
    """An hour's work that begins at half past eight in the evening ends at half past six."""
    assert NIGHT.finish(at(20, 30), 3600) == at(6, 30, day=25)


def test_work_begun_at_night_begins_in_the_morning() -> None:
    """The whole of it."""
    assert NIGHT.finish(at(22), 60) == at(6, 1, day=25)


def test_work_may_take_many_nights() -> None:
    """Thirty hours are two days of fifteen."""
    assert NIGHT.finish(at(6), 29 * 3600) == at(20, day=25)


@given(TIMES, TIMES, MOMENTS, SECONDS)
def test_work_never_ends_in_quiet_hours(
    begins: time, ends: time, start: datetime, seconds: float
) -> None:
    """Whatever the hours are; and it never ends earlier than the work takes."""
    quiet = Quiet(begins, ends)
    finish = quiet.finish(start, seconds)

    assert quiet.ends_after(finish) is None
    assert finish >= start + timedelta(seconds=seconds)


@given(TIMES, MOMENTS, SECONDS)
def test_without_quiet_hours_work_takes_its_time(
    begins: time, start: datetime, seconds: float
) -> None:
    """None at all, or of no length."""
    end = start + timedelta(seconds=seconds)

    assert Quiet().finish(start, seconds) == end
    assert Quiet(begins, begins).finish(start, seconds) == end


@given(TIMES, TIMES, MOMENTS)
def test_quiet_hours_end_when_nothing_holds_any_more(
    begins: time, ends: time, moment: datetime
) -> None:
    """The end that is told lies ahead, and outside."""
    quiet = Quiet(begins, ends)
    until = quiet.ends_after(moment)
    assume(until is not None)
    assert until is not None

    assert moment < until <= moment + timedelta(days=1)
    assert quiet.ends_after(until) is None
