"""Pictures and PDFs that people send from the page to whoever answers their open ticket."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.limits import SENDING
from bot.web.callers import FILES_OF_PEOPLE as HERE
from bot.web.callers import Callers
from bot.web.chat import CHANNEL
from bot.web.desk import GuestDesk
from bot.web.guests import Guest, Guests
from bot.web.render import Templates
from bot.web.shield import refuse_foreign
from services.bootstrap import Services
from services.conversation.question import Question
from services.errors import TicketError, sentence
from services.tickets import files
from services.tickets.reception import Reception, opened

_AGAIN = "lai"
"""Says in an address that a file came from a page that had stood open for too long."""


@dataclass(frozen=True)
class TicketFiles:
    """The page on which a file is chosen, and its sending; both want an open ticket."""

    services: Services
    templates: Templates
    callers: Callers
    guests: Guests
    desk: GuestDesk

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(HERE, self.ask, methods=["GET", "HEAD"])
        router.add_api_route(HERE, self.take, methods=["POST"])
        return router

    async def ask(self, request: Request) -> Response:
        """Show the form to whoever has an open ticket; from now on their browser may send files."""
        lost = self.templates.say("page_file_again") if _AGAIN in request.query_params else ""
        return await self._page(self.guests.of(request), lost, HTTPStatus.OK)

    async def take(self, request: Request) -> Response:
        """Leave a file to whoever has or takes the ticket; nothing is read of anybody else's.

        Raises:
            RefusedError: another site sent it (403), or there are too many (429).

        """
        refuse_foreign(request, self.callers)
        if not self.callers.may_send_files(request):
            return RedirectResponse(f"{HERE}?{_AGAIN}=1", HTTPStatus.SEE_OTHER)
        self.desk.require_room(request, SENDING)
        guest = self.guests.of(request)
        try:
            file = await self._file(request)
            async with self.desk.writing(request, guest) as session:
                app = self.services
                reception = Reception(app.settings, app.writer, app.now())
                nothing = Question(CHANNEL, guest.conversation)
                await reception.leave_file(session, file, nothing, app.library)
        except TicketError as refused:
            return await self._page(guest, sentence(refused), HTTPStatus.UNPROCESSABLE_ENTITY)
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    async def _file(self, request: Request) -> files.CleanFile:
        async with request.form(max_files=1, max_fields=1) as form:
            given = form.get("file")
            if not isinstance(given, UploadFile):
                raise TicketError("ticket_file_kind")
            return await files.cleaned(given.filename or "", await given.read())

    async def _page(self, guest: Guest, problem: str, status: HTTPStatus) -> Response:
        async with self.services.sessions() as session:
            ticket = await opened(session, CHANNEL, guest.conversation)
        if ticket is not None:
            self.callers.let_send(guest.key)
        page = self.templates.render(
            "ticket_file.html",
            ticket=ticket,
            problem=problem,
            most=files.MOST // 1024**2,
        )
        return HTMLResponse(page, status)
