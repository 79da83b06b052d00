"""What somebody wants to be reminded of, on the page: no one can be told on it, so it is shown.

Whoever comes back sees what is near; a calendar file and a link to Telegram tell it elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.telegram.reminders import link_to
from bot.web.desk import GuestDesk
from bot.web.guests import Guest, Guests
from bot.web.markdown import markdown_line
from bot.web.render import Templates
from bot.web.tool_views import as_file
from services.bootstrap import Services
from services.clock import day_of
from services.errors import ToolError, sentence
from services.reminders import reminders
from services.reminders.words import Telling, line_of
from services.tools.due import DatedLine, calendar_of, dated, yearly

ADDRESS = "/nhac"
_Lines = Annotated[list[str] | None, Form()]


@dataclass(frozen=True)
class ReminderPages:
    """The routes of reminders."""

    services: Services
    templates: Templates
    guests: Guests
    desk: GuestDesk
    bot: Callable[[], str]
    """The name of the bot in Telegram; empty while none runs."""

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix=ADDRESS, include_in_schema=False)
        router.add_api_route("", self.all, methods=["GET", "HEAD"])
        router.add_api_route("", self.ask, methods=["POST"])
        router.add_api_route("/thoi", self.end, methods=["POST"])
        router.add_api_route("/viec.ics", self.calendar, methods=["GET"])
        return router

    async def all(self, request: Request) -> Response:
        """List what somebody wants to be reminded of, and what comes each year."""
        async with self.services.sessions() as session:
            return await self._page(session, self.guests.of(request))

    async def ask(self, request: Request, line: _Lines = None) -> Response:
        """Note as many reminders as one may have; what can't be is told above the list, once."""
        guest, faults = self.guests.of(request), dict[str, None]()
        async with self.desk.writing(request, guest) as session:
            library, now = self.services.library, self.services.now()
            lines = map(DatedLine.read, (line or ())[: reminders.MOST])
            for asked in dict.fromkeys(filter(None, lines)):
                try:
                    await reminders.ask(session, guest.chat, asked, library, now)
                except ToolError as refused:
                    faults[sentence(refused)] = None
            response = _to_list() if not faults else await self._page(session, guest, tuple(faults))
        return self.guests.known_by(request, response, guest)

    async def end(self, request: Request, line: Annotated[str, Form()] = "") -> Response:
        """Let go of a reminder."""
        guest, ended = self.guests.of(request), DatedLine.read(line)
        async with self.desk.writing(request, guest) as session:
            if ended is not None:
                await reminders.end_shown(session, guest.chat, ended, self.services.library)
        await self.services.wiper.wipe()
        return _to_list()

    async def calendar(self, request: Request) -> Response:
        """Give all of them as a file for a calendar."""
        now = self.services.now()
        async with self.services.sessions() as session:
            rows = await reminders.of_chat(session, self.guests.of(request).chat)
        library, today = self.services.library, day_of(now)
        known = filter(None, (dated(library, line_of(row), today) for row in rows))
        made = calendar_of(event for found in known for event in found.in_calendar(now))
        return as_file("viec-den-han.ics", made, "text/calendar; charset=utf-8")

    async def _page(
        self, session: AsyncSession, guest: Guest, faults: Sequence[str] = ()
    ) -> Response:
        rows = await reminders.of_chat(session, guest.chat)
        held = {line_of(row) for row in rows}
        library, bot = self.services.library, self.bot()
        years = yearly(library, library.reminding.offered, self._today)
        lines, telling = [line_of(row) for row in rows], Telling(library)
        page = self.templates.render(
            "reminders.html",
            rows=[
                (line, markdown_line(telling.line(row, self._today)))
                for line, row in zip(lines, rows, strict=True)
            ],
            links={line: link_to(bot, line) for line in lines} if bot else {},
            coming=[one for one in years if one[0] not in held],
            faults=faults,
            days=self.services.settings.keep_days,
            counted="due" in library.tools,
        )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
        return HTMLResponse(page, status)

    @property
    def _today(self) -> date:
        return day_of(self.services.now())


def _to_list() -> Response:
    return RedirectResponse(ADDRESS, HTTPStatus.SEE_OTHER)
