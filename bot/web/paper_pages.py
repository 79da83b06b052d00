"""Papers on the page: the list; each blank, or filled in on one page whose answers are kept."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, TypeGuard

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.limits import FILLING, MAKING
from bot.web.desk import GuestDesk
from bot.web.guests import Guests
from bot.web.refusal import RefusedError
from bot.web.render import Templates
from bot.web.tool_views import as_file
from bot.web.typed_paper import MARK_SIGNS, TypedPaper, mark_of, read_field
from services.bootstrap import Services
from services.clock import day_of
from services.errors import ToolError, sentence
from services.knowledge.tool_forms import ToolForm
from services.people.places import name_of_place
from services.storage.models import Chat, FormRun
from services.tools.forms import runs
from services.tools.forms.bounds import Value
from services.tools.forms.catalogue import forms_of
from services.tools.forms.paper_questions import clauses_of, form_name, given_by, paper_name
from services.tools.forms.values import Typed, as_posted, cells_of
from services.tools.paper_result import told_beyond
from services.tools.papers import scored
from services.tools.papers.drafts import PDF, WORD, blank, filled
from services.tools.papers.entries import beyond, read_entries
from services.tools.papers.pdf import office

_ADD = "add:"
"""Before the list to which a button adds the row that was typed box by box."""
_MAKES = {"docx": WORD, "pdf": PDF}
"""What a button makes of what was typed; any other only keeps it."""


@dataclass(frozen=True)
class PaperPages:
    """The routes of the papers."""

    services: Services
    templates: Templates
    guests: Guests
    desk: GuestDesk

    def router(self) -> APIRouter:
        """Return the routes."""
        router, reads = APIRouter(prefix="/tools/paper", include_in_schema=False), ["GET", "HEAD"]
        router.add_api_route("", self.all, methods=reads)
        router.add_api_route("/{name}.docx", self.file, methods=["GET"])
        router.add_api_route("/{name}", self.ask, methods=reads)
        router.add_api_route("/{name}", self.fill, methods=["POST"])
        router.add_api_route("/{name}/erase", self.erase, methods=["POST"])
        router.add_api_route("/{name}/keep", self.keep, methods=["POST"])
        return router

    async def all(self) -> Response:
        """List the papers."""
        papers = self.services.library.papers
        return HTMLResponse(self.templates.render("tool_papers.html", papers=papers))

    async def file(self, request: Request, name: str) -> Response:
        """Give a paper with dots where something is to be written.

        Raises:
            RefusedError: there is no such paper (404), or too many are asked for (429).

        """
        self.desk.require_room(request, MAKING)
        made = await asyncio.to_thread(blank, self.services, name)
        if made is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        return as_file(f"{name}.docx", made.word_file, WORD)

    async def ask(self, request: Request, name: str) -> Response:
        """Show the fields of a paper on one page, none of them needed, with what was kept."""
        form, chat = self._form(name), self.guests.of(request).chat
        async with self.services.sessions() as session:
            held = await self._held(session, chat, form)
            known = {} if held else await scored.known(session, chat, form, self.services.library)
        answers = held.answers if held else known
        typed = {one.id: as_posted(one, answers.get(one.id)) for one in form.questions}
        more = request.query_params.get("more", "")
        page = self._page(form, held, TypedPaper(typed), scored=bool(known), more=more)
        return HTMLResponse(page)

    async def fill(self, request: Request, name: str) -> Response:
        """Keep what was typed, and give the paper with it, or show it again.

        Raises:
            RefusedError: there is no such paper (404), another site sent the form (403), or there
                are too many (429).

        """
        form, guest = self._form(name), self.guests.of(request)
        posted = {key: value for key, value in (await request.form()).items() if _is_text(value)}
        end, warned = posted.pop("make", "docx"), set(posted.pop("warned", "").split())
        typed = self._read(form, posted, posted.pop("seen", ""))
        ends = end in _MAKES and not (typed.faults or typed.boxed)
        ends = ends and typed.over.keys() <= warned
        bound = MAKING if end in _MAKES else FILLING
        async with self.desk.writing(request, guest, bound) as session:
            held = await self._held(session, guest.chat, form)
            if held and typed.is_behind(held):
                typed, ends = typed.beside(form, held, self.services.library.phrases), False
            else:
                held = await self._keep(session, guest.chat, form, held, typed, ends=ends)
        response = await self._told(form, held, typed, end, ends=ends)
        return self.guests.known_by(request, response, guest)

    async def _told(
        self, form: ToolForm, held: FormRun, typed: TypedPaper, end: str, *, ends: bool
    ) -> Response:
        """Return the file, or the page: as it is kept, or with what has to be looked at."""
        if ends or typed.faults:
            return await self._made(form, held, typed, end)
        if typed.elsewhere is not None:
            return HTMLResponse(self._page(form, held, typed), HTTPStatus.CONFLICT)
        if end in _MAKES:
            return HTMLResponse(self._page(form, held, typed.listed(form)))
        return _led_to(paper_name(form.name), end.removeprefix(_ADD))

    async def erase(self, request: Request, name: str) -> Response:
        """Erase all that was typed into a paper."""
        form, guest = self._form(name), self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            await runs.erase(session, guest.chat, form.name)
        await self.services.wiper.wipe()
        return RedirectResponse(f"/tools/paper/{name}", HTTPStatus.SEE_OTHER)

    async def keep(self, request: Request, name: str, days: Annotated[int, Form()] = 0) -> Response:
        """Keep what was typed into a paper as long as its owner says."""
        form, guest = self._form(name), self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            if days in runs.KEEP_DAYS:
                await runs.keep(session, guest.chat, form.name, days, self.services.now())
        return self.guests.known_by(request, _led_to(name, ""), guest)

    def _beyond(self, form: ToolForm, answers: Mapping[str, Value]) -> dict[str, str]:
        """Return by field what is not what the law wants it to be; raises `ToolError`."""
        library = self.services.library
        spec = library.papers[paper_name(form.name)]
        entries = read_entries(spec, given_by(form, answers), day_of(self.services.now()))
        return {one.id: told_beyond(one, library) for one in beyond(spec, entries)}

    async def _made(self, form: ToolForm, held: FormRun, typed: TypedPaper, end: str) -> Response:
        """Return the paper as a file; the page again where something is wrong."""
        name = paper_name(form.name)
        if not typed.faults:
            given = given_by(form, typed.answers)
            try:
                made = await asyncio.to_thread(filled, self.services, name, given)
                content = await asyncio.to_thread(made.as_pdf) if end == "pdf" else made.word_file
                return as_file(f"{name}.{end}", content, _MAKES[end])
            except ToolError as error:
                typed = replace(typed, faults={"": sentence(error)})
        page = self._page(form, held, typed)
        return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)

    def _form(self, name: str) -> ToolForm:
        """Return the form of a paper; raises `RefusedError` where there is none."""
        form = forms_of(self.services.library).get(form_name(name))
        if form is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        return form

    def _read(self, form: ToolForm, posted: Mapping[str, str], seen: str) -> TypedPaper:
        """Read what was typed into each field; what is no entry is left as it was."""
        typed = TypedPaper(posted, seen.replace("\0", "")[:MARK_SIGNS])
        by = Typed(day_of(self.services.now()), name_of_place)
        for one in form.questions:
            try:
                typed.answers[one.id] = read_field(one, posted, by)
            except ToolError as error:
                fault = {"label": one.ask, "why": sentence(error)}
                typed.faults[one.id] = self.templates.say("page_paper_fault", **fault)
        with suppress(ToolError):  # whoever makes the paper is told of it
            typed.over.update(self._beyond(form, typed.answers))
        return typed

    async def _held(self, session: AsyncSession, chat: Chat, form: ToolForm) -> FormRun | None:
        """Return what is kept of a paper: the open run, else the last that was made."""
        held = await runs.find(session, chat, form.name, self.services.now())
        done = [] if held else await runs.finished(session, chat, form.name, 1)
        return held or next(iter(done), None)

    async def _keep(  # noqa: PLR0913  # because each is another thing
        self,
        session: AsyncSession,
        chat: Chat,
        form: ToolForm,
        held: FormRun | None,
        typed: TypedPaper,
        *,
        ends: bool,
    ) -> FormRun:
        """Keep answers, and end the run where the paper is made of them; made twice it is one."""
        now, answers = self.services.now(), typed.answers
        if held and held.ended_at:
            if {**held.answers, **answers} == held.answers:
                return held
            held = await runs.begin(session, chat, form, held.answers, now)
        held = held or await runs.begin(session, chat, form, {}, now)
        seen, by = held.version, typed.seen
        await runs.save(session, held, form, seen, answers, now=now, ended=ends, by=by)
        return held

    def _page(
        self,
        form: ToolForm,
        held: FormRun | None,
        typed: TypedPaper,
        *,
        scored: bool = False,
        more: str = "",
    ) -> str:
        library, name = self.services.library, paper_name(form.name)
        paper = library.papers[name]
        asked = {one.id: "; ".join(clauses_of(paper, one, library)) for one in paper.fields}
        return self.templates.render(
            "tool_paper.html",
            address=name,
            paper=paper,
            form=form,
            typed=typed.raw,
            asked=asked,
            faults=typed.faults,
            over=typed.over,
            elsewhere=typed.elsewhere,
            seen=mark_of(held),
            saved=held.updated_at if held else None,
            days=runs.kept_days(held, form),
            keep_days=runs.KEEP_DAYS,
            scored=scored,
            more=more,
            added=typed.added,
            examples={one.id: cells_of(one, one.example) for one in form.questions},
            pdf=paper.typeset or office() is not None,
        )


def _led_to(name: str, more: str) -> Response:
    """Lead to the page of a paper, where a list is gone on with to that."""
    more = f"?more={more}#{more}" if re.fullmatch(r"\w+", more, re.ASCII) else ""
    return RedirectResponse(f"/tools/paper/{name}{more}", HTTPStatus.SEE_OTHER)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)
