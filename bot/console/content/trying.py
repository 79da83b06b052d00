"""Trying a message out, on what is served or on a draft."""

from starlette.responses import Response

from bot.console.content import view
from bot.console.request import ConsoleRequest
from bot.web.render import reply_view
from services.editing import proposals
from services.editing.trial import edition_of, try_message
from services.edition import Edition
from services.errors import ProposalError
from services.storage.models import Proposal

_LONGEST = 1000


async def show(desk: ConsoleRequest) -> Response:
    """Show how a message is read and what is answered to it."""
    text = desk.asked("text")[:_LONGEST]
    proposal, edition = await _meant(desk)
    tried = await try_message(edition, text, desk.now) if text else None
    drafts = await view.editor(desk).waiting(desk.session, "draft", "submitted", "returned")
    return desk.page(
        "content_try.html",
        text=text,
        proposal=proposal,
        drafts=[("", "bản đang trả lời"), *((str(o.id), f"bản sửa {o.article}") for o in drafts)],
        tried=tried,
        titles={name: one.head.title for name, one in edition.library.articles.items()},
        reply=reply_view(tried.result.reply, edition.library) if tried else None,
    )


async def _meant(desk: ConsoleRequest) -> tuple[Proposal | None, Edition]:
    """Return the draft that is asked for and an edition of it; else what is served.

    Raises:
        ProposalError: there is no such draft, or it can't be read.

    """
    served, number = await desk.services.current.settled(), desk.asked("draft")
    if not number.isdecimal():
        return None, served
    with desk.session.no_autoflush:
        proposal = await proposals.find(desk.session, int(number))
        checked = await view.editor(desk).check(proposal.article, proposal.text)
    if checked.file is None:
        raise ProposalError("article_front_lost")
    return proposal, await edition_of(served, checked.file.library)
