"""A request of a member of staff, as a page's handler sees it, and what a page is declared as."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.web.render import Templates
from services.bootstrap import Services
from services.errors import HtxError
from services.staff import sign_in
from services.storage.models import Staff, StaffSession, Stopped

HOME = "/console"
MOST_WAITING = 10
"""So many things of one section stand on the first page; the rest is behind it."""
_MOST_NOTICE = 400
_MOST_NUMBER = 2**31 - 1
"""Beyond it PostgreSQL takes no number for an id; no row bears it."""
_DIGITS = 10
ROLE_NAMES = {
    "agent": "trả lời bà con",
    "content": "soạn bài",
    "author": "soạn thông báo",
    "approver": "duyệt bài và thông báo",
    "admin": "quản trị",
}
"""How roles are called before staff."""


@dataclass(frozen=True)
class ConsoleRequest:
    """Who asks for what, in an open session; what the handler does is committed when it returns."""

    request: Request
    session: AsyncSession
    signed: StaffSession
    """The session of the browser; its account is `staff`."""
    token: str
    """What every form of the page carries, so that no other site can send one."""
    form: FormData
    """What was sent; empty where nothing was."""
    services: Services
    templates: Templates
    sections: Sequence["Section"]
    stopped: Sequence[Stopped] = ()
    """What an administrator has stopped for everybody: every page says so."""

    @property
    def staff(self) -> Staff:
        """The account that asks."""
        return self.signed.staff

    @property
    def role_name(self) -> str:
        """How the account's role is called."""
        return ROLE_NAMES[self.staff.role]

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.services.now()

    def field(self, name: str) -> str:
        """Return what a field of the form holds, spaces around it gone; nothing where it lacks."""
        value = self.form.get(name, "")
        return _clean(value) if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """Return all that fields of one name hold, as boxes that are ticked."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def asked(self, name: str) -> str:
        """Return a value of the address, as `?name=value`; nothing where it lacks."""
        return _clean(self.request.query_params.get(name, ""))

    def number(self, name: str = "number") -> int:
        """Return a number of the path; the route's pattern has let nothing else through."""
        return min(int(self.request.path_params[name]), _MOST_NUMBER)

    def may(self, roles: frozenset[str]) -> bool:
        """Say whether the account's role is among these: buttons of others are not shown."""
        return self.staff.role in roles

    def page(
        self, template: str, status: HTTPStatus = HTTPStatus.OK, /, **values: Any
    ) -> HTMLResponse:
        """Show a page; what was just done is told once above it."""
        told, self.signed.notice = self.signed.notice, ""
        shown = self.templates.render(
            template,
            desk=self,
            told=told,
            nav=[section for section in self.sections if section.opens_for(self.staff.role)],
            fresh=sign_in.is_fresh(self.signed, self.now),
            **values,
        )
        return HTMLResponse(shown, status)

    def part(self, template: str, /, *, last: bool = False, **values: Any) -> "Piece":
        """Show a piece of a page alone, for a script that puts it in its place."""
        return Piece(self.templates.render(template, desk=self, **values), last=last)

    def to(self, address: str, told: str = "") -> Response:
        """Lead to another page, which tells once what was done."""
        self.signed.notice = told[:_MOST_NOTICE]
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)


class Piece(HTMLResponse):
    """A piece of a page alone."""

    def __init__(self, content: str, *, last: bool = False) -> None:
        """Keep it; `last` says that what it shows moves no more."""
        super().__init__(content)
        self.last = last


def figure(text: str) -> int:
    """Return a number that was sent; nought where it is none, or more than any row bears."""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 0


def _clean(value: str) -> str:
    """Return a value without the spaces around it; PostgreSQL keeps no text that holds a NUL."""
    return value.replace("\0", "").strip()


Handler: TypeAlias = Callable[[ConsoleRequest], Awaitable[Response]]
Again: TypeAlias = Callable[[ConsoleRequest, HtxError], Awaitable[Response]]


@dataclass(frozen=True)
class ConsoleRoute:
    """One thing that staff can open or do, and who may."""

    method: str
    path: str
    """Below `/console`, as Starlette writes it: `/inbox/{number:int}`."""
    handler: Handler
    roles: frozenset[str]
    fresh: bool = False
    """Whether its person must have proved a moment ago who they are."""
    again: Again | None = None
    """Shows the form anew, with what was typed, when the handler raised an `HtxError`."""
    quiet: bool = False
    """Whether it keeps no session from ending."""
    live: bool = False
    """Whether pages listen to it: its part is sent whenever it is another. It is quiet."""


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for whoever is signed in."""

    label: str
    address: str
    """Where it is done."""
    since: datetime | None = None


@dataclass(frozen=True)
class Section:
    """A part of the console: its name in the address, how the menu calls it, what it can do."""

    name: str
    label: str
    routes: Sequence[ConsoleRoute] = field(default=())
    waits: Callable[[ConsoleRequest], Awaitable[Sequence[Waiting]]] | None = None
    """Finds what waits for the account here, the oldest first; at most `MOST_WAITING`."""

    @property
    def address(self) -> str:
        """Where it begins."""
        return f"{HOME}/{self.name}" if self.name else HOME

    def opens_for(self, role: str) -> bool:
        """Say whether the menu leads a role there; a section without a label stands in none."""
        first = f"/{self.name}" if self.name else ""
        return bool(self.label) and any(
            route.path == first and route.method == "GET" and role in route.roles
            for route in self.routes
        )
