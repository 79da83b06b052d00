"""Papers on the page: the list, each as a Word file, blank or filled in; nothing is kept of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeGuard

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.limits import FILLING, Quota
from bot.web.guests import Guests
from bot.web.refusal import RefusedError, require_room
from bot.web.render import Templates
from bot.web.shield import refuse_foreign
from bot.web.tool_views import as_file
from services.bootstrap import Services
from services.errors import ToolError, sentence
from services.tools.papers.drafts import KIND, draft, filled
from services.tools.papers.filling import clauses_of


@dataclass(frozen=True)
class PaperPages:
    """The routes of the papers."""

    services: Services
    templates: Templates
    guests: Guests
    quota: Quota = field(default_factory=Quota)

    def router(self) -> APIRouter:
        """Return the routes."""
        router, reads = APIRouter(prefix="/tools/paper", include_in_schema=False), ["GET", "HEAD"]
        router.add_api_route("", self.all, methods=reads)
        router.add_api_route("/{name}.docx", self.file, methods=["GET"])
        router.add_api_route("/{name}", self.ask, methods=reads)
        router.add_api_route("/{name}", self.fill, methods=["POST"])
        return router

    async def all(self) -> Response:
        """List the papers."""
        papers = self.services.library.papers
        return HTMLResponse(self.templates.render("tool_papers.html", papers=papers))

    async def file(self, request: Request, name: str) -> Response:
        """Give the draft of a paper, with dots where something is to be written.

        Raises:
            RefusedError: there is no such paper (404), or too many are asked for (429).

        """
        require_room(self.quota, FILLING, self.guests.callers.of(request))
        made = await asyncio.to_thread(draft, self.services, name)
        if made is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        return as_file(f"{name}.docx", made.content, KIND)

    async def ask(self, name: str) -> Response:
        """Show the fields of a paper, all on one page, none of them needed."""
        return HTMLResponse(self._page(name, {}))

    async def fill(self, request: Request, name: str) -> Response:
        """Give the paper with what was typed; what is no entry is shown again with what is wrong.

        Raises:
            RefusedError: there is no such paper (404), another site sent the form (403), or there
                are too many (429).

        """
        refuse_foreign(request, self.guests.callers)
        require_room(self.quota, FILLING, self.guests.callers.of(request))
        typed = {key: value for key, value in (await request.form()).items() if _is_text(value)}
        try:
            made = await asyncio.to_thread(filled, self.services, name, typed)
        except ToolError as error:
            page = self._page(name, typed, sentence(error))
            return HTMLResponse(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        return as_file(f"{name}.docx", made.content, KIND)

    def _page(self, name: str, typed: Mapping[str, str], fault: str = "") -> str:
        paper = self.services.library.papers.get(name)
        if paper is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        library = self.services.library
        asked = {one.id: "; ".join(clauses_of(paper, one, library)) for one in paper.fields}
        told = {"address": name, "paper": paper, "typed": typed, "asked": asked, "fault": fault}
        return self.templates.render("tool_paper.html", **told)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)
