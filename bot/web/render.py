"""A reply as the page shows it, and the templates that do so.

Markdown becomes HTML, everything else stays text to be escaped.
"""

import base64
import hashlib
import mimetypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.web.markdown import markdown_html, markdown_line
from services import clock
from services.conversation.answers import extras
from services.conversation.cited import in_short
from services.conversation.composer import Composer
from services.conversation.days import write_day, write_moment
from services.conversation.plain import capital, plain_markdown
from services.conversation.quantities import write_share
from services.conversation.reply import (
    REASONS,
    Button,
    CitedSource,
    Payload,
    Reply,
    is_to_dossier,
    is_to_part,
    is_to_tool,
    read_payload,
)
from services.knowledge.article import Article, places_of
from services.knowledge.library import Library


@dataclass(frozen=True)
class WebRoom:
    """Where the templates and the static files of some pages lie, and where these are served."""

    templates: Path
    static: Path
    prefix: str

    @classmethod
    def beside(cls, module: str, prefix: str) -> "WebRoom":
        """Return the folders `templates` and `static` beside a module."""
        folder = Path(module).parent
        return cls(folder / "templates", folder / "static", prefix)

    def address(self, path: Path) -> str:
        """Return an address on the site that changes with the file's content."""
        return f"{self.prefix}/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


_PAGE = WebRoom.beside(__file__, "/static")
STATIC = _PAGE.static
_ABOVE = 450
"""Characters of a part under which its source is still on a small screen."""
_LONG = 620
"""Characters of an answer, its notices and next step, that a phone shows without closer lines."""
_LONG_PART = 500
"""The same of a part, which has items and a name above it."""
_PERSON = str(Payload("h"))
_HALF = 28
"""Characters of a label that fits half the width of a phone, on two lines."""
_LINK_SCHEMES = ("https://", "http://")


class Templates:
    """Renders templates, all escaped: they say phrases by `say`, name static files by `asset`."""

    def __init__(
        self, say: Callable[..., str], *, alone: bool = False, rooms: Sequence[WebRoom] = ()
    ) -> None:
        """Read templates as they are asked for; `alone` puts static files into the page.

        What stands in `rooms` goes before what the citizens' page has of the same name.
        """
        made = self._environment = Environment(
            loader=FileSystemLoader([room.templates for room in (*rooms, _PAGE)]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        assets = {
            path.name: _inside(path) if alone else room.address(path)
            for room in (_PAGE, *rooms)
            for path in room.static.iterdir()
        }
        self.say = say
        made.tests |= {"to_part": is_to_part, "to_tool": is_to_tool, "to_dossier": is_to_dossier}
        made.filters |= {"share": write_share, "markdown_line": markdown_line}
        made.filters |= {"day": clock.write_day, "moment": clock.write_moment}
        made.filters |= {"people_day": write_day, "people_moment": write_moment}
        made.globals |= {"say": say, "asset": assets.__getitem__}

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
    brief: str
    """The same with the first place alone that it names."""
    places: int
    """How many places it names."""
    lapsed: bool
    standing: str
    """The phrase that says whether it is in force; of a document without dates nothing."""
    url: str


@dataclass(frozen=True)
class ReplyView:
    """A reply, ready for a template."""

    outcome: str
    degraded: bool
    article: str
    """The id of the article that answered, or nothing."""
    title: str
    part: str
    """The part that was told: it opens with the article's label and its own name."""
    label: str
    """The title in a few words, where the article has such."""
    lead: Markup
    detail: Markup
    notices: tuple[str, ...]
    sources: tuple[SourceView, ...]
    """Every source, what is in force first: the first is told in brief, the others on demand."""
    lapsed: tuple[SourceView, ...]
    """Those no longer in force: they are never folded."""
    further: int
    """How many places more than that of the brief line there are."""
    as_of: str
    """The day on which the article was last checked."""
    next_step: Markup
    contacts: Markup
    """The ways to reach the offices that the next step names, on demand."""
    buttons: tuple[Button, ...]
    verdicts: tuple[Button, ...]
    paper: str = ""
    """The paper that is wanted as a draft."""

    @property
    def ways(self) -> tuple[Button, ...]:
        """The buttons that lead on, but for those of the last row."""
        return tuple(button for button in self.buttons if button not in self.last_row)

    @property
    def last_row(self) -> tuple[Button, ...]:
        """What stands small below an answer: a person to ask, what judges it."""
        if not self.verdicts:
            return ()
        to_person = (button for button in self.buttons if button.payload == _PERSON)
        return (*to_person, *self.verdicts)

    @property
    def narrow(self) -> bool:
        """Whether all the ways on are short: then two fit a row."""
        return all(len(button.label) <= _HALF for button in self.ways)

    @property
    def long(self) -> bool:
        """Whether it fills a phone's screen: then its lines stand closer."""
        told = (self.lead, self.detail if self.part else "", *self.notices, self.next_step)
        return sum(map(len, told)) > (_LONG_PART if self.part else _LONG)

    @property
    def has_boxes(self) -> bool:
        """Whether there is something to tick off."""
        return '<input type="checkbox"' in self.detail


@dataclass(frozen=True)
class Exchange:
    """What was asked, and what is said to it."""

    asked: str
    reply: ReplyView
    pressed: bool = False
    """Whether a button asked it."""
    later: bool = False
    """Whether it is told later than it was asked: a notice."""
    sends: bool = False
    """Whether files may be sent to whoever answers: a ticket is open."""
    leads: str = ""
    """Where the tool that was begun is gone on with, out of a frame."""


def reply_view(reply: Reply, library: Library) -> ReplyView:
    """Return a reply as templates want it."""
    article = library.articles.get(reply.article or "")
    sources = tuple(_sources(reply, library))
    lead, detail = _halves(reply, article)
    step, contacts = _step(reply.next_step, article.head.next_step if article else "")
    return ReplyView(
        outcome=reply.outcome,
        degraded=reply.degraded,
        article=article.id if article else "",
        title=article.head.title if article else "",
        part=reply.part or "",
        label=article.label if article else "",
        lead=markdown_html(lead),
        detail=markdown_html(detail),
        notices=reply.notices,
        sources=sources,
        lapsed=tuple(source for source in sources[1:] if source.lapsed),
        further=sum(source.places for source in sources) - 1,
        as_of=f"{article.head.as_of:%d/%m/%Y}" if article else "",
        next_step=markdown_line(step),
        contacts=markdown_line(contacts),
        buttons=reply.buttons,
        verdicts=reply.verdicts,
        paper=str(reply.values["name"]) if reply.tool == "paper" and reply.values else "",
    )


def _halves(reply: Reply, article: Article | None) -> tuple[str, str]:
    """Return what stands above the sources, and below: of a long part the first block, or list."""
    short = reply.again is not None and reply.again.verb in {"a", "d"}
    if not (short and article and article.parts):
        return reply.lead, reply.detail
    told = f"{reply.lead}\n\n{reply.detail}".strip()
    if not reply.part or len(reply.lead) <= _ABOVE:
        return told, ""
    name, first, *others = told.split("\n\n")
    return f"{name}\n\n{first}", "\n\n".join(others)


def _step(told: str, step: str) -> tuple[str, str]:
    """Part a next step from the ways to reach whom it names; these alone stay whole."""
    if step and told.startswith(step):
        return step, told.removeprefix(step).strip()
    return told, ""


def label_of(payload: str, library: Library) -> str:
    """Return what the button with this payload says, or nothing when no button has it."""
    match read_payload(payload):
        case Payload("a" | "d" | "v" | "c") as pressed if pressed.article in library.articles:
            return _label_in(library.articles[pressed.article], pressed, library)
        case Payload("f", name) if name in library.articles:
            return _of_article(library.phrases.say("button_whole"), library.articles[name])
        case Payload("w", _, place) if place < len(REASONS):
            return library.phrases.say(f"reason_{REASONS[place]}")
        case Payload("t") as pressed if pressed.topic in library.topics:
            group = library.menu.get(pressed.topic, {}).get(pressed.group)
            return group.label if group else capital(library.topics[pressed.topic].label)
        case Payload(verb, name):
            named = f"button_ticket_{name}" if verb == "g" else f"subject_{name}"
            phrase = _BUTTON_PHRASES.get(verb, named)
            return library.phrases.say(phrase) if phrase in library.phrases.templates else ""
        case _:
            return ""


def _label_in(article: Article, pressed: Payload, library: Library) -> str:
    """Return what the button to an article, a part or an extra of it says."""
    if part := article.part(pressed.part):
        return _of_article(part.name, article)
    if pressed.verb in {"a", "d"}:
        return article.head.title
    offered = extras(article, library)
    label = next((button.label for button in offered if button.payload == str(pressed)), "")
    return label and _of_article(label, article)


def _of_article(label: str, article: Article) -> str:
    """Return what a button does in plain words: its label, and of which article."""
    return f"{label} · {article.label}"


_BUTTON_PHRASES = {
    "m": "button_menu",
    "q": "button_tools",
    "r": "button_await",
    "e": "button_reminding",
    "h": "button_person",
    "u": "button_useful",
    "n": "button_not_useful",
}


def _sources(reply: Reply, library: Library) -> Iterator[SourceView]:
    """Yield the sources of a reply, what is in force first."""
    told = zip(reply.citations, reply.source_lines, strict=True)
    for cited, line in sorted(told, key=lambda pair: not pair[0].in_force):
        source = library.sources[cited.source]
        dated = cited.in_force and source.in_force_from is not None
        url = source.url or ""
        first, *others = places_of(cited.clause)
        yield SourceView(
            line,
            brief=f"{in_short(source, first)}{_lapse(cited, library)}",
            places=1 + len(others),
            lapsed=not cited.in_force,
            standing=("page_not_ended" if source.directs else "page_in_force") if dated else "",
            url=url if url.startswith(_LINK_SCHEMES) else "",
        )


def _lapse(cited: CitedSource, library: Library) -> str:
    """Return the mark of a source that is not in force; what took its place is told on demand."""
    return "" if cited.in_force else f" {library.phrases.say('page_lapsed')}"


def article_page(templates: Templates, composer: Composer, name: str, address: str = "") -> str:
    """Return the page of an article of the composer's library; `address` is printed under it."""
    library = composer.library
    article = library.articles[name]
    offered = [
        (b.label, reply_view(composer.pressed(b.payload), library))
        for b in extras(article, library)
    ]
    known = [other for other in article.head.related if other in library.articles]
    return templates.render(
        "article.html",
        reply=reply_view(composer.whole(name), library),
        parts=offered,
        ticked=any(part.has_boxes for _, part in offered),
        description=plain_markdown(article.short),
        procedure=article.head.procedure if article.head.procedure in library.procedures else "",
        related=[(other, library.articles[other].head.title) for other in known],
        address=address,
    )


def _inside(path: Path) -> str:
    """Return the whole file as an address, for a page that is opened from a disk."""
    kind, _ = mimetypes.guess_type(path.name)
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
