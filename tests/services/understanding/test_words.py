"""By words alone, over the content that is served: it answers where it is nearly sure."""

import pytest

from services.conversation.policy import (
    AnswerArticle,
    Decision,
    Decline,
    OfferArticles,
    articles_of,
    decide,
)
from services.knowledge.library import Library
from services.settings import ROOT
from services.understanding.thresholds import Bars, Thresholds
from services.understanding.words import WordReader
from tests.doubles.content import read_content

NEVER = Bars(gate=1, answer=1, offer=1)
FOREIGN = (
    *("giá vàng hôm nay", "Thời tiết ngày mai thế nào?", "con tôi sốt cao uống thuốc gì"),
    *("cách nấu mì Quảng ngon", "lúa bị đạo ôn phun thuốc gì", "mua xe máy trả góp ở đâu"),
    *("Bảo hiểm y tế hộ gia đình mua ở đâu?", "Tòa án xử ly hôn mất bao lâu?"),
)
"""Plain messages of another field."""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture(scope="module")
def reader(library: Library) -> WordReader:
    """Return what reads by its words."""
    return WordReader.of(library)


async def decided(reader: WordReader, library: Library, text: str, opened: str = "") -> Decision:
    """Return what a message calls for, by the reader's own bars."""
    reading = await reader.parse(text, opened or None)
    return decide(reading, Thresholds(alone=NEVER, opened=NEVER), library.articles)


async def test_what_is_plainly_asked_is_answered(reader: WordReader, library: Library) -> None:
    """With and without diacritics, short forms read."""
    for text in ("thanh lap htx can it nhat may thanh vien", "Tổ hợp tác là gì?"):
        assert isinstance(await decided(reader, library, text), AnswerArticle)


async def test_it_offers_where_it_is_not_sure(reader: WordReader, library: Library) -> None:
    """What more than one article may answer is asked back."""
    offered = await decided(reader, library, "hồ sơ gồm những gì")

    assert isinstance(offered, OfferArticles)
    assert {"founding/ho-so", "ocop/ho-so"} <= {*offered.articles}


async def test_foreign_messages_are_mostly_declined(reader: WordReader, library: Library) -> None:
    """None is answered, and few are offered anything."""
    became = [await decided(reader, library, text) for text in FOREIGN]

    assert not any(isinstance(one, AnswerArticle) for one in became)
    assert sum(isinstance(one, Decline) for one in became) > len(FOREIGN) / 2


@pytest.mark.parametrize("opened", ["ocop/ho-so", "fund/dieu-kien", "founding/ho-so"])
async def test_open_topic_hides_no_other(reader: WordReader, library: Library, opened: str) -> None:
    """A short question that is sure by itself is answered alike, whatever topic is open."""
    text = "thanh lap htx can it nhat may thanh vien"

    beside = await decided(reader, library, text, opened)
    assert isinstance(beside, AnswerArticle)
    assert articles_of(beside) == articles_of(await decided(reader, library, text))


@pytest.mark.parametrize(
    ("opened", "expected"),
    [("founding/so-thanh-vien", "founding/ho-so"), ("fund/dieu-kien", "fund/ho-so")],
)
async def test_what_leans_is_read_within_the_open_topic(
    reader: WordReader, library: Library, opened: str, expected: str
) -> None:
    """What means nothing by itself is meant of the open topic."""
    leaning = await decided(reader, library, "hồ sơ gồm những gì", opened)

    assert articles_of(leaning)[0] == expected
