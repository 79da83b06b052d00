"""A real HTTP server on a free port, in the test's own loop; a connection can be dropped."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.doubles.bot_api_faults import ApiError, DroppedError

Answer = Callable[[str, str, dict[str, Any]], Awaitable[Any]]
"""Token, method and parameters to result."""
Read = Callable[[str, str], bytes | None]
"""Token and path to a file's content, if there is one."""


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, port: int = 0) -> AsyncIterator[int]:
    """Serve an app on loopback, on a free port unless one is named; give the port."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    door = socket.create_server(("127.0.0.1", port))
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # no answer waits for its other half
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", ws="none", timeout_keep_alive=60
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield door.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        await serving
        door.close()


class _Server(uvicorn.Server):
    """A server that leaves the signals to the test."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def bot_api(answer: Answer, read: Read = lambda *_: None) -> ASGIApp:
    """Return an app that answers as the Bot API does.

    `/bot<token>/<method>` is a call, `/file/bot<token>/<path>` a file.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/file/"):
            await _give(send, scope["path"], read)
            return
        _, token, method = f"{scope['path']}//".split("/")[:3]
        parameters = await _parameters(Request(scope, receive))
        try:
            result = await answer(token.removeprefix("bot"), method, parameters)
        except DroppedError:
            await _drop(send)
        except ApiError as error:
            body: dict[str, Any] = {"ok": False, "error_code": error.code}
            body["description"] = error.description
            if error.parameters:
                body["parameters"] = error.parameters
            await _say(send, error.code, body)
        else:
            await _say(send, 200, {"ok": True, "result": result})

    return app


async def _give(send: Send, path: str, read: Read) -> None:
    _, _, token, name = path.split("/", 3)
    content = read(token.removeprefix("bot"), name)
    headers = [(b"content-length", b"%d" % len(content or b""))]
    status = 404 if content is None else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content or b""})


async def _parameters(request: Request) -> dict[str, Any]:
    """Read a form, plain or with files; a file becomes its name and what stands in it."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        async with request.form() as form:
            return {
                name: value
                if isinstance(value, str)
                else {"file_name": value.filename, "content": await value.read()}
                for name, value in form.items()
            }
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


async def _say(send: Send, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _drop(send: Send) -> None:
    """Promise an answer and give none: the server then closes the connection."""
    headers = [(b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
