"""Replies that are too long once a channel has rendered them."""

from collections.abc import Iterator
from datetime import date

from bot.telegram.markup import units
from bot.telegram.render import FIRST, WHOLE, Renderer
from bot.web.outline import outline
from bot.web.render import Exchange, reply_view
from bot.web.templates import Templates
from services.conversation.composer import Composer, extras
from services.conversation.plain import plain_reply
from services.conversation.reply import Reply
from services.knowledge.finding import Finding
from services.knowledge.library import Library

MOST_CHARS = 4500
"""Of a reply on the page or in plain text: some seven screens of a small phone."""
_REMEDY = "Rút gọn, hoặc tách thành hai bài."


def fit(library: Library, today: date) -> Iterator[Finding]:
    """Yield the replies, checklists and readers' parts that do not fit a channel."""
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
