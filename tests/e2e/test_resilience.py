import itertools
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.product import Product

QUESTION = "Thành lập hợp tác xã cần mấy người?"
REPLY_WITHIN = 2.0
BACK_WITHIN = 90.0
PAUSE = 0.2
"""Seconds between two questions to a server that is being started, which needs the machine."""


@dataclass(frozen=True)
class Timed:
    reply: dict[str, Any]
    seconds: float


def spelt(number: int) -> str:
    """Return the question in capitals of its own for each number: the same, yet never asked."""
    return "".join(
        letter.upper() if number >> place & 1 else letter for place, letter in enumerate(QUESTION)
    )


def ask(product: Product, number: int) -> Timed:
    """Ask what nobody asked before: what was read once is remembered."""
    started = time.monotonic()
    reply = product.ask(f"tải-{number}", spelt(number))
    return Timed(reply, time.monotonic() - started)


def ask_until_back(product: Product, numbers: "itertools.count[int]") -> list[Timed]:
    """Keep asking until the NLU answers again; every reply is returned."""
    asked = []
    end = time.monotonic() + BACK_WITHIN
    while time.monotonic() < end:
        asked.append(ask(product, next(numbers)))
        if not asked[-1].reply["degraded"]:
            break
        time.sleep(PAUSE)
    return asked


def test_killed_nlu_loses_no_question_and_comes_back(product: Product) -> None:
    """Under load, `kill -9` of the NLU server costs nobody a reply, and it is started again."""
    numbers = itertools.count()
    with ThreadPoolExecutor(8) as pool:
        before = [pool.submit(ask, product, next(numbers)) for _ in range(100)]
        killed = product.nlu().pid
        product.nlu().kill()
        after = [pool.submit(ask, product, next(numbers)) for _ in range(100)]
        replies = [future.result() for future in (*before, *after)]

    back = ask_until_back(product, numbers)

    assert {timed.reply["outcome"] for timed in (*replies, *back)} == {"answered"}
    assert max(timed.seconds for timed in (*replies, *back)) < REPLY_WITHIN
    assert any(timed.reply["degraded"] for timed in (*replies, *back))
    assert back[-1].reply["degraded"] is False
    assert product.nlu().pid != killed


def wait_until_watched(product: Product) -> None:
    """Wait until the product knows that its server reads: one that starts is given minutes."""
    log = Path(product.environment["HTX_DATA_DIR"]).parent / "product.log"
    end = time.monotonic() + BACK_WITHIN
    while True:
        told = log.read_text(encoding="utf-8")
        if told.rfind('"event": "child.back"') >= told.rfind('"event": "child.died"'):
            return
        assert time.monotonic() < end, "the server did not come back"
        time.sleep(PAUSE)


def test_hung_nlu_is_started_again(product: Product) -> None:
    """A server that lives and answers nothing is ended, and another one reads."""
    numbers = itertools.count(1000)
    wait_until_watched(product)
    hung = product.nlu()
    hung.send_signal(signal.SIGSTOP)

    back = ask_until_back(product, numbers)

    assert back[-1].reply["degraded"] is False
    assert product.nlu().pid != hung.pid
