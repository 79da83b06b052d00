"""The whole check of a content folder: what the services find, and what no channel can show."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from jinja2 import UndefinedError

from bot.telegram.markup import units
from bot.telegram.render import FIRST, WHOLE, Renderer
from bot.web.outline import outline
from bot.web.render import Exchange, reply_view
from bot.web.templates import Templates
from services.announcements.draft_file import broken_templates
from services.clock import day_of, utc_now
from services.conversation.composer import Composer, extras
from services.conversation.plain import plain_reply
from services.conversation.reply import Reply
from services.knowledge.checks.questions import Misfit, read_misfits
from services.knowledge.checks.suite import check, faults
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.settings import Settings
from services.understanding.model import misfits_path, model_path

MOST_CHARS = 4500
"""Of a reply on the page or in plain text: some seven screens of a small phone."""
_REMEDY = "Rút gọn, hoặc tách thành hai bài."


def all_faults(folder: Path) -> list[Finding]:
    """Return everything in a content folder that keeps a change from being served."""
    library, today = read_library(folder), day_of(utc_now())
    return sorted(
        {*faults(library, today), *fit(library, today), *broken_templates(folder, library)}
    )


def all_findings(settings: Settings, library: Library) -> list[Finding]:
    """Return everything that a writer has to mend in the content folder, read as `library`.

    That is more than keeps a change back: articles that a lapse has stopped, and example questions
    that the model of this content takes for another article's.
    """
    today, guesses = day_of(utc_now()), known_misfits(settings) or ()
    found = {
        *check(library, today, guesses),
        *fit(library, today),
        *broken_templates(settings.content_dir, library),
    }
    return sorted(found)


def known_misfits(settings: Settings) -> tuple[Misfit, ...] | None:
    """Return what the model of this content takes for another article's; None without a model."""
    return read_misfits(misfits_path(model_path(settings)))


def fit(library: Library, today: date) -> Iterator[Finding]:
    """Yield the replies, checklists and readers' parts that do not fit a channel."""
    try:
        yield from _unfit(library, today)
    except (KeyError, UndefinedError) as error:
        what = f"Thiếu mẫu câu hoặc chỗ điền {error}."
        yield Finding("phrases/replies.yml", 1, "-", what, "Chép lại mẫu câu từ bản trước.")


def _unfit(library: Library, today: date) -> Iterator[Finding]:
    composer = Composer(library, today)
    templates = Templates(library.phrases.say)
    for name, article in library.articles.items():
        known = [citation.source in library.sources for citation in article.head.citations]
        offered = [("", f"a:{name}"), *((b.label, b.payload) for b in extras(article, library))]
        for label, payload in offered if all(known) else ():
            part = f" (nút “{label}”)" if label else ""
            for what in _too_long(composer.pressed(payload), library, templates):
                yield Finding(f"articles/{name}.md", 1, "body", f"{what}{part}.", _REMEDY)


def _too_long(reply: Reply, library: Library, templates: Templates) -> Iterator[str]:
    renderer, say = Renderer(library.phrases), library.phrases.say
    opening, *more = renderer.first(reply)
    if more or units(opening.plain) > FIRST:
        yield f"Telegram: tin đầu dài quá {FIRST} ký tự"
    if len(renderer.rest(reply, 1)) > 1:
        yield f"Telegram: phần “Xem thêm” dài quá một tin ({WHOLE} ký tự)"
    exchange = Exchange("", reply_view(reply, library))
    page = outline(templates.render("exchange.html", exchange=exchange, key="", action=""))
    if len(page) > MOST_CHARS:
        yield f"Trang web: dài {len(page)} ký tự, tối đa {MOST_CHARS}"
    plain = plain_reply(reply, sources=say("sources"), next_step=say("next_step"))
    if len(plain) > MOST_CHARS:
        yield f"Chữ thường: dài {len(plain)} ký tự, tối đa {MOST_CHARS}"
