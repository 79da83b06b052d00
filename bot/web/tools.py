"""The tools on the page: one question a page, an address for each, no script needed.

Which page comes next is computed from the answers (`services/tools/forms/path.py`) at every
request: whoever asks for one that does not apply is led to the one that does.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Form
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.runner import Runner
from bot.web.chat import CHANNEL
from bot.web.desk import GuestDesk
from bot.web.guests import Guests
from bot.web.refusal import RefusedError
from bot.web.render import Templates
from bot.web.tool_views import as_file, question_page, result_page, review_page
from services.clock import day_of
from services.conversation.rates import WORDS
from services.conversation.reply import Reply
from services.errors import ToolError, sentence
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.people.places import name_of_place
from services.storage.models import Chat, FormRun
from services.storage.session import claim
from services.tools.forms import path, runs
from services.tools.forms.beginning import begin_with, form_begun
from services.tools.forms.bounds import Value
from services.tools.forms.catalogue import forms_of
from services.tools.forms.paper_questions import paper_name
from services.tools.forms.values import Typed, read_answer, read_values
from services.tools.result import Sources, ToolResult
from services.tools.results import result_of, tools_of

_log = structlog.get_logger()
_Raw = Annotated[list[str] | None, Form()]


@dataclass(frozen=True)
class ToolPages:
    """The routes of the tools."""

    runner: Runner
    templates: Templates
    guests: Guests
    desk: GuestDesk

    def router(self) -> APIRouter:
        """Return the routes."""
        router, reads = APIRouter(prefix="/tools", include_in_schema=False), ["GET", "HEAD"]
        router.add_api_route("", self.all, methods=reads)
        router.add_api_route("/resume/{secret}", self.arrive, methods=reads)
        router.add_api_route("/resume/{secret}", self.take_over, methods=["POST"])
        router.add_api_route("/{name}", self.front, methods=reads)
        router.add_api_route("/{name}", self.begin, methods=["POST"])
        router.add_api_route("/{name}/review", self.review, methods=reads)
        router.add_api_route("/{name}/result", self.result, methods=reads)
        router.add_api_route("/{name}/result", self.finish, methods=["POST"])
        router.add_api_route("/{name}/result.csv", self.table, methods=reads)
        router.add_api_route("/{name}/result.ics", self.calendar, methods=reads)
        router.add_api_route("/{name}/erase", self.erase, methods=["POST"])
        router.add_api_route("/{name}/keep", self.keep, methods=["POST"])
        router.add_api_route("/{name}/{question}", self.ask, methods=reads)
        router.add_api_route("/{name}/{question}", self.answer, methods=["POST"])
        return router

    async def all(self) -> Response:
        """List the tools."""
        library = self.runner.services.library
        forms = [library.tools[name] for name in tools_of(library)]
        return HTMLResponse(self.templates.render("tools.html", forms=forms))

    async def arrive(self, request: Request, secret: str) -> Response:
        """Offer to go on with what was begun elsewhere: who only looks at a link uses it not up."""
        async with self.runner.services.sessions() as session:
            held = await self._in_the_way(session, self.guests.of(request).chat, secret)
        return HTMLResponse(self._arrival(secret, held))

    async def take_over(
        self, request: Request, secret: str, instead: Annotated[int, Form()] = 0
    ) -> Response:
        """Go on with what a link leads to: once, for it is no other conversation's then.

        What is open here goes for it once that was told: `instead` is its number.

        Raises:
            RefusedError: the link was used, is too old, or never was (410).

        """
        guest = self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            now = self.runner.services.now()
            held = await self._in_the_way(session, guest.chat, secret)
            if held and held.id != instead:
                return HTMLResponse(self._arrival(secret, held), HTTPStatus.CONFLICT)
            run = await runs.take_over(session, secret, guest.chat, now)
            form = forms_of(self.runner.services.library).get(run.form) if run else None
            if run and form:
                await _end_if_told(session, form, run, now)
        if run is None or form is None:
            raise RefusedError(HTTPStatus.GONE, "page_tool_link_over")
        return self.guests.known_by(request, _lead_to(_next_page(form, run)), guest)

    async def begun(self, conversation: str, reply: Reply, *, framed: bool) -> tuple[Reply, str]:
        """Begin the tool that a message wants with what it told; answer where that was all.

        The page goes on with it. Out of a frame, which knows nobody, it is gone on with at the
        address that is returned, once. What can't be kept takes the reply not away.
        """
        services, address = self.runner.services, ""
        (form, told), now = form_begun(services.library, reply), services.now()
        if form is None or not told:
            return reply, address
        by, chat = Typed(self._today, name_of_place), (CHANNEL, conversation)
        turn = self.runner.turn(CHANNEL, conversation)
        try:
            async with turn, services.sessions.begin() as session:
                await claim(session)
                run = await begin_with(session, chat, form, told, by, now)
                run = run or await runs.find(session, chat, form.name, now)
                if run and framed:
                    address = f"/tools/resume/{await runs.make_link(session, run, now)}"
                elif run:
                    await _end_if_told(session, form, run, now)
        except SQLAlchemyError as error:
            address = ""
            _log.warning("tool.not_prefilled", tool=reply.tool, reason=type(error).__name__)
        given = read_values(form, told, by)
        if form.single and path.next_question(form, given) is None:
            found = result_of(given, Sources(services.library, form, now))
            reply = replace(reply, detail=found.as_markdown())
        return reply, address

    async def front(self, request: Request, name: str) -> Response:
        """Tell what a tool does; offer to begin, to go on, to look at the last result."""
        form = self._form(name)
        async with self.runner.services.sessions() as session:
            return await self._front(session, self.guests.of(request).chat, form)

    async def begin(
        self, request: Request, name: str, again: Annotated[str, Form()] = ""
    ) -> Response:
        """Begin a form: anew, or with the answers of the last time, which are looked over."""
        form, guest = self._form(name), self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            last = await runs.finished(session, guest.chat, name, 1) if again else []
            known = last[0].answers if last else {}
            run = await runs.begin(session, guest.chat, form, known, self.runner.services.now())
            response = _lead_to(_next_page(form, run))
        return self.guests.known_by(request, response, guest)

    async def ask(self, request: Request, name: str, question: str) -> Response:
        """Show one question, with what was answered to it."""
        form = self._form(name)
        async with self.runner.services.sessions() as session:
            run = await self._open_run(session, request, form)
        asked = form.question(question)
        if run is None:
            return _lead_to(f"/tools/{name}")
        if asked is None or not path.can_visit(form, run.answers, question):
            return _lead_to(_next_page(form, run))
        return self._asked(form, run, asked)

    async def answer(  # noqa: PLR0913  # because each is a field of the form
        self,
        request: Request,
        name: str,
        question: str,
        *,
        answer: _Raw = None,
        version: Annotated[int, Form()] = 0,
        skip: Annotated[str, Form()] = "",
        time: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep an answer and lead on; what is none is shown again with what is wrong."""
        form, guest, raw = self._form(name), self.guests.of(request), answer or []
        async with self.desk.writing(request, guest) as session:
            now = self.runner.services.now()
            run = await runs.find(session, guest.chat, name, now)
            if form.single:
                run, version = await runs.begin(session, guest.chat, form, {}, now), 0
            if run is None:
                return _lead_to(f"/tools/{name}")
            asked = form.question(question)
            if asked is None or not path.can_visit(form, run.answers, question):
                return _lead_to(_next_page(form, run))
            try:
                told = [f"{one} {WORDS[time]}" for one in raw] if time in WORDS else raw
                value = None if skip and asked.optional else self._read(form, run, asked, told)
            except ToolError as error:
                return self._asked(form, run, asked, error=error, typed=raw)
            kept = await self._keep(session, form, run, asked, value, version)
        return self.guests.known_by(request, kept, guest)

    async def review(self, request: Request, name: str) -> Response:
        """Show all answers before they are worked out."""
        form = self._form(name)
        async with self.runner.services.sessions() as session:
            run = await self._open_run(session, request, form)
        if run is None:
            return _lead_to(f"/tools/{name}{'/result' if form.single else ''}")
        if path.next_question(form, run.answers) is not None:
            return _lead_to(_next_page(form, run))
        return HTMLResponse(review_page(self.templates, self.runner.services.library, form, run))

    async def finish(self, request: Request, name: str) -> Response:
        """End a form; pressed twice, it is ended once."""
        form, guest = self._form(name), self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            now = self.runner.services.now()
            run = await runs.find(session, guest.chat, name, now)
            if run is not None:
                if path.next_question(form, run.answers) is not None:
                    return _lead_to(_next_page(form, run))
                await runs.save(session, run, form, run.version, {}, now=now, ended=True)
        return _lead_to(f"/tools/{name}/result")

    async def result(self, request: Request, name: str) -> Response:
        """Show what the last answers come to."""
        form, chat = self._form(name), self.guests.of(request).chat
        async with self.runner.services.sessions() as session:
            done = await runs.finished(session, chat, name)
            if not done:
                return await self._front(session, chat, form)
            try:
                found = self._result(form, done)
            except ToolError as error:  # the form has changed since
                return await self._front(session, chat, form, fault=sentence(error))
        return HTMLResponse(result_page(self.templates, form, done[0], found))

    async def table(self, request: Request, name: str) -> Response:
        """Give the table of the last result as a file."""
        return await self._file(request, name, f"{name}.csv", "text/csv")

    async def calendar(self, request: Request, name: str) -> Response:
        """Give the days of the last result as a file."""
        return await self._file(request, name, f"{name}.ics", "text/calendar")

    async def _file(self, request: Request, name: str, file: str, media_type: str) -> Response:
        """Give a file of the last result; where it has none, lead to the tool."""
        form, chat = self._form(name), self.guests.of(request).chat
        async with self.runner.services.sessions() as session:
            done = await runs.finished(session, chat, name)
        found = None
        with suppress(ToolError):  # the form has changed since
            found = self._result(form, done) if done else None
        for one in found.files(name) if found else ():
            if one.name == file:
                return as_file(file, one.content, f"{media_type}; charset=utf-8")
        return _lead_to(f"/tools/{name}")

    async def erase(self, request: Request, name: str) -> Response:
        """Erase all answers to a form, those of former times too."""
        form, guest = self._form(name), self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            await runs.erase(session, guest.chat, form.name)
        await self.runner.services.wiper.wipe()
        return _lead_to("/tools")

    async def keep(self, request: Request, name: str, days: Annotated[int, Form()] = 0) -> Response:
        """Keep the answers as long as their owner says."""
        guest = self.guests.of(request)
        async with self.desk.writing(request, guest) as session:
            if days in runs.KEEP_DAYS:
                await runs.keep(
                    session, guest.chat, self._form(name).name, days, self.runner.services.now()
                )
        return self.guests.known_by(request, _lead_to(f"/tools/{name}/result"), guest)

    def _form(self, name: str) -> ToolForm:
        """Return the form of a tool; raises `RefusedError` where there is none."""
        library = self.runner.services.library
        if name not in tools_of(library):
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        return forms_of(library)[name]

    async def _open_run(
        self, session: AsyncSession, request: Request, form: ToolForm
    ) -> FormRun | None:
        chat = self.guests.of(request).chat
        return await runs.find(session, chat, form.name, self.runner.services.now())

    async def _in_the_way(self, session: AsyncSession, chat: Chat, secret: str) -> FormRun | None:
        """Return the open run with answers that would go for the one to which a link leads."""
        now = self.runner.services.now()
        brought = await runs.led_to(session, secret, now)
        held = await runs.find(session, chat, brought.form, now) if brought else None
        form = forms_of(self.runner.services.library).get(held.form) if held else None
        if held is None or form is None or held is brought:
            return None
        return held if path.kept(form, held.answers) else None

    def _arrival(self, secret: str, held: FormRun | None) -> str:
        """Return the page on which a form arrives, and what is open here of the same."""
        form = forms_of(self.runner.services.library)[held.form] if held else None
        return self.templates.render(
            "tool_arrival.html",
            secret=secret,
            held=held,
            title=form.title if form else "",
            count=len(path.kept(form, held.answers)) if form and held else 0,
            goes_on=_next_page(form, held) if form and held else "",
        )

    async def _front(
        self, session: AsyncSession, chat: Chat, form: ToolForm, fault: str = ""
    ) -> Response:
        run = await runs.find(session, chat, form.name, self.runner.services.now())
        done = await runs.finished(session, chat, form.name, 1)
        page = self.templates.render(
            "tool.html",
            form=form,
            goes_on=_next_page(form, run) if run else "",
            saved=run.updated_at if run else None,
            days=runs.kept_days(run or next(iter(done), None), form),
            keep_days=runs.KEEP_DAYS,
            done=bool(done),
            fault=fault,
        )
        return HTMLResponse(page)

    def _read(self, form: ToolForm, run: FormRun, asked: FormQuestion, raw: list[str]) -> Value:
        """Read what was posted; raises `ToolError`."""
        numbers = path.before(form, run.answers, asked.id)
        given = raw if asked.kind == "many" else "".join(raw[:1])
        return read_answer(asked, given, numbers, Typed(self._today, name_of_place))

    async def _keep(  # noqa: PLR0913, PLR0917  # because each is another thing
        self,
        session: AsyncSession,
        form: ToolForm,
        run: FormRun,
        asked: FormQuestion,
        value: Value,
        version: int,
    ) -> Response:
        """Keep an answer; where another was saved meanwhile, show it instead."""
        if run.version == version:
            now, changed = self.runner.services.now(), {asked.id: value}
            await runs.save(session, run, form, version, changed, now=now, cursor=asked.id)
            await _end_if_told(session, form, run, now)
        if asked.id in run.answers and run.answers[asked.id] == value:  # else it was posted twice
            return _lead_to(_next_page(form, run))
        changed_by_another = ToolError(self.runner.services.current.say("page_tool_changed"))
        return self._asked(form, run, asked, error=changed_by_another)

    def _asked(
        self,
        form: ToolForm,
        run: FormRun,
        asked: FormQuestion,
        *,
        error: ToolError | None = None,
        typed: list[str] | None = None,
    ) -> Response:
        page = question_page(self.templates, form, run, asked, error=error, typed=typed)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        return HTMLResponse(page, status)

    def _result(self, form: ToolForm, done: list[FormRun]) -> ToolResult:
        """Return what the newest comes to, compared with the one before; raises `ToolError`."""
        last = done[1].answers if len(done) > 1 else {}
        services = self.runner.services
        return result_of(done[0].answers, Sources(services.library, form, services.now(), last))

    @property
    def _today(self) -> date:
        return day_of(self.runner.services.now())


async def _end_if_told(session: AsyncSession, form: ToolForm, run: FormRun, now: datetime) -> None:
    """End a run of one question that has its answer: there is nothing to look over."""
    if form.single and path.next_question(form, run.answers) is None:
        await runs.save(session, run, form, run.version, {}, now=now, ended=True)


def _next_page(form: ToolForm, run: FormRun) -> str:
    """Return where a run goes on: at its first open question, or where all is looked over."""
    if run.ended_at:
        return f"/tools/{form.name}/result"
    if paper := paper_name(form.name):
        return f"/tools/paper/{paper}"
    question = path.asks_next(form, run.answers)
    return f"/tools/{form.name}/{question.id if question else 'review'}"


def _lead_to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
