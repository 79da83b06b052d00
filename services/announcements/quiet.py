"""Quiet hours: when nobody is sent an announcement, in Việt Nam's time."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.clock import VIETNAM
from services.errors import SettingsError

_FORM = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Quiet:
    """From one time of the day to another, over midnight if need be.

    Never when both are None or the same.
    """

    begins: time | None = None
    ends: time | None = None

    @classmethod
    def read(cls, text: str) -> "Quiet":
        """Read `21:00-06:00`; an empty text is never.

        Raises:
            SettingsError: it is written otherwise.

        """
        if not text.strip():
            return cls()
        found = _FORM.fullmatch(text.strip())
        try:
            begin_hour, begin_minute, end_hour, end_minute = map(
                int, found.groups() if found else ()
            )
            return cls(time(begin_hour, begin_minute), time(end_hour, end_minute))
        except ValueError:
            msg = f"HTX_QUIET_HOURS là “{text}”, phải viết như 21:00-06:00 hoặc để trống."
            raise SettingsError(msg) from None

    def ends_after(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours that hold at a moment end, or None when none hold."""
        if self.begins is None or self.ends is None:
            return None
        local = moment.astimezone(VIETNAM)
        now = local.time()
        over_midnight = self.begins > self.ends
        inside = (
            now >= self.begins or now < self.ends
            if over_midnight
            else self.begins <= now < self.ends
        )
        if not inside:
            return None
        until = datetime.combine(local.date(), self.ends, VIETNAM)
        return until if until > local else until + timedelta(days=1)

    def finish(self, start: datetime, seconds: float) -> datetime:
        """Return when work of so many seconds ends that begins at `start` and rests in between.

        That is never within quiet hours.
        """
        moment, left = self.ends_after(start) or start, timedelta(seconds=seconds)
        while (pause := self._next(moment)) is not None and moment + left >= pause:
            left -= pause - moment
            moment = self.ends_after(pause) or pause
        return moment + left

    def _next(self, moment: datetime) -> datetime | None:
        """Return when the next quiet hours begin."""
        if self.begins is None or self.begins == self.ends:
            return None
        local = moment.astimezone(VIETNAM)
        begins = datetime.combine(local.date(), self.begins, VIETNAM)
        return begins if begins > local else begins + timedelta(days=1)
