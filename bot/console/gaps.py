"""Questions without an answer: kept in kinds, put aside, put together, led to what answers them."""

from http import HTTPStatus

from starlette.responses import Response

from bot.console import gap_answers
from bot.console.gap_answers import address_of
from bot.console.request import (
    HOME,
    ConsoleRequest,
    ConsoleRoute,
    Handler,
    Section,
    Waiting,
    figure,
)
from services.editing import proposals
from services.errors import HtxError
from services.insight import gap_list, gap_work
from services.insight.gap_work import WORKERS
from services.staff import audit

READERS = frozenset({"agent", "content", "approver", "admin"})
"""Who reads what people asked."""
_KINDS = {
    "declined": "chưa trả lời được",
    "left": "hỏi lại rồi bỏ đi",
    "unhelpful": "bị chấm không có ích",
}
_REASONS = {
    "wrong": "sai",
    "unclear": "khó hiểu",
    "off_topic": "không đúng câu hỏi",
    "incomplete": "thiếu chi tiết",
}
_STATES = {
    "open": "Chưa có câu trả lời",
    "linked": "Chờ bài ra",
    "told": "Đã trả lời",
    "dismissed": "Đã bỏ qua",
}
_WAITING = 5
_ADDRESS = f"{HOME}/gaps"


async def browse(desk: ConsoleRequest) -> Response:
    """List the gaps in one state, the largest first, a page at a time."""
    state = desk.asked("state") if desk.asked("state") in _STATES else "open"
    number = max(figure(desk.asked("page")), 1)
    found, more = await gap_list.page(desk.session, state, desk.now, number)
    _note_read(desk, sum(one.count for one in found))
    return desk.page(
        "gaps.html",
        found=found,
        more=more,
        number=number,
        state=state,
        states=list(_STATES.items()),
        tally=await gap_list.tally(desk.session),
        titles=_titles(desk),
        address=_ADDRESS,
    )


async def show(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    """Show one gap, what is wrong above: what was asked, what is nearest, and what can be done."""
    detail = await gap_list.detail(desk.session, desk.number(), desk.now)
    _note_read(desk, detail.summary.count, f"gap {desk.number()}")
    others, _ = await gap_list.page(desk.session, "open", desk.now)
    gap, works = detail.summary.gap, desk.may(WORKERS)
    is_open = works and gap.state == "open"
    return desk.page(
        "gap.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        detail=detail,
        gap=gap,
        kinds=[(_KINDS[name], count) for name, count in detail.kinds.items()],
        reasons=[(_REASONS.get(name, name), count) for name, count in detail.reasons.items()],
        state=_STATES.get(gap.state, "Đã gộp"),
        others=[
            (str(one.gap.id), f"{one.gap.id}. {one.title[:80]}")
            for one in others
            if one.gap.id != desk.number()
        ],
        like=await gap_list.like(desk.session, gap.id, desk.now) if is_open else (),
        titles=_titles(desk),
        works=works,
        offered=await gap_answers.offered(desk, detail) if is_open else (),
        examples=gap_answers.examples(detail.worded) if is_open else (),
        going=await proposals.open_of(desk.session, gap.article) if gap.article else None,
        served=gap.article in desk.services.library.articles,
        address=address_of(desk.number()),
    )


async def dismiss(desk: ConsoleRequest) -> Response:
    """Put a gap aside."""
    reason = desk.field("reason")
    await gap_work.dismiss(desk.session, desk.number(), reason, desk.staff.name, desk.now)
    return desk.to(_ADDRESS, f"Đã bỏ qua nhóm {desk.number()}.")


async def reopen(desk: ConsoleRequest) -> Response:
    """Take a gap up again."""
    await gap_work.reopen(desk.session, desk.number(), desk.staff.name, desk.now)
    return desk.to(address_of(desk.number()), "Nhóm này mở lại.")


async def merge(desk: ConsoleRequest) -> Response:
    """Put a gap into another."""
    into = figure(desk.field("into"))
    await gap_work.merge(desk.session, desk.number(), into, desk.staff.name, desk.now)
    return desk.to(address_of(into), f"Đã gộp nhóm {desk.number()} vào nhóm này.")


async def gather(desk: ConsoleRequest) -> Response:
    """Put the gaps that were ticked into this one."""
    others = list(map(figure, desk.fields("gap")))
    await gap_work.gather(desk.session, desk.number(), others, desk.staff.name, desk.now)
    return desk.to(address_of(desk.number()), f"Đã gộp {len(others)} nhóm vào nhóm này.")


async def split(desk: ConsoleRequest) -> Response:
    """Take wordings out of a gap into one of their own."""
    questions = set(map(figure, desk.fields("question")))
    made = await gap_work.split(desk.session, desk.number(), questions, desk.staff.name, desk.now)
    return desk.to(address_of(made), f"Đã tách khỏi nhóm {desk.number()} thành nhóm này.")


async def waits(desk: ConsoleRequest) -> list[Waiting]:
    """Name the largest gaps that nobody has done anything with."""
    if not desk.may(WORKERS):
        return []
    found, _ = await gap_list.page(desk.session, "open", desk.now)
    return [
        Waiting(f"{one.title[:80]} ({one.count} lượt hỏi)", address_of(one.gap.id), one.last)
        for one in found[:_WAITING]
    ]


def _note_read(desk: ConsoleRequest, shown: int, about: str = "") -> None:
    """Note in the audit that what people wrote was read."""
    audit.note(desk.session, desk.now, desk.staff.name, "people.gaps", about, shown=shown)


def _titles(desk: ConsoleRequest) -> dict[str, str]:
    return {name: a.head.title for name, a in desk.services.library.articles.items()}


def _act(verb: str, handler: Handler) -> ConsoleRoute:
    """Return the route of something that is done with a gap."""
    return ConsoleRoute("POST", f"{_GAP}/{verb}", handler, WORKERS, again=show)


_GAP = "/gaps/{number:int}"
SECTION = Section(
    "gaps",
    "Câu chưa trả lời",
    (
        ConsoleRoute("GET", "/gaps", browse, READERS),
        ConsoleRoute("GET", _GAP, show, READERS),
        _act("dismiss", dismiss),
        _act("reopen", reopen),
        _act("merge", merge),
        _act("gather", gather),
        _act("split", split),
        _act("link", gap_answers.link),
        _act("tell", gap_answers.tell),
    ),
    waits=waits,
)
