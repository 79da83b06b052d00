"""Days and moments as staff write them, on whatever face."""

from datetime import UTC, date, datetime

import pytest

from services.clock import VIETNAM, iso, read_day, read_moment, write_day, write_moment
from services.errors import AnnouncementError
from tests.conftest import NOON

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("ngày 1-2-2027.", date(2027, 2, 1)),
        ("30.11.2026", date(2026, 11, 30)),
        ("2026-12-31", date(2026, 12, 31)),
        ("ngày 30 tháng 11", date(2026, 11, 30)),
        ("ngày 30 tháng 11 năm 2027", date(2027, 11, 30)),
        ("31/12", date(2026, 12, 31)),
        ("2/1", date(2027, 1, 2)),
        ("23/11", date(2026, 11, 23)),
    ],
)
def test_day(text: str, read: date) -> None:
    """A day without a year is the nearest one, a past one not long ago."""
    assert read == read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mai", "Chưa đọc được ngày"),
        ("", "Chưa đọc được ngày"),
        ("20261231", "Chưa đọc được ngày"),
        ("31/11/2026", "Không có ngày 31/11/2026: tháng 11 có 30 ngày"),
        ("31/02/2027", "tháng 2 có 28 ngày"),
        ("29/2", "Không có ngày 29/2/2026"),
        ("2026-11-31", "tháng 11 có 30 ngày"),
        ("1/13", "không có tháng 13"),
    ],
)
def test_what_is_no_day_is_told_why(text: str, says: str) -> None:
    """No day at all, or one that stands in no calendar."""
    with pytest.raises(AnnouncementError, match=says):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("27/11 08:00", datetime(2026, 11, 27, 8, tzinfo=VIETNAM)),
        ("8h 27/11", datetime(2026, 11, 27, 8, tzinfo=VIETNAM)),
        ("30/11 7h", datetime(2026, 11, 30, 7, tzinfo=VIETNAM)),
        ("7 giờ 30/11/2026", datetime(2026, 11, 30, 7, tzinfo=VIETNAM)),
        ("8h30 ngày 27/11/2026", datetime(2026, 11, 27, 8, 30, tzinfo=VIETNAM)),
        ("27/11/2026 lúc 20 giờ 15", datetime(2026, 11, 27, 20, 15, tzinfo=VIETNAM)),
        ("8:00 31/12/2026", datetime(2026, 12, 31, 8, tzinfo=VIETNAM)),
        ("2026-12-31 08:00", datetime(2026, 12, 31, 8, tzinfo=VIETNAM)),
        ("2026-12-31T08:00", datetime(2026, 12, 31, 8, tzinfo=VIETNAM)),
        ("2026-12-31T08:00:00+00:00", datetime(2026, 12, 31, 8, tzinfo=UTC)),
    ],
)
def test_moment(text: str, moment: datetime) -> None:
    """Day and hour in any order, and as a machine writes them."""
    assert moment == read_moment(text, NOON)


@pytest.mark.parametrize("text", ["27/11", "08:00", "27/11 25:00", "2026-12-31", "mai", ""])
def test_what_is_no_moment_is_told(text: str) -> None:
    """Neither a day nor an hour alone is one."""
    with pytest.raises(AnnouncementError, match="không đọc được"):
        read_moment(text, NOON)


def test_telling() -> None:
    """To people with the year, to machines with the zone."""
    assert write_moment(NOON) == "12:00 ngày 24/11/2026"
    assert iso(NOON) == "2026-11-24T12:00:00+07:00"
    assert (iso(None), write_day(TODAY), write_day(None)) == (None, "24/11/2026", "")
