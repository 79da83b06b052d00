"""An article as every channel shows it, and what does not fit there."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from html.parser import HTMLParser

from jinja2 import UndefinedError

from bot.telegram.markup import units
from bot.telegram.render import FIRST, UNCUT, WHOLE, Outgoing, Renderer
from bot.web.render import Exchange, Templates, reply_view
from services.conversation.answers import extras, part_buttons
from services.conversation.composer import Composer
from services.conversation.plain import plain_reply
from services.conversation.reply import Button, Reply, read_payload
from services.knowledge.article_file import ArticleFile
from services.knowledge.finding import Finding
from services.knowledge.library import Library

_MOST_CHARS = 4500
"""Of a reply on the page or in plain text: some seven screens of a small phone."""
_REMEDY = "Rút gọn, hoặc tách thành hai bài."
_BEFORE = {
    "h1": "# ",
    "h2": "# ",
    "h3": "# ",
    "li": "• ",
    "button": "[ ",
    "summary": "▸ ",
    "input": "☐ ",
}
_AFTER = {"button": " ]", "td": " | ", "th": " | "}
_LINES = frozenset({*_BEFORE, "p", "div", "section", "tr", "details", "form", "br"})


class Channel(StrEnum):
    """Where a reply is shown."""

    TELEGRAM = "telegram"
    WEB = "web"
    PLAIN = "plain"


def fit(library: Library, today: date, names: Collection[str] | None = None) -> Iterator[Finding]:
    """Yield the replies, checklists and readers' parts that do not fit a channel.

    `names` are the articles that are looked at; None is all of them.
    """
    try:
        yield from _unfit(library, today, library.articles if names is None else names)
    except (KeyError, UndefinedError) as error:
        what = f"Thiếu mẫu câu hoặc chỗ điền {error}."
        yield Finding("phrases/replies.yml", 1, "-", what, "Chép lại mẫu câu từ bản trước.")


def everything(draft: ArticleFile, composer: Composer, channel: Channel) -> Iterator[str]:
    """Yield the lines of the article, then of each part and extra under the name of its button.

    Last come the sentences that settle beliefs, each under a message that gets it.
    """
    yield from _SHOWN[channel](composer.article(draft.article.id), draft.library)
    for button in (*part_buttons(draft.article), *extras(draft.article, draft.library)):
        yield f"\n{_pressing(button)}"
        yield from _SHOWN[channel](composer.pressed(button.payload), draft.library)
    for belief in draft.article.head.beliefs:
        yield f"\n── Ai viết “{belief.examples[0]}” thì câu trả lời mở bằng ──\n{belief.settles}"


def _telegram(reply: Reply, library: Library) -> Iterator[str]:
    renderer = Renderer(library.phrases)
    for message in renderer.first(reply):
        yield from _message(message, FIRST if reply.detail else UNCUT)
        for button in message.buttons:
            payload = read_payload(button.payload)
            if payload and payload.seen:
                yield _pressing(button)
                yield from _messages(renderer.rest(reply, payload.seen))


def _messages(messages: Iterable[Outgoing]) -> Iterator[str]:
    for message in messages:
        yield from _message(message, WHOLE)


def _message(message: Outgoing, most: int) -> Iterator[str]:
    yield f"┌ tin nhắn, {units(message.plain)}/{most} ký tự"
    yield from (f"│ {line}".rstrip() for line in message.plain.splitlines())
    for row in (*((button,) for button in message.buttons), message.verdicts):
        if row:
            yield f"└ {' '.join(f'[ {button.label} ]' for button in row)}"


def _web(reply: Reply, library: Library) -> Iterator[str]:
    yield _page_text(reply, library, Templates(library.phrases.say))


def _plain(reply: Reply, library: Library) -> Iterator[str]:
    text = _plain_text(reply, library)
    yield f"({len(text)} ký tự)\n{text}"
    yield from (f"  › {button.label}" for button in (*reply.buttons, *reply.verdicts))


def _pressing(button: Button) -> str:
    return f"── Bấm “{button.label}” ──"


def _unfit(library: Library, today: date, names: Iterable[str]) -> Iterator[Finding]:
    composer = Composer(library, today)
    templates = Templates(library.phrases.say)
    for name in names:
        article = library.articles[name]
        known = [citation.source in library.sources for citation in article.citations]
        settled = [(b.settles, f"a:{name}:{n}") for n, b in enumerate(article.head.beliefs, 1)]
        pressed = (*part_buttons(article), *extras(article, library))
        others = ((button.label, button.payload) for button in pressed)
        offered = [("", f"a:{name}"), ("", f"f:{name}"), *settled, *others]
        for label, payload in offered if all(known) else ():
            part = f" (nút “{label}”)" if label else ""
            for what in _too_long(composer.pressed(payload), library, templates):
                yield Finding(f"articles/{name}.md", 1, "body", f"{what}{part}.", _REMEDY)


def _too_long(reply: Reply, library: Library, templates: Templates) -> Iterator[str]:
    renderer = Renderer(library.phrases)
    opening, *more = renderer.first(reply)
    most = FIRST if reply.detail else UNCUT
    if more or units(opening.plain) > most:
        yield f"Telegram: tin đầu dài quá {most} ký tự"
    if len(renderer.rest(reply, 1)) > 1:
        yield f"Telegram: phần “Xem thêm” dài quá một tin ({WHOLE} ký tự)"
    page = _page_text(reply, library, templates)
    if len(page) > _MOST_CHARS:
        yield f"Trang web: dài {len(page)} ký tự, tối đa {_MOST_CHARS}"
    plain = _plain_text(reply, library)
    if len(plain) > _MOST_CHARS:
        yield f"Chữ thường: dài {len(plain)} ký tự, tối đa {_MOST_CHARS}"


def _page_text(reply: Reply, library: Library, templates: Templates) -> str:
    exchange = Exchange("", reply_view(reply, library))
    return outline(templates.render("exchange.html", exchange=exchange, key="", action=""))


def _plain_text(reply: Reply, library: Library) -> str:
    say = library.phrases.say
    return plain_reply(reply, sources=say("sources"), next_step=say("next_step"))


def outline(html: str) -> str:
    """Return the words of HTML, a line for each block, signs for headings, items and buttons."""
    writer = _OutlineWriter()
    writer.feed(html)
    lines = (" ".join(line.split()) for line in "".join(writer.written).splitlines())
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


class _OutlineWriter(HTMLParser):
    """Writes text as it is met."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def handle_starttag(self, tag: str, *_attributes: object) -> None:
        """Open a line where a block begins."""
        if tag in _LINES:
            self.written.append("\n")
        self.written.append(_BEFORE.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        self.written.append(_AFTER.get(tag, ""))
        if tag in _LINES:
            self.written.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words; a line of the source is no line of the page."""
        self.written.append(data.replace("\n", " "))


NAMES: Mapping[Channel, str] = {
    Channel.TELEGRAM: "Telegram",
    Channel.WEB: "Trang web",
    Channel.PLAIN: "Chữ thường (terminal, API)",
}
_SHOWN = {Channel.TELEGRAM: _telegram, Channel.WEB: _web, Channel.PLAIN: _plain}
