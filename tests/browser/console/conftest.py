"""A console to walk in, and Chromium signed in as any role."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.doubles import postgres
from tests.doubles.console_house import WIDTHS, ConsoleHouse, console_house
from tests.doubles.databases import databases

SignedIn = Callable[..., Page]
"""Opens the console as a role: `signed_in("agent", name="Lan")`; more goes to the browser."""


@pytest.fixture(scope="module")
def house_settings() -> dict[str, str]:
    """Return settings of the console, by their names; a module that wants some returns its own."""
    return {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have a module walk on the database that its `DATABASE` names, SQLite else, or on each."""
    if "house" in metafunc.fixturenames:
        named = databases(getattr(metafunc.module, "DATABASE", "sqlite"))
        metafunc.parametrize("house", named, indirect=True, scope="module")


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    house_settings: dict[str, str],
) -> Iterator[ConsoleHouse]:
    """Return a running console over the small content: a module's tests share it."""
    folder = tmp_path_factory.mktemp("console")
    with ExitStack() as stack:
        url = f"sqlite+aiosqlite:///{folder}/var/htx.db"
        if request.param == "postgresql":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database(request.getfixturevalue("postgres_template")))
        yield stack.enter_context(console_house(folder, url, **house_settings))


@pytest.fixture
def signed_in(browser: Browser, house: ConsoleHouse) -> Iterator[SignedIn]:
    """Return what opens the console as an account of a role, each in a browser of its own."""
    with ExitStack() as stack:

        def open_(role: str, name: str = "", **context: Any) -> Page:
            made = browser.new_context(**{"viewport": WIDTHS["1280"], "locale": "vi-VN", **context})
            page = stack.enter_context(made).new_page()
            page.goto(house.link(role, name))
            assert page.url == f"{house.url}/console"
            return page

        yield open_
