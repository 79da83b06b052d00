"""Drafts of papers on the page: the list, and each as a Word file to fill in by hand."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.limits import FILLING, Quota
from bot.web.guests import Guests
from bot.web.refusal import RefusedError, too_many
from bot.web.render import Templates
from services.bootstrap import Services
from services.tools.papers.drafts import KIND, draft, drafts


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
        return router

    async def all(self) -> Response:
        """List the papers."""
        papers = drafts(self.services.settings.content_dir)
        return HTMLResponse(self.templates.render("tool_papers.html", papers=papers))

    async def file(self, request: Request, name: str) -> Response:
        """Give the draft of a paper, with dots where something is to be written.

        Raises:
            RefusedError: there is no such paper (404), or too many are asked for (429).

        """
        caller = self.guests.callers.of(request)
        if not caller.own and not self.quota.allow(FILLING.over(*caller.places, near=caller.near)):
            raise too_many()
        made = await asyncio.to_thread(draft, self.services, name)
        if made is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        headers = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
        return Response(made.content, headers=headers, media_type=KIND)
