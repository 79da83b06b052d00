"""The section of the content: its routes, and who may use each."""

from bot.console.content import article, beginning, deciding, listing, sources, trying, writing
from bot.console.content.view import EVERYONE
from bot.console.request import ConsoleRoute, Handler, Section
from services.editing.editor import EDITORS
from services.staff.account import APPROVERS

_HERE = "/content"
_ARTICLE = f"{_HERE}/articles/{{topic}}/{{name}}"
_DRAFT = f"{_HERE}/drafts/{{number:int}}"


def _step(verb: str, handler: Handler, roles: frozenset[str] = EDITORS) -> ConsoleRoute:
    """Return the route of a step with a draft; refused, the page that shows it says why."""
    return ConsoleRoute("POST", f"{_DRAFT}/{verb}", handler, roles, again=deciding.again)


SECTION = Section(
    "content",
    "Nội dung",
    (
        ConsoleRoute("GET", _HERE, listing.show, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/try", trying.show, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/sources", sources.show, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/sources/{{source}}", sources.one, EVERYONE),
        ConsoleRoute("GET", f"{_HERE}/new", beginning.ask, EDITORS),
        ConsoleRoute("POST", f"{_HERE}/new", beginning.keep, EDITORS, again=beginning.again),
        ConsoleRoute("GET", _ARTICLE, article.show, EVERYONE),
        ConsoleRoute("GET", f"{_ARTICLE}/history", article.history, EVERYONE),
        ConsoleRoute("GET", f"{_ARTICLE}/publishing", article.publishing, EVERYONE, live=True),
        ConsoleRoute("POST", f"{_ARTICLE}/edit", article.begin, EDITORS),
        ConsoleRoute("POST", f"{_ARTICLE}/bring-back", article.bring_back, EDITORS),
        ConsoleRoute("GET", _DRAFT, writing.show, EDITORS),
        ConsoleRoute("POST", _DRAFT, writing.save, EDITORS, again=writing.again),
        ConsoleRoute("POST", f"{_DRAFT}/preview", writing.preview, EDITORS),
        ConsoleRoute("GET", f"{_DRAFT}/review", deciding.show, EDITORS),
        ConsoleRoute("GET", f"{_DRAFT}/learning", deciding.learning_now, EDITORS, live=True),
        ConsoleRoute("GET", f"{_DRAFT}/conflict", deciding.conflict, EDITORS),
        _step("submit", deciding.submit),
        ConsoleRoute(
            "POST",
            f"{_DRAFT}/approve",
            deciding.approve,
            APPROVERS,
            fresh=True,
            again=deciding.again,
        ),
        _step("return", deciding.give_back, APPROVERS),
        _step("withdraw", deciding.withdraw),
        _step("rebase", deciding.rebase),
        _step("learn", deciding.learn),
    ),
    waits=deciding.waits,
)
