"""Extras: what an article offers under its answer beside related articles."""

from collections.abc import Iterator

from services.conversation.payloads import Payload
from services.conversation.reply import Button
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.schema import READERS


def extras(article: Article, library: Library) -> Iterator[Button]:
    """Yield a button to the checklist, where papers are known, and one to each reader's part."""
    say = library.phrases.say
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure and procedure.papers:
        yield Button(say("button_checklist"), str(Payload("c", article.id)))
    for place, reader in enumerate(READERS):
        if reader in article.variants:
            yield Button(say(f"button_{reader}"), str(Payload("v", article.id, place)))
