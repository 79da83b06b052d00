import asyncio
import gc
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvloop

from services.errors import MachineError
from services.processes import free_port
from services.understanding.switchboard import Relay


async def test_bytes_go_both_ways() -> None:
    """What is sent arrives, and the answer comes back."""
    async with serving(b"old") as target, relaying(target) as relay:
        assert await asked(relay.port) == b"old xin"


async def test_next_connection_goes_to_the_new_target() -> None:
    """A connection stays where it began; the next one goes where the relay points now."""
    async with serving(b"old") as old, serving(b"new") as new, relaying(old) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b" 1")
        assert await reader.readexactly(5) == b"old 1"
        relay.target = new
        writer.write(b" 2")
        assert await reader.readexactly(5) == b"old 2"
        assert await asked(relay.port) == b"new xin"
        writer.close()


async def test_server_that_is_down_closes_the_connection() -> None:
    """Who asks hears at once that nobody is there."""
    async with relaying(free_port()) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        assert await reader.read() == b""
        writer.close()


async def test_taken_port_is_a_sentence() -> None:
    """A port that another program holds is refused with the setting to change."""
    async with serving(b"x") as taken:
        with pytest.raises(MachineError, match="HTX_NLU_URL"):
            await Relay(taken, 1).start()


def test_who_is_gone_before_the_server_hangs_up_is_no_fault() -> None:
    """On the product's own loop: the connection ends, and nothing is left that failed unseen."""
    assert uvloop.run(faults_of_one_who_goes()) == []


async def faults_of_one_who_goes() -> list[object]:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told))
    heard, hang_up = asyncio.Event(), asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        heard.set()
        await hang_up.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, serving(b"x") as other, relaying(port) as relay:
        _, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b"xin")
        await heard.wait()
        relay.target = other
        reset = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()
        await asked(relay.port)  # by now the relay has seen that it is gone
        hang_up.set()
        await asked(relay.port)
        gc.collect()  # what failed and was asked by nobody is told then
    return faults


@asynccontextmanager
async def serving(name: bytes) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while received := await reader.read(100):
            writer.write(name + received)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def relaying(target: int) -> AsyncIterator[Relay]:
    relay = Relay(free_port(), target)
    await relay.start()
    yield relay
    await relay.stop()


async def asked(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b" xin")
    writer.write_eof()
    heard = await reader.read()
    writer.close()
    return heard
