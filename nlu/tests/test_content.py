"""The example questions of the content folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.content import (
    Example,
    ExamplesError,
    is_article,
    is_talk,
    read_content,
)
from nlu.core.parameters import PARAMETERS
from nlu.train import crowding


def test_titles_and_questions_are_examples(content: Path) -> None:
    """Each article gives its title and its questions under one intent."""
    examples = read_content(content).examples
    mine = [e for e in examples if e.intent == "fund.lai-suat" and not e.leans]

    assert len(mine) == 5
    assert Example("lai suat vay quy ho tro htx", "fund.lai-suat") in mine


def test_the_short_answer_is_an_example_of_its_own_kind(content: Path) -> None:
    """The first paragraph stands for the article too, but as no question."""
    answers = [e.text for e in read_content(content).examples if e.is_answer]

    assert len(answers) == 3
    assert all("câu trả lời ngắn" in text for text in answers)


def test_follow_ups_lean(content: Path) -> None:
    """How people ask on is learned for its article, but not as a question by itself."""
    leaning = {e.text: e.intent for e in read_content(content).examples if e.leans}

    assert leaning["lãi thì sao"] == "fund.lai-suat"


def test_what_asks_for_a_part_asks_for_its_article(content: Path) -> None:
    """Examples under a part are examples of the article's intent, and know their part."""
    leaning = {e.text: (e.intent, e.part) for e in read_content(content).examples if e.leans}

    assert leaning["ai được miễn"] == ("founding.le-phi", "mien")
    assert leaning["tốn bao nhiêu"] == ("founding.le-phi", "")


def test_name_and_text_of_a_part_are_no_examples(content: Path) -> None:
    """They tell what is asked for, without their marks; nobody writes like them."""
    texts = read_content(content).parts

    assert [t.text for t in texts] == ["Ai khỏi đóng", "Hộ nghèo không phải nộp ."]
    assert {(t.intent, t.part) for t in texts} == {("founding.le-phi", "mien")}
    assert not {t.text for t in texts} & {e.text for e in read_content(content).examples}


def test_phrases_are_examples_too(content: Path) -> None:
    """Small talk by its kind, messages out of scope under one name."""
    intents = {e.intent for e in read_content(content).examples}

    assert {"smalltalk.greeting", "out_of_scope"} < intents


def test_kinds_of_intents() -> None:
    """An intent is an article, talk, or out of scope."""
    assert is_article("fund.lai-suat")
    assert is_talk("smalltalk.greeting")
    assert not is_article("out_of_scope")
    assert not is_talk("out_of_scope")


def test_article_bodies_are_reading_matter(content: Path) -> None:
    """Spelling is learned from what the articles say, not from their front matter."""
    texts = read_content(content).matter

    assert any("câu trả lời ngắn" in text for text in texts)
    assert not any("questions" in text for text in texts)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Without an article there is nothing to learn."""
    with pytest.raises(ExamplesError, match="No article"):
        read_content(tmp_path)


@pytest.mark.parametrize(
    "body", ["no front matter", "---\ntitle: a: b\n---\n", "---\ntitle: 5\n---\n"]
)
def test_a_broken_article_is_named(body: str, tmp_path: Path) -> None:
    """The message holds the file's name."""
    path = tmp_path / "articles" / "fund" / "broken.md"
    path.parent.mkdir(parents=True)
    path.write_text(body, encoding="utf-8")

    with pytest.raises(ExamplesError, match=r"broken\.md"):
        read_content(tmp_path)


@pytest.mark.parametrize(
    ("share", "told"), [(0.9, ""), (0.96, "nearly reached"), (1.01, "are passed")]
)
def test_a_training_warns_before_more_examples_stand_alone_than_are_all_compared(
    share: float, told: str
) -> None:
    """Beyond `exact` a model answers worse: somebody has to choose before; what leans is apart."""
    count = int(share * PARAMETERS.exact)
    alone = [Example(f"câu hỏi {at}", "fund/dieu-kien") for at in range(count)]
    leaning = [Example("mấy ngày", "fund/dieu-kien", "leaning")] * PARAMETERS.exact
    warning = crowding([*alone, *leaning])
    assert told in warning
    assert bool(warning) == bool(told)
