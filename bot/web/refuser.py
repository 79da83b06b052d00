"""Refusals as responses: JSON for the API, an exchange for the page's script, a page for people."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.web.refusal import WITH_REPLY, RefusedError, of_status
from bot.web.render import Exchange, reply_view
from bot.web.templates import Templates
from services.edition import CurrentEdition

FRAGMENT = "X-Fragment"
"""Sent by the page's own script, which wants the new exchange alone; repeated in the response."""


@dataclass(frozen=True)
class Refuser:
    """Says why a request is not served, in the shape that whoever sent it reads."""

    current: CurrentEdition
    templates: Templates

    def respond(self, request: Request, error: Exception) -> Response:
        """Make the response to a request that ended in this error."""
        refused = _refusal(request, error)
        response = self._shaped(request, refused)
        response.status_code = refused.status
        response.headers.update(refused.headers)
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    def _shaped(self, request: Request, refused: RefusedError) -> Response:
        library = self.current.library
        phrases = library.phrases
        if _is_api(request):
            replied = refused.status in WITH_REPLY
            problem = {"detail": refused.sentence(phrases)}
            return JSONResponse(refused.answered(library).as_json() if replied else problem)
        if FRAGMENT not in request.headers:
            page = self.templates.render("problem.html", sentence=refused.sentence(phrases))
            return HTMLResponse(page)
        exchange = Exchange("", reply_view(refused.answered(library).reply, library))
        page = self.templates.render("exchange.html", exchange=exchange, key="", action="")
        return HTMLResponse(page, headers={FRAGMENT: "1"})


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _refusal(request: Request, error: Exception) -> RefusedError:
    if isinstance(error, RefusedError):
        return error
    status = (
        error.status_code if isinstance(error, HTTPException) else HTTPStatus.UNPROCESSABLE_ENTITY
    )
    return of_status(status, api=_is_api(request))
