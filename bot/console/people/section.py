"""The section: counts first, names where they are asked for; groups, and all its routes."""

from urllib.parse import urlencode

from starlette.responses import Response

from bot.console.people import importing, posters
from bot.console.people.view import ADMINS, PEOPLE, role_labels
from bot.console.request import ConsoleRequest, ConsoleRoute, Section, figure
from services.errors import HtxError, PeopleError
from services.people import census, groups, people_csv
from services.people.census import Sought
from services.people.people_csv import guarded
from services.people.people_import import COLUMNS
from services.people.places import place_name, places
from services.staff import audit

_FIELDS = ("word", "role", "place", "group")
_MOST_PLACES = 100


async def show(desk: ConsoleRequest) -> Response:
    """Show how many people there are, and the groups."""
    return await _page(desk)


async def _page(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    found = await census.counted(desk.session)
    return desk.page(
        "people.html",
        census=found,
        by_role=[(role_labels(desk)[role], many) for role, many in found.roles.items()],
        by_place=[
            (place_name(code) or "chưa nói", many)
            for code, many in list(found.places.items())[:_MOST_PLACES]
        ],
        groups=await groups.sizes(desk.session),
        typed={name: desk.field(name) for name in ("group", "basis")},
        problem=str(error or ""),
    )


async def show_names(desk: ConsoleRequest) -> Response:
    """Show who they are, fifty a page; that somebody looked is in the audit."""
    asked = {name: desk.asked(name) for name in _FIELDS}
    rows = await census.named(desk.session, Sought(**asked, after=figure(desk.asked("after"))))
    shown, more = rows[: census.PAGE], len(rows) > census.PAGE
    by, used = desk.staff.name, sorted(name for name, value in asked.items() if value)
    audit.note(desk.session, desk.now, by, "people.names", shown=len(shown), by=used)
    further = urlencode({**asked, "after": shown[-1].id}) if more else ""
    labels = role_labels(desk)
    return desk.page(
        "people_names.html",
        rows=[(one, labels[one.role or ""], place_name(one.place)) for one in shown],
        asked=asked,
        further=f"{PEOPLE}/names?{further}" if more else "",
        roles=[("", "ai cũng được"), *((role, label) for role, label in labels.items() if role)],
        places=[("", "ở đâu cũng được"), *((one.code, one.name) for one in places().values())],
        groups=[("", "nhóm nào cũng được")]
        + [(name, name) for name in await groups.sizes(desk.session)],
    )


async def export(desk: ConsoleRequest) -> Response:
    """Hand out the list of all people, as an import reads it; it is in the audit."""
    rows, count = [",".join(COLUMNS)], 0
    async for page in people_csv.pages(desk.session):
        rows += [_line([guarded(cells[column]) for column in COLUMNS]) for cells in page]
        count += len(page)
    audit.note(desk.session, desk.now, desk.staff.name, "people.export", exported=count)
    return Response(
        "\ufeff" + "\r\n".join(rows) + "\r\n",
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="ba-con.csv"'},
    )


def _line(cells: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


async def delete_group(desk: ConsoleRequest) -> Response:
    """Forget a group; the people in it stay."""
    name = desk.field("group")
    if name not in await groups.sizes(desk.session):
        raise PeopleError("group_unknown", name=name)
    await groups.delete_group(desk.session, name)
    about = f"group {name}"
    audit.note(desk.session, desk.now, desk.staff.name, "people.group", about, members=0)
    return desk.to(PEOPLE, f"Đã xóa nhóm {name}; người trong nhóm vẫn còn.")


_LIST = "/people/import/{number:int}"
SECTION = Section(
    "people",
    "Bà con",
    (
        ConsoleRoute("GET", "/people", show, ADMINS),
        ConsoleRoute("GET", "/people/names", show_names, ADMINS, fresh=True),
        ConsoleRoute("POST", "/people/export", export, ADMINS, fresh=True),
        ConsoleRoute(
            "POST", "/people/groups/delete", delete_group, ADMINS, fresh=True, again=_page
        ),
        ConsoleRoute("POST", "/people/import", importing.upload, ADMINS, again=_page),
        # These write in sessions of their own, which in SQLite would wait for what this one wrote.
        ConsoleRoute("GET", _LIST, importing.show, ADMINS, quiet=True, again=_page),
        ConsoleRoute(
            "POST", f"{_LIST}/take", importing.take, ADMINS, fresh=True, quiet=True, again=_page
        ),
        ConsoleRoute("POST", f"{_LIST}/drop", importing.drop, ADMINS, again=_page),
        ConsoleRoute("GET", "/people/poster", posters.show, ADMINS),
        ConsoleRoute("POST", "/people/poster", posters.draw, ADMINS, again=posters.again),
    ),
)
