"""Attackers of a web page, all in a process of their own, each kind from addresses of its own.

`python -m tests.doubles.attackers PORT SHARE SECONDS` attacks 127.0.0.1 with that share of their
whole number for so long, then prints as JSON what became of each kind's attempts: how often which
status came, and how often the connection was cut before any.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias

PIECE = b"a" * 65_536
HEAD = "{} HTTP/1.1\r\nHost: a\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n"
BIG = 10**9
"""Bytes of the big body."""
OFTEN, SELDOM, AGAIN = 0.1, 1.0, 2.0
"""Seconds between two attempts of one attacker."""
GIVEN_UP = 5.0
"""Seconds that an attacker waits for a response."""

Streams: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Attempt: TypeAlias = Callable[["Siege", str], Coroutine[None, None, str]]
"""One attempt from an address; returns what became of it."""


@dataclass(frozen=True)
class Kind:
    """Attackers that do the same."""

    attempt: Attempt
    attackers: int
    addresses: int
    pause: float = OFTEN


@dataclass
class Siege:
    """All attackers, until the time is over."""

    port: int
    end: float
    became: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @asynccontextmanager
    async def connected(self, address: str) -> AsyncIterator[Streams]:
        """Give a connection from an address."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(address, 0)
        )
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def keep_at_it(self, name: str, kind: Kind, address: str) -> None:
        """Attempt the same again and again."""
        while time.monotonic() < self.end:
            try:
                told = await kind.attempt(self, address)
            except OSError:
                told = "cut"
            self.became[name][told] += 1
            await asyncio.sleep(kind.pause)

    async def trickle(self, address: str, begun: bytes) -> str:
        """Begin a request and add a byte a second, until the connection is cut."""
        async with self.connected(address) as (reader, writer):
            writer.write(begun)
            while time.monotonic() < self.end:
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        return "answered" if await reader.read(1) else "cut"
                if begun:
                    writer.write(b"a")
        return "held to the end"

    async def send(self, address: str, request: bytes, body: int = 0) -> str:
        """Send a request, and so much of a body as is taken; return the status that comes."""
        async with self.connected(address) as (reader, writer):
            writer.write(request)
            with suppress(ConnectionError):
                for _ in range(body // len(PIECE)):
                    await asyncio.wait_for(writer.drain(), GIVEN_UP)
                    if writer.is_closing() or reader.at_eof():
                        break
                    writer.write(PIECE)
            with suppress(TimeoutError):
                line = await asyncio.wait_for(reader.readline(), GIVEN_UP)
                return line.split()[1].decode() if line else "cut"
        return "no answer"


async def silent(siege: Siege, address: str) -> str:
    """Say nothing."""
    return await siege.trickle(address, b"")


async def slow_head(siege: Siege, address: str) -> str:
    """Send a head byte by byte."""
    return await siege.trickle(address, b"GET / HTTP/1.1\r\nX: a")


async def slow_body(siege: Siege, address: str) -> str:
    """Send a body byte by byte."""
    head = HEAD.format("POST /") + FORM.format(200_000)
    return await siege.trickle(address, head.encode() + b"text=")


async def big_body(siege: Siege, address: str) -> str:
    """Send a gigabyte, as far as it is taken."""
    return await siege.send(address, (HEAD.format("POST /") + FORM.format(BIG)).encode(), BIG)


async def long_head(siege: Siege, address: str) -> str:
    """Send one header of two megabytes."""
    return await siege.send(address, HEAD.format("GET /").encode() + b"X: " + b"a" * 2_000_000)


async def many_headers(siege: Siege, address: str) -> str:
    """Send sixty thousand headers."""
    return await siege.send(address, HEAD.format("GET /").encode() + b"a: b\r\n" * 60_000 + b"\r\n")


async def in_pieces(siege: Siege, address: str) -> str:
    """Send a body in pieces of a byte."""
    head = HEAD.format("POST /") + "Transfer-Encoding: chunked\r\n\r\n"
    return await siege.send(address, head.encode() + b"1\r\na\r\n" * 40_000)


async def erasing(siege: Siege, address: str) -> str:
    """Erase what was never asked."""
    return await siege.send(address, (HEAD.format("POST /xoa") + FORM.format(0)).encode())


async def probing(siege: Siege, address: str) -> str:
    """Ask whether the product is ready."""
    return await siege.send(address, (HEAD.format("GET /readyz") + "\r\n").encode())


async def forging(siege: Siege, address: str) -> str:
    """Ask, each time as somebody else by the word of a header."""
    number = time.monotonic_ns()
    body = json.dumps({"conversation": f"kẻ giả mạo số {number}", "text": "hồ sơ hợp tác xã"})
    forged = f"X-Forwarded-For: 203.0.{number % 250}.{number // 250 % 250}\r\n"
    head = HEAD.format("POST /api/messages") + forged
    length = f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n\r\n"
    return await siege.send(address, f"{head}{length}{body}".encode())


KINDS = {
    "silent": Kind(silent, 2_000, 40, AGAIN),
    "slow heads": Kind(slow_head, 400, 10, AGAIN),
    "slow bodies": Kind(slow_body, 400, 10, AGAIN),
    "bodies of 1 GB": Kind(big_body, 10, 2),
    "heads of 2 MB": Kind(long_head, 10, 2),
    "60,000 headers": Kind(many_headers, 10, 2),
    "bodies in pieces": Kind(in_pieces, 10, 2),
    "erasing": Kind(erasing, 60, 2, SELDOM),
    "probing": Kind(probing, 60, 2, SELDOM),
    "forging": Kind(forging, 20, 1, SELDOM),
}


def attackers(share: float) -> Iterator[tuple[str, Kind, str]]:
    """Yield each attacker: its kind by name, and its address."""
    for place, (name, kind) in enumerate(KINDS.items()):
        for number in range(max(1, round(kind.attackers * share))):
            yield name, kind, f"127.{10 + place}.0.{1 + number % kind.addresses}"


async def main(port: int, share: float, seconds: float) -> None:
    """Attack, then tell."""
    siege = Siege(port, time.monotonic() + seconds)
    work = [siege.keep_at_it(name, kind, at) for name, kind, at in attackers(share)]
    await asyncio.gather(*work)
    print(json.dumps(siege.became))  # noqa: T201  # because whoever started it reads that


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
