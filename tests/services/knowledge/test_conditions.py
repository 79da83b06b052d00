"""Answers keep the condition that changes them, and the way out that the law gives."""

import re

import pytest

from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import read_content

SHORT = {
    # abandoned: the third meeting needs no quorum, no office orders the end
    "dissolution/dieu-kien": ["lần họp thứ ba bao nhiêu người dự cũng được", "không tự ra lệnh"],
    "directive/htx-yeu-kem": ["lần ba mấy người dự cũng được"],
    # whoever put the address to be lapsed alone can end that
    "founding/bo-sung-ho-so": ["không hoạt động tại địa chỉ đã đăng ký .*cơ quan thuế"],
    # fines
    "changes/thay-doi": ["có thể bị phạt, số tiền phạt trễ hạn chưa rõ"],
    "founding/thoi-han": ["không có giấy là bị cấm, .*30 triệu đồng đến 50 triệu đồng"],
    # certificates from before the decree of 2024
    "changes/doi-nganh-nghe": ["trước 18/7/2024 .*đổi sang mẫu mới"],
    "founding/ma-so-thue": ["trước 18/7/2024 .*giấy chứng nhận đăng ký thuế"],
    # whom the limits are for, who sets the rate
    "bank/vay-khong-the-chap": ["nông nghiệp, nông thôn, không thế chấp"],
    "fund/lai-suat": ["cấp có thẩm quyền quyết, theo Điều lệ"],
    # what is sold, left, or not given back at once
    "capital/quy-khong-chia": ["65% phiếu Đại hội, và đúng luật, Điều lệ"],
    "capital/giao-dich-noi-bo": ["ưu đãi thuế khác thì không vì vậy mà mất"],
    "dissolution/chia-tai-san": ["xử lý theo nguồn hình thành"],
    "dissolution/tam-ngung": ["tổ hợp tác đã đăng ký kinh doanh", "Ủy ban nhân dân xã, phường"],
    "founding/bieu-mau": ["Chưa rõ giấy đề nghị đăng ký là mẫu số mấy"],
}
"""What the short answer says, by article; a line is a pattern on one line of plain words."""
WHOLE = {
    "dissolution/dieu-kien": ["Ban kiểm soát, kiểm soát viên gọi", "đại diện của 1/3 đó tự gọi"],
    "directive/htx-yeu-kem": ["Ban kiểm soát, kiểm soát viên, rồi 1/3 tổng số thành viên"],
    "founding/bo-sung-ho-so": ["chỉ cơ quan thuế kết thúc", "giấy đã được khôi phục"],
    "changes/thay-doi": ["Nghị định 122/2021/NĐ-CP viết cho luật cũ", "chưa đọc được số tiền"],
    "changes/xu-phat": [
        "30 triệu đồng đến 50 triệu đồng",
        "10 triệu đồng đến 20 triệu đồng",
        "chưa đọc được số tiền",
    ],
    "changes/doi-nganh-nghe": ["Nghị định này viết cho luật cũ"],
    "founding/thoi-han": ["Nghị định viết cho luật cũ"],
    "dissolution/tam-ngung": ["Đã báo nghỉ mà vẫn làm: phạt 30 triệu đồng đến 50 triệu đồng"],
    "fund/lai-suat": ["do Ủy ban nhân dân cấp tỉnh ban hành"],
    "changes/chi-nhanh": ["cùng địa bàn với trụ sở chính", "Khác địa bàn"],
}
"""What stands somewhere in what the article tells."""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.mark.parametrize("name", SHORT)
def test_short_answer_says_its_condition(library: Library, name: str) -> None:
    """Who reads what is said first is not led astray: the lead, and the condition under it."""
    article = library.articles[name]
    short = _plain(f"{article.short} {article.head.condition or ''}")

    assert [line for line in SHORT[name] if not re.search(line, short)] == []


@pytest.mark.parametrize("name", WHOLE)
def test_article_says_the_way_out(library: Library, name: str) -> None:
    """Who reads on finds what the law gives for this case."""
    article = library.articles[name]
    told = _plain("\n".join((article.body, *article.variants.values())))

    assert [line for line in WHOLE[name] if not re.search(line, told)] == []


def test_short_answers_leave_the_kind_of_source_to_the_notice(library: Library) -> None:
    """A registration's place is told without a remark in brackets; the notice says it once."""
    seven = ("bank", "capital", "changes", "dissolution", "founding", "fund")
    own = [article for article in library.articles.values() if article.topic in seven]

    remarked = [a.id for a in own if re.search(r"\((theo báo|theo trang luật)", a.short)]
    places = [n for n, p in library.procedures.items() if "theo báo" in (p.place or "")]

    assert (remarked, places) == ([], [])


def _plain(text: str) -> str:
    return text.replace("**", "")
