"""The content: what can be said, found and shown; and the table of all that is done with it."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.console import content_drafts, content_review
from bot.console.content_desk import (
    EVERYONE,
    STATES,
    address_of,
    draft_address,
    editor,
    faces,
    path_of,
)
from bot.console.request import MOST_WAITING, ConsoleRequest, ConsoleRoute, Section, Waiting
from services.clock import day_of
from services.editing import proposals
from services.editing.editor import EDITORS
from services.errors import ProposalError
from services.knowledge.article import Article
from services.staff.account import APPROVERS

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A line of the list of articles."""

    article: Article
    address: str
    lapsed: bool


async def browse(desk: ConsoleRequest) -> Response:
    """List the articles that are served: of a topic, with words, a page at a time."""
    library, topic, words = desk.services.library, desk.asked("topic"), desk.asked("q")
    found = [a for a in library.articles.values() if topic in {"", a.topic}]
    if words:
        found = [a for a in found if words.casefold() in f"{a.id} {a.raw}".casefold()]
    page = max(int(desk.asked("page") or 1), 1) if desk.asked("page").isdigit() else 1
    today = day_of(desk.now)
    shown = [
        Listed(article, address_of(article.id), library.has_lapsed(article, today))
        for article in found[(page - 1) * PAGE : page * PAGE]
    ]
    going = await editor(desk).waiting(desk.session, "submitted", "returned", "draft")
    return desk.page(
        "content.html",
        shown=shown,
        count=len(found),
        page=page,
        more=page * PAGE < len(found),
        topics=[("", "Mọi chủ đề"), *((n, t.label) for n, t in library.topics.items())],
        topic=topic,
        words=words,
        going=[(one, draft_address(one), STATES[one.state]) for one in going],
        may_write=desk.may(EDITORS),
    )


async def article(desk: ConsoleRequest) -> Response:
    """Show an article as the folder has it, on every channel."""
    name = path_of(desk)
    text = editor(desk).written(name)
    if not text:
        raise ProposalError("article_unknown", article=name)
    checked = await editor(desk).check(name, text)
    going = await proposals.open_of(desk.session, name)
    return desk.page(
        "content_article.html",
        place=name,
        text=text,
        read=checked.file,
        findings=checked.findings,
        faces=faces(desk, checked.file) if checked.file else None,
        served=name in desk.services.library.articles,
        going=going and (draft_address(going), STATES[going.state], going),
        may_write=desk.may(EDITORS),
    )


async def begin(desk: ConsoleRequest) -> Response:
    """Begin to change an article; who finds another at it goes on with theirs."""
    begun = await editor(desk).begin(desk.session, path_of(desk), desk.staff.name)
    return desk.to(draft_address(begun))


async def waits(desk: ConsoleRequest) -> list[Waiting]:
    """Find what another wrote and asks to be approved, and what of one's own was given back."""
    found = await editor(desk).waiting_for(desk.session, desk.staff, MOST_WAITING)
    return [
        Waiting(
            f"{_WAITS[one.state]} {one.article}: {one.why}",
            f"{draft_address(one)}{'/review' if one.state == 'submitted' else ''}",
            one.changed_at,
        )
        for one in found
    ]


_WAITS = {"submitted": "Duyệt bản sửa", "returned": "Sửa lại bản bị trả"}
_OF_ARTICLE = "/content/articles/{topic}/{name}"
_DRAFT = "/content/drafts/{number:int}"
SECTION = Section(
    "content",
    "Nội dung",
    (
        ConsoleRoute("GET", "/content", browse, EVERYONE),
        ConsoleRoute("GET", _OF_ARTICLE, article, EVERYONE),
        ConsoleRoute("POST", f"{_OF_ARTICLE}/edit", begin, EDITORS),
        ConsoleRoute("GET", _DRAFT, content_drafts.show, EDITORS),
        ConsoleRoute("POST", _DRAFT, content_drafts.save, EDITORS, again=content_drafts.again),
        ConsoleRoute("POST", f"{_DRAFT}/preview", content_drafts.preview, EDITORS),
        ConsoleRoute("GET", f"{_DRAFT}/review", content_review.show, EDITORS),
        ConsoleRoute(
            "POST", f"{_DRAFT}/submit", content_review.submit, EDITORS, again=content_review.again
        ),
        ConsoleRoute(
            "POST",
            f"{_DRAFT}/approve",
            content_review.approve,
            APPROVERS,
            fresh=True,
            again=content_review.again,
        ),
        ConsoleRoute(
            "POST",
            f"{_DRAFT}/return",
            content_review.give_back,
            APPROVERS,
            again=content_review.again,
        ),
        ConsoleRoute("POST", f"{_DRAFT}/withdraw", content_review.withdraw, EDITORS),
        ConsoleRoute("GET", f"{_DRAFT}/conflict", content_review.conflict, EDITORS),
        ConsoleRoute("POST", f"{_DRAFT}/rebase", content_review.rebase, EDITORS),
    ),
    waits=waits,
)
