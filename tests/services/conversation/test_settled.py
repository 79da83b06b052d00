"""A reply to a belief opens with the sentence that settles it."""

from datetime import date
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
from services.conversation.policy import AnswerArticle, AnswerSeveral, OfferArticles
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, write_content
from tests.doubles.nlu import FakeNlu, reading

MEMBERS, PAPERS = "founding/so-thanh-vien", "founding/ho-so"
NOW = "Nay chỉ cần 05 thành viên, không phải 7."
SEVEN = {"settles": NOW, "when": ["7 người"], "examples": ["phải 7 người", "phai 7 nguoi"]}
SEAL = {"settles": "Không phải đóng dấu.", "when": ["con dấu"], "examples": ["con dấu", "con dau"]}
AGE = {"settles": "Từ 18 tuổi.", "when": ["18 tuổi"], "examples": ["đủ 18 tuổi", "du 18 tuoi"]}
OPENED = f"**{NOW}**\n\nHợp tác xã cần ít nhất **05 thành viên** chính thức."


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content, with a belief in each of two articles."""
    root = write_content(tmp_path / "content")
    edit_head(root, MEMBERS, beliefs=[AGE, SEVEN])
    edit_head(root, PAPERS, beliefs=[SEAL])
    return root


@pytest.fixture
def composer(library: Library) -> Composer:
    """Return a writer of replies."""
    return Composer(library, date(2026, 11, 24))


def test_answer_opens_with_the_sentence(composer: Composer) -> None:
    """The sentence stands first, the short answer follows; asked otherwise it stands alone."""
    settled = composer.compose(AnswerArticle(MEMBERS, 0.9), "htx phai 7 ng ha")
    plain = composer.compose(AnswerArticle(MEMBERS, 0.9), "cần mấy người")

    assert settled.lead == OPENED
    assert plain.lead == composer.article(MEMBERS).lead == OPENED.partition("\n\n")[2]


def test_rest_of_an_answer_is_asked_for_with_its_sentence(composer: Composer) -> None:
    """What brings the reply again brings it with its first words: what was seen is counted."""
    settled = composer.compose(AnswerArticle(MEMBERS, 0.9), "phải 7 người")

    assert str(settled.again) == f"a:{MEMBERS}:2"
    assert composer.pressed(str(settled.again)) == composer.article(MEMBERS, belief=2)


def test_button_of_a_belief_that_went_away_brings_the_article(composer: Composer) -> None:
    """A place that no belief has any more says nothing more than the article."""
    assert composer.pressed(f"a:{MEMBERS}:9").lead == composer.article(MEMBERS).lead


def test_offered_article_settles_what_was_asked(composer: Composer) -> None:
    """Asked back, the button of the article that settles the belief remembers it."""
    offer = composer.compose(OfferArticles((PAPERS, MEMBERS), 0.4), "phải 7 người hả")

    assert [button.payload for button in offer.buttons] == [f"a:{PAPERS}", f"a:{MEMBERS}:2"]
    assert composer.pressed(offer.buttons[1].payload).lead == OPENED


def test_several_answers_open_with_every_sentence(composer: Composer) -> None:
    """Of two questions each belief is settled before the first answer."""
    asked = "hồ sơ cần con dấu không, với lại phải 7 người hả"

    one = composer.compose(AnswerSeveral(("ocop/ho-so", MEMBERS), 0.8), "phải 7 người hả")
    both = composer.compose(AnswerSeveral((PAPERS, MEMBERS), 0.8), asked)

    assert one.lead.startswith(f"**{NOW}**\n\n**Hồ sơ OCOP**")
    assert both.lead.startswith(f"**Không phải đóng dấu. {NOW}**\n\n**Hồ sơ đăng ký hợp tác xã**")


def test_sentence_that_opens_the_answer_already_is_not_said_twice(content: Path) -> None:
    """Where the short answer begins with the same words they stand once."""
    same = {**SEVEN, "settles": "Hợp tác xã cần ít nhất 05 thành viên"}
    edit_head(content, MEMBERS, beliefs=[same])
    composer = Composer(load_library(content), date(2026, 11, 24))

    reply = composer.compose(AnswerArticle(MEMBERS, 0.9), "phải 7 người")

    assert reply.lead == composer.article(MEMBERS).lead


ASKED = "Nghe nói phải 7 người hả?"


async def test_turn_settles_a_belief(services: Services, nlu: FakeNlu) -> None:
    """From a message to the first words of its reply."""
    nlu.table[ASKED] = reading(("founding.so-thanh-vien", 0.9))

    assert (await Citizen(services, "a").say(ASKED)).lead == OPENED


async def test_chosen_article_settles_what_was_asked_before(
    services: Services, nlu: FakeNlu
) -> None:
    """Whoever was asked back and answers with a number gets the sentence all the same."""
    nlu.table[ASKED] = reading(("founding.ho-so", 0.4), ("founding.so-thanh-vien", 0.3))
    citizen = Citizen(services, "a")

    assert (await citizen.say(ASKED)).outcome == "clarify"
    assert (await citizen.say("2")).lead == OPENED


async def test_belief_of_the_question_before_is_settled_where_that_is_chosen_alone(
    services: Services, nlu: FakeNlu
) -> None:
    """What was asked before a list is no belief of an article that was not in it."""
    nlu.table["phải 7 người"] = reading(("ocop.ho-so", 0.4), ("ocop.hang-sao", 0.3))
    nlu.table["cần mấy người?"] = reading(("founding.so-thanh-vien", 0.9))
    citizen = Citizen(services)
    await citizen.say("phải 7 người")

    assert NOW not in (await citizen.say("cần mấy người?")).lead
