"""What moves on a page of the console is seen without loading it again, also after a restart."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.console.conftest import SignedIn
from tests.browser.console.test_walk_inbox import ask_for_a_person
from tests.doubles.console_house import ConsoleHouse

PATIENCE = 15_000
"""Milliseconds in which a page that listens, or comes again to do so, has heard."""
SOON = 4.0
"""Seconds in which the product ends: whoever listens does not keep it."""


def test_the_inbox_tells_of_a_new_ticket(
    house: ConsoleHouse, signed_in: SignedIn, browser: Browser
) -> None:
    """In its words and in the tab's title; the product was ended and begun anew meanwhile."""
    agent = signed_in("agent", name="Lan")
    agent.goto(f"{house.url}/console/inbox")
    ended_in = house.web.restart()
    with browser.new_context(locale="vi-VN") as context:
        ask_for_a_person(context.new_page(), house, "tiền hỗ trợ bò sữa bao nhiêu")

    expect(agent.get_by_role("status").filter(has_text="Có phiếu mới")).to_be_visible(
        timeout=PATIENCE
    )
    expect(agent).to_have_title(re.compile(r"^\(1\) Hộp thư"), timeout=PATIENCE)
    assert ended_in < SOON
