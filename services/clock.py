"""The time as the product counts it: moments in UTC, days in Việt Nam."""

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Seven hours ahead of UTC all year round: no summer time since 1975."""


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day that it is in Việt Nam at a moment."""
    return moment.astimezone(VIETNAM).date()
