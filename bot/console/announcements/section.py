"""The section of announcements: its routes, and who may use each."""

from bot.console.announcements import deciding, files, listing, one, writing
from bot.console.announcements.view import EVERYONE
from bot.console.request import ConsoleRoute, Handler, Section
from services.staff.account import APPROVERS, WRITERS

_HERE = "/announcements"
_ONE = f"{_HERE}/{{number:int}}"


def _step(verb: str, handler: Handler, roles: frozenset[str] = WRITERS) -> ConsoleRoute:
    """Return the route of a step with one announcement; refused, its page says why."""
    return ConsoleRoute("POST", f"{_ONE}/{verb}", handler, roles, again=one.again)


SECTION = Section(
    "announcements",
    "Thông báo",
    (
        ConsoleRoute("GET", _HERE, listing.show, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/calendar", listing.show_month, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/new", writing.begin, WRITERS),
        ConsoleRoute("POST", f"{_HERE}/new", writing.keep, WRITERS, again=writing.again),
        ConsoleRoute("POST", f"{_HERE}/look", writing.look, WRITERS, again=writing.again),
        ConsoleRoute("GET", _ONE, one.show, EVERYONE),
        ConsoleRoute("GET", f"{_ONE}/progress", one.progress, EVERYONE, live=True),
        ConsoleRoute("GET", f"{_ONE}/edit", writing.change, WRITERS),
        ConsoleRoute("POST", f"{_ONE}/edit", writing.keep_change, WRITERS, again=writing.again),
        ConsoleRoute("GET", f"{_ONE}/rehearsal", deciding.rehearse, WRITERS),
        ConsoleRoute("GET", f"{_ONE}/names", files.names, WRITERS, fresh=True),
        ConsoleRoute("GET", f"{_ONE}/names.csv", files.as_csv, WRITERS, fresh=True),
        ConsoleRoute("GET", f"{_ONE}/files/{{place:int}}", files.give, EVERYONE),
        _step("files", files.add),
        _step("files/remove", files.remove),
        _step("ask", deciding.ask),
        ConsoleRoute(
            "POST", f"{_ONE}/approve", deciding.approve, APPROVERS, fresh=True, again=one.again
        ),
        _step("refuse", deciding.refuse, APPROVERS),
        _step("send", deciding.send),
        _step("reschedule", deciding.reschedule),
        _step("pause", deciding.pause),
        _step("resume", deciding.resume),
        _step("cancel", deciding.cancel),
        _step("copy", deciding.copy),
        _step("delete", deciding.delete),
    ),
    waits=listing.waits,
)
