"""The pages: the chat, an article of its own, erasing."""

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.web.callers import Callers
from bot.web.chat import WebChat
from bot.web.refusal import FRAGMENT, RefusedError
from bot.web.render import Exchange, ReplyView, Templates, article_page, label_of, reply_view
from bot.web.shield import is_embedded, is_https, refuse_foreign
from nlu.text import MAX_CHARS
from services.conversation.question import Question
from services.conversation.state import TurnResult
from services.edition import CurrentEdition
from services.knowledge.library import Library
from services.masking.mask import mask
from services.settings import Settings

COOKIE = "htx_conversation"
_SAFE_COOKIE = f"__Host-{COOKIE}"
"""Its name over HTTPS: browsers take it of this host alone, of none beside or above it.

https://www.rfc-editor.org/rfc/rfc6265bis (section 4.1.3.2)
"""
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Pages:
    """The routes that people see."""

    chat: WebChat
    current: CurrentEdition
    templates: Templates
    settings: Settings
    callers: Callers

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.home, methods=["GET", "HEAD"])
        router.add_api_route("/", self.ask, methods=["POST"])
        router.add_api_route("/xoa", self.erase, methods=["POST"])
        router.add_api_route("/bai/{name:path}", self.article, methods=["GET", "HEAD"])
        return router

    async def home(self, request: Request) -> Response:
        """Greet, and offer the subjects."""
        hello = self.chat.runner.services.composer().menu("start", notice="")
        greeting = reply_view(hello, self.current.library)
        return self._page(request, self._key(request), greeting=greeting)

    async def ask(
        self,
        request: Request,
        text: Annotated[str, Form()] = "",
        payload: Annotated[str, Form()] = "",
        conversation: Annotated[str, Form()] = "",
    ) -> Response:
        """Answer a form: with the page, or with the exchange alone for the page's script."""
        refuse_foreign(request, self.callers)
        key = self._key(request, conversation)
        question = Question("web", key, "" if payload else text, payload)
        try:
            answered, refused = await self.chat.ask(question, self.callers.of(request)), None
        except RefusedError as error:
            answered, refused = error.answered(self.current.library), error
        exchange = Exchange(_asked(question, answered.library), _view(answered))
        response = self._exchange(request, question, exchange, draft=text if refused else "")
        if refused:
            response.status_code = refused.status
            response.headers.update(refused.headers)
        return response

    async def erase(self, request: Request, conversation: Annotated[str, Form()] = "") -> Response:
        """Erase what this conversation has asked, and say so."""
        refuse_foreign(request, self.callers)
        key = self._key(request, conversation)
        erased = await self.chat.erase(key, self.callers.of(request))
        return self._page(request, key, greeting=_view(erased))

    async def article(self, request: Request, name: str) -> Response:
        """Show an article by itself."""
        composer = self.chat.runner.services.composer()
        if name not in composer.library.articles:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        address = f"{request.headers.get('host', '')}{request.url.path}"
        page = article_page(self.templates, composer, name, address)
        return HTMLResponse(page)

    def _exchange(
        self, request: Request, question: Question, exchange: Exchange, draft: str
    ) -> Response:
        if FRAGMENT not in request.headers:
            return self._page(
                request, question.conversation, exchange=exchange, draft=draft[:MAX_CHARS]
            )
        key = question.conversation
        page = self.templates.render(
            "exchange.html", exchange=exchange, key=key, action=_action(request)
        )
        return self._with_key(request, HTMLResponse(page, headers={FRAGMENT: "1"}), key)

    def _page(
        self,
        request: Request,
        key: str,
        *,
        greeting: ReplyView | None = None,
        exchange: Exchange | None = None,
        draft: str = "",
    ) -> Response:
        page = self.templates.render(
            "chat.html",
            action=_action(request),
            embed=is_embedded(request),
            key=key,
            greeting=greeting,
            exchange=exchange,
            draft=draft,
            days=self.settings.keep_days,
            starting=self.current.starting,
        )
        return self._with_key(request, HTMLResponse(page), key)

    def _with_key(self, request: Request, response: Response, key: str) -> Response:
        response.set_cookie(
            self._cookie(request),
            key,
            max_age=self.settings.keep_days * _DAY,
            secure=is_https(request, self.callers),
            httponly=True,
            samesite="lax",
        )
        return response

    def _key(self, request: Request, given: str = "") -> str:
        """Return the conversation's key: the cookie's, the form's where none comes, or a new one.

        A page in another site's frame gets no cookie back, so its forms carry the key too.
        """
        for key in (request.cookies.get(self._cookie(request), ""), given):
            if _KEY.fullmatch(key):
                return key
        return secrets.token_urlsafe(16)

    def _cookie(self, request: Request) -> str:
        return _SAFE_COOKIE if is_https(request, self.callers) else COOKIE


def _view(answered: TurnResult) -> ReplyView:
    return reply_view(answered.reply, answered.library)


def _asked(question: Question, library: Library) -> str:
    if question.payload:
        return label_of(question.payload, library)
    return " ".join(mask(question.text[:MAX_CHARS], library.printed).split())


def _action(request: Request) -> str:
    """Return the query that keeps a frame a frame."""
    return "?embed=1" if is_embedded(request) else ""
