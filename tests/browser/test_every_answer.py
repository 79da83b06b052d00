"""Every answer of the product on a phone: what fits its screen without scrolling.

`make test` looks at every tenth, `make long` at all of them (CONTENT_STEP=1).
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from bot.telegram.render import Renderer
from bot.telegram.sender import keyboard
from bot.web.render import Exchange, Templates, reply_view
from services.conversation.answers import extras
from services.conversation.composer import Composer
from services.conversation.reply import Reply, read_payload
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.settings import ROOT
from services.understanding.parts import LEAD
from tests.conftest import NOON
from tests.doubles.content import read_content, spread

SCREEN: ViewportSize = {"width": 360, "height": 640}
PHONE: ViewportSize = {"width": 390, "height": 844}
FREE = 751
"""What that phone shows of the chat above the box to write in."""
ONE_LINE = "Cần mấy người vậy?"
NOTICES = ("degraded", "masked")
"""What any answer may have to say beside its own notices; one at a time."""
ROWS, PAYLOAD = 6, 64
"""Rows of buttons under an answer in Telegram, and bytes of what a button carries there."""
BUBBLE_HEIGHT = 560
"""What a phone of that height shows of a chat in Telegram, at 300 pixels for a bubble."""

SENT = """payload => new Promise(done => {
    const log = document.getElementById("log");
    log.replaceChildren();
    const sent = new MutationObserver(() => { sent.disconnect(); requestAnimationFrame(done); });
    sent.observe(log, { childList: true });
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/";
    form.dataset.chat = "";
    const button = document.createElement("button");
    button.name = "payload";
    button.value = payload;
    form.append(button);
    document.body.append(form);
    button.click();
    form.remove();
})"""
"""Presses a button in the chat, through the page's own script."""
PLACES = """() => {
    const reply = [...document.querySelectorAll(".reply")].at(-1);
    const box = mark => reply.querySelector(mark).getBoundingClientRect();
    const floor = document.getElementById("ask")?.getBoundingClientRect().top ?? innerHeight;
    return { top: box(".lead").top, bottom: box(".sources").bottom, floor };
}"""
SHOWN = """html => {
    const log = document.getElementById("log");
    log.innerHTML = html;
    return log.querySelector(".reply").getBoundingClientRect().height;
}"""
BUBBLE = """html => {
    document.body.style.margin = 0;
    document.body.innerHTML = `<style>blockquote { margin: 0; padding-left: 12px; }</style>
        <div style="width: 300px; font: 16px/1.35 system-ui; white-space: pre-wrap;
            overflow-wrap: anywhere">${html}</div>`;
    const quotes = [...document.querySelectorAll("blockquote")];
    return Math.max(...quotes.map(quote => quote.getBoundingClientRect().bottom));
}"""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content of the product."""
    return read_content(ROOT / "content")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return one page that every answer is looked at on."""
    with browser.new_context(viewport=SCREEN, locale="vi-VN") as context:
        yield context.new_page()


def payloads(library: Library) -> Iterator[str]:
    """Yield the buttons of every article, all of it, and what it has for readers."""
    for name, article in library.articles.items():
        yield f"a:{name}"
        yield f"f:{name}"
        yield from (button.payload for button in extras(article, library))


def over(page: Page) -> float:
    """Return by how many pixels short answer and first source stick out of the screen."""
    at = page.evaluate(PLACES)
    return float(max(-at["top"], at["bottom"] - at["floor"]))


def judged(heights: dict[str, float]) -> list[str]:
    """Print the five worst; return those that are too high."""
    worst = sorted(heights, key=heights.__getitem__, reverse=True)
    print(*(f"{heights[name]:+.0f} px {name}" for name in worst[:5]), sep="\n")  # noqa: T201  # because the figures are wanted
    return [name for name in worst if heights[name] > 0]


def test_chat_shows_answer_and_source_at_once(page: Page, site: str, library: Library) -> None:
    """After a button was pressed in the chat, the screen holds both above the box to write in."""
    page.goto(site)
    heights = {}
    for payload in spread(payloads(library)):
        page.evaluate(SENT, payload)
        heights[payload] = over(page)

    assert judged(heights) == []


def orders(article: Article) -> Iterator[tuple[str, ...]]:
    """Yield what may be told first: the lead, a part and the lead in turn, as full as it gets."""
    yield (LEAD,)
    names = [part.id for part in article.parts]
    for name in names:
        others = [other for other in names if other != name]
        yield (name, LEAD, *others)
        yield (LEAD, name, *others)


@pytest.fixture(scope="module")
def first_replies(library: Library) -> dict[str, Reply]:
    """Return what articles say first, each with the longest notice that there may be.

    Whichever of its parts is asked for, and with each belief that it settles.
    """
    composer = Composer(library, NOON.date())
    longest = max((library.phrases.say(notice) for notice in NOTICES), key=len)
    replies = {}
    for name, article in library.articles.items():
        told = [composer.article(name, parts=names) for names in orders(article)]
        beliefs = range(1, len(article.head.beliefs) + 1)
        told += (composer.article(name, belief=belief) for belief in beliefs)
        for reply in told:
            noticed = replace(reply, notices=(*reply.notices, longest))
            replies[f"{name} {reply.told} {reply.again}"] = noticed
    return dict(spread(replies.items()))


def test_first_reply_fits_a_phone(
    browser: Browser, site: str, library: Library, first_replies: dict[str, Reply]
) -> None:
    """Title, answer, condition, source, notices, next step and buttons: all of it at once."""
    templates = Templates(library.phrases.say)
    heights = {}
    with browser.new_context(viewport=PHONE, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(site)
        for name, reply in first_replies.items():
            exchange = Exchange(ONE_LINE, reply_view(reply, library))
            shown = templates.render("exchange.html", exchange=exchange, key="", action="")
            heights[name] = page.evaluate(SHOWN, shown) - FREE

    assert judged(heights) == []


def test_first_reply_is_one_message_in_telegram(
    library: Library, first_replies: dict[str, Reply]
) -> None:
    """All of it stands in one message under at most six rows of buttons, nothing behind “more”."""
    renderer = Renderer(library.phrases)
    for name, reply in first_replies.items():
        [message] = renderer.first(renderer.fitting(reply))
        rows = keyboard(message)
        buttons = (*message.buttons, *message.verdicts)

        assert not any(p.seen for b in message.buttons if (p := read_payload(b.payload))), name
        assert all(len(button.payload.encode()) <= PAYLOAD for button in buttons), name
        assert rows is not None, name
        assert len(rows.inline_keyboard) <= ROWS, name


def test_long_question_does_not_push_the_source_away(
    page: Page, site: str, library: Library
) -> None:
    """A story of a question gives way: the screen begins with the answer."""
    page.context.clear_cookies()
    page.goto(site)
    story = max(library.articles["founding/ho-so"].questions, key=len)
    page.get_by_label("Câu hỏi của bà con").fill(story)
    page.keyboard.press("Enter")
    page.locator(".exchange .sources").wait_for()

    assert over(page) <= 0


def test_article_page_shows_answer_and_source_at_once(
    page: Page, site: str, library: Library
) -> None:
    """An article's own page, just opened, holds both."""
    heights = {}
    for name in spread(library.articles):
        page.goto(f"{site}/bai/{name}")
        heights[name] = over(page)

    assert judged(heights) == []


def test_telegram_shows_answer_and_source_at_once(page: Page, library: Library) -> None:
    """In a bubble of Telegram both stand in the part that a small phone shows."""
    page.goto("about:blank")
    renderer, composer = Renderer(library.phrases), Composer(library, NOON.date())
    heights = {}
    for payload in spread(payloads(library)):
        [first] = renderer.first(composer.pressed(payload))
        heights[payload] = page.evaluate(BUBBLE, first.html) - BUBBLE_HEIGHT

    assert judged(heights) == []
