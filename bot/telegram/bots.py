"""The bots: one that replies, one for bulk; no log ever names their token.

The way of bulk is python-telegram-bot over aiohttp. Its own way, httpx, takes most of the processor
time of a message. The library names `BaseRequest` as the place for another
(https://docs.python-telegram-bot.org/en/stable/telegram.request.baserequest.html).
"""

import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.updates import UpdatesRequest
from services.settings import Settings
from services.telemetry import trace

_LIBRARIES = ("telegram", "httpx", "httpcore", "asyncio")
"""Those that know the token: the Bot API's address holds it, and errors may hold the address."""
_REPLY_SECONDS = 10.0
"""How long a connection, a request or an answer may take."""
_CONNECTIONS = 256
"""Calls that may be under way at a time; each reply is one, and each sign of writing."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NOT_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)
"""Raised before anything of a message has left, the last by a proxy that lets nobody through."""
_BULK_SECONDS = 20.0
"""How long a connection or an answer may take before a message's fate is uncertain."""


def replying_bot(settings: Settings) -> Bot:
    """Return the bot that replies, not begun yet; no log ever names its token."""
    guard_logs(scrubber_of(settings))
    base = settings.telegram_base_url
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=base,
        base_file_url=f"{base.removesuffix('/bot')}/file/bot",
        request=_request(HTTPXRequest, _CONNECTIONS),
        get_updates_request=_request(UpdatesRequest, 1),
    )


def bulk_bot(settings: Settings, connections: int) -> Bot:
    """Return a bot of its own for bulk, not begun yet; no log ever names its token."""
    guard_logs(scrubber_of(settings))
    token = settings.telegram_token.get_secret_value()
    request = BulkRequest(connections, _BULK_SECONDS)
    return Bot(token, base_url=settings.telegram_base_url, request=request)


@dataclass(frozen=True)
class Scrubber(logging.Filter):
    """Takes one token out of texts and log records."""

    token: str

    def clean(self, text: str) -> str:
        """Return the text without the token."""
        for form in (self.token, self.token.replace(":", "%3A")):
            text = text.replace(form, "***") if form else text
        return text

    def trace(self, error: BaseException | None) -> str:
        """Return where an error arose and what it came of, without the token."""
        return self.clean(trace(error)) if error else ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record's message and traceback; let every record pass."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info:
            record.exc_text, record.exc_info = self.trace(record.exc_info[1]), None
        return True


def scrubber_of(settings: Settings) -> Scrubber:
    """Return what takes the bot's token out of texts."""
    return Scrubber(settings.telegram_token.get_secret_value())


def guard_logs(scrubber: Scrubber) -> None:
    """Have every logger of the libraries that know the token clean its records."""
    known = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in _LIBRARIES]
    for name in known:
        logging.getLogger(name).addFilter(scrubber)


class NotSentError(NetworkError):
    """No connection was made: nothing of the message has left."""


class BulkRequest(BaseRequest):
    """Keeps some connections open; a message is tried once, whatever becomes of it."""

    def __init__(self, connections: int, seconds: float) -> None:
        """Have so many connections; `seconds` bounds connecting, and waiting for an answer."""
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=seconds, sock_read=seconds)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """The seconds that an answer may take."""
        return self._timeout.sock_read

    async def initialize(self) -> None:
        """Open the session; twice is no fault."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=self._timeout, trust_env=True
            )

    async def shutdown(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # type: ignore[override]  # because its time limits come by keyword and are ours already
        self, url: str, method: str, request_data: RequestData | None = None, **_timeouts: Any
    ) -> tuple[int, bytes]:
        """Return status and body.

        Raises:
            NotSentError: no connection was made.
            TimedOut: no answer came in time; nobody knows what became of the request.
            NetworkError: the connection was lost; nobody knows either.

        """
        if self._session is None:
            msg = "the request was not initialized"
            raise NotSentError(msg)
        try:
            async with self._session.request(method, url, **_body(request_data)) as answer:
                return answer.status, await answer.read()
        except _NOT_CONNECTED as error:
            raise NotSentError(type(error).__name__) from error
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _request(kind: type[HTTPXRequest], connections: int) -> HTTPXRequest:
    return kind(
        connection_pool_size=connections,
        connect_timeout=_REPLY_SECONDS,
        read_timeout=_REPLY_SECONDS,
        write_timeout=_REPLY_SECONDS,
        pool_timeout=_REPLY_SECONDS,
    )


def _body(data: RequestData | None) -> dict[str, Any]:
    """Return a form, with files if there are any."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": data.url_encoded_parameters().encode(), "headers": _FORM}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
