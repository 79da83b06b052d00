"""The console as one set of routes: all signed in, of the right role, sent by our own page."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.console import content, home, inbox, insight, sign_in_pages
from bot.console.announcements import section as announcements
from bot.console.request import HOME, ConsoleRequest, ConsoleRoute, Section
from bot.web.callers import Callers
from bot.web.refusal import RefusedError
from bot.web.render import Templates, WebRoom
from bot.web.shield import refuse_foreign
from services.bootstrap import Services
from services.errors import HtxError
from services.staff import sign_in

ROOM = WebRoom.beside(__file__, "/console/static")
SECTIONS: Sequence[Section] = (
    home.SECTION,
    inbox.SECTION,
    content.SECTION,
    announcements.SECTION,
    insight.SECTION,
)
"""In the order of the menu."""


def add_console(app: FastAPI, services: Services, callers: Callers) -> None:
    """Add all routes of the console to the app; its files lie under `/console/static`."""
    templates = Templates(services.current.say, rooms=(ROOM,))
    console = Console(services, callers, templates, SECTIONS)
    app.mount(ROOM.prefix, StaticFiles(directory=ROOM.static))
    sign_in_pages.SignInPages(services, callers, templates).add_to(app)
    for section in SECTIONS:
        for route in section.routes:
            app.add_route(
                HOME + route.path,
                console.endpoint(route),
                methods=[route.method],
                include_in_schema=False,
            )


@dataclass(frozen=True)
class Console:
    """Lets a request in, serves it in one transaction, and puts every refusal into words."""

    services: Services
    callers: Callers
    templates: Templates
    sections: Sequence[Section]

    def endpoint(self, route: ConsoleRoute) -> Callable[[Request], Awaitable[Response]]:
        """Return what serves a route."""

        async def _endpoint(request: Request) -> Response:
            try:
                if request.method == "POST":
                    refuse_foreign(request, self.callers)
                form = await request.form() if request.method == "POST" else FormData()
                return await self._serve(route, request, form)
            except RefusedError as refused:
                return self._problem(
                    refused.status, refused.sentence(self.services.library.phrases)
                )

        return _endpoint

    async def _serve(self, route: ConsoleRoute, request: Request, form: FormData) -> Response:
        try:
            async with self.services.sessions.begin() as session:
                asked = await self._let_in(route, request, form, session)
                return asked if isinstance(asked, Response) else await route.handler(asked)
        except HtxError as error:
            # What the handler had done is rolled back; the form is shown in a session of its own.
            async with self.services.sessions.begin() as session:
                asked = await self._let_in(route, request, form, session)
                if isinstance(asked, Response):
                    return asked
                if route.again is not None:
                    return await route.again(asked, error)
                return asked.page(
                    "problem.html", HTTPStatus.UNPROCESSABLE_ENTITY, sentence=str(error)
                )

    async def _let_in(
        self, route: ConsoleRoute, request: Request, form: FormData, session: AsyncSession
    ) -> ConsoleRequest | Response:
        """Return who asks; a response where they may not, or must sign in (again) first."""
        now, held = self.services.now(), sign_in_pages.held(request, self.callers)
        signed = await sign_in.find(session, held, now)
        if signed is None:
            return _to_sign_in(request)
        token = _form_token(held)
        asked = ConsoleRequest(
            request, session, signed, token, form, self.services, self.templates, self.sections
        )
        if signed.staff.role not in route.roles:
            return asked.page("problem.html", HTTPStatus.FORBIDDEN, sentence=_NOT_YOURS)
        if request.method == "POST" and not secrets.compare_digest(asked.field("token"), token):
            return asked.page("problem.html", HTTPStatus.FORBIDDEN, sentence=_FORM_OLD)
        if not route.quiet:
            sign_in.touch(signed, now)
        if route.fresh and not sign_in.is_fresh(signed, now):
            return asked.page("prove.html", HTTPStatus.FORBIDDEN, sent=_sent(form))
        return asked

    def _problem(self, status: HTTPStatus, sentence: str) -> Response:
        return HTMLResponse(self.templates.render("refused.html", sentence=sentence), status)


_NOT_YOURS = "Việc này thuộc vai trò khác; cần thì nhờ quản trị đổi vai trò của anh/chị."
_FORM_OLD = "Trang này mở từ phiên trước; tải lại trang rồi làm lại, chữ đã gõ chép ra trước."


def _to_sign_in(request: Request) -> Response:
    """Lead to the sign-in page, and from there back to what was wanted."""
    wanted = request.url.path if request.method == "GET" else HOME
    if request.method == "GET" and request.url.query:
        wanted = f"{wanted}?{request.url.query}"
    if wanted == HOME:
        return RedirectResponse(f"{HOME}/sign-in", HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"{HOME}/sign-in?to={quote(wanted)}", HTTPStatus.SEE_OTHER)


def _form_token(held: str) -> str:
    """Return what our own pages' forms carry: made of what the browser holds, it tells nothing."""
    return hashlib.sha256(f"form:{held}".encode()).hexdigest()


def _sent(form: FormData) -> list[tuple[str, str]]:
    """Return the fields of a form that is to be sent once more."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
