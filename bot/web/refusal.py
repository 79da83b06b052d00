"""A request that is not served: with which status, in whose words, and in which shape.

The API is told in JSON, the page's script by an exchange, people by a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.limits import WINDOW_SECONDS, Bound, Quota
from bot.web.callers import Caller
from bot.web.render import Exchange, Templates, reply_view
from nlu.text import MAX_CHARS
from services.conversation.reply import Reply
from services.conversation.state import TurnResult
from services.edition import CurrentEdition
from services.knowledge.library import Library
from services.knowledge.phrases import Phrases
from services.storage.session import AWAY

FRAGMENT = "X-Fragment"
"""Sent by the page's own script, which wants the new exchange alone; repeated in the response."""
_AGAIN_AFTER = 30
"""Seconds after which whoever met one of those may come again."""
_WITH_REPLY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""The refusals that a program reads as a reply, not as a fault of its own request."""


class RefusedError(Exception):
    """A request is refused with a status and a phrase."""

    def __init__(self, status: HTTPStatus, phrase: str) -> None:
        """Name the phrase that says it."""
        super().__init__(phrase)
        self.status = status
        self.phrase = phrase

    @property
    def headers(self) -> Mapping[str, str]:
        """What the client is told besides."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return {"Retry-After": str(WINDOW_SECONDS)}
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(_AGAIN_AFTER)}
        return {}

    def sentence(self, phrases: Phrases) -> str:
        """Return what is said."""
        return phrases.say(self.phrase, **_VALUES.get(self.phrase, {}))

    def answered(self, library: Library) -> TurnResult:
        """Return what is said, as a reply that took no time."""
        return TurnResult(Reply("declined", self.sentence(library.phrases)), library)


def failed(error: Exception | None = None) -> RefusedError:
    """Return the refusal for what nobody foresaw, or for a database or a disk that is away."""
    away = isinstance(error, (*AWAY, OSError))
    status = HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR
    return RefusedError(status, "failed")


def too_many() -> RefusedError:
    """Return the refusal of whoever sends too much."""
    return RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too_many")


def require_room(quota: Quota, bound: Bound, caller: Caller) -> None:
    """Count one for a caller, but for the office's own machines.

    Raises:
        RefusedError: there are too many of it, from there or over all (429).

    """
    if not caller.own and not quota.allow(bound.over(*caller.places, near=caller.near)):
        raise too_many()


@dataclass(frozen=True)
class Refuser:
    """Says why a request is not served, in the shape that whoever sent it reads."""

    current: CurrentEdition
    templates: Templates

    def respond(self, request: Request, error: Exception) -> Response:
        """Make the response to a request that ended in this error."""
        refused = _refusal(request, error)
        response = self._shaped(request, refused)
        response.status_code = refused.status
        response.headers.update(refused.headers)
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    def _shaped(self, request: Request, refused: RefusedError) -> Response:
        library = self.current.library
        phrases = library.phrases
        if _is_api(request):
            replied = refused.status in _WITH_REPLY
            problem = {"detail": refused.sentence(phrases)}
            return JSONResponse(refused.answered(library).as_json() if replied else problem)
        if FRAGMENT not in request.headers:
            page = self.templates.render("problem.html", sentence=refused.sentence(phrases))
            return HTMLResponse(page)
        exchange = Exchange("", reply_view(refused.answered(library).reply, library))
        page = self.templates.render("exchange.html", exchange=exchange, key="", action="")
        return HTMLResponse(page, headers={FRAGMENT: "1"})


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _refusal(request: Request, error: Exception) -> RefusedError:
    if isinstance(error, RefusedError):
        return error
    status = (
        error.status_code if isinstance(error, HTTPException) else HTTPStatus.UNPROCESSABLE_ENTITY
    )
    return _of_status(status, api=_is_api(request))


def _of_status(status: int, *, api: bool) -> RefusedError:
    """Return the refusal that stands for a status the framework raised."""
    told = (
        HTTPStatus.UNPROCESSABLE_ENTITY if status == HTTPStatus.BAD_REQUEST else HTTPStatus(status)
    )
    phrases = _API if api else _PAGES
    return RefusedError(told, phrases.get(told, "api_missing" if api else "page_missing"))


_VALUES: Mapping[str, Mapping[str, Any]] = {"too_long": {"most": MAX_CHARS}}
_API = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "api_malformed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_long",
    HTTPStatus.METHOD_NOT_ALLOWED: "api_method",
}
_PAGES = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "page_unread",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_long",
}
