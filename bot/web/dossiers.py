"""A person's dossiers on the page: a list, one with its papers, steps and dates, its links.

All is plain forms, one for each thing that is marked: whoever presses twice, or on two phones at a
time, loses nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Form
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.limits import MAKING
from bot.web.desk import GuestDesk
from bot.web.guests import Guest, Guests
from bot.web.refusal import RefusedError
from bot.web.render import Templates
from bot.web.tool_views import as_file
from services.bootstrap import Services
from services.clock import day_of
from services.conversation.days import write_day
from services.conversation.plain import literal
from services.dossiers import dossiers, reminded, sharing
from services.dossiers.printed import as_pdf, qr_svg
from services.dossiers.view import KEEP_DAYS, DossierView, name_of, view_of
from services.errors import ToolError, sentence
from services.knowledge.schema import DAY
from services.reminders import reminders
from services.reminders.words import line_of
from services.storage.models import Dossier
from services.tools.due import DatedLine

ADDRESS = "/hoso"
_UNLISTED = {"X-Robots-Tag": "noindex"}
_Act: TypeAlias = Callable[[AsyncSession, Dossier], Awaitable[Response]]


@dataclass(frozen=True)
class DossierPages:
    """The routes of dossiers."""

    services: Services
    templates: Templates
    guests: Guests
    desk: GuestDesk

    def router(self) -> APIRouter:
        """Return the routes."""
        router, reads = APIRouter(prefix=ADDRESS, include_in_schema=False), ["GET", "HEAD"]
        router.add_api_route("", self.all, methods=reads)
        router.add_api_route("", self.begin, methods=["POST"])
        router.add_api_route("/xem/{secret}", self.look, methods=reads)
        router.add_api_route("/nhan/{secret}", self.offer, methods=reads)
        router.add_api_route("/nhan/{secret}", self.take, methods=["POST"])
        router.add_api_route("/{number:int}", self.one, methods=reads)
        router.add_api_route("/{number:int}", self.mark, methods=["POST"])
        router.add_api_route("/{number:int}/ho-so.ics", self.calendar, methods=["GET"])
        router.add_api_route("/{number:int}/ho-so.pdf", self.printed, methods=["GET"])
        router.add_api_route("/{number:int}/{act}", self.do, methods=["POST"])
        return router

    async def all(self, request: Request, procedure: str = "") -> Response:
        """List a guest's dossiers, and offer to begin one."""
        return HTMLResponse(await self._all(request, procedure))

    async def begin(
        self,
        request: Request,
        procedure: Annotated[str, Form()] = "",
        cooperative: Annotated[str, Form()] = "",
    ) -> Response:
        """Begin a dossier."""
        if procedure not in self.services.library.procedures:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        guest = self.guests.of(request)
        try:
            async with self.desk.writing(request, guest) as session:
                chat, now = guest.chat, self.services.now()
                made = await dossiers.begin(session, chat, procedure, cooperative, now)
                response = _lead_to(f"{ADDRESS}/{made.id}")
        except ToolError as error:
            page = await self._all(request, procedure, sentence(error), cooperative)
            return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        return self.guests.known_by(request, response, guest)

    async def one(self, request: Request, number: int) -> Response:
        """Show one of a guest's dossiers; their browser keeps knowing them for as long."""
        view, guest = await self._own(request, number), self.guests.of(request)
        async with self.services.sessions() as session:
            noted = {line_of(row) for row in await reminders.of_chat(session, guest.chat)}
        return self.guests.known_by(request, HTMLResponse(self._page(view, noted=noted)), guest)

    async def mark(
        self,
        request: Request,
        number: int,
        item: Annotated[str, Form()] = "",
        on: Annotated[str, Form()] = "",
        day: Annotated[str, Form()] = "",
    ) -> Response:
        """Mark a thing, or take its mark away; a deadline is marked with the day that is typed."""
        guest, library, now = self.guests.of(request), self.services.library, self.services.now()
        today = day_of(now)
        try:
            async with self.desk.writing(request, guest) as session:
                dossier = await self._found(session, guest, number, locked=True)
                dossiers.require_item(library, dossier, item)
                typed = dossiers.typed_day(day, today) if on and item.startswith(DAY) else today
                wanted = typed if on else None
                await reminded.set_mark(session, dossier, library, item, wanted, now)
        except ToolError as error:
            view = await self._own(request, number)
            page = self._page(view, fault=sentence(error), typed={item: day})
            return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _lead_to(f"{ADDRESS}/{number}#{item}")

    async def do(
        self, request: Request, number: int, act: str, days: Annotated[int, Form()] = 0
    ) -> Response:
        """Share a dossier, give it away, end either, keep it longer, or erase it."""
        acts: Mapping[str, _Act] = {
            "share": self._share,
            "unshare": self._unshare,
            "give": self._give,
            "ungive": self._ungive,
            "erase": self._erase,
        }
        guest = self.guests.of(request)
        if act not in acts and not (act == "keep" and days in KEEP_DAYS):
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        async with self.desk.writing(request, guest) as session:
            dossier = await self._found(session, guest, number, locked=True)
            if act == "keep":
                await dossiers.keep(session, dossier, self.services.now() + timedelta(days=days))
                return _lead_to(f"{ADDRESS}/{number}")
            response = await acts[act](session, dossier)
        if act == "erase":
            await self.services.wiper.wipe()
        return response

    async def calendar(self, request: Request, number: int) -> Response:
        """Give the dates of a dossier as a file for a phone's calendar."""
        view = await self._own(request, number)
        made = view.as_calendar(self.services.now())
        if not made:
            return _lead_to(f"{ADDRESS}/{number}")
        return as_file("ho-so.ics", made, "text/calendar; charset=utf-8")

    async def printed(self, request: Request, number: int) -> Response:
        """Give a dossier as a PDF."""
        self.desk.require_room(request, MAKING)
        view, today = await self._own(request, number), day_of(self.services.now())
        return as_file("ho-so.pdf", await asyncio.to_thread(as_pdf, view, today), "application/pdf")

    async def look(self, secret: str) -> Response:
        """Show a dossier to whoever has its link.

        Raises:
            RefusedError: the link was ended, is too old, or never was (404).

        """
        async with self.services.sessions() as session:
            dossier = await sharing.shared(session, secret, self.services.now())
            view = await self._view(session, dossier) if dossier else None
        if view is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "dossier_link_over")
        return HTMLResponse(self._page(view, own=False), headers=_UNLISTED)

    async def offer(self, secret: str) -> Response:
        """Ask whoever has the link of a dossier that is given away whether they take it.

        Raises:
            RefusedError: the link was used or taken back, is too old, or never was (404).

        """
        async with self.services.sessions() as session:
            dossier = await sharing.given(session, secret, self.services.now())
        if dossier is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "dossier_link_over")
        name = literal(name_of(dossier, self.services.library))
        page = self.templates.render("dossier_offer.html", called=name, secret=secret)
        return HTMLResponse(page, headers=_UNLISTED)

    async def take(self, request: Request, secret: str) -> Response:
        """Let a guest have the dossier that is given away by a link; raises as `offer` does."""
        guest = self.guests.of(request)
        try:
            async with self.desk.writing(request, guest) as session:
                now = self.services.now()
                taken = await sharing.take(session, secret, guest.chat, now)
        except ToolError as error:
            page = await self._all(request, "", sentence(error))
            return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        if taken is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "dossier_link_over")
        return self.guests.known_by(request, _lead_to(f"{ADDRESS}/{taken.id}"), guest)

    async def _share(self, session: AsyncSession, dossier: Dossier) -> Response:
        secret = await sharing.share(session, dossier, self.services.now())
        return self._link(await self._view(session, dossier), f"{ADDRESS}/xem/{secret}")

    async def _unshare(self, session: AsyncSession, dossier: Dossier) -> Response:
        await sharing.end_sharing(session, dossier)
        return _lead_to(f"{ADDRESS}/{dossier.id}#share")

    async def _give(self, session: AsyncSession, dossier: Dossier) -> Response:
        secret = await sharing.give(session, dossier, self.services.now())
        view = await self._view(session, dossier)
        return self._link(view, f"{ADDRESS}/nhan/{secret}", secret)

    async def _ungive(self, session: AsyncSession, dossier: Dossier) -> Response:
        await sharing.take_back(session, dossier)
        return _lead_to(f"{ADDRESS}/{dossier.id}#give")

    async def _erase(self, session: AsyncSession, dossier: Dossier) -> Response:
        await reminded.erase(session, dossier)
        return _lead_to(ADDRESS)

    def _link(self, view: DossierView, path: str, secret: str = "") -> Response:
        """Show a link, the one time that it is known; one to look by as a picture too."""
        address = f"{self.services.settings.site}{path}"
        picture = "" if secret else Markup(qr_svg(address))  # noqa: S704  # because it is made of squares
        page = self.templates.render(
            "dossier_link.html", view=view, address=address, picture=picture, secret=secret
        )
        return HTMLResponse(page)

    async def _all(self, request: Request, procedure: str, fault: str = "", typed: str = "") -> str:
        guest, library = self.guests.of(request), self.services.library
        async with self.services.sessions() as session:
            held = await dossiers.every(session, guest.chat)
            views = [await self._view(session, one) for one in held]
        return self.templates.render(
            "dossiers.html",
            views=views,
            procedures={name: one.title for name, one in library.procedures.items()},
            chosen=procedure,
            fault=fault,
            typed=typed,
        )

    def _page(
        self,
        view: DossierView,
        *,
        own: bool = True,
        fault: str = "",
        typed: Mapping[str, str] | None = None,
        noted: Collection[DatedLine] = (),
    ) -> str:
        return self.templates.render(
            "dossier.html",
            view=view,
            own=own,
            fault=fault,
            typed=typed or {},
            noted=noted,
            days=write_day,
            keep_days=KEEP_DAYS,
            share_days=sharing.SHOWN_FOR.days,
            give_days=sharing.GIVEN_FOR.days,
        )

    async def _own(self, request: Request, number: int) -> DossierView:
        """Return a guest's own dossier; raises `RefusedError` where they have none of it."""
        async with self.services.sessions() as session:
            dossier = await self._found(session, self.guests.of(request), number)
            return await self._view(session, dossier)

    async def _found(
        self, session: AsyncSession, guest: Guest, number: int, *, locked: bool = False
    ) -> Dossier:
        found = await dossiers.find(session, guest.chat, number, locked=locked)
        if found is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "dossier_page_gone")
        return found

    async def _view(self, session: AsyncSession, dossier: Dossier) -> DossierView:
        return await view_of(session, dossier, self.services.library, self.services.now())


def _lead_to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
