"""A siege: attackers of every kind at a time, and people who ask meanwhile, each from elsewhere.

A tenth of the attackers by default; `make long` has them all, and the whole product, with
SIEGE_SHARE=1 SIEGE_SECONDS=60.
"""

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from services.settings import ROOT, load_settings
from services.understanding.model import ensure_model
from tests.doubles.attackers import KINDS
from tests.doubles.product import environment, start
from tests.doubles.web_process import WebProcess, web_process

SHARE = float(os.environ.get("SIEGE_SHARE", "0.1"))
SECONDS = float(os.environ.get("SIEGE_SECONDS", "6"))
WHOLE = SHARE >= 1
PEOPLE = 8
EVERY = 2.2
"""Seconds between two questions of one person: thirty in a minute would be one too many."""
MOST_MEMORY = 100 * 2**20
MOST_MS = 300.0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebProcess]:
    """Return the page, running: alone over a small content, or as a part of the whole product."""
    if not WHOLE:
        with web_process(tmp_path) as running:
            yield running
        return
    asyncio.run(ensure_model(load_settings(), print))
    product = start(environment(tmp_path / "var", HTX_OWN_ADDRESSES=""))
    port = int(product.environment["HTX_WEB_PORT"])
    yield WebProcess(product.process, port, tmp_path / "product.log")
    product.stop()


class People:
    """Those who ask while others attack: what they got, and how long it took."""

    def __init__(self, web: WebProcess) -> None:
        """Begin with nobody."""
        self.web = web
        self.over = threading.Event()
        self.statuses: Counter[str] = Counter()
        self.milliseconds: list[float] = []

    def ask(self, number: int) -> None:
        """Open the page and ask, again and again, as one person."""
        address, form = f"127.0.1.{number}", {"Content-Type": "application/x-www-form-urlencoded"}
        self.over.wait(number * EVERY / PEOPLE)
        for time_of_asking in itertools.count():
            if self.over.wait(EVERY):
                return
            text = f"thành lập hợp tác xã cần mấy người, hỏi lần {time_of_asking} của {number}"
            self._timed(address, "/", None, {})
            self._timed(address, "/", urlencode({"text": text}).encode(), form)

    def _timed(self, address: str, path: str, body: bytes | None, head: dict[str, str]) -> None:
        began = time.perf_counter()
        try:
            status = str(self.web.status(address, path, body, head))
        except OSError as error:
            status = type(error).__name__
        self.statuses[status] += 1
        self.milliseconds.append((time.perf_counter() - began) * 1000)


def besieged(port: int) -> dict[str, dict[str, int]]:
    """Attack for a while; return what became of each kind's attempts."""
    command = [sys.executable, "-m", "tests.doubles.attackers", str(port), str(SHARE), str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    became: dict[str, dict[str, int]] = json.loads(done.stdout)
    return became


def test_people_are_served_whatever_attackers_do(web: WebProcess) -> None:
    """Nobody who asks is refused; what attackers cost is bounded, and nothing breaks."""
    before, worked, people = web.resident(), web.worked(), People(web)
    with ThreadPoolExecutor(PEOPLE) as pool:
        for number in range(1, PEOPLE + 1):
            pool.submit(people.ask, number)
        became = besieged(web.port)
        people.over.set()
    grown, worked = web.resident() - before, web.worked() - worked
    p95 = statistics.quantiles(people.milliseconds, n=20)[-1]
    for kind, ends in became.items():
        print(f"{kind}: {ends}")  # noqa: T201  # because whoever runs the whole wants to see it
    print(  # noqa: T201  # as above
        f"{len(people.milliseconds)} requests of {PEOPLE} people: p50 "
        f"{statistics.median(people.milliseconds):.0f} ms, p95 {p95:.0f} ms; "
        f"memory {before / 2**20:.0f} MiB and {grown / 2**20:.0f} more, "
        f"{worked / SECONDS:.0%} of a processor"
    )
    broken = {end for ends in became.values() for end in ends if end.startswith("5")}

    assert set(people.statuses) == {"200"}
    assert broken <= {"503"}
    assert set(became) == set(KINDS)
    assert became["forging"].get("200", 0) <= 30 * (1 + SECONDS // 60)
    assert became["erasing"].get("200", 0) <= 10 * (1 + SECONDS // 60)
    assert grown < MOST_MEMORY
    if WHOLE:
        assert p95 < MOST_MS
