"""Signing in and out: the one part of the console that opens without a session."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.request import HOME
from bot.web.callers import Callers
from bot.web.render import Templates
from bot.web.shield import is_https, refuse_foreign
from services.bootstrap import Services
from services.errors import StaffError
from services.staff import sign_in

_COOKIE = "htx_console"
_SAFE_COOKIE = f"__Host-{_COOKIE}"
"""Over HTTPS browsers take it of this host alone, of none beside or above it."""


def held(request: Request, callers: Callers) -> str:
    """Return the token that a browser holds; nothing where it holds none."""
    return request.cookies.get(_name(request, callers), "")


@dataclass(frozen=True)
class SignInPages:
    """The routes under `/console/sign-in` and `/console/sign-out`."""

    services: Services
    callers: Callers
    templates: Templates

    def add_to(self, app: FastAPI) -> None:
        """Add the routes."""
        app.add_route(f"{HOME}/sign-in", self.show, methods=["GET"], include_in_schema=False)
        app.add_route(
            f"{HOME}/sign-in/{{link}}", self.open_link, methods=["GET"], include_in_schema=False
        )
        app.add_route(f"{HOME}/sign-out", self.sign_out, methods=["POST"], include_in_schema=False)

    async def show(self, _request: Request) -> Response:
        """Show how to sign in."""
        return self._page()

    async def open_link(self, request: Request) -> Response:
        """Sign in whoever opens a link of `htx staff session`; it is good once."""
        now = self.services.now()
        try:
            async with self.services.sessions.begin() as session:
                staff = await sign_in.open_link(session, request.path_params["link"], now)
                agent = request.headers.get("user-agent", "")
                token = await sign_in.begin(session, staff, "link", agent, now)
        except StaffError as error:
            return self._page(HTTPStatus.FORBIDDEN, str(error))
        return self.signed_in(request, token, HOME)

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser."""
        refuse_foreign(request, self.callers)
        now = self.services.now()
        async with self.services.sessions.begin() as session:
            signed = await sign_in.find(session, held(request, self.callers), now)
            if signed is not None:
                await sign_in.end(session, signed.staff, now, only=signed.id)
        left = RedirectResponse(f"{HOME}/sign-in", HTTPStatus.SEE_OTHER)
        left.delete_cookie(_name(request, self.callers), path="/")
        return left

    def signed_in(self, request: Request, token: str, address: str) -> Response:
        """Lead to a page of the console; the browser holds the new token from now on.

        What it held before is worth nothing here: nobody can give another a token to sign in with.
        """
        entered = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        entered.set_cookie(
            _name(request, self.callers),
            token,
            path="/",
            secure=is_https(request, self.callers),
            httponly=True,
            samesite="lax",  # strict would ask whoever comes by a link in Telegram to sign in again
        )
        return entered

    def _page(self, status: HTTPStatus = HTTPStatus.OK, problem: str = "") -> Response:
        return HTMLResponse(self.templates.render("sign_in.html", problem=problem), status)


def _name(request: Request, callers: Callers) -> str:
    return _SAFE_COOKIE if is_https(request, callers) else _COOKIE
