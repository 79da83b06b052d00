"""Guests: whoever opens a page, known by nothing but the key of their conversation in a cookie."""

import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.web.callers import Callers
from bot.web.chat import CHANNEL
from bot.web.shield import is_https
from services.conversation.names import given, is_key, once_given
from services.storage.models import Chat

COOKIE = "htx_conversation"
_SAFE_COOKIE = f"__Host-{COOKIE}"
"""Its name over HTTPS: browsers take it of this host alone, of none beside or above it.

https://www.rfc-editor.org/rfc/rfc6265bis (section 4.1.3.2)
"""
_DAY = 24 * 60 * 60
_KEY_BYTES = 16


@dataclass(frozen=True)
class Guest:
    """Whoever opens a page, known by the key of their conversation."""

    key: str
    once: tuple[str, ...] = ()
    """What their conversation was called before, where it may still stand so."""
    own: bool = True
    """Whether the key is the cookie's, or new: what a form gave may be known to others."""
    returns: bool = False
    """Whether the cookie brought it."""

    @property
    def conversation(self) -> str:
        """The conversation's name: one by a given key is no other's whose cookie holds that key."""
        return self.key if self.own else given(self.key)

    @property
    def chat(self) -> Chat:
        """How rows name the conversation."""
        return CHANNEL, self.conversation


@dataclass(frozen=True)
class Guests:
    """Tells who opens a page, and has browsers keep that."""

    callers: Callers
    keep_days: int

    def of(self, request: Request, form: str = "") -> Guest:
        """Return whose conversation it is: by the cookie, by the form where none comes, or new.

        A page in another site's frame gets no cookie back, so its forms carry the key too.
        """
        once = self._former_cookie(request)
        if is_key(cookie := request.cookies.get(self._cookie(request), "")):
            return Guest(cookie, once, returns=True)
        if is_key(form):
            return Guest(form, (*once, *once_given(form)), own=False)
        return Guest(secrets.token_urlsafe(_KEY_BYTES), once)

    def known_by(self, request: Request, response: Response, guest: Guest) -> Response:
        """Set the cookie, but never to a key that a form gave: whoever gave it would know it."""
        if not guest.own:
            return response
        response.set_cookie(
            self._cookie(request),
            guest.key,
            max_age=self.keep_days * _DAY,
            secure=is_https(request, self.callers),
            httponly=True,
            samesite="lax",
        )
        return response

    def expire_former(self, request: Request, response: Response) -> None:
        """Let the browser forget by what it was known before the cookie was renamed."""
        if self._former_cookie(request):
            response.delete_cookie(COOKIE)

    def _former_cookie(self, request: Request) -> tuple[str, ...]:
        """Return the key by which a browser was known over HTTPS before the cookie was renamed."""
        cookie = request.cookies.get(COOKIE, "") if is_https(request, self.callers) else ""
        return (cookie,) if is_key(cookie) else ()

    def _cookie(self, request: Request) -> str:
        return _SAFE_COOKIE if is_https(request, self.callers) else COOKIE
