"""Every answer of the product on a small phone: short answer and source without scrolling."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from bot.telegram.render import Renderer
from services.conversation.answers import extras
from services.conversation.composer import Composer
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.settings import ROOT
from tests.conftest import NOON

SCREEN: ViewportSize = {"width": 360, "height": 640}
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
    return { top: box(".lead").top, bottom: box(".sources li").bottom, floor };
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
    return load_library(ROOT / "content")


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
    for payload in payloads(library):
        page.evaluate(SENT, payload)
        heights[payload] = over(page)

    assert judged(heights) == []


def test_long_question_does_not_push_the_source_away(
    page: Page, site: str, library: Library
) -> None:
    """A story of a question gives way: the screen begins with the answer."""
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
    for name in library.articles:
        page.goto(f"{site}/bai/{name}")
        heights[name] = over(page)

    assert judged(heights) == []


def test_telegram_shows_answer_and_source_at_once(page: Page, library: Library) -> None:
    """In a bubble of Telegram both stand in the part that a small phone shows."""
    page.goto("about:blank")
    renderer, composer = Renderer(library.phrases), Composer(library, NOON.date())
    heights = {}
    for payload in payloads(library):
        [first] = renderer.first(composer.pressed(payload))
        heights[payload] = page.evaluate(BUBBLE, first.html) - BUBBLE_HEIGHT

    assert judged(heights) == []
