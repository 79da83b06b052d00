"""What a browser of staff holds: the token of its session, and by what it is known."""

from starlette.requests import Request
from starlette.responses import Response

from bot.web.callers import Callers
from bot.web.shield import is_https
from services.staff.known_browsers import REMEMBERED

_SESSION, _KNOWN = "htx_console", "htx_known"


def held(request: Request, callers: Callers) -> str:
    """Return the token that a browser holds; nothing where it holds none."""
    return request.cookies.get(_name(_SESSION, request, callers), "")


def hold(response: Response, token: str, request: Request, callers: Callers) -> None:
    """Have the browser hold a token from now on."""
    _set(response, _SESSION, token, request, callers)


def drop(response: Response, request: Request, callers: Callers) -> None:
    """Have the browser hold no token."""
    response.delete_cookie(_name(_SESSION, request, callers), path="/")


def mark_of(request: Request, callers: Callers) -> str:
    """Return by what the browser is known for an account's; nothing for any other."""
    return request.cookies.get(_name(_KNOWN, request, callers), "")


def know(response: Response, mark: str, request: Request, callers: Callers) -> None:
    """Have the browser be known for an account's from now on."""
    _set(response, _KNOWN, mark, request, callers, lasts=int(REMEMBERED.total_seconds()))


def _set(  # noqa: PLR0913  # because each is another thing
    response: Response,
    name: str,
    value: str,
    request: Request,
    callers: Callers,
    *,
    lasts: int | None = None,
) -> None:
    response.set_cookie(
        _name(name, request, callers),
        value,
        max_age=lasts,
        path="/",
        secure=is_https(request, callers),
        httponly=True,
        samesite="lax",  # strict would ask whoever comes by a link in Telegram to sign in again
    )


def _name(name: str, request: Request, callers: Callers) -> str:
    """Return a cookie's name; over HTTPS browsers take it of this host alone, of none beside it."""
    return f"__Host-{name}" if is_https(request, callers) else name
