"""A message that is not served: with which status, and in whose words."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from bot.runner import WINDOW_SECONDS
from nlu.text import MAX_CHARS
from services.conversation.reply import Reply
from services.conversation.state import TurnResult
from services.knowledge.library import Library
from services.knowledge.phrases import Phrases

WITH_REPLY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR})
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
        return {}

    def sentence(self, phrases: Phrases) -> str:
        """Return what is said."""
        return phrases.say(self.phrase, **_VALUES.get(self.phrase, {}))

    def answered(self, library: Library) -> TurnResult:
        """Return what is said, as a reply that took no time."""
        return TurnResult(Reply("declined", self.sentence(library.phrases)), library)


def failed() -> RefusedError:
    """Return the refusal for what nobody foresaw."""
    return RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "failed")


def of_status(status: int, *, api: bool) -> RefusedError:
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
