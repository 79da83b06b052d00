"""Days, moments and lists as staff type them."""

from datetime import date, datetime

import pytest

from services.announcements.authoring.typed import names, read_day, read_moment
from services.clock import VIETNAM
from tests.conftest import NOON

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("ngày 1-2-2027.", date(2027, 2, 1)),
        ("31/12", date(2026, 12, 31)),
        ("2/1", date(2027, 1, 2)),
        ("23/11", date(2026, 11, 23)),
        ("31/02/2027", None),
        ("29/2", None),
        ("mai", None),
        ("1/13", None),
        ("2026-12-31", None),
    ],
)
def test_day(text: str, day: date | None) -> None:
    """A day without a year is the nearest one, a past one not long ago."""
    assert day == read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("27/11 08:00", datetime(2026, 11, 27, 8, tzinfo=VIETNAM)),
        ("8h 27/11", datetime(2026, 11, 27, 8, tzinfo=VIETNAM)),
        ("8h30 ngày 27/11/2026", datetime(2026, 11, 27, 8, 30, tzinfo=VIETNAM)),
        ("27/11/2026 lúc 20 giờ 15", datetime(2026, 11, 27, 20, 15, tzinfo=VIETNAM)),
        ("27/11", None),
        ("08:00", None),
        ("27/11 25:00", None),
        ("", None),
    ],
)
def test_moment(text: str, moment: datetime | None) -> None:
    """Day and hour in any order; neither alone is a moment."""
    assert moment == read_moment(text, NOON)


def test_names() -> None:
    """Parted by commas, semicolons and lines; empty ones are none."""
    assert names(" Hòa  Tiến, Hội An;\nTam Kỳ,, ") == ["Hòa Tiến", "Hội An", "Tam Kỳ"]
