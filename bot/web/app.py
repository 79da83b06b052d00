"""The web app: pages, JSON API and health, behind one shield."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.runner import Runner
from bot.web.api import Api
from bot.web.callers import Callers
from bot.web.chat import WebChat
from bot.web.desk import GuestDesk
from bot.web.dossiers import DossierPages
from bot.web.guests import Guests
from bot.web.health import Health, health_router
from bot.web.pages import Pages
from bot.web.paper_pages import PaperPages
from bot.web.refusal import RefusedError, Refuser, failed, too_many
from bot.web.reminder_pages import ReminderPages
from bot.web.render import STATIC, Templates
from bot.web.shield import BodyLimit, RequestLimit, Shield
from bot.web.ticket_files import TicketFiles
from bot.web.tools import ToolPages
from services.bootstrap import Services
from services.conversation.names import Names
from services.dossiers.dossiers import KEPT
from services.people.person import identity_of
from services.publishing.status import Publishing


def _is_nobody_known(_request: Request) -> bool:
    return False


def make_app(  # noqa: PLR0913  # because each part may be left out
    runner: Runner,
    *,
    nlu_ready: Callable[[], Awaitable[bool]],
    routers: Sequence[APIRouter] = (),
    add_console: Callable[[FastAPI, Services, Callers], None] | None = None,
    is_known: Callable[[Request], bool] = _is_nobody_known,
    publishing: Publishing | None = None,
    bot: Callable[[], str] = str,
) -> FastAPI:
    """Make the app over the process's runner.

    `nlu_ready` says whether the NLU server answers now; `routers` are added as they are, and
    `is_known` says which of their requests are never too many; `add_console` adds the pages of
    staff; `publishing` is measured where the process publishes; `bot` names the one in Telegram.
    """
    services, meters = runner.services, runner.services.meters
    settings, current = services.settings, services.current
    templates = Templates(current.say)
    if publishing is not None:
        meters.watch(publishing)
    chat = WebChat(runner)
    callers = Callers(settings.trusted_proxies, settings.own_addresses)
    identity = identity_of(settings)
    names = Names((identity.key, *identity.former))
    app = FastAPI(
        title=current.say("page_title"),
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.callers = callers  # the server lets nobody in whom the app has barred
    app.state.ended = asyncio.Event()  # the server sets it when it ends: who listens is let go
    guests = Guests(callers, max(settings.keep_days, KEPT.days))
    desk = GuestDesk(runner, callers)
    tools = ToolPages(runner, templates, guests, desk)
    own = (
        Pages(chat, current, templates, settings, callers, guests, tools).router(),
        PaperPages(services, templates, guests, desk).router(),
        TicketFiles(services, templates, callers, guests, desk).router(),
        tools.router(),
        DossierPages(services, templates, guests, desk).router(),
        ReminderPages(services, templates, guests, desk, bot).router(),
        Api(chat, templates, callers, names).router(),
        health_router(Health(services.sessions, nlu_ready), meters, callers),
    )
    for router in (*own, *routers):  # as they are: an included router makes each of its routes anew
        app.router.routes.extend(router.routes)
    if add_console is not None:
        add_console(app, services, callers)
    app.mount("/static", StaticFiles(directory=STATIC))
    _protect(app, callers, is_known, Refuser(current, templates))
    return app


def _protect(
    app: FastAPI, callers: Callers, is_known: Callable[[Request], bool], refuser: Refuser
) -> None:
    """Give every error a sentence, whoever raised it; the last added is met first."""

    async def _refused(request: Request, error: Exception) -> Response:
        return refuser.respond(request, error)

    for kind in (RefusedError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _refused)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        RequestLimit,
        callers=callers,
        is_known=is_known,
        refused=lambda request: refuser.respond(request, too_many()),
    )
    app.add_middleware(
        Shield,
        callers=callers,
        failed=lambda request, error: refuser.respond(request, failed(error)),
    )
