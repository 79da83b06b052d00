"""Signing in and out: the one part of the console that opens without a session."""

from collections.abc import Awaitable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import cookies
from bot.console.proofs import Proofs
from bot.console.request import HOME
from bot.web.callers import Callers
from bot.web.render import Templates
from bot.web.shield import refuse_foreign
from services.bootstrap import Services
from services.errors import StaffError
from services.staff import passkey, sign_in
from services.storage.models import Staff

_FIELDS = ("name", "password", "code", "to")
_How = Literal["password", "passkey"]


@dataclass(frozen=True)
class SignInPages:
    """The routes under `/console/sign-in` and `/console/sign-out`."""

    services: Services
    callers: Callers
    templates: Templates
    proofs: Proofs

    def add_to(self, app: FastAPI) -> None:
        """Add the routes."""
        for path, serve, method in (
            ("sign-in", self.show, "GET"),
            ("sign-in", self.by_password, "POST"),
            ("sign-in/passkey", self.ask_passkey, "GET"),
            ("sign-in/passkey", self.by_passkey, "POST"),
            ("sign-in/{link}", self.open_link, "GET"),
            ("sign-out", self.sign_out, "POST"),
        ):
            app.add_route(f"{HOME}/{path}", serve, methods=[method], include_in_schema=False)

    async def show(self, request: Request) -> Response:
        """Show how to sign in."""
        return self._page(to=inside(request.query_params.get("to", "")))

    async def open_link(self, request: Request) -> Response:
        """Sign in whoever opens a link of `htx staff session`; it is good once.

        Where the browser is signed in to the same account, its session goes on, proved anew.
        """
        now = self.services.now()
        try:
            async with self.services.sessions.begin() as session:
                staff = await sign_in.open_link(session, request.path_params["link"], now)
                signed = await sign_in.find(session, cookies.held(request, self.callers), now)
                if signed is not None and signed.staff_id == staff.id:
                    token = await sign_in.renew(session, signed, "link", now)
                else:
                    agent = request.headers.get("user-agent", "")
                    token = await sign_in.begin(session, staff, "link", agent, now)
        except StaffError as error:
            return self._page(HTTPStatus.FORBIDDEN, str(error))
        return self.signed_in(request, token, HOME)

    async def by_password(self, request: Request) -> Response:
        """Sign in whoever types an account's name, its password and a code."""
        refuse_foreign(request, self.callers)
        form = await request.form()
        name, typed, code, to = (str(form.get(one, "")) for one in _FIELDS)
        proof = self.proofs.by_password(request, name, typed, code)
        return await self._begin(request, proof, "password", name, to)

    async def ask_passkey(self, _request: Request) -> Response:
        """Return what the page's script has a device sign."""
        asked = passkey.ask_to_sign(self.proofs.site, self.services.now())
        return Response(asked, media_type="application/json")

    async def by_passkey(self, request: Request) -> Response:
        """Sign in whoever has an account's passkey sign."""
        refuse_foreign(request, self.callers)
        form = await request.form()
        proof = self.proofs.by_passkey(request, str(form.get("answer", "")))
        return await self._begin(request, proof, "passkey", "", str(form.get("to", "")))

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser."""
        refuse_foreign(request, self.callers)
        now = self.services.now()
        async with self.services.sessions.begin() as session:
            signed = await sign_in.find(session, cookies.held(request, self.callers), now)
            if signed is not None:
                await sign_in.end(session, signed.staff, now, only=signed.id)
        left = RedirectResponse(f"{HOME}/sign-in", HTTPStatus.SEE_OTHER)
        cookies.drop(left, request, self.callers)
        return left

    def signed_in(self, request: Request, token: str, address: str) -> Response:
        """Lead to a page of the console; the browser holds the new token from now on.

        What it held before is worth nothing here: nobody can give another a token to sign in with.
        """
        entered = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        cookies.hold(entered, token, request, self.callers)
        return entered

    async def _begin(
        self, request: Request, proof: Awaitable[Staff], how: _How, name: str, to: str
    ) -> Response:
        """Begin a session where the proof holds; else say that it does not."""
        try:
            staff = await proof
        except StaffError as error:
            return self._page(HTTPStatus.FORBIDDEN, str(error), name, inside(to))
        async with self.services.sessions.begin() as session:
            agent = request.headers.get("user-agent", "")
            token = await sign_in.begin(session, staff, how, agent, self.services.now())
        entered = self.signed_in(request, token, inside(to) or HOME)
        self.proofs.know(request, entered, staff.name)
        return entered

    def _page(
        self, status: HTTPStatus = HTTPStatus.OK, problem: str = "", name: str = "", to: str = ""
    ) -> Response:
        shown = self.templates.render("sign_in.html", problem=problem, who=name, to=to)
        return HTMLResponse(shown, status)


def inside(to: str) -> str:
    """Return an address of the console to go on to; nothing for any other."""
    known = to == HOME or to.startswith((f"{HOME}/", f"{HOME}?"))
    return to if known and to.isprintable() and "\\" not in to and "//" not in to else ""
