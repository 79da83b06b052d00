"""A draft as another sees it before it is published: what is new, how it shows, who wrote it."""

from http import HTTPStatus

from starlette.background import BackgroundTask
from starlette.responses import Response

from bot.console.content.view import (
    HERE,
    STATES,
    address_of,
    draft_address,
    editor,
    faces,
    title_of,
)
from bot.console.request import MOST_WAITING, ConsoleRequest, Waiting
from services.editing import learning, proposals
from services.editing.committing import commit_approved
from services.editing.differences import rows
from services.errors import HtxError
from services.staff import link_makers
from services.staff.account import APPROVERS, same_name


async def show(desk: ConsoleRequest) -> Response:
    """Show what a proposal changes, and what may be done with it."""
    return await _page(desk)


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show it once more, and why what was asked of it was refused."""
    shown = await _page(desk, problem=str(error))
    shown.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return shown


async def submit(desk: ConsoleRequest) -> Response:
    """Ask for another's approval."""
    await editor(desk).submit(
        desk.session, desk.number(), desk.field("seen"), desk.field("why"), desk.staff.name
    )
    return desk.to(_here(desk), "Đã gửi. Một người khác xem và duyệt đúng bản này.")


async def approve(desk: ConsoleRequest) -> Response:
    """Approve exactly what was shown, and write it into the file."""
    with desk.session.no_autoflush:  # the checks take a second: nobody waits for a lock meanwhile
        proposal = await proposals.find(desk.session, desk.number())
        writers = await proposals.authors(desk.session, proposal)
        await link_makers.require_another(desk.session, desk.signed, writers, desk.now)
    approved = await editor(desk).approve(
        desk.session, desk.number(), desk.field("seen"), desk.staff.name
    )
    told = f"Đã duyệt và ghi vào tệp của bài {approved.article}; máy kiểm tra, học rồi tự dùng."
    response = desk.to(address_of(approved.article), told)
    # Git may take its time: nobody waits for it, least of all with the database's lock.
    root = desk.services.settings.content_dir
    response.background = BackgroundTask(commit_approved, desk.services.sessions, root)
    return response


async def give_back(desk: ConsoleRequest) -> Response:
    """Give it back to its writers, with a reason."""
    await editor(desk).give_back(
        desk.session, desk.number(), desk.field("seen"), desk.field("comment"), desk.staff.name
    )
    return desk.to(_here(desk), "Đã trả lại cho người viết, kèm lý do.")


async def withdraw(desk: ConsoleRequest) -> Response:
    """Close it without a change of the file."""
    await editor(desk).withdraw(desk.session, desk.number(), desk.field("seen"), desk.staff.name)
    return desk.to(HERE, "Đã bỏ bản sửa; tệp của bài giữ nguyên.")


async def conflict(desk: ConsoleRequest) -> Response:
    """Show the file as somebody changed it meanwhile beside the proposal."""
    proposal = await proposals.find(desk.session, desk.number())
    stands = editor(desk).written(proposal.article)
    return desk.page(
        "content_conflict.html",
        proposal=proposal,
        title=title_of(proposal),
        address=draft_address(proposal),
        theirs=rows(proposal.base, stands),
        both=rows(stands, proposal.text),
        together=editor(desk).together(proposal) is not None,
        conflict=editor(desk).is_in_conflict(proposal),
    )


async def learn(desk: ConsoleRequest) -> Response:
    """Have the draft learnt, so that it is seen which questions would go elsewhere."""
    await editor(desk).learn(desk.session, desk.number(), desk.field("seen"), desk.staff.name)
    return desk.to(_here(desk), "Máy đang học thử.")


async def learning_now(desk: ConsoleRequest) -> Response:
    """Tell what learning the draft showed, for the page that waits for it."""
    proposal = await proposals.find(desk.session, desk.number())
    return desk.part(
        "content_learning.html",
        last=not proposal.learning,
        proposal=proposal,
        address=draft_address(proposal),
        learnt=learning.learnt(proposal),
    )


async def rebase(desk: ConsoleRequest) -> Response:
    """Let the proposal stand over the file as it is now."""
    merge = desk.field("merge") == "1"
    rebased = await editor(desk).rebase(
        desk.session, desk.number(), desk.field("seen"), desk.staff.name, merge=merge
    )
    told = "Bản sửa nay có cả chữ của tệp." if merge else "Bản sửa nay đứng trên tệp mới."
    return desk.to(f"{draft_address(rebased)}/review", f"{told} Xem lại rồi gửi duyệt.")


async def waits(desk: ConsoleRequest) -> list[Waiting]:
    """Find what another wrote and asks to be approved, and what of one's own was given back."""
    found = await editor(desk).waiting_for(desk.session, desk.staff, MOST_WAITING)
    return [
        Waiting(
            f"{_WAITS[one.state]} “{title_of(one)}”{one.why and f': {one.why}'}",
            f"{draft_address(one)}{'/review' if one.state == 'submitted' else ''}",
            one.changed_at,
        )
        for one in found
    ]


_WAITS = {
    "submitted": "Duyệt bản sửa",
    "returned": "Sửa lại bản bị trả",
    "draft": "Viết tiếp bản nháp từ lời cán bộ trả lời",
}


async def _page(desk: ConsoleRequest, problem: str = "") -> Response:
    with desk.session.no_autoflush:
        proposal = await proposals.find(desk.session, desk.number())
        checked = await editor(desk).check(proposal.article, proposal.text)
    authors = await proposals.authors(desk.session, proposal)
    own = any(same_name(desk.staff.name, author) for author in authors)
    return desk.page(
        "content_review.html",
        proposal=proposal,
        title=title_of(proposal),
        address=draft_address(proposal),
        article=address_of(proposal.article),
        state=STATES[proposal.state],
        rows=rows(proposal.base, proposal.text),
        findings=checked.findings,
        faces=faces(desk, checked.file) if checked.file else None,
        authors=authors,
        learnt=learning.learnt(proposal),
        verdicts=await proposals.verdicts(desk.session, proposal),
        conflict=editor(desk).is_in_conflict(proposal),
        may_approve=desk.may(APPROVERS) and not own,
        own=own and desk.may(APPROVERS),
        problem=problem,
    )


def _here(desk: ConsoleRequest) -> str:
    return f"{HERE}/drafts/{desk.number()}/review"
