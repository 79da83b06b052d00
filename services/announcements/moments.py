"""Moments of an announcement as they are told: to people and to machines, always in Việt Nam."""

from datetime import datetime

from services.clock import VIETNAM


def clock(moment: datetime) -> str:
    """Write a moment as people do: 08:00 ngày 31/12/2026."""
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def iso(moment: datetime | None) -> str | None:
    """Write a moment for a machine, to the second; none stays none."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else None
