"""Answers that list what the law lists leave nothing out."""

import pytest

from services.knowledge.article import Article
from services.settings import ROOT
from tests.doubles.content import read_content


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """Return the articles that are served."""
    return dict(read_content(ROOT / "content").articles)


def test_three_stars_ask_for_raw_material_of_the_province(articles: dict[str, Article]) -> None:
    """Whoever aims at three stars is told of the raw material, and how much of it for what."""
    article = articles["ocop/o-bat-buoc"]

    assert "nguyên liệu trong tỉnh" in article.short
    assert all(share in article.body for share in ("100%", "Từ 50%", "ó dùng là đạt"))
    assert "ocop/nguyen-lieu" in article.head.related


def test_contract_of_a_group_contains_what_the_decree_lists(articles: dict[str, Article]) -> None:
    """The contents of the contract are all there, as what it contains and not as advice."""
    article = articles["group/hop-dong-hop-tac"]

    assert "mục đích, thời hạn" in article.short
    listed = (
        "họ tên, nơi cư trú",
        "tên, trụ sở",
        "đóng góp",
        "hoa lợi, lợi tức",
        "quyền, nghĩa vụ",
        "người đại diện",
        "điều kiện vào, rút",
        "điều kiện chấm dứt",
        "xử lý khi lỗ",
    )
    assert [part for part in listed if part not in article.body] == []
    assert "Nên ghi trong hợp đồng" not in article.body
