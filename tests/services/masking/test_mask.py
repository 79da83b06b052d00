"""Personal numbers are hidden however they are spelled; other numbers stay as they are."""

import re

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.masking import shadow
from services.masking.mask import mask
from services.masking.shadow import MASK, numbers_in
from services.storage.models import ArticleVersion, Base
from tests.doubles.citizen import Citizen
from tests.doubles.personal_numbers import personal, plain

OF_THE_REVIEW = (
    "0905123456 đ/c thôn 3",
    "0905123456 d/c",
    "0905123456 tr 5 em",
    "0905123456 ti nua",
    "cho toi vay 0905123456",
    "số điện thoại vay vốn 0905123456",
    "(0905) 123456",
    "0905/123/456",
    "0905_123_456",
    "0905,123,456",
    "0905 . 123 . 456",
    "0905–123–456",
    "0084905123456",
    "+84 (0)905123456",
    "０９０５１２３４５６",
    "0905\ufe0f123456",
    "o9o5123456",
    "048072001234 đ/c xã",
    "chứng minh nhân dân 201234567",
    "chứng minh thư 201234567",
    "cmnd cấp hồi còn ở xã cũ mà chừ mờ hết chữ 201234567",
    "tk 12345678",
    "vietcombank 0071000123456",
    "4111111111111111",
    "4111 1111 1111 1111",
    "thẻ bảo hiểm y tế DN4480123456789",
    "mã số bhxh 4920123456",
    "mst 4000123456",
    "hộ chiếu C1234567",
    "lan84@gmail.com",
    "sđt 0905123456",
    "0905.123.456",
    "+84 905 123 456",
    "84905123456",
    "gọi 02353812345 giúp",
    "số 048099001234",
    "cccd 048 099 001 234",
    "CMND: 201234567",
    "stk 12345678",
    "tài khoản của tôi là 0123456789012",
    "tai khoan so 123456789",
    "tôi góp vốn, sđt 0905123456",
    "09 05 12 34 56",
    "0 9 0 5 1 2 3 4 5 6",
    "0️⃣9️⃣0️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣",
    "không chín không năm một hai ba bốn lăm sáu",
    "0905123456,0387654321;0235 3765 421",
    "zalo.me/0905123456",
)


def test_spellings_that_once_came_through() -> None:
    """Money-like words behind, separators of every kind and foreign digits hide nothing."""
    left = [text for text in OF_THE_REVIEW if re.search(r"\d{2}|@|chín", mask(text))]

    assert left == []


def test_every_kind_is_hidden_in_ten_spellings() -> None:
    """Forty kinds of personal numbers, each written in ten ways."""
    messages = list(personal())
    left = [(m.kind, m.spelling, mask(m.text)) for m in messages if m.is_left_in(mask(m.text))]

    assert len({m.kind for m in messages}) >= 30
    assert left == []


def test_no_other_number_is_hidden() -> None:
    """Two hundred messages with sums, days, laws, quantities and codes stay as they are."""
    messages = plain()

    assert len(set(messages)) == 200
    assert [(text, mask(text)) for text in messages if mask(text) != text] == []


async def test_no_personal_number_is_stored(services: Services, session: AsyncSession) -> None:
    """After two hundred messages no table holds any of their numbers."""
    messages = list(personal())[::2]
    for message in messages:
        await Citizen(services).say(message.text)
    await Citizen(services).press("gọi 0905123456")

    kept = {
        str(value)
        for table in Base.metadata.sorted_tables
        if table is not ArticleVersion.__table__
        for row in await session.execute(select(table))
        for value in row
        if isinstance(value, str | dict | list)
    }

    assert len(messages) >= 200
    assert not any("0905123456" in text for text in kept)
    assert [(m.text, text) for m in messages for text in kept if m.is_left_in(text)] == []


@given(st.text() | st.text("0123456789 .,-/+()o@đc stk", max_size=80))
def test_masking_twice_changes_nothing(text: str) -> None:
    """What is masked once stays as it is."""
    assert mask(mask(text)) == mask(text)


def test_signs_met_once_are_not_kept() -> None:
    """Whoever sends every sign there is takes no memory."""
    for first in range(0, 0x110000, 2000):
        mask("".join(map(chr, range(first, min(first + 2000, 0x110000)))))

    assert len(shadow._FOLDED) <= 0x3000  # noqa: SLF001  # because nothing public tells it


def test_a_mask_is_told() -> None:
    """What is hidden is told where it stood."""
    assert mask("sđt 0905123456, cảm ơn") == f"sđt {MASK}, cảm ơn"


def test_what_the_content_prints_stays() -> None:
    """The number of an office and its address are nobody's own, however they are written."""
    printed = numbers_in(("Gọi 0236.383.1022 hoặc viết cho so@danang.gov.vn.",))

    for text in ("số 0236 3831022 có đúng không", "gọi +84 236 383 1022", "so@danang.gov.vn"):
        assert mask(text, printed) == text
    assert mask("0236 383 1023", printed) == MASK
