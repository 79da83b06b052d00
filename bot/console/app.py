"""The console as one set of routes: all signed in, of the right role, sent by our own page."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.console import cookies, gaps, home, inbox, insight, own_account, sign_in_pages
from bot.console.announcements import section as announcements
from bot.console.content import section as content
from bot.console.live import EVENTS, Stream, Streams
from bot.console.people import section as people
from bot.console.proofs import Proofs
from bot.console.request import HOME, ConsoleRequest, ConsoleRoute, Section
from bot.console.system import section as system
from bot.web.callers import Callers
from bot.web.refusal import RefusedError
from bot.web.render import Templates, WebRoom
from bot.web.shield import has_files, refuse_foreign
from services.bootstrap import Services
from services.errors import HtxError, StaffError
from services.staff import sign_in, stops, ways
from services.storage.models import StaffSession

ROOM = WebRoom.beside(__file__, "/console/static")
SECTIONS: Sequence[Section] = (
    home.SECTION,
    inbox.SECTION,
    gaps.SECTION,
    content.SECTION,
    announcements.SECTION,
    insight.SECTION,
    people.SECTION,
    system.SECTION,
    own_account.SECTION,
)
"""In the order of the menu."""
PROOF = "proof_"
"""How the fields begin by which somebody proves anew who they are, beside those of a form."""


def add_console(
    app: FastAPI, services: Services, callers: Callers, streams: Streams | None = None
) -> None:
    """Add all routes of the console to the app; its files lie under `/console/static`."""
    templates = Templates(services.current.say, rooms=(ROOM,))
    proofs = Proofs(services, callers)
    console = Console(
        services, callers, templates, SECTIONS, proofs, streams or Streams(app.state.ended)
    )
    app.mount(ROOM.prefix, StaticFiles(directory=ROOM.static))
    sign_in_pages.SignInPages(services, callers, templates, proofs).add_to(app)
    for section in SECTIONS:
        for route in section.routes:
            app.add_route(
                HOME + route.path,
                console.endpoint(route),
                methods=[route.method],
                include_in_schema=False,
            )


@dataclass(frozen=True)
class _Gate:
    """What a request shows where it wants to be let in."""

    route: ConsoleRoute
    request: Request
    form: FormData
    token: str
    """What the browser holds."""
    problem: str
    """Why the proof that it sent is none."""


@dataclass(frozen=True)
class Console:
    """Lets a request in, serves it in one transaction, and puts every refusal into words."""

    services: Services
    callers: Callers
    templates: Templates
    sections: Sequence[Section]
    proofs: Proofs
    streams: Streams

    def endpoint(self, route: ConsoleRoute) -> Callable[[Request], Awaitable[Response]]:
        """Return what serves a route."""

        async def _endpoint(request: Request) -> Response:
            try:
                if route.live and request.headers.get("accept") == EVENTS:
                    return self._listen(route, request)
                if request.method != "POST":
                    return await self._proved(route, request, FormData())
                refuse_foreign(request, self.callers)
                if has_files(request) and not await self._is_signed_in(request):
                    return _to_sign_in(request)  # nothing so long is read of anybody else
                async with request.form() as form:
                    return await self._proved(route, request, form)
            except RefusedError as refused:
                return self._problem(
                    refused.status, refused.sentence(self.services.library.phrases)
                )

        return _endpoint

    def _listen(self, route: ConsoleRoute, request: Request) -> Response:
        """Serve a part for as long as a page listens; every look is let in anew."""
        token = cookies.held(request, self.callers)
        look = partial(self._serve, route, request, FormData(), token)
        return Stream(self.streams, token, look, request.headers.get("last-event-id", ""))

    async def _is_signed_in(self, request: Request) -> bool:
        token = cookies.held(request, self.callers)
        async with self.services.sessions() as session:
            return await sign_in.find(session, token, self.services.now()) is not None

    async def _proved(self, route: ConsoleRoute, request: Request, form: FormData) -> Response:
        """Serve a request, after its person proved anew who they are where the form does so."""
        token = cookies.held(request, self.callers)
        if not (route.fresh and any(name.startswith(PROOF) and form[name] for name in form)):
            return await self._serve(route, request, form, token)
        try:
            renewed, name = await self._prove(request, form, token)
        except StaffError as error:
            return await self._serve(route, request, form, token, str(error))
        response = await self._serve(route, request, form, renewed or token)
        if renewed:
            cookies.hold(response, renewed, request, self.callers)
            self.proofs.know(request, response, name)
        return response

    async def _prove(self, request: Request, form: FormData, token: str) -> tuple[str, str]:
        """Try what the form shows; return the token that the browser shall hold now, and whose."""
        given = {name: str(form.get(f"{PROOF}{name}", "")) for name in _PROOFS}
        async with self.services.sessions() as session:
            signed = await sign_in.find(session, token, self.services.now())
        if signed is None or not _is_same(str(form.get("token", "")), self._form_token(signed)):
            return "", ""  # the gate says why
        name = signed.staff.name
        if given["answer"]:
            how = "passkey"
            await self.proofs.by_passkey(request, given["answer"], signed.staff)
        else:
            how = "password"
            await self.proofs.by_password(request, name, given["password"], given["code"])
        async with self.services.sessions.begin() as session:
            now = self.services.now()
            current = await sign_in.find(session, token, now)
            return await sign_in.renew(session, current, how, now) if current else "", name

    async def _serve(
        self, route: ConsoleRoute, request: Request, form: FormData, token: str, problem: str = ""
    ) -> Response:
        gate = _Gate(route, request, form, token, problem)
        try:
            async with self.services.sessions.begin() as session:
                asked = await self._let_in(gate, session)
                return asked if isinstance(asked, Response) else await route.handler(asked)
        except HtxError as error:
            # What the handler had done is rolled back; the form is shown in a session of its own.
            async with self.services.sessions.begin() as session:
                asked = await self._let_in(gate, session)
                if isinstance(asked, Response):
                    return asked
                if route.again is not None:
                    try:
                        return await route.again(asked, error)
                    except HtxError:  # what it was about is gone: erased, or it never was
                        pass
                return asked.page(
                    "problem.html", HTTPStatus.UNPROCESSABLE_ENTITY, sentence=str(error)
                )

    async def _let_in(self, gate: _Gate, session: AsyncSession) -> ConsoleRequest | Response:
        """Return who asks; a response where they may not, or must sign in (again) first."""
        now, request, route = self.services.now(), gate.request, gate.route
        signed = await sign_in.find(session, gate.token, now)
        if signed is None:
            return _to_sign_in(request)
        token = self._form_token(signed)
        asked = ConsoleRequest(
            request,
            session,
            signed,
            token,
            gate.form,
            self.services,
            self.templates,
            self.sections,
            await stops.every(session),
        )
        if signed.staff.role not in route.roles:
            return asked.page("problem.html", HTTPStatus.FORBIDDEN, sentence=_NOT_YOURS)
        if request.method == "POST" and not _is_same(asked.field("token"), token):
            return asked.page(
                "problem.html", HTTPStatus.FORBIDDEN, sentence=_FORM_OLD, typed=_typed(gate.form)
            )
        self.callers.let_in(gate.token)
        if not (route.quiet or route.live):
            sign_in.touch(signed, now)
        if route.fresh and not sign_in.is_fresh(signed, now):
            return await self._ask_proof(asked, gate.problem)
        return asked

    async def _ask_proof(self, asked: ConsoleRequest, problem: str) -> Response:
        """Ask for a proof, and keep what was sent until it is given."""
        url = asked.request.url
        path = url.path + (f"?{url.query}" if url.query else "")
        sent = [] if asked.request.method == "GET" else _sent(asked.form)
        return asked.page(
            "prove.html",
            HTTPStatus.FORBIDDEN,
            problem=problem,
            sent=sent or [("token", asked.token), ("to", path)],
            action=path if sent else f"{HOME}/me/prove",
            ways=await ways.of_account(asked.session, asked.staff),
        )

    def _form_token(self, signed: StaffSession) -> str:
        """Return what our own pages' forms carry: made of the session, it opens nothing.

        Of when it began too: SQLite gives the number of a session that was dropped to another.
        """
        return self.proofs.keys.hash("form", f"{signed.id} {signed.began_at.timestamp()}")

    def _problem(self, status: HTTPStatus, sentence: str) -> Response:
        return HTMLResponse(self.templates.render("refused.html", sentence=sentence), status)


_PROOFS = ("password", "code", "answer")
_NOT_YOURS = "Việc này thuộc vai trò khác; cần thì nhờ quản trị đổi vai trò của anh/chị."
_FORM_OLD = "Trang này mở từ phiên trước nên chưa làm gì; mở lại trang ấy rồi làm lại."
_SECRETS = frozenset({"token", "password", "code"})
"""Fields that are never shown again."""


def _to_sign_in(request: Request) -> Response:
    """Lead to the sign-in page, and from there back to what was wanted."""
    wanted = request.url.path if request.method == "GET" else HOME
    if request.method == "GET" and request.url.query:
        wanted = f"{wanted}?{request.url.query}"
    if wanted == HOME:
        return RedirectResponse(f"{HOME}/sign-in", HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"{HOME}/sign-in?to={quote(wanted)}", HTTPStatus.SEE_OTHER)


def _is_same(sent: str, token: str) -> bool:
    return secrets.compare_digest(sent.encode(), token.encode())


def _sent(form: FormData) -> list[tuple[str, str]]:
    """Return the fields of a form that is to be sent once more."""
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and not name.startswith(PROOF)
    ]


def _typed(form: FormData) -> list[str]:
    """Return what somebody wrote in a form in words of their own."""
    return [text for name, text in _sent(form) if name not in _SECRETS and " " in text.strip()]
