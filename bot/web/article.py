"""An article's own page: to share, to print, without scripts."""

from bot.web.render import reply_view
from bot.web.templates import Templates
from services.conversation.composer import Composer, extras
from services.conversation.plain import plain_markdown


def article_page(templates: Templates, composer: Composer, name: str, address: str = "") -> str:
    """Return the page of an article of the composer's library; `address` is printed under it."""
    library = composer.library
    article = library.articles[name]
    offered = [(b.label, composer.pressed(b.payload)) for b in extras(article, library)]
    known = [other for other in article.head.related if other in library.articles]
    return templates.render(
        "article.html",
        reply=reply_view(composer.article(name), library),
        parts=[(label, reply_view(reply, library)) for label, reply in offered],
        description=plain_markdown(article.short),
        related=[(other, library.articles[other].head.title) for other in known],
        address=address,
    )
