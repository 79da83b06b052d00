"""The pages: the chat, an article of its own, erasing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from operator import itemgetter
from typing import Annotated

import structlog
from fastapi import APIRouter, Form
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bot.web.callers import Callers
from bot.web.chat import CHANNEL, WebChat, is_erasure
from bot.web.guests import Guest, Guests
from bot.web.markdown import markdown_line
from bot.web.refusal import FRAGMENT, RefusedError
from bot.web.render import (
    Exchange,
    ReplyView,
    Templates,
    article_page,
    label_of,
    reply_view,
)
from bot.web.shield import is_embedded, refuse_foreign
from bot.web.tools import ToolPages
from nlu.text import MAX_CHARS
from services.conversation.history import AT_ONCE, MOST, is_told, notice_reply, told_again
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.edition import CurrentEdition
from services.knowledge.library import Library
from services.masking.mask import mask
from services.people.data_file import ENCODING, NAME
from services.settings import Settings
from services.storage.models import Notice, TicketMessage
from services.tickets import files
from services.tickets.reception import passed_on

AWAITS = "X-Awaits"
"""Tells the page's script whether somebody's answer is awaited: it looks for it then."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Pages:
    """The routes that people see."""

    chat: WebChat
    current: CurrentEdition
    templates: Templates
    settings: Settings
    callers: Callers
    guests: Guests
    tools: ToolPages

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.home, methods=["GET", "HEAD"])
        router.add_api_route("/", self.ask, methods=["POST"])
        router.add_api_route("/tin", self.hear, methods=["POST"])
        router.add_api_route("/tep/{number}/{token}", self.file, methods=["GET"])
        router.add_api_route("/xoa", self.erase, methods=["POST"])
        router.add_api_route("/dulieu", self.give, methods=["POST"])
        router.add_api_route("/bai/{name:path}", self.article, methods=["GET", "HEAD"])
        return router

    async def home(self, request: Request) -> Response:
        """Greet, and offer the subjects."""
        hello = self.chat.runner.services.composer().menu("start", notice="")
        greeting, guest = reply_view(hello, self.current.library), self.guests.of(request)
        if not guest.returns or _framed(request):
            return self._page(request, guest, greeting=greeting)
        past, due = await self._past(request, guest), await self._due(guest)
        return self._page(request, guest, greeting=greeting, talk=past, due=due)

    async def ask(
        self,
        request: Request,
        text: Annotated[str, Form()] = "",
        payload: Annotated[str, Form()] = "",
        conversation: Annotated[str, Form()] = "",
    ) -> Response:
        """Answer a form: with the page, or with the exchange alone for the page's script."""
        refuse_foreign(request, self.callers)
        guest = self.guests.of(request, conversation)
        question = Question("web", guest.conversation, "" if payload else text, payload)
        caller = self.callers.of(request)
        try:
            answered, refused = await self.chat.ask(question, caller, guest.once), None
        except RefusedError as error:
            answered, refused = error.answered(self.current.library), error
        reply, leads, framed = answered.reply, "", is_embedded(request)
        if reply.tool:
            reply, leads = await self.tools.begun(guest.conversation, reply, framed=framed)
        exchange = replace(_exchange(question, reply, answered.library), leads=leads)
        if answered.ticket is not None and not framed:  # a frame has no cookie
            exchange = replace(exchange, sends=True)
        response = self._shown(request, guest, exchange, draft=text if refused else "")
        if is_erasure(question) and not refused:
            self.guests.expire_former(request, response)
        if refused:
            response.status_code = refused.status
            response.headers.update(refused.headers)
        elif answered.reply.outcome != "answered":  # by an answer nothing begins to be awaited
            response.headers.update(await self._awaiting(guest))
        return response

    async def hear(self, request: Request, conversation: Annotated[str, Form()] = "") -> Response:
        """Give the page's script what the conversation is told later than it asked."""
        refuse_foreign(request, self.callers)
        guest = self.guests.of(request, conversation)
        exchanges = [self._later(one) for one in await self.chat.notices(guest.conversation)]
        headers = await self._awaiting(guest)
        if not exchanges:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        page = self.templates.render(
            "notices.html", exchanges=exchanges, key=guest.key, action=_action(request)
        )
        return HTMLResponse(page, headers=headers | {FRAGMENT: "1"})

    async def erase(self, request: Request, conversation: Annotated[str, Form()] = "") -> Response:
        """Erase what this conversation has asked, and say so."""
        refuse_foreign(request, self.callers)
        guest = self.guests.of(request, conversation)
        erased = await self.chat.erase(guest.conversation, self.callers.of(request), guest.once)
        page = self._page(request, guest, greeting=reply_view(erased.reply, erased.library))
        self.guests.expire_former(request, page)
        return page

    async def give(self, request: Request, conversation: Annotated[str, Form()] = "") -> Response:
        """Give all that is kept of this conversation, as a file."""
        refuse_foreign(request, self.callers)
        guest = self.guests.of(request, conversation)
        file = await self.chat.file(guest.conversation, self.callers.of(request), guest.once)
        kept = {"Content-Disposition": f'attachment; filename="{NAME}"'}
        return PlainTextResponse(file.encode(ENCODING), headers=kept)

    async def article(self, request: Request, name: str) -> Response:
        """Show an article by itself."""
        composer = self.chat.runner.services.composer()
        if name not in composer.library.articles:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        address = f"{request.headers.get('host', '')}{request.url.path}"
        page = article_page(self.templates, composer, name, address)
        return HTMLResponse(page)

    async def file(self, number: int, token: str) -> Response:
        """Give a file that an agent sent, to whoever was sent its address."""
        file = await self.chat.file_sent(number, token)
        if file is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        headers = {**files.disposition(file), "X-Robots-Tag": "noindex"}
        return Response(file.content, media_type=file.kind, headers=headers)

    async def _past(self, request: Request, guest: Guest) -> "_Exchanges | None":
        """Return what this conversation was told before, as of today, if that is known."""
        composer, parts = self.chat.runner.services.composer(), self.current.edition.parts
        try:
            turns = await self.chat.past(guest.conversation, self.callers.of(request))
            noticed = await self.chat.noticed(guest.conversation)
            passed = await self.chat.passed_on(guest.conversation)
            awaits = await self.chat.awaits(guest.conversation)
            ticket = await self.chat.ticket(guest.conversation)
        except SQLAlchemyError as error:
            _log.warning("web.no_past", reason=type(error).__name__)
            return None
        except RefusedError:
            return _Exchanges((), refused=True)
        most = MOST if request.query_params.get("past") == "all" else AT_ONCE
        asked = [
            (t.at, _exchange(Question("web", t.key, t.text, t.payload), reply, composer.library))
            for t, reply in told_again(turns, composer, parts, most)
        ]
        later = [(one.at or one.created_at, self._later(one)) for one in noticed]
        meant = [(one.at, self._to_agent(one, composer.library)) for one in passed]
        exchanges = [shown for _, shown in sorted([*asked, *meant, *later], key=itemgetter(0))]
        if ticket is not None:
            exchanges.append(Exchange("", reply_view(ticket, composer.library), sends=True))
        older = most < MOST and len(asked) < sum(map(is_told, turns))
        return _Exchanges(exchanges, older=older, awaits=awaits) if exchanges else None

    async def _due(self, guest: Guest) -> Sequence[Markup]:
        """Return what somebody wants to be reminded of and is near."""
        try:
            return [markdown_line(line) for line in await self.chat.due(guest.conversation)]
        except SQLAlchemyError as error:
            _log.warning("web.no_reminders", reason=type(error).__name__)
            return ()

    def _to_agent(self, message: TicketMessage, library: Library) -> Exchange:
        parts = (message.text, *(file.name for file in message.files))
        question = Question(CHANNEL, "", " ".join(filter(None, parts)))
        return _exchange(question, passed_on(library, message.ticket_id), library)

    def _later(self, notice: Notice) -> Exchange:
        return Exchange("", reply_view(notice_reply(notice), self.current.library), later=True)

    async def _awaiting(self, guest: Guest) -> dict[str, str]:
        """Return what tells the page's script whether to look for more."""
        awaits = await self.chat.awaits(guest.conversation)
        return {AWAITS: "1" if awaits else "0"}

    def _shown(self, request: Request, guest: Guest, exchange: Exchange, draft: str) -> Response:
        if FRAGMENT not in request.headers:
            return self._page(request, guest, talk=_Exchanges((exchange,)), draft=draft[:MAX_CHARS])
        page = self.templates.render(
            "exchange.html", exchange=exchange, key=guest.key, action=_action(request)
        )
        return self.guests.known_by(request, HTMLResponse(page, headers={FRAGMENT: "1"}), guest)

    def _page(  # noqa: PLR0913  # because each is another thing
        self,
        request: Request,
        guest: Guest,
        *,
        greeting: ReplyView | None = None,
        talk: "_Exchanges | None" = None,
        draft: str = "",
        due: Sequence[Markup] = (),
    ) -> Response:
        page = self.templates.render(
            "chat.html",
            action=_action(request),
            embed=is_embedded(request),
            key=guest.key,
            greeting=greeting,
            talk=talk,
            draft=draft,
            due=due,
            awaits=talk is not None and talk.awaits,
            days=self.settings.keep_days,
            starting=self.current.starting,
        )
        return self.guests.known_by(request, HTMLResponse(page), guest)


@dataclass(frozen=True)
class _Exchanges:
    """What was asked and told, as a page shows it."""

    exchanges: Sequence[Exchange]
    older: bool = False
    """Whether there is more, behind a link."""
    refused: bool = False
    """Whether it was asked for too often."""
    awaits: bool = False
    """Whether the page looks for what is told later."""


def _exchange(question: Question, reply: Reply, library: Library) -> Exchange:
    view = reply_view(reply, library)
    return Exchange(_asked(question, library), view, pressed=bool(question.payload))


def _asked(question: Question, library: Library) -> str:
    if question.payload:
        return label_of(question.payload, library)
    return " ".join(mask(question.text[:MAX_CHARS], library.printed).split())


def _framed(request: Request) -> bool:
    """Say whether the page is shown in a frame, asked for as one or not."""
    return is_embedded(request) or request.headers.get("sec-fetch-dest", "document") != "document"


def _action(request: Request) -> str:
    """Return the query that keeps a frame a frame."""
    return "?embed=1" if is_embedded(request) else ""
