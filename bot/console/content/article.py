"""One article: as each channel shows it, what is known of its use, how it came to be so."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bot.console.content import view
from bot.console.request import ConsoleRequest
from services.clock import day_of, write_moment
from services.editing import proposals
from services.editing.article_text import title_in
from services.editing.differences import rows
from services.editing.editor import EDITORS
from services.errors import ProposalError
from services.insight import article_use
from services.publishing.status import State, read_record, record_path


async def show(desk: ConsoleRequest) -> Response:
    """Show an article as the folder has it, on every channel."""
    name, room = view.path_of(desk), view.editor(desk)
    text = room.written(name)
    if not text:
        raise ProposalError("article_unknown", article=name)
    checked = await room.check(name, text)
    going = await proposals.open_of(desk.session, name)
    read = checked.file
    cited = read.article.citations if read else ()
    sources = [(one, read.library.sources[one.source]) for one in cited] if read else []
    return desk.page(
        "content_article.html",
        place=name,
        text=text,
        read=read,
        findings=checked.findings,
        faces=view.faces(desk, read) if read else None,
        **_publishing(desk, name, text),
        sources=sources,
        today=day_of(desk.now),
        use=await article_use.of_article(desk.session, name, desk.now),
        going=going and (view.draft_address(going), view.STATES[going.state], going),
        writes=desk.may(EDITORS),
    )


async def publishing(desk: ConsoleRequest) -> Response:
    """Tell how far an article is on its way to those who ask, for the page that follows it."""
    name = view.path_of(desk)
    how = _publishing(desk, name, view.editor(desk).written(name))
    return desk.part("content_publishing.html", last=how["at_rest"], place=name, **how)


def _publishing(desk: ConsoleRequest, name: str, text: str) -> dict[str, Any]:
    """Return whether what stands in the file is what is answered with, and else what is done."""
    served = desk.services.library.articles.get(name)
    record = read_record(record_path(desk.services.settings))
    same = served is not None and served.raw == text
    at_work = record is not None and record.is_at_work(desk.now)
    return {
        "served": served is not None,
        "same": same,
        "at_rest": same and not at_work,
        "step": _STEPS[record.state if record else "idle"],
    }


_STEPS: Mapping[State, str] = {
    "idle": "máy sắp kiểm tra",
    "checking": "máy đang kiểm tra bản mới",
    "training": "máy đang học bản mới, vài phút nữa",
    "swapping": "máy đang đưa bản mới lên",
    "refused": "máy giữ bản mới lại vì có lỗi; quản trị xem lý do ở Hệ thống",
    "waiting": "máy chưa đưa bản mới lên được, sẽ thử lại",
}


async def begin(desk: ConsoleRequest) -> Response:
    """Begin to change an article; who finds another at it goes on with theirs."""
    begun = await view.editor(desk).begin(desk.session, view.path_of(desk), desk.staff.name)
    return desk.to(view.draft_address(begun))


async def history(desk: ConsoleRequest) -> Response:
    """Show what was published of an article, by whom and why, and what each time changed."""
    name = view.path_of(desk)
    past = await view.editor(desk).history(desk.session, name)
    if not past:
        raise ProposalError("article_unknown", article=name)
    return desk.page(
        "content_history.html",
        place=name,
        title=title_in(past[0].text) or name,
        past=[
            (one, rows(one.before, one.text), write_moment(one.at) if one.at else "")
            for one in past
        ],
        writes=desk.may(EDITORS),
    )


async def bring_back(desk: ConsoleRequest) -> Response:
    """Begin a proposal that says again what an earlier version said; another approves it."""
    begun = await view.editor(desk).bring_back(
        desk.session, view.path_of(desk), desk.field("version"), desk.staff.name
    )
    return desk.to(view.draft_address(begun), "Đã lấy lại chữ của bản cũ; xem lại rồi gửi duyệt.")
