"""Every route of the console, and which roles may use it: one table, walked whole."""

import re
from http import HTTPStatus

import pytest

from bot.console.app import SECTIONS
from bot.console.request import HOME, ConsoleRoute
from services.staff.account import STAFF_ROLES
from tests.bot.console.conftest import SITE, SignIn

ROUTES = [route for section in SECTIONS for route in section.routes]
TABLE = """
GET                                                 author approver agent content admin
GET /people                                         admin
GET /people/names                                   admin
POST /people/export                                 admin
POST /people/groups/delete                          admin
POST /people/import                                 admin
GET /people/import/{number:int}                     admin
POST /people/import/{number:int}/take               admin
POST /people/import/{number:int}/drop               admin
GET /people/poster                                  admin
POST /people/poster                                 admin
GET /system                                         admin
POST /system/stop/{what}                            admin
POST /system/resume/{what}                          admin
GET /system/checks                                  admin
GET /system/publishing                              admin
GET /system/audit                                   admin
GET /system/staff                                   admin
POST /system/staff                                  admin
POST /system/staff/{number:int}/role                admin
POST /system/staff/{number:int}/close               admin
POST /system/staff/{number:int}/link                admin
POST /system/staff/{number:int}/reset               admin
GET /me                                             author approver agent content admin
POST /me/prove                                      author approver agent content admin
POST /me/password                                   author approver agent content admin
POST /me/password/drop                              author approver agent content admin
GET /me/device                                      author approver agent content admin
POST /me/device                                     author approver agent content admin
POST /me/device/confirm                             author approver agent content admin
POST /me/codes                                      author approver agent content admin
GET /me/passkey                                     author approver agent content admin
GET /me/passkey/proof                               author approver agent content admin
POST /me/passkey                                    author approver agent content admin
POST /me/passkey/{number:int}/drop                  author approver agent content admin
POST /me/sessions/{number:int}/end                  author approver agent content admin
POST /me/sessions/end                               author approver agent content admin
GET /announcements                                  author approver agent content admin
GET /announcements/calendar                         author approver agent content admin
GET /announcements/new                              author approver admin
POST /announcements/new                             author approver admin
POST /announcements/look                            author approver admin
GET /announcements/{number:int}                     author approver agent content admin
GET /announcements/{number:int}/progress            author approver agent content admin
GET /announcements/{number:int}/edit                author approver admin
POST /announcements/{number:int}/edit               author approver admin
GET /announcements/{number:int}/rehearsal           author approver admin
GET /announcements/{number:int}/names                author approver admin
GET /announcements/{number:int}/names.csv            author approver admin
GET /announcements/{number:int}/files/{place:int}    author approver agent content admin
POST /announcements/{number:int}/files               author approver admin
POST /announcements/{number:int}/files/remove        author approver admin
POST /announcements/{number:int}/ask                author approver admin
POST /announcements/{number:int}/approve            approver admin
POST /announcements/{number:int}/refuse             approver admin
POST /announcements/{number:int}/send               author approver admin
POST /announcements/{number:int}/reschedule         author approver admin
POST /announcements/{number:int}/pause              author approver admin
POST /announcements/{number:int}/resume             author approver admin
POST /announcements/{number:int}/cancel             author approver admin
POST /announcements/{number:int}/copy               author approver admin
POST /announcements/{number:int}/delete             author approver admin
GET /gaps                                           approver agent content admin
GET /gaps/{number:int}                              approver agent content admin
POST /gaps/{number:int}/dismiss                     content admin
POST /gaps/{number:int}/reopen                      content admin
POST /gaps/{number:int}/merge                       content admin
POST /gaps/{number:int}/gather                      content admin
POST /gaps/{number:int}/split                       content admin
POST /gaps/{number:int}/link                        content admin
POST /gaps/{number:int}/tell                        content admin
GET /insight                                        author approver agent content admin
GET /insight/{table}.csv                            author approver agent content admin
GET /insight/report                                 author approver agent content admin
GET /insight/report.pdf                             author approver agent content admin
GET /content                                        author approver agent content admin
GET /content/articles/{topic}/{name}                author approver agent content admin
GET /content/try                                    author approver agent content admin
GET /content/sources                                author approver agent content admin
GET /content/sources/{source}                       author approver agent content admin
GET /content/new                                    approver content admin
POST /content/new                                   approver content admin
GET /content/articles/{topic}/{name}/history        author approver agent content admin
POST /content/articles/{topic}/{name}/bring-back    approver content admin
POST /content/articles/{topic}/{name}/edit          approver content admin
GET /content/drafts/{number:int}                    approver content admin
POST /content/drafts/{number:int}                   approver content admin
POST /content/drafts/{number:int}/preview           approver content admin
GET /content/drafts/{number:int}/review             approver content admin
POST /content/drafts/{number:int}/submit            approver content admin
POST /content/drafts/{number:int}/approve           approver admin
POST /content/drafts/{number:int}/return            approver admin
POST /content/drafts/{number:int}/withdraw          approver content admin
GET /content/drafts/{number:int}/conflict           approver content admin
GET /content/drafts/{number:int}/learning           approver content admin
GET /content/articles/{topic}/{name}/publishing     author approver agent content admin
POST /content/drafts/{number:int}/rebase            approver content admin
POST /content/drafts/{number:int}/learn             approver content admin
GET  /inbox                                         agent author approver admin
GET  /inbox/figures                                 agent admin
GET  /inbox/news                                    agent author approver admin
GET  /inbox/{number:int}                            agent author approver admin
GET  /inbox/{number:int}/news                       agent author approver admin
GET  /inbox/{number:int}/files/{file:int}           agent author approver admin
POST /inbox/{number:int}/take                       agent author approver admin
POST /inbox/{number:int}/answer                     agent author approver admin
POST /inbox/{number:int}/article                    agent author approver admin
POST /inbox/{number:int}/write                      agent author approver admin
POST /inbox/{number:int}/note                       agent author approver admin
POST /inbox/{number:int}/hand-on                    agent author approver admin
POST /inbox/{number:int}/take-over                  agent author approver admin
POST /inbox/{number:int}/close                      agent author approver admin
"""
"""Each route, then the roles that may use it; the code must say the same."""


def test_the_table_is_what_the_code_says() -> None:
    """A route that is new, or opens for another role, is written here too."""
    stated = {
        (line.split()[0], line[4:52].strip()): set(line[52:].split())
        for line in TABLE.strip().splitlines()
    }

    assert {(route.method, route.path): set(route.roles) for route in ROUTES} == stated


@pytest.mark.parametrize("role", STAFF_ROLES)
async def test_who_may_not_is_refused(signed_in: SignIn, role: str) -> None:
    """403 for every route that is not of the role; the menu shows no section of others."""
    client = await signed_in(role)
    for route in ROUTES:
        if role in route.roles:
            continue
        answered = await client.request(route.method, _address(route), headers={"origin": SITE})
        assert answered.status_code == HTTPStatus.FORBIDDEN, (route.method, route.path)
    menu = (await client.get(HOME)).text.partition("</nav>")[0]
    for section in SECTIONS:
        assert (f'href="{section.address}"' in menu) == section.opens_for(role), section.name


async def test_without_a_token_no_form_is_taken(signed_in: SignIn) -> None:
    """Every POST asks for what only our own pages carry, whoever sends it."""
    for route in ROUTES:
        if route.method == "POST":
            client = await signed_in(min(route.roles))
            answered = await client.post(_address(route), headers={"origin": SITE})
            assert answered.status_code == HTTPStatus.FORBIDDEN, route.path


def _address(route: ConsoleRoute) -> str:
    return HOME + re.sub(r"{[^}]*}", "1", route.path)
