"""The lists of announcements, and the calendar: what went, what goes when, what ends."""

import calendar
from datetime import date, timedelta
from typing import get_args

from starlette.responses import Response

from bot.console.announcements import view
from bot.console.request import MOST_WAITING, ConsoleRequest, Waiting, figure
from services.announcements.announcer import Listing
from services.announcements.days import DayOfAnnouncement, of_days
from services.clock import day_of
from services.staff import account

PAGE = 50
LISTS: dict[Listing, str] = {
    "asked": "Chờ tôi duyệt",
    "drafts": "Bản nháp của tôi",
    "going": "Đang gửi",
    "ended": "Đã xong",
    "all": "Tất cả",
}
_FIRST = date(2020, 1, 1)
_LAST = date(2100, 1, 1)


async def show(desk: ConsoleRequest) -> Response:
    """Show a list, a page at a time."""
    lists = _lists(desk)
    wanted = desk.asked("list")
    listing: Listing = next((name for name in get_args(Listing) if name == wanted), "all")
    if listing not in lists:
        listing = "going"
    page = max(figure(desk.asked("page")), 1)
    skip = (page - 1) * PAGE
    found = await view.announcer(desk).listed(
        desk.session, listing, desk.staff.name, skip=skip, most=PAGE + 1
    )
    rows = [
        {"one": one, "state": view.state_of(desk, one), "topic": view.topic_label(desk, one.topic)}
        for one in found[:PAGE]
    ]
    return desk.page(
        "announcements.html",
        lists=lists,
        listing=listing,
        rows=rows,
        page=page,
        more=len(found) > PAGE,
        writes=desk.may(account.WRITERS),
    )


async def waits(desk: ConsoleRequest) -> list[Waiting]:
    """Find what waits for an account: another's that it may approve, its own that may be sent."""
    room, found = view.announcer(desk), list[Waiting]()
    if desk.may(account.APPROVERS):
        for one in await room.listed(desk.session, "asked", desk.staff.name, most=MOST_WAITING):
            label = f"Duyệt thông báo {one.id} của {one.author}: {one.title}"
            found.append(Waiting(label, f"{view.HERE}/{one.id}"))
    if desk.may(account.WRITERS):
        for one in await room.listed(desk.session, "drafts", desk.staff.name, most=MOST_WAITING):
            if one.state == "approved" or one.reason:
                verb = "Gửi" if one.state == "approved" else "Sửa"
                label = f"{verb} thông báo {one.id}: {one.title}"
                found.append(Waiting(label, f"{view.HERE}/{one.id}"))
    return found[:MOST_WAITING]


async def show_month(desk: ConsoleRequest) -> Response:
    """Show the days of a month on which something goes, went or ends."""
    first = _month(desk)
    after = (first + timedelta(days=31)).replace(day=1)
    found = await of_days(desk.session, first, after)
    days: dict[date, list[DayOfAnnouncement]] = {}
    for event in found:
        days.setdefault(event.day, []).append(event)
    return desk.page(
        "announcements_calendar.html",
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        weeks=calendar.Calendar().monthdatescalendar(first.year, first.month),
        days=days,
        today=day_of(desk.now),
    )


def _lists(desk: ConsoleRequest) -> dict[Listing, str]:
    """Return the lists that concern an account: who does not write sees what went out."""
    hidden: set[Listing] = set()
    if not desk.may(account.APPROVERS):
        hidden.add("asked")
    if not desk.may(account.WRITERS):
        hidden |= {"drafts", "all"}
    return {name: label for name, label in LISTS.items() if name not in hidden}


def _month(desk: ConsoleRequest) -> date:
    """Return the first day of the month that is asked for; this month's where none can be read."""
    try:
        asked = date.fromisoformat(f"{desk.asked('month')}-01")
    except ValueError:
        asked = day_of(desk.now).replace(day=1)
    return min(max(asked, _FIRST), _LAST)
