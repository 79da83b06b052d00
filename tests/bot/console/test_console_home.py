"""The first page: what waits for whoever is signed in."""

from dataclasses import replace

import pytest

from bot.console import app as console_app
from bot.console import home
from bot.console.request import ConsoleRequest, Section, Waiting
from tests.bot.console.conftest import SignIn
from tests.doubles.web import words


async def _one_thing(desk: ConsoleRequest) -> list[Waiting]:
    return [Waiting("Phiếu 3 <b>", "/console/try/3", desk.now)]


@pytest.fixture(autouse=True)
def sections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a section in which one thing waits for agents."""
    route = replace(home.SECTION.routes[0], path="/try", roles=frozenset({"agent"}))
    waits = Section("try", "Thử", (route,), _one_thing)
    monkeypatch.setattr(console_app, "SECTIONS", (home.SECTION, waits))


async def test_what_waits_stands_on_the_first_page(signed_in: SignIn) -> None:
    """With where it is done and since when; what stands in a label is told as text."""
    page = (await (await signed_in("agent")).get("/console")).text

    assert "Phiếu 3 &lt;b&gt;" in page
    assert "từ 12:00 ngày" in words(page)


async def test_nothing_of_other_roles_waits(signed_in: SignIn) -> None:
    """Who may not open a section is told nothing of it."""
    page = (await (await signed_in("content")).get("/console")).text

    assert "Chưa có việc gì chờ" in page
