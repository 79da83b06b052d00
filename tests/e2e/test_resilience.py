import itertools
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.clock import utc_now
from services.conversation.question import Question
from services.conversation.state import ConversationState
from services.conversation.turn import turn
from services.edition import Edition
from services.knowledge.loader import load_library
from services.settings import ROOT
from services.understanding.interpretation import Interpreter
from services.understanding.thresholds import load_thresholds
from services.understanding.words import WordReader
from tests.doubles.nlu import FakeNlu
from tests.doubles.product import Product, environment, open_page

QUESTION = "Thành lập hợp tác xã cần mấy người?"
ARTICLE = "founding/so-thanh-vien"
"""Answers it; by words alone it may be a button."""
EARLY = (QUESTION, "to hop tac la gi", "ở đâu cho vay", "Giá vàng hôm nay bao nhiêu?")
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


def named(reply: dict[str, Any]) -> list[str]:
    """Return the articles that a reply answers with, and those behind its buttons."""
    payloads = [button["payload"].split(":") for button in reply["buttons"]]
    return [*reply["articles"], *(name for verb, name, *_ in payloads if verb == "a")]


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

    assert all(ARTICLE in named(timed.reply) for timed in (*replies, *back))
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


async def test_first_seconds_are_answered_by_the_same_reader(tmp_path: Path) -> None:
    """While the server still reads its model, a reply is what the words of a question say."""
    library, nlu = load_library(ROOT / "content"), FakeNlu()
    nlu.down = True
    edition = Edition(library, Interpreter(nlu, WordReader.of(library), load_thresholds()))
    product = open_page(environment(tmp_path / "var"))
    try:
        starting = product.nlu()
        starting.suspend()
        with ThreadPoolExecutor(len(EARLY)) as pool:
            replies = [*pool.map(lambda text: product.ask(f"sớm-{text}", text), EARLY)]
        starting.resume()
    finally:
        product.stop()

    for text, reply in zip(EARLY, replies, strict=True):
        question = Question("web", text, text)
        expected = (await turn(ConversationState(), question, edition, utc_now())).reply
        assert (reply["outcome"], reply["degraded"]) == (expected.outcome, True)
        assert named(reply) == named(
            {"articles": expected.articles, "buttons": [asdict(b) for b in expected.buttons]}
        )
