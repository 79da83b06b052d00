"""Connections that never end: each costs little, for a short time, and nobody else (review H2)."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from tests.doubles.web_process import WebProcess, is_closed, web_process

GOOD, BAD = "127.0.0.8", "127.0.0.9"
WITHIN = 20.0
"""Seconds within which whoever sends no whole request is let go."""
SLOW = {
    "silence": b"",
    "half a head": b"GET / HTTP/1.1\r\nX: a",
    "half a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\ntext=",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """Return the page, running."""
    with web_process(tmp_path_factory.mktemp("web")) as running:
        yield running


def trickle(connection: socket.socket, ended: threading.Event) -> None:
    """Send a byte a second, as long as anybody takes it."""
    with suppress(OSError):
        while not ended.wait(1):
            connection.send(b"a")


def held(web: WebProcess, begun: bytes) -> bool:
    """Begin a request, then send a byte a second; say whether the connection was closed in time."""
    ended = threading.Event()
    with web.connect(BAD) as connection:
        connection.sendall(begun)
        if begun:
            threading.Thread(target=trickle, args=(connection, ended), daemon=True).start()
        closed = is_closed(connection, WITHIN)
        ended.set()
    return closed


def first_line(connection: socket.socket) -> bytes:
    """Return the status line of the response; nothing when the connection was cut."""
    with suppress(OSError):
        return connection.recv(65_536).partition(b"\r\n")[0]
    return b""


def test_who_sends_no_whole_request_is_let_go(web: WebProcess) -> None:
    """Whoever is silent, or sends a head or a body byte by byte, is let go after some seconds."""
    with ThreadPoolExecutor(len(SLOW)) as pool:
        closed = dict(
            zip(SLOW, pool.map(lambda begun: held(web, begun), SLOW.values()), strict=True)
        )

    assert closed == dict.fromkeys(SLOW, True)


@pytest.mark.parametrize(
    "head",
    [b"X: " + b"a" * 2_000_000 + b"\r\n", b"a: b\r\n" * 60_000, b"a: b\r\n" * 500],
    ids=["2 MB", "60,000 headers", "500 headers"],
)
def test_a_large_head_is_refused(web: WebProcess, head: bytes) -> None:
    """A head beyond what browsers send gets 400, and the connection is closed."""
    with web.connect(BAD) as connection:
        with suppress(OSError):  # it may be cut while this side still sends
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n")
        line = first_line(connection)

    assert line in {b"HTTP/1.1 400 Bad Request", b""}


def test_a_body_in_pieces_is_refused(web: WebProcess) -> None:
    """A body whose length is not told gets 400: reading it byte by byte would cost everybody."""
    with web.connect(BAD) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):  # it may be closed while this side still sends
            connection.sendall(b"1\r\na\r\n" * 20 + b"0\r\n\r\n")

        assert first_line(connection) in {b"HTTP/1.1 400 Bad Request", b""}


def test_a_body_is_not_taken_to_its_end(web: WebProcess) -> None:
    """Of a body of 1 GB hardly more than a megabyte is taken before the connection is cut."""
    taken, piece = 0, b"a" * 65_536
    with web.connect(BAD) as connection, suppress(OSError):
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
        while taken < 32_000_000:
            taken += connection.send(piece)

    assert taken < 16_000_000  # what the kernel holds for both sides included


def test_one_address_keeps_few_connections(web: WebProcess) -> None:
    """Of 300 connections of one address most are closed at once; others are served."""
    with ExitStack() as stack:
        opened = [stack.enter_context(web.connect(BAD)) for _ in range(300)]
        served = web.status(GOOD)
        time.sleep(0.5)
        closed = sum(is_closed(connection, 0.001) for connection in opened)

    assert served == 200
    assert closed >= 200


def test_who_does_not_hear_that_it_is_too_much_is_not_let_in(web: WebProcess) -> None:
    """Whoever goes on after many refusals finds the door shut for a minute; others do not."""
    flood = "127.0.0.20"
    statuses = []
    with suppress(OSError):
        statuses = [web.status(flood) for _ in range(900)]

    assert not statuses
    assert web.status(GOOD) == 200


def test_who_sends_rubbish_again_and_again_is_not_let_in(web: WebProcess) -> None:
    """After sixty requests that are none nothing more of an address is read for a minute."""
    lines = []
    for _ in range(100):
        with suppress(OSError), web.connect("127.0.0.21") as connection:
            connection.sendall(b"rubbish\r\n\r\n")
            lines.append(first_line(connection))

    assert lines[0] == b"HTTP/1.1 400 Bad Request"
    assert lines[-1] == b""
    assert web.status(GOOD) == 200


def test_who_sends_a_long_body_hears_that_it_is_too_long(web: WebProcess) -> None:
    """Five megabytes are taken, hardly read: the answer is there when the sender is done."""
    lines, form = [], b"Content-Type: application/x-www-form-urlencoded\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\n" + form + b"Content-Length: 5000000\r\n\r\n"
    for number in range(20):
        with suppress(OSError), web.connect(f"127.0.0.{30 + number}") as connection:
            connection.sendall(head + b"a" * 5_000_000)
            lines.append(first_line(connection))

    assert lines == [b"HTTP/1.1 413 Request Entity Too Large"] * 20
