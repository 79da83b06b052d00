from contextlib import ExitStack

import pytest

from services.errors import NluUnavailable
from services.understanding.breaker import CircuitBreaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def slow(limit: float, each: float) -> CircuitBreaker:
    """Return the breaker of a server that has long taken this long for each reading."""
    clock = Clock()
    breaker = CircuitBreaker(limit, clock)
    for _ in range(50):
        with breaker.reading():
            clock.now += each
    return breaker


def test_who_would_wait_too_long_is_refused_at_once() -> None:
    """Four readings of a quarter second fill half of two seconds; the fifth is told so."""
    breaker = slow(limit=2.1, each=0.25)
    with ExitStack() as crowd:
        for _ in range(4):
            crowd.enter_context(breaker.reading())

        with pytest.raises(NluUnavailable, match="quá nhiều"), breaker.reading():
            pass


def test_quick_server_takes_a_crowd() -> None:
    """Where a reading takes 20 ms, twenty-five may wait side by side."""
    breaker = slow(limit=1.2, each=0.02)
    with ExitStack() as crowd:
        admitted = [crowd.enter_context(breaker.reading()) for _ in range(25)]

    assert len(admitted) == 25


def fail(breaker: CircuitBreaker) -> None:
    with pytest.raises(NluUnavailable), breaker.reading():
        raise NluUnavailable


def test_server_that_failed_three_times_rests() -> None:
    """Nobody waits for it for two seconds; then one at a time tries it until one is read."""
    clock = Clock()
    breaker = CircuitBreaker(1.2, clock)
    for _ in range(3):
        fail(breaker)

    clock.now += 1.9
    with pytest.raises(NluUnavailable, match="vừa lỗi"), breaker.reading():
        pass
    clock.now += 0.2
    with breaker.reading(), pytest.raises(NluUnavailable, match="vừa lỗi"), breaker.reading():
        pass
    with breaker.reading(), breaker.reading():
        pass


def test_server_that_fails_the_trial_rests_again() -> None:
    """The one who tries in vain spares the others two seconds more."""
    clock = Clock()
    breaker = CircuitBreaker(1.2, clock)
    for _ in range(3):
        fail(breaker)
    clock.now += 2.1
    fail(breaker)

    clock.now += 1.9
    with pytest.raises(NluUnavailable, match="vừa lỗi"), breaker.reading():
        pass


def test_failures_far_apart_or_between_readings_are_no_outage() -> None:
    """One sender may stall the server every two seconds; nobody else loses it by that."""
    clock = Clock()
    breaker = CircuitBreaker(1.2, clock)
    for _ in range(6):
        fail(breaker)
        clock.now += 2.6
    for _ in range(6):
        fail(breaker)
        with breaker.reading():
            pass


def test_one_is_always_tried() -> None:
    """However slow the last readings were, one goes on: so it is seen when the server is back."""
    breaker, begun = slow(limit=1.2, each=9), False

    with breaker.reading():
        begun = True

    assert begun
