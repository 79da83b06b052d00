"""The list of articles: by topic, by words, by what is to be done about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from bot.console.content import view
from bot.console.request import ConsoleRequest, figure
from services.clock import day_of
from services.conversation.plain import capital
from services.editing.editor import EDITORS
from services.insight import article_use
from services.knowledge.article import Article

FILTERS: Mapping[str, str] = {
    "": "Tất cả",
    "due": "Lâu chưa đối chiếu",
    "lapsed": "Căn cứ hết hiệu lực",
    "disliked": "Bị chê nhiều (👎)",
    "unused": "Chưa từng trả lời ai",
    "open": "Đang có bản sửa",
}


@dataclass(frozen=True)
class Listed:
    """A line of the list of articles."""

    article: Article
    address: str
    lapsed: bool
    useless: int


async def show(desk: ConsoleRequest) -> Response:
    """List the articles that are served, a page at a time."""
    library, today = desk.services.library, day_of(desk.now)
    topic, words, wanted = desk.asked("topic"), desk.asked("q"), desk.asked("filter")
    disliked = await article_use.disliked(desk.session, library, desk.now)
    going = await view.editor(desk).waiting(desk.session, "submitted", "returned", "draft")
    kept = await _kept(desk, wanted, set(disliked), {one.article for one in going})
    found = [
        article
        for name, article in library.articles.items()
        if name in kept and topic in {"", article.topic} and _speaks_of(article, words)
    ]
    page = max(figure(desk.asked("page")), 1)
    return desk.page(
        "content.html",
        shown=[
            Listed(a, view.address_of(a.id), library.has_lapsed(a, today), disliked.get(a.id, 0))
            for a in found[(page - 1) * view.PAGE : page * view.PAGE]
        ],
        count=len(found),
        page=page,
        more=page * view.PAGE < len(found),
        topics=[
            ("", "Mọi chủ đề"),
            *((name, capital(one.label)) for name, one in library.topics.items()),
        ],
        topic=topic,
        words=words,
        wanted=wanted if wanted in FILTERS else "",
        filters=[*FILTERS.items()],
        going=[
            (one, view.title_of(one), view.draft_address(one), view.STATES[one.state])
            for one in going
        ],
        writes=desk.may(EDITORS),
    )


async def _kept(desk: ConsoleRequest, wanted: str, disliked: set[str], going: set[str]) -> set[str]:
    """Return the articles that a filter keeps."""
    library, today = desk.services.library, day_of(desk.now)
    match wanted:
        case "due":
            last = today - timedelta(days=desk.services.settings.review_days)
            return {name for name, a in library.articles.items() if a.head.as_of < last}
        case "lapsed":
            return {article.id for article in library.lapsed(today)}
        case "disliked":
            return disliked
        case "unused":
            return await article_use.never_used(desk.session, library)
        case "open":
            return going
        case _:
            return set(library.articles)


def _speaks_of(article: Article, words: str) -> bool:
    """Say whether an article has these words as they stand, or its id and title have them all."""
    return words.casefold() in article.raw.casefold() or view.is_named(article, words)
