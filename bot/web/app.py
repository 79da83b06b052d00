"""The web app: pages, JSON API and health, behind one shield."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.runner import Runner
from bot.web.api import Api
from bot.web.chat import WebChat
from bot.web.health import Health, health_router
from bot.web.pages import Pages
from bot.web.refusal import RefusedError, Refuser, failed
from bot.web.render import STATIC, Templates
from bot.web.shield import BodyLimit, Shield
from services.publishing.status import Publishing


def make_app(
    runner: Runner,
    *,
    nlu_ready: Callable[[], Awaitable[bool]],
    routers: Sequence[APIRouter] = (),
    publishing: Publishing | None = None,
) -> FastAPI:
    """Make the app over the process's runner.

    `nlu_ready` says whether the NLU server answers now; `routers` are added as they are;
    `publishing` is measured where the process publishes.
    """
    services, meters = runner.services, runner.services.meters
    settings, current = services.settings, services.current
    templates = Templates(current.say)
    if publishing is not None:
        meters.watch(publishing)
    chat = WebChat(runner)
    app = FastAPI(
        title=current.say("page_title"),
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.include_router(Pages(chat, current, templates, settings).router())
    app.include_router(Api(chat, templates, settings.trusted_proxies).router())
    app.include_router(health_router(Health(services.sessions, nlu_ready), meters))
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))
    _refuse_in_words(app, Refuser(current, templates))
    return app


def _refuse_in_words(app: FastAPI, refuser: Refuser) -> None:
    """Give every error a sentence, whoever raised it."""

    async def _refused(request: Request, error: Exception) -> Response:
        return refuser.respond(request, error)

    for kind in (RefusedError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _refused)
    app.add_middleware(BodyLimit)
    app.add_middleware(Shield, failed=lambda request: refuser.respond(request, failed()))
