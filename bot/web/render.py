"""A reply as the page shows it, and the templates that do so.

Markdown becomes HTML, everything else stays text to be escaped.
"""

import base64
import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from services.conversation.answers import extras
from services.conversation.composer import Composer
from services.conversation.plain import BOX, capital, plain_markdown
from services.conversation.reply import (
    REASONS,
    Button,
    Payload,
    Reply,
    is_to_part,
    read_payload,
)
from services.knowledge.article import Article
from services.knowledge.library import Library

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
_LINK_SCHEMES = ("https://", "http://")


class _Renderer(RendererHTML):
    """HTML whose tables scroll by themselves on a narrow screen, and whose boxes have no bullet."""

    def list_item_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
    ) -> str:
        """Mark an item that is ticked off."""
        if any(token.content.startswith(BOX) for token in tokens[index + 1 : index + 3]):
            tokens[index].attrSet("class", "box")
        return self.renderToken(tokens, index, options, env)

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
    ) -> str:
        """Open the box that scrolls."""
        return '<div class="table">' + self.renderToken(tokens, index, options, env)

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
    ) -> str:
        """Close it."""
        return self.renderToken(tokens, index, options, env) + "</div>"


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


class Templates:
    """Renders templates, all escaped: they say phrases by `say`, name static files by `asset`."""

    def __init__(self, say: Callable[..., str], *, alone: bool = False) -> None:
        """Read templates as they are asked for; `alone` puts static files into the page."""
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        address = _inside if alone else _address
        assets = {path.name: address(path) for path in STATIC.iterdir()}
        self._environment.tests["to_part"] = is_to_part
        self._environment.globals |= {"say": say, "asset": assets.__getitem__}

    def render(self, name: str, **values: Any) -> str:
        """Render a template.

        Raises:
            jinja2.UndefinedError: the template uses a value that was not given.

        """
        return self._environment.get_template(name).render(**values)


@dataclass(frozen=True)
class SourceView:
    """A source line, with the address of the document where one is known."""

    line: str
    in_force: bool
    """Known to be in force; a document without dates is not."""
    url: str


@dataclass(frozen=True)
class ReplyView:
    """A reply, ready for a template."""

    outcome: str
    degraded: bool
    article: str
    """The id of the article that answered, or nothing."""
    title: str
    lead: Markup
    detail: Markup
    notices: tuple[str, ...]
    sources: tuple[SourceView, ...]
    """What stands right under the short answer: one source, or two when both are in force."""
    further: tuple[SourceView, ...]
    as_of: str
    """The day on which the article was last checked."""
    next_step: Markup
    buttons: tuple[Button, ...]
    verdicts: tuple[Button, ...]


@dataclass(frozen=True)
class Exchange:
    """What was asked, and what is said to it."""

    asked: str
    reply: ReplyView


def markdown_html(text: str) -> Markup:
    """Return Markdown of the content's kind as HTML; HTML inside it is shown, not obeyed."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704  # because the renderer escapes: HTML is off


def markdown_line(text: str) -> Markup:
    """Return one line of Markdown as HTML without a paragraph around it."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704  # because the renderer escapes: HTML is off


def reply_view(reply: Reply, library: Library) -> ReplyView:
    """Return a reply as templates want it."""
    article = library.articles.get(reply.article or "")
    sources, further = _parted(_sources(reply, library))
    return ReplyView(
        outcome=reply.outcome,
        degraded=reply.degraded,
        article=article.id if article else "",
        title=article.head.title if article else "",
        lead=markdown_html(reply.lead),
        detail=markdown_html(reply.detail),
        notices=reply.notices,
        sources=sources,
        further=further,
        as_of=f"{article.head.as_of:%d/%m/%Y}" if article else "",
        next_step=markdown_line(reply.next_step),
        buttons=reply.buttons,
        verdicts=reply.verdicts,
    )


def label_of(payload: str, library: Library) -> str:
    """Return what the button with this payload says, or nothing when no button has it."""
    match read_payload(payload):
        case Payload("a" | "d" | "v" | "c") as pressed if pressed.article in library.articles:
            return _label_in(library.articles[pressed.article], pressed, library)
        case Payload("w", _, place) if place < len(REASONS):
            return library.phrases.say(f"reason_{REASONS[place]}")
        case Payload("t") as pressed if pressed.topic in library.topics:
            group = library.menu.get(pressed.topic, {}).get(pressed.group)
            return group.label if group else capital(library.topics[pressed.topic].label)
        case Payload(verb, name):
            phrase = _BUTTON_PHRASES.get(verb, f"subject_{name}")
            return library.phrases.say(phrase) if phrase in library.phrases.templates else ""
        case _:
            return ""


def _label_in(article: Article, pressed: Payload, library: Library) -> str:
    """Return what the button to an article, a part or an extra of it says."""
    if pressed.verb == "a":
        return article.head.title
    if part := article.part(pressed.part):
        return part.name
    offered = extras(article, library)
    return next((button.label for button in offered if button.payload == str(pressed)), "")


_BUTTON_PHRASES = {
    "f": "button_whole",
    "m": "button_menu",
    "h": "button_person",
    "u": "button_useful",
    "n": "button_not_useful",
}


def _parted(
    sources: Iterable[SourceView],
) -> tuple[tuple[SourceView, ...], tuple[SourceView, ...]]:
    """Part the sources that are shown at once from the others."""
    every = tuple(sources)
    most = 1 + all(source.in_force for source in every[1:2])
    return every[:most], every[most:]


def _sources(reply: Reply, library: Library) -> Iterator[SourceView]:
    """Yield the sources of a reply, what is in force first."""
    told = zip(reply.citations, reply.source_lines, strict=True)
    for cited, line in sorted(told, key=lambda pair: not pair[0].in_force):
        source = library.sources[cited.source]
        known = cited.in_force and source.in_force_from is not None
        url = source.url or ""
        yield SourceView(line, known, url if url.startswith(_LINK_SCHEMES) else "")


def article_page(templates: Templates, composer: Composer, name: str, address: str = "") -> str:
    """Return the page of an article of the composer's library; `address` is printed under it."""
    library = composer.library
    article = library.articles[name]
    offered = [(b.label, composer.pressed(b.payload)) for b in extras(article, library)]
    known = [other for other in article.head.related if other in library.articles]
    return templates.render(
        "article.html",
        reply=reply_view(composer.whole(name), library),
        parts=[(label, reply_view(reply, library)) for label, reply in offered],
        description=plain_markdown(article.short),
        related=[(other, library.articles[other].head.title) for other in known],
        address=address,
    )


def _address(path: Path) -> str:
    """Return an address on the site that changes with the file's content."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


def _inside(path: Path) -> str:
    """Return the whole file as an address, for a page that is opened from a disk."""
    kind, _ = mimetypes.guess_type(path.name)
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
