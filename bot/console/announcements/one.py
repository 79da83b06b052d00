"""The page of one announcement, as it concerns who reads it: a draft, its way, its report."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from bot.console.announcements import view
from bot.console.request import ConsoleRequest
from bot.web.markdown import markdown_html
from services.announcements import approval, deliveries, describe
from services.announcements.announcement import BEFORE, OPTIONAL, UNDER_WAY
from services.announcements.report import Report
from services.clock import write_day, write_moment
from services.conversation.plain import capital, plain_markdown
from services.conversation.quantities import grouped
from services.errors import HtxError
from services.staff import account, audit
from services.storage.models import Announcement

_REACHED = {
    "sent": "đã nhận",
    "pending": "đang chờ",
    "stopped": "không nhận được nữa",
    "failed": "gửi lỗi",
    "uncertain": "không rõ đã tới chưa",
    "cancelled": "đã hủy",
}
_PRESSED = {"read": "đã đọc", "ask": "hỏi thêm", "stop": "dừng nhận tin"}


async def show(desk: ConsoleRequest) -> Response:
    """Show an announcement."""
    return await _page(desk)


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show it once more, below why what was asked was not done."""
    return await _page(desk, error)


async def progress(desk: ConsoleRequest) -> Response:
    """Show how far it is, for the page that follows it."""
    one = await view.announcer(desk).find(desk.session, desk.number())
    how = await _progress(desk, one)
    return desk.part("announcements_progress.html", last=not how["moves"], **how)


async def _page(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    room = view.announcer(desk)
    one = await room.find(desk.session, desk.number())
    state = one.state
    if state in BEFORE and not desk.may(account.WRITERS):
        sentence = f"Thông báo {one.id} còn là bản nháp của {one.author}."
        return desk.page("problem.html", HTTPStatus.FORBIDDEN, sentence=sentence)
    asked = state == "paused" and await room.awaits_yes(desk.session, one)
    shown: dict[str, Any] = {"progress": None, "report": None, "reached": [], "pressed": []}
    if state in UNDER_WAY:
        shown["progress"] = await _progress(desk, one)
    elif state not in BEFORE:
        found = await room.report(desk.session, one.id)
        shown |= _report(desk, found)
    return desk.page(
        "announcements_one.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        one=one,
        error=error,
        state=view.state_of(desk, one),
        look=await view.look(desk, one) if state in BEFORE or asked else view.glance(desk, one),
        may=_may(desk, one, asked=asked),
        seen=room.shown(one),
        head=_head(desk, one),
        approvals=await _approvals(desk, one),
        steps=await _steps(desk, one),
        held=view.held_until(desk, one),
        moment=write_moment,
        **shown,
    )


def _report(desk: ConsoleRequest, found: Report) -> dict[str, Any]:
    """Return the report in words, and what its pictures show."""
    counted, left_out = found.counted, sum(found.left_out.values())
    pressed = found.pressed
    told = [(label, counted[state]) for state, label in _REACHED.items() if counted[state]]
    return {
        "report": plain_markdown(describe.report(view.phrases(desk), found)).splitlines(),
        "reached": [*told, ("không gửi", left_out)] if left_out else told,
        "pressed": [(told, pressed[name]) for name, told in _PRESSED.items() if name in pressed],
    }


def _may(desk: ConsoleRequest, one: Announcement, *, asked: bool) -> frozenset[str]:
    """Return what an account may do with an announcement as it stands now.

    `asked` says that it is held because its approval fell.
    """
    writes, own = desk.may(account.WRITERS), account.same_name(one.author, desk.staff.name)
    state, may = one.state, set[str]()
    if writes:
        may.add("copy")
        if state in BEFORE:
            may |= {"change", "delete"} if own else set()
            may |= {"send"} if state == "approved" else {"ask"} if own else set()
        if state in ("queued", "sending"):
            may |= {"pause", "cancel"}
        if state == "paused":
            may |= {"resume", "cancel"}
        if state in ("queued", "paused") and one.starts_at:
            may.add("reschedule")
        if state not in BEFORE:
            may.add("names")
    if desk.may(account.APPROVERS) and not own and (state in BEFORE or asked):
        may |= {"approve"} if state != "approved" else set()
        may |= {"refuse"} if state in BEFORE else set()
    return frozenset(may)


def _head(desk: ConsoleRequest, one: Announcement) -> list[tuple[str, str]]:
    """Return its fields with their labels, those that are filled in."""
    say = view.phrases(desk).say
    fields = [("author", "Người soạn", one.author)]
    fields.append(("topic", "Chủ đề", view.topic_label(desk, one.topic)))
    for name in OPTIONAL:
        value = getattr(one, name)
        written = value if isinstance(value, str) else write_day(value)
        fields.append((name, capital(say(f"field_{name}")), written))
    if one.starts_at:
        fields.append(("starts_at", "Hẹn gửi", write_moment(one.starts_at)))
    return [(label, value) for _, label, value in fields if value]


async def _progress(desk: ConsoleRequest, one: Announcement) -> dict[str, Any]:
    """Return what tells how far it is, and whether that still moves."""
    counted = await deliveries.tally(desk.session, one.id)
    total = sum(counted.values())
    told = describe.progress(
        view.phrases(desk),
        one,
        counted,
        await deliveries.reasons(desk.session, one.id),
        view.held_until(desk, one),
        drawn=False,
    )
    done = total - sum(counted[name] for name in deliveries.OPEN)
    return {
        "one": one,
        "told": markdown_html(told),
        "done": done,
        "total": total,
        "moves": one.state in UNDER_WAY,
    }


async def _approvals(desk: ConsoleRequest, one: Announcement) -> list[str]:
    """Tell who said yes to it, when, for how many, and whether that still counts."""
    stands = await approval.standing(desk.session, one, desk.now)
    return [
        f"{row.by}, {write_moment(row.at)}, cho {grouped(row.count)} người"
        f"{'' if row is stands else ' (không còn tính)'}"
        for row in await approval.every(desk.session, one)
    ]


async def _steps(desk: ConsoleRequest, one: Announcement) -> list[tuple[str, str, str]]:
    """Tell what was done with it, by whom, the last first."""
    rows = await audit.page(desk.session, about=f"announcement {one.id}")
    words = view.phrases(desk)
    return [(write_moment(row.at), row.who, describe.audited(words, row.did)) for row in rows]
