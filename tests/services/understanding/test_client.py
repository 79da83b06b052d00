import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack

import httpx
import pytest

from services.errors import NluAnswerInvalid, NluUnavailable
from services.understanding.client import CircuitBreaker, NluClient
from services.understanding.interpretation import Distress

PARSE = {
    "text": "hồ sơ",
    "intent": {"name": "founding.ho-so", "confidence": 0.9},
    "intent_ranking": [
        {"name": "founding.ho-so", "confidence": 0.9},
        {"name": "smalltalk.greeting", "confidence": 0.1},
        {"name": "out_of_scope", "confidence": 0.0},
    ],
    "gate": {"in_scope": 0.98, "opened": False},
}


Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)


def client(handler: Handler) -> NluClient:
    return NluClient("http://nlu", "mã", 1.0, httpx.MockTransport(handler))


async def test_parse_object_is_read() -> None:
    """Rasa's ranking and our gate are read into the product's words."""
    read = await client(lambda _: httpx.Response(200, json=PARSE)).parse("hồ sơ")

    assert [(c.kind, c.name) for c in read.ranking] == [
        ("article", "founding/ho-so"),
        ("smalltalk", "greeting"),
        ("out_of_scope", ""),
    ]
    assert (read.in_scope, read.degraded) == (0.98, False)


async def test_address_may_end_with_a_stroke() -> None:
    """Whoever sets it writes it as browsers show it."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=PARSE)

    await NluClient("http://nlu/", "mã", 1.0, httpx.MockTransport(answer)).parse("hồ sơ")

    assert asked == ["/model/parse"]


async def test_distress_is_read() -> None:
    """What the NLU hears is in the reading; of a model that was trained before it, nothing."""
    heard = {"level": "clear", "dangers": ["self", "violence"]}
    doubt, calm = heard | {"level": "doubtful"}, {"level": "none", "near": False}
    faint = heard | {"level": "faint"}
    told = [PARSE | {"distress": each} for each in (faint, doubt, heard, calm)]
    answers = [PARSE, *told]
    nlu = client(lambda _: httpx.Response(200, json=answers.pop()))

    first = await nlu.parse("a")
    assert (first.distress, first.near) == (None, False)
    assert (await nlu.parse("b")).distress == Distress(False, ("self", "violence"), likely=True)
    assert (await nlu.parse("c")).distress == Distress(False, ("self", "violence"))
    assert (await nlu.parse("d")).distress == Distress(False, ("self", "violence"), faint=True)
    last = await nlu.parse("e")
    assert (last.distress, last.near) == (None, None)


async def test_parts_are_read_of_articles() -> None:
    """How much is asked for each part stands under the article's id; old servers tell nothing."""
    answer = PARSE | {"parts": {"founding.ho-so": {"": 0.2, "giay": 0.7}}}
    read = await client(lambda _: httpx.Response(200, json=answer)).parse("hồ sơ")
    without = await client(lambda _: httpx.Response(200, json=PARSE)).parse("hồ sơ")

    assert read.parts == {"founding/ho-so": {"": 0.2, "giay": 0.7}}
    assert without.parts == {}


@pytest.mark.parametrize(
    "fault",
    [
        AttributeError("'NoneType' object has no attribute 'getpeername'"),
        RuntimeError("unable to perform operation on <TCPTransport closed=True>"),
    ],
)
async def test_server_that_dies_in_the_handshake_is_unavailable(fault: Exception) -> None:
    """What uvloop and anyio raise for a peer that is gone in that moment is an outage."""

    def handler(_: httpx.Request) -> httpx.Response:
        raise fault

    with pytest.raises(NluUnavailable):
        await client(handler).parse("x")


async def test_same_question_is_read_once() -> None:
    """What was read is remembered; beside another open article it is another question."""
    seen: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(200, json=PARSE)

    nlu = client(handler)
    first, again = await nlu.parse("x"), await nlu.parse("x")
    await nlu.parse("x", "founding/ho-so")

    assert (len(seen), first is again) == (2, True)


async def test_many_who_ask_the_same_at_once_are_read_once() -> None:
    """All wait for the one reading, which goes on when the first to ask gives up."""
    seen: list[bytes] = []
    asked, answered = asyncio.Event(), asyncio.Event()

    async def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        asked.set()
        await answered.wait()
        return httpx.Response(200, json=PARSE)

    nlu = client(handler)
    asking = [asyncio.create_task(nlu.parse("x")) for _ in range(100)]
    await asked.wait()
    asking[0].cancel()
    answered.set()
    readings = await asyncio.gather(*asking[1:])

    assert len(seen) == 1
    assert {id(reading) for reading in readings} == {id(await nlu.parse("x"))}


async def test_token_is_sent() -> None:
    """The server's token goes with every call."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.params["token"])
        return httpx.Response(200, json=PARSE)

    await client(handler).parse("x")

    assert seen == ["mã"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"<html>",
        b'{"intent_ranking": []}',
        b'{"intent_ranking": [{"name": "x", "confidence": 7}], "gate": {"in_scope": 1}}',
        b'{"intent_ranking": [{"name": "x", "confidence": 1}]}',
        b'{"intent_ranking": [{"name": "x", "confidence": 1}], "gate": {"in_scope": 1}}',
    ],
)
async def test_rubbish_is_refused(body: bytes) -> None:
    """An answer that is no interpretation is refused, not guessed at."""
    with pytest.raises(NluAnswerInvalid):
        await client(lambda _: httpx.Response(200, content=body)).parse("x")


async def test_silence_is_unavailable() -> None:
    """A server that does not answer is unavailable."""

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout(str(request.url), request=request)

    with pytest.raises(NluUnavailable):
        await client(silent).parse("x")


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_error_is_no_interpretation(status: int) -> None:
    """A server that refuses or fails has answered, but nothing that can be used."""
    with pytest.raises(NluAnswerInvalid, match=str(status)):
        await client(lambda _: httpx.Response(status, json=PARSE)).parse("x")


async def test_ping_wants_an_article() -> None:
    """A server is ready when it reads the probe as an article; an untrained model is not."""
    untrained = PARSE | {"intent_ranking": [{"name": "out_of_scope", "confidence": 0.0}]}

    assert await client(lambda _: httpx.Response(200, json=PARSE)).ping()
    assert not await client(lambda _: httpx.Response(200, json=untrained)).ping()


async def test_server_says_beside_what_it_read() -> None:
    """A model that does not know the open article's topic reads the message by itself."""
    alone = PARSE | {"gate": {"in_scope": 0.98, "opened": False}}
    beside = PARSE | {"gate": {"in_scope": 0.98, "opened": True}}

    unknown = await client(lambda _: httpx.Response(200, json=alone)).parse("x", "lạ/ho-so")
    known = await client(lambda _: httpx.Response(200, json=beside)).parse("x", "founding/ho-so")

    assert (unknown.opened, known.opened) == (False, True)


@pytest.mark.parametrize(
    "failed",
    [
        httpx.Response(500),
        httpx.Response(404),
        None,
        httpx.Response(200, content=b"<html>"),
    ],
)
async def test_one_bad_reading_is_no_outage(failed: httpx.Response | None) -> None:
    """What one message makes fail, stall or answer nonsense takes the NLU from nobody else."""

    def handler(request: httpx.Request) -> httpx.Response:
        if b"evil" not in request.content:
            return httpx.Response(200, json=PARSE)
        if failed is None:
            raise httpx.ReadTimeout(str(request.url), request=request)
        return failed

    nlu = client(handler)
    for _ in range(2):
        with pytest.raises((NluUnavailable, NluAnswerInvalid)):
            await nlu.parse("evil")

    assert (await nlu.parse("x")).best is not None


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


def test_server_that_failed_six_times_rests() -> None:
    """Nobody waits for it for two seconds; then one at a time tries it until one is read."""
    clock = Clock()
    breaker = CircuitBreaker(1.2, clock)
    for _ in range(6):
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
    for _ in range(6):
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
