"""What stands around the app: who sends, safe headers, a bound on bodies, words for any fault."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.refusal import RefusedError

MOST_BODY_BYTES = 200_000
EMBEDDED = frozenset({"/", "/xoa"})
"""The paths that another site may show in a frame: the chat and what its forms lead to."""

_CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors {}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CACHED = {"static": "public, max-age=31536000, immutable", "bai": "public, max-age=300"}
_log = structlog.get_logger()


def headers_for(path: str) -> Mapping[str, str]:
    """Return the headers that every response at a path carries."""
    return {
        **_HEADERS,
        "Content-Security-Policy": _CSP.format("*" if path in EMBEDDED else "'none'"),
        "Cache-Control": _CACHED.get(path.split("/")[1], "no-store"),
    }


class Shield:
    """Adds the headers, and answers in words when the app fails."""

    def __init__(self, app: ASGIApp, failed: Callable[[Request], Response]) -> None:
        """Wrap an app; `failed` makes the response to a request that failed."""
        self.app = app
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; a response that has begun can't be mended, its error goes on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def _guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(headers_for(scope["path"]))
            await send(message)

        try:
            await self.app(scope, receive, _guarded)
        except Exception as error:
            if started:
                raise
            _log.exception("web.failed", path=scope["path"], reason=type(error).__name__)
            await self.failed(Request(scope))(scope, receive, _guarded)


class BodyLimit:
    """Refuses to read a longer body than `MOST_BODY_BYTES`."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; whoever reads too much of its body gets HTTP 413 raised."""
        read = 0

        async def _bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BODY_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, _bounded, send)


def address_of(connection: HTTPConnection, trusted: frozenset[str]) -> str:
    """Return the sender's address; the word of a trusted proxy is taken for whom it speaks.

    Of `X-Forwarded-For` only the last address that is no trusted proxy counts: whatever stands
    before it was written by the sender.
    """
    peer = _peer(connection)
    if peer not in trusted:
        return peer
    hops = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    named = [hop.strip() for hop in reversed(hops) if hop.strip()]
    return next((hop for hop in named if hop not in trusted), peer)


def forwarded(connection: HTTPConnection, name: str, trusted: frozenset[str]) -> str:
    """Return a header that a trusted proxy set, or nothing when the sender is no such proxy."""
    return connection.headers.get(name, "") if _peer(connection) in trusted else ""


def refuse_foreign(request: Request, trusted: frozenset[str]) -> None:
    """Refuse a form that another site sent.

    Raises:
        RefusedError: by `Sec-Fetch-Site` or, in older browsers, `Origin` it is another site's.

    """
    if _is_foreign(request, trusted):
        raise RefusedError(HTTPStatus.FORBIDDEN, "page_foreign")


def _peer(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def _is_foreign(request: Request, trusted: frozenset[str]) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return False
    ours = {request.headers.get("host", ""), forwarded(request, "x-forwarded-host", trusted)}
    return origin.partition("://")[2] not in ours - {""}
