"""Which messages are acts of talk, and which questions only look like one."""

from itertools import chain
from typing import Any

import pytest
import yaml

from services.conversation import cues
from services.conversation.acts import LAST, LATTER, Act, acts_in, return_in
from services.knowledge.library import Library
from services.masking.mask import mask
from services.settings import ROOT
from tests.doubles.content import examples, read_content, spread

SET = ROOT / "tests/understanding/acts.yml"
JUSTIFIED = {
    "tóm tắt nội dung chính giúp em",
    "giải thích dễ hiểu giùm đi ad",
    "muốn gặp người thật tư vấn thì tới mô hỉ",
    "nghĩa là sao",
    "xin link tải form vs ạ",
}
"""Examples of articles that are acts too: a follow-up on any answer, a wish for a person."""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


def acts(library: Library, text: str) -> list[Act]:
    return sorted(acts_in(library.acts, mask(text)), key=lambda act: not act.sure)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """Return the wordings and questions of a hand that has seen no list."""
    found: dict[str, Any] = yaml.safe_load(SET.read_text("utf-8"))
    return found


def is_read(library: Library, act: str, wording: Any) -> bool:
    text, place = wording if isinstance(wording, list) else (wording, 0)
    if act == "other":
        return cues.correction(library.cues, text) is not None
    only_when_asked = {"yes", "no", "nth"} - {act}
    read = [one for one in acts(library, str(text)) if one.name not in only_when_asked]
    names = {act, "back_first", "back_list"} if act == "back" else {act}
    return bool(read) and read[0].name in names and read[0].place == place


def test_acts_are_read_in_wordings_of_another_hand(
    library: Library, measured: dict[str, Any]
) -> None:
    """Of twenty wordings of each act at least nineteen are read as it, all in all 95 of 100."""
    missed = {
        row["act"]: [one for one in row["texts"] if not is_read(library, row["act"], one)]
        for row in measured["acts"]
    }

    assert all(len(texts) <= 2 for texts in missed.values()), missed
    assert sum(map(len, missed.values())) <= 0.05 * 20 * len(missed), missed


def test_questions_that_begin_with_such_words_stay_questions(
    library: Library, measured: dict[str, Any]
) -> None:
    """“Lai suất …”, “thời hạn …”, “3 sao …” are no act, with and without diacritics."""
    taken = [text for text in measured["questions"] if acts(library, str(text))]

    assert taken == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("còn vụ con dấu hồi nãy, ai giữ", ("dau",)),
        ("con vu vay toi da hoi nay, cong ty vay dc ko", ("vay", "toi", "da")),
        ("nop luc nay co tre khong", None),
        ("quay lại chuyện đăng ký, nộp ở đâu", ("dang", "ky")),
    ],
)
def test_what_is_pointed_back_at_is_named(
    library: Library, text: str, named: tuple[str, ...] | None
) -> None:
    """By the words before; without marks some mean nothing else, and `luc nay` is now."""
    back = return_in(library.acts, text)

    assert (back and back.named) == named


def test_no_example_of_an_article_is_surely_an_act(library: Library) -> None:
    """Of all examples none is taken for an act without asking, but for those that are one.

    Nor is what counts only behind an answer, where what a part is asked with asks for that. Every
    tenth is looked at; `make long` looks at all.
    """
    cases = (text for one in library.cues.particulars for text in one.examples)
    taken = {
        text
        for text in spread(chain(examples(library), cases))
        if any(
            act.sure and act.name not in {"yes", "no", "next", "source"}
            for act in acts(library, text)
        )
    }

    assert taken <= JUSTIFIED


@pytest.mark.parametrize("words", ["2 triệu", "3 sao", "hai hộ", "w8", "1+1", "5 thành viên"])
def test_amount_is_no_place(library: Library, words: str) -> None:
    """A number of something never chooses."""
    assert [act for act in acts(library, words) if act.name == "nth"] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [("2", 2), ("cai thu ba", 3), ("mục số 4 đi em", 4), ("câu b", 2), ("cái cuối cùng", LAST)],
)
def test_place_is_read_in_words_numbers_and_letters(
    library: Library, text: str, place: int
) -> None:
    """Whoever counts is understood, whatever he calls what he counts."""
    assert acts(library, text)[0] == Act("nth", place)


@pytest.mark.parametrize("text", ["nói ngắn thôi", "noi ngan thoi", "trl ngan thoi"])
def test_diacritics_may_be_missing_and_short_forms_are_read(library: Library, text: str) -> None:
    """A thumb without diacritics and teencode mean the same."""
    assert acts(library, text)[0].name == "shorter"


def test_other_diacritics_are_another_word(library: Library) -> None:
    """Who writes diacritics means them: `vay` is no `vậy` there."""
    assert acts(library, "lãi") == acts(library, "mượn lại được vay không") == []


def test_seal_that_goes_along_is_no_clause(library: Library) -> None:
    """Without marks “con dấu … theo” has the letters of “theo đâu”."""
    assert acts(library, "con dau co doi theo khong") == []
    assert acts(library, "theo đâu vậy")[0].name == "source"


@pytest.mark.parametrize(
    "text",
    ["nhắc chị được không", "nhac co duoc hong", "tới ngày đó nhắc chú với", "nhắc bác trước hạn"],
)
def test_who_wants_to_be_reminded_may_ask_whether_that_can_be(library: Library, text: str) -> None:
    """Whoever they call themselves."""
    assert acts(library, text)[0].name == "reminder"


@pytest.mark.parametrize("text", ["Anh ba ơi", "chú tư ơi", "chị hai"])
def test_name_of_the_family_is_no_place(library: Library, text: str) -> None:
    """A number behind `anh`, `chị`, `chú` is how people here are called; behind `cái` it counts."""
    assert [act for act in acts(library, text) if act.name == "nth"] == []
    assert acts(library, "anh cái thứ ba") == [Act("nth", 3)]


@pytest.mark.parametrize("text", ["cái sau", "cai sau", "ý sau đi em"])
def test_latter_is_a_place_of_two(library: Library, text: str) -> None:
    """“The latter” is the second of two; without its mark it may be the sixth as well."""
    assert Act("nth", LATTER) in acts(library, text)
