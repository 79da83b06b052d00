"""What waits for whoever is signed in: the console's first page."""

from starlette.responses import Response

from bot.console.request import ConsoleRequest, ConsoleRoute, Section
from services.staff.account import STAFF_ROLES

EVERYONE = frozenset(STAFF_ROLES)


async def show(desk: ConsoleRequest) -> Response:
    """Show what waits for the account."""
    return desk.page("home.html")


SECTION = Section("", "Chờ tôi", (ConsoleRoute("GET", "", show, EVERYONE),))
