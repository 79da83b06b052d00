"""What came of a day's messages, and how the report tells it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What came of the messages of one face."""

    face: str
    asked: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds until each was answered, however often it had to be sent."""
    ends: Counter[str] = field(default_factory=Counter)
    """How each attempt ended: a status, or why there was none."""
    lost: list[str] = field(default_factory=list)
    """What was never answered."""

    def line(self) -> str:
        """Tell it."""
        ends = ", ".join(f"{end}: {count}" for end, count in self.ends.most_common())
        waits = sorted(self.waits) or [0.0]
        p50, p95 = (waits[len(waits) * share // 100] for share in (50, 95))
        return (
            f"{self.face}: {self.asked} asked, {len(self.waits)} answered, {len(self.lost)} lost; "
            f"wait p50 {p50:.2f} s, p95 {p95:.2f} s, longest {waits[-1]:.1f} s"
            + (f"; attempts {ends}" if ends else "")
        )
