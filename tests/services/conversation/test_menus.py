"""Lists to choose from: subjects, topics, their groups; none of one entry, none over a page."""

from dataclasses import replace
from datetime import date

import pytest

from services.conversation.composer import Composer
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.knowledge.schema import MENU_PAGE, MenuGroup
from services.settings import ROOT
from tests.doubles.content import read_content

TODAY = date(2026, 11, 24)
NAME = "ocop/hang-sao"
GROUPS = {
    "sao": MenuGroup(label="Sao", articles=("ocop/hang-sao", "ocop/da-bo")),
    "giay": MenuGroup(label="Giấy tờ", articles=("ocop/ho-so", "ocop/mau")),
}


def payloads(reply: Reply) -> list[str]:
    return [button.payload for button in reply.buttons]


@pytest.fixture
def grouped(library: Library) -> Composer:
    """Return a composer over a topic whose articles stand in groups."""
    more = {f"ocop/{name}": library.articles[NAME] for name in ("mau", "khac")}
    menu = {"ocop": GROUPS}
    return Composer(replace(library, articles=library.articles | more, menu=menu), TODAY)


def test_topic_shows_its_groups_in_their_order(grouped: Composer) -> None:
    """A group is named by its id, so its button leads there when others are moved."""
    reply = grouped.pressed("t:ocop")

    assert [button.label for button in reply.buttons] == ["Sao", "Giấy tờ"]
    assert payloads(reply) == ["t:ocop#sao", "t:ocop#giay"]


def test_group_shows_its_articles_in_their_order(grouped: Composer) -> None:
    """They stand as the content puts them, under the name of the group."""
    reply = grouped.pressed("t:ocop#giay")

    assert payloads(reply) == ["a:ocop/ho-so", "a:ocop/mau"]
    assert reply.lead.startswith("Giấy tờ:")


def test_list_of_one_opens_what_it_lists(grouped: Composer) -> None:
    """Of a group one article is left, of a subject there is one topic: nothing is chosen there."""
    assert grouped.pressed("t:ocop#sao").articles == (NAME,)
    assert payloads(grouped.pressed("s:ocop")) == ["t:ocop#sao", "t:ocop#giay"]


@pytest.mark.parametrize("payload", ["t:ocop#da-doi", "t:ocop:1"])
def test_button_to_a_group_that_is_gone_shows_its_topic(grouped: Composer, payload: str) -> None:
    """What was shown yesterday still leads somewhere; so does the next page of older lists."""
    assert payloads(grouped.pressed(payload)) == ["t:ocop#sao", "t:ocop#giay"]


def test_long_topic_without_groups_is_parted(library: Library) -> None:
    """Content of older editions has no groups; no list goes over a page all the same."""
    many = {f"ocop/bai-{n}": library.articles[NAME] for n in range(MENU_PAGE + 2)}
    composer = Composer(replace(library, articles=many), TODAY)

    parts = payloads(composer.pressed("t:ocop"))

    shown = [payload for part in parts for payload in payloads(composer.pressed(part))]
    assert shown == [f"a:{name}" for name in many]


def test_menu_of_the_content_reaches_every_article() -> None:
    """From the subjects every article is reached, no list is over a page or of one entry."""
    library = read_content(ROOT / "content")
    composer, reached, to_see = Composer(library, TODAY), set(), ["m:"]
    while to_see:
        for payload in payloads(composer.pressed(to_see.pop())):
            if payload.startswith("a:"):
                reached.add(payload.removeprefix("a:"))
                continue
            if payload.startswith("q:"):  # a tool asks questions of its own
                continue
            to_see.append(payload)
            assert 2 <= len(composer.pressed(payload).buttons) <= MENU_PAGE

    assert reached == set(library.articles)
