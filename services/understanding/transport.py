"""The way to the NLU server: httpx's requests and answers over aiohttp's connections.

httpx's own connections take several times as much processor time a call: at each lock they look on
the disk for the library of another event loop (`current_async_library` of httpcore).
"""

import aiohttp
import httpx
from yarl import URL

_CONNECTIONS = 100
_KEPT = 5.0
"""Seconds that a connection stays open for the next call, as httpx has it."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Carries calls to one server on the same machine; nothing of cookies, redirects or proxies."""

    def __init__(self, seconds: float) -> None:
        """Bound every phase of a call: to connect, and to wait for bytes."""
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=seconds, sock_connect=seconds, sock_read=seconds
        )
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer.

        Raises:
            aiohttp.ClientError: no connection was made, or it was lost.
            TimeoutError: the server was silent for too long.

        """
        if self._session is None:  # not before: a session belongs to the loop that it is made in
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
            )
        call = self._session.request(
            request.method,
            URL(str(request.url), encoded=True),
            data=request.content,
            headers={"Content-Type": request.headers.get("Content-Type", "")},
            allow_redirects=False,
        )
        async with call as answer:
            return httpx.Response(answer.status, content=await answer.read())

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
