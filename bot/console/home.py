"""What waits for whoever is signed in: the console's first page."""

from starlette.responses import Response

from bot.console.request import ConsoleRequest, ConsoleRoute, Section
from services.staff import audit, link_makers, ways
from services.staff.account import STAFF_ROLES
from services.storage.models import Audit

EVERYONE = frozenset(STAFF_ROLES)


async def show(desk: ConsoleRequest) -> Response:
    """Show what waits for the account, by section."""
    waiting = [
        (section, await section.waits(desk))
        for section in desk.sections
        if section.waits is not None and section.opens_for(desk.staff.role)
    ]
    own = await ways.of_account(desk.session, desk.staff)
    return desk.page(
        "home.html",
        has_way=own.count > 0,
        maker_of=_maker,
        links=await link_makers.of_late(desk.session, desk.staff, desk.now),
        waiting=[(section, found) for section, found in waiting if found],
    )


def _maker(made: Audit) -> str:
    """Return who made a link, and by whose login where that was at a shell."""
    who = "Người giữ máy chủ" if made.who == audit.SYSTEM else made.who
    login = made.note.get("login")
    return f"{who} (tài khoản máy {login})" if login else who


SECTION = Section("", "Chờ tôi", (ConsoleRoute("GET", "", show, EVERYONE),))
