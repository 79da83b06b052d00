"""What stands around the app: who sends, safe headers, a bound on bodies, words for any fault."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.limits import REQUESTING, Quota
from bot.web.callers import FILES_OF_PEOPLE, Callers, peer_of
from bot.web.refusal import RefusedError

MOST_BODY_BYTES = 200_000
MOST_WITH_FILES = 22_000_000
"""Two pictures of ten megabytes, a list of people: read of nobody who is not signed in."""
EMBEDDED = frozenset({"/", "/xoa"})
"""The paths that another site may show in a frame, asked with `embed=1`: chat and its forms."""

_CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors {}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_CACHED = {"static": "public, max-age=31536000, immutable", "bai": "private, max-age=300"}
"""An article prints the host that it was asked for, which may be forged: no shared cache has it."""
_YEAR = "max-age=31536000"
_log = structlog.get_logger()


def headers_for(request: HTTPConnection, *, https: bool) -> Mapping[str, str]:
    """Return the headers that every response to a request carries."""
    path = request.scope["path"]
    framed = path in EMBEDDED and is_embedded(request)
    return {
        **_HEADERS,
        **({"Strict-Transport-Security": _YEAR} if https else {}),
        "Content-Security-Policy": _CSP.format("*" if framed else "'none'"),
        "Cache-Control": _CACHED.get(_room_of(path), "no-store"),
    }


def _room_of(path: str) -> str:
    return path.removeprefix("/").removeprefix("console/").partition("/")[0]


def is_embedded(connection: HTTPConnection) -> bool:
    """Say whether a page was asked for another site's frame."""
    return connection.query_params.get("embed") == "1"


def is_https(connection: HTTPConnection, callers: Callers) -> bool:
    """Say whether the caller's own connection is HTTPS, by ours or a trusted proxy's word."""
    proto = callers.forwarded(connection, "x-forwarded-proto")
    return "https" in {proto, connection.url.scheme}


class Shield:
    """Adds the headers, and answers in words when the app fails."""

    def __init__(
        self, app: ASGIApp, callers: Callers, failed: Callable[[Request, Exception], Response]
    ) -> None:
        """Wrap an app; `failed` makes the response to a request that failed with an error."""
        self.app = app
        self.callers = callers
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; a response that has begun can't be mended, its error goes on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, request = False, Request(scope)

        async def _guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = headers_for(request, https=is_https(request, self.callers))
                MutableHeaders(scope=message).update(headers)
            await send(message)

        try:
            await self.app(scope, receive, _guarded)
        except Exception as error:
            if started:
                raise
            # The route's words alone: what stands in an address may open a dossier or a ticket.
            path = getattr(scope.get("route"), "path", _room_of(scope["path"]))
            _log.exception("web.failed", path=path, reason=type(error).__name__)
            await self.failed(request, error)(scope, receive, _guarded)


class RequestLimit:
    """Refuses, before any work, requests of whoever has sent too many, of whatever kind."""

    def __init__(
        self,
        app: ASGIApp,
        callers: Callers,
        is_known: Callable[[Request], bool],
        refused: Callable[[Request], Response],
    ) -> None:
        """Wrap an app; `refused` makes the response to one request too many.

        `is_known` says whether a request proves that it comes from whom we asked to send it.
        """
        self.app = app
        self.callers = callers
        self.is_known = is_known
        self.refused = refused
        self.quota = Quota()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that has room; the connection of one that has none is closed."""
        if scope["type"] != "http" or self._admits(Request(scope)):
            await self.app(scope, receive, send)
            return
        self.callers.blame(peer_of(Request(scope)))
        response = self.refused(Request(scope))
        response.headers["Connection"] = "close"
        await response(scope, receive, send)

    def _admits(self, request: Request) -> bool:
        caller = self.callers.of(request)
        if caller.own or self.is_known(request):
            return True
        return self.quota.allow(REQUESTING.over(*caller.places, near=caller.near))


def has_files(request: HTTPConnection) -> bool:
    """Say whether a request may bring files: a form that carries such, to where they are taken."""
    path, kind = request.scope["path"], request.headers.get("content-type", "")
    takes = path == FILES_OF_PEOPLE or path.startswith("/console/")
    return takes and kind.startswith("multipart/")


class BodyLimit:
    """Refuses to read a longer body than `MOST_BODY_BYTES`, or with files `MOST_WITH_FILES`."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; whoever reads too much of its body gets HTTP 413 raised."""
        read, most = 0, MOST_BODY_BYTES
        if scope["type"] == "http" and has_files(Request(scope)):
            most = MOST_WITH_FILES

        async def _bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, _bounded, send)


def refuse_foreign(request: Request, callers: Callers) -> None:
    """Refuse a form that another site sent.

    Raises:
        RefusedError: by `Sec-Fetch-Site` or, in older browsers, `Origin` it is another site's.

    """
    if _is_foreign(request, callers):
        raise RefusedError(HTTPStatus.FORBIDDEN, "page_foreign")


def _is_foreign(request: Request, callers: Callers) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return False
    ours = {request.headers.get("host", ""), callers.forwarded(request, "x-forwarded-host")}
    return origin.partition("://")[2] not in ours - {""}
