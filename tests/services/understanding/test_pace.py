from contextlib import ExitStack

import pytest

from services.errors import NluUnavailable
from services.understanding.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def slow(limit: float, each: float) -> Pace:
    """Return the pace of a server that has long taken this long for each reading."""
    clock = Clock()
    pace = Pace(limit, clock)
    for _ in range(50):
        with pace.reading():
            clock.now += each
    return pace


def test_who_would_wait_too_long_is_refused_at_once() -> None:
    """Four readings of a quarter second fill half of two seconds; the fifth is told so."""
    pace = slow(limit=2.1, each=0.25)
    with ExitStack() as crowd:
        for _ in range(4):
            crowd.enter_context(pace.reading())

        with pytest.raises(NluUnavailable, match="quá nhiều"), pace.reading():
            pass


def test_quick_server_takes_a_crowd() -> None:
    """Where a reading takes 20 ms, twenty-five may wait side by side."""
    pace = slow(limit=1.2, each=0.02)
    with ExitStack() as crowd:
        admitted = [crowd.enter_context(pace.reading()) for _ in range(25)]

    assert len(admitted) == 25


def test_server_that_failed_rests() -> None:
    """Nobody waits for it for two seconds; then one tries it again."""
    clock = Clock()
    pace = Pace(1.2, clock)
    with pytest.raises(NluUnavailable), pace.reading():
        raise NluUnavailable

    clock.now += 1.9
    with pytest.raises(NluUnavailable, match="vừa lỗi"), pace.reading():
        pass
    clock.now += 0.2
    with pace.reading():
        pass


def test_one_is_always_tried() -> None:
    """However slow the last readings were, one goes on: so it is seen when the server is back."""
    pace, begun = slow(limit=1.2, each=9), False

    with pace.reading():
        begun = True

    assert begun
