"""A draft of an article, written in the browser: by its fields, or the file as it is."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from bot.console.content import form
from bot.console.content.view import (
    STATES,
    by_field,
    draft_address,
    editor,
    faces,
    kept_findings,
    title_of,
)
from bot.console.request import ConsoleRequest
from services.editing import proposals
from services.editing.article_text import ArticleText
from services.editing.differences import rows
from services.errors import HtxError, ProposalError
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.styles import counted
from services.storage.models import Proposal


async def show(desk: ConsoleRequest) -> Response:
    """Show the form of a draft, beside each field what the checks found."""
    proposal = await proposals.find(desk.session, desk.number())
    return await _page(desk, proposal, proposal.text, kept_findings(proposal))


async def save(desk: ConsoleRequest) -> Response:
    """Keep what was typed, whatever is wrong with it."""
    proposal = await proposals.find(desk.session, desk.number())
    text = _typed(desk, proposal)
    saved = await editor(desk).save(
        desk.session, proposal.id, desk.field("seen"), text, desk.staff.name
    )
    count = len(saved.findings)
    told = f"Đã lưu; còn {count} chỗ cần sửa." if count else "Đã lưu; không còn chỗ nào cần sửa."
    where = "?as=file" if "text" in desk.form else ""
    return desk.to(f"{draft_address(saved)}{where}", told)


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show what was typed once more, beside what somebody else saved meanwhile."""
    proposal = await proposals.find(desk.session, desk.number())
    text = _typed(desk, proposal)
    moved = rows(proposal.text, text) if error.code == "proposal_moved" else []
    shown = await _page(desk, proposal, text, (), problem=str(error), moved=moved)
    shown.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return shown


async def preview(desk: ConsoleRequest) -> Response:
    """Show what is typed on every channel, and what is wrong with it; nothing is kept."""
    with desk.session.no_autoflush:
        proposal = await proposals.find(desk.session, desk.number())
        checked = await editor(desk).check(proposal.article, _typed(desk, proposal))
    shown = faces(desk, checked.file) if checked.file else None
    if desk.request.headers.get("hx-request"):
        return desk.part("content_faces.html", findings=checked.findings, faces=shown)
    looked = {"faces": shown, "seen": desk.field("seen")}
    return await _page(desk, proposal, _typed(desk, proposal), checked.findings, **looked)


def _typed(desk: ConsoleRequest, proposal: Proposal) -> str:
    """Return the file that was typed, whole or by its fields."""
    if "text" in desk.form:
        text = str(desk.form["text"]).replace("\r\n", "\n")
        return f"{text.rstrip()}\n"
    return form.typed(desk.form, ArticleText.read(proposal.text))


async def _page(
    desk: ConsoleRequest,
    proposal: Proposal,
    text: str,
    findings: tuple[Finding, ...],
    **values: Any,
) -> Response:
    fields, parts, unread, styles = None, list[form.PartForm](), "", dict[str, int]()
    try:
        read = ArticleText.read(text)
        fields, parts, styles = form.shown(read), form.shown_parts(read), counted(_questions(read))
    except ProposalError as error:
        unread = str(error)
    as_file = fields is None or desk.asked("as") == "file" or "text" in desk.form
    library = await editor(desk).library()
    return desk.page(
        "content_draft.html",
        proposal=proposal,
        title=title_of(proposal),
        address=draft_address(proposal),
        state=STATES[proposal.state],
        conflict=editor(desk).is_in_conflict(proposal),
        text=text,
        fields=None if as_file else fields,
        form=form.FIELDS,
        parts=parts,
        part_fields=form.PART_FIELDS,
        unread=unread,
        styles=styles,
        findings=findings,
        beside=by_field(findings),
        covered=_covered(library, text),
        sources=[(name, source.title) for name, source in library.sources.items()],
        **{"problem": "", "moved": [], "faces": None, "seen": proposal.hash, **values},
    )


def _covered(library: Library, text: str) -> list[tuple[str, str]]:
    """Return what the facts say that a file covers, by their numbers."""
    try:
        names = ArticleText.read(text).listed("covers")
    except ProposalError:
        return []
    return [(name, library.facts[name].says) for name in names if name in library.facts]


def _questions(read: ArticleText) -> list[str]:
    """Return the example questions of a file, those of its parts among them."""
    own = [head.get("questions") or () for head in read.parts.values() if isinstance(head, dict)]
    return [*read.listed("questions"), *(str(question) for one in own for question in one)]
