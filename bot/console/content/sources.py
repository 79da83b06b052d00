"""The documents that articles rest on: which end, what leans on each, who was told by it."""

from starlette.responses import Response

from bot.console.content import view
from bot.console.request import ConsoleRequest, figure
from services.clock import day_of
from services.conversation.plain import folded
from services.errors import ProposalError
from services.insight.affected import affected, leaning
from services.storage.models import Proposal


async def show(desk: ConsoleRequest) -> Response:
    """List the documents, those that are over or end first, and how many articles lean on each."""
    library, today, words = desk.services.library, day_of(desk.now), desk.asked("q")
    counted = leaning(library)
    ordered = sorted(
        library.sources.items(), key=lambda one: (one[1].in_force(today), -counted[one[0]])
    )
    wanted = folded(words)
    found = [(name, one) for name, one in ordered if wanted in folded(f"{name} {one.title}")]
    page = max(figure(desk.asked("page")), 1)
    return desk.page(
        "content_sources.html",
        sources=found[(page - 1) * view.PAGE : page * view.PAGE],
        count=len(found),
        page=page,
        more=page * view.PAGE < len(found),
        words=words,
        leaning=counted,
        today=today,
    )


async def one(desk: ConsoleRequest) -> Response:
    """Show what leans on a document, how far its articles are, and who was told by it."""
    name, library = desk.request.path_params["source"], desk.services.library
    if name not in library.sources:
        raise ProposalError("source_unknown", source=name)
    today = day_of(desk.now)
    found = await affected(desk.session, library, name, today)
    going: dict[str, Proposal] = {
        proposal.article: proposal
        for proposal in await view.editor(desk).waiting(
            desk.session, "draft", "submitted", "returned"
        )
    }
    return desk.page(
        "content_source.html",
        place=name,
        source=library.sources[name],
        found=found,
        today=today,
        rows=[
            (
                article,
                view.address_of(article.id),
                going.get(article.id),
                library.has_lapsed(library.articles[article.id], today),
            )
            for article in found.dependents.articles
        ],
        states=view.STATES,
    )
