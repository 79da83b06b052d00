"""What all pages of the content share: the editor over its services, and who may do what."""

from dataclasses import dataclass
from itertools import groupby

from bot.console.request import ConsoleRequest
from bot.preview import Channel, everything, fit
from bot.web.render import ReplyView, reply_view
from nlu.text import fold
from services.clock import day_of
from services.conversation.composer import Composer
from services.editing.article_text import title_in
from services.editing.editor import Editor
from services.knowledge.article import Article
from services.knowledge.article_file import ArticleFile
from services.knowledge.finding import Finding
from services.staff.account import STAFF_ROLES
from services.storage.models import Proposal

EVERYONE = frozenset(STAFF_ROLES)
HERE = "/console/content"
PAGE = 25
"""So many stand on a page of a list: on a phone each is a card."""
STATES = {
    "draft": "đang viết",
    "submitted": "chờ duyệt",
    "returned": "được trả lại",
    "published": "đã duyệt",
    "withdrawn": "đã bỏ",
}
_FIELD_OF = {"clause": "citations", "source": "citations", "-": "body"}


def editor(desk: ConsoleRequest) -> Editor:
    """Return what does with articles whatever is asked."""
    services = desk.services
    return Editor(services.settings, services.current, services.now, fit)


def path_of(desk: ConsoleRequest) -> str:
    """Return the article of the path."""
    return f"{desk.request.path_params['topic']}/{desk.request.path_params['name']}"


def address_of(article: str) -> str:
    """Return where an article is shown."""
    return f"{HERE}/articles/{article}"


def draft_address(proposal: Proposal) -> str:
    """Return where a proposal is written."""
    return f"{HERE}/drafts/{proposal.id}"


def title_of(proposal: Proposal) -> str:
    """Return how a proposal is called in lists: by its title, for want of one by its id."""
    return title_in(proposal.text) or proposal.article


@dataclass(frozen=True)
class Faces:
    """An article as each channel shows it."""

    web: ReplyView
    telegram: str
    plain: str


def faces(desk: ConsoleRequest, read: ArticleFile) -> Faces:
    """Return an article as each channel shows it today."""
    composer = Composer(read.library, day_of(desk.now))
    return Faces(
        reply_view(composer.whole(read.article.id), read.library),
        "\n".join(everything(read, composer, Channel.TELEGRAM)),
        "\n".join(everything(read, composer, Channel.PLAIN)),
    )


def is_named(article: Article, words: str) -> bool:
    """Say whether an article's id and title have all of these words, with or without diacritics."""
    named = fold(f"{article.id} {article.head.title}")
    return all(word in named for word in fold(words).split())


def by_field(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    """Return findings by the field of the form beside which they are shown."""
    return {
        name: list(found) for name, found in groupby(sorted(findings, key=_field_of), key=_field_of)
    }


def _field_of(finding: Finding) -> str:
    name = finding.field.partition(".")[0]
    return _FIELD_OF.get(name, name)


def kept_findings(proposal: Proposal) -> tuple[Finding, ...]:
    """Return what the checks found when a proposal was saved last."""
    return tuple(Finding(**{**kept, "causes": tuple(kept["causes"])}) for kept in proposal.findings)
