"""A console that runs over the small content, its database at hand, and Chromium inside it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.sync_api import Locator, Page, ViewportSize
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import utc_now
from services.errors import StaffError
from services.settings import ROOT
from services.staff import account, sign_in
from services.storage.session import make_engine, make_sessions
from tests.doubles.web_process import WebProcess, web_process

PICTURES = ROOT / "docs/screenshots/console"
WIDTHS: dict[str, ViewportSize] = {
    "390": {"width": 390, "height": 844},
    "1280": {"width": 1280, "height": 900},
}
_AXE = Axe()
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
_OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules that colours decide: the night changes nothing else of a page."""
_Kept = TypeVar("_Kept")


@dataclass(frozen=True)
class Console:
    """A console that runs, and the way into its database past it."""

    port: int
    database_url: str

    @property
    def url(self) -> str:
        """The address of the site; `localhost`, as passkeys want it."""
        return f"http://localhost:{self.port}"

    def keep(self, change: Callable[[AsyncSession], Awaitable[_Kept]]) -> _Kept:
        """Do something to the database in one transaction; return what it returned."""

        async def done() -> _Kept:
            engine = make_engine(self.database_url)
            try:
                async with make_sessions(engine).begin() as session:
                    return await change(session)
            finally:
                await engine.dispose()

        # In a thread: Playwright has a loop of its own in this one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, done()).result()

    def link(self, role: str, name: str = "") -> str:
        """Return a link that signs an account of a role in, made where there is none yet."""
        name = name or f"Cán bộ {role}"

        async def change(session: AsyncSession) -> str:
            try:
                await account.add(session, name, role, utc_now(), "system")
            except StaffError:
                await account.require(session, name, frozenset({role}))
            return await sign_in.make_link(session, name, utc_now(), "system")

        return f"{self.url}/console/sign-in/{self.keep(change)}"


@dataclass(frozen=True)
class ConsoleHouse(Console):
    """A console of a running `htx web`, whose pages are looked at."""

    web: WebProcess

    def look(self, page: Page, name: str) -> None:
        """Have a page looked at: at both widths, by day and by night; pictures are kept by day.

        Nothing sticks out sideways, there is one `h1` and one `main`, axe finds nothing.
        """
        found: list[str] = []
        for width, size in WIDTHS.items():
            page.set_viewport_size(size)
            found += [f"{width}: {one}" for one in _faults(page)]
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in _barred(page, "rule", _OF_COLOUR)]
        page.emulate_media(color_scheme="light")
        assert not found, f"{name}: {found}"


@contextmanager
def console_house(folder: Path, database_url: str, **settings: str) -> Iterator[ConsoleHouse]:
    """Run a console below a folder, on a database, until the block ends."""
    told = {"HTX_DATABASE_URL": database_url, "HTX_OWN_ADDRESSES": "127.0.0.1, ::1", **settings}
    with web_process(folder, **told) as web:
        yield ConsoleHouse(web.port, database_url, web)


def follow(page: Page, target: Locator) -> None:
    """Press what leads to another page; return when that stands there.

    A press alone returns before the browser leaves: what reads, loads or leaves the page next would
    meet the one before it, or none.
    """
    with page.expect_navigation():
        target.click()


def step_to(page: Page, name: str) -> None:
    """Step on by the keyboard until what bears this name, as its text or its field, is reached."""
    for _ in range(120):
        page.keyboard.press("Tab")
        held = page.evaluate("[document.activeElement.name, document.activeElement.textContent]")
        if name in (held[0], " ".join(str(held[1]).split())):
            return
    message = f"no step leads to {name}"
    raise AssertionError(message)


def enter(page: Page, field: str, text: str) -> None:
    """Step to a field and type into it."""
    step_to(page, field)
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """Step to what leads to another page, and press it; return when that stands there."""
    step_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _faults(page: Page) -> Iterator[str]:
    for landmark in ("h1", "main"):
        if (number := page.locator(landmark).count()) != 1:
            yield f"{number} {landmark}"
    if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 1:
        yield "sticks out sideways"
    yield from _barred(page, "tag", _RULES)


def _barred(page: Page, kind: str, rules: Sequence[str]) -> Iterator[str]:
    """Yield what axe finds by some rules, which are named each or by their tags."""
    only = {"type": kind, "values": list(rules)}
    found: dict[str, Any] = _AXE.run(
        page, options={"resultTypes": ["violations"], "runOnly": only}
    ).response
    for one in found["violations"]:
        yield f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes']]}"
