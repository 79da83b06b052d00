"""Questions that ask the same are grouped, others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insight.clusters import Weights, group

KNOWN = [
    *("thành lập hợp tác xã cần gì", "hợp tác xã vay vốn cần gì", "hợp tác xã họp lúc nào"),
    *("hợp tác xã có phải nộp thuế không", "hợp tác xã có phải họp hằng năm không"),
]
WEIGHTS = Weights.of(KNOWN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nuôi chim yến cần giấy phép gì", "nuoi chim yen can giay phep gi"),
        ("HTX nuôi chim yến được không?", "hợp tác xã nuôi chim yến được không ạ"),
        ("mua máy cày trả góp", "mua máy cày trả góp ở đâu"),
        ("???", "…"),
    ],
)
def test_same_question_in_other_letters(one: str, other: str) -> None:
    """Diacritics, short forms, politeness and order make no other question."""
    assert group([one, other], WEIGHTS) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hợp tác xã nuôi chim yến cần gì", "hợp tác xã nuôi cá sấu cần gì"),
        ("hợp tác xã có phải mua bảo hiểm không", "hợp tác xã có phải kiểm toán không"),
        ("giá vàng", "giá heo"),
    ],
)
def test_other_need_is_another_group(one: str, other: str) -> None:
    """Words that stand in every question bring nothing together."""
    assert group([one, other], WEIGHTS) == [[0], [1]]


@given(st.lists(st.text(alphabet="abđ ế?", max_size=12), max_size=12))
def test_every_question_is_in_one_group(texts: list[str]) -> None:
    """Whatever is asked, nothing is lost or counted twice, and the first leads."""
    groups = group(texts, WEIGHTS)

    assert sorted(place for places in groups for place in places) == list(range(len(texts)))
    assert [places[0] for places in groups] == sorted(places[0] for places in groups)
