"""The memory of each process over a long day."""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

_EVERY = 2.0
_MIB = 2**20
_LEAST = 30
"""Samples from which a slope is told."""


@dataclass(frozen=True)
class Sample:
    """What a process held at a moment."""

    at: float
    role: str
    mebibytes: float


@dataclass
class Memory:
    """Looks at processes every other second."""

    processes: Callable[[], dict[str, psutil.Process]]
    samples: list[Sample] = field(default_factory=list)

    async def watch(self) -> None:
        """Go on until it is cancelled."""
        while True:
            with suppress(psutil.Error):
                for role, process in self.processes().items():
                    size = process.memory_info().rss / _MIB
                    self.samples.append(Sample(time.monotonic(), role, size))
            await asyncio.sleep(_EVERY)

    def grown(self, since: float) -> dict[str, float]:
        """Return how many mebibytes each process grew from a moment on, by a straight line."""
        roles = defaultdict(list)
        for one in self.samples:
            if one.at >= since:
                roles[one.role].append(one)
        grown = {}
        for role, samples in roles.items():
            if len(samples) >= _LEAST:
                times, sizes = [one.at for one in samples], [one.mebibytes for one in samples]
                slope = statistics.linear_regression(times, sizes).slope
                grown[role] = slope * (times[-1] - times[0])
        return grown

    def lines(self, began: float, calm: float) -> Iterator[str]:
        """Tell each process's memory: by tenths of the day, and how it grew in the calm."""
        grown, whole = self.grown(calm), time.monotonic() - began
        hours = (time.monotonic() - calm) / 3600
        for role in sorted({one.role for one in self.samples}):
            tenths: dict[int, float] = {}
            for one in self.samples:
                if one.role == role:
                    tenths[int(10 * (one.at - began) / whole)] = one.mebibytes
            told = " ".join(f"{size:.0f}" for _, size in sorted(tenths.items()))
            most = max(one.mebibytes for one in self.samples if one.role == role)
            more = grown.get(role)
            calmly = "too short to say"
            if more is not None:
                calmly = f"{more:+.1f} MiB, {more / hours:+.0f} an hour"
            yield f"memory of {role}: {told} MiB by tenths, most {most:.0f}; in the calm {calmly}"
