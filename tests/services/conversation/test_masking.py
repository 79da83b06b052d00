"""Personal numbers are hidden however they are spelled; other numbers stay as they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.question import MASK, mask
from services.storage.models import Base
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
)


@pytest.mark.xfail(strict=True, reason="many spellings are let through")
def test_spellings_that_once_came_through() -> None:
    """Money-like words behind, separators of every kind and foreign digits hide nothing."""
    left = [text for text in OF_THE_REVIEW if re.search(r"\d{2}|@", mask(text))]

    assert left == []


@pytest.mark.xfail(strict=True, reason="most kinds are not known")
def test_every_kind_is_hidden_in_ten_spellings() -> None:
    """Forty kinds of personal numbers, each written in ten ways."""
    messages = list(personal())
    left = [(m.kind, m.spelling, mask(m.text)) for m in messages if m.is_left_in(mask(m.text))]

    assert len({m.kind for m in messages}) >= 30
    assert left == []


@pytest.mark.xfail(strict=True, reason="lists of two digits and codes of goods are hidden")
def test_no_other_number_is_hidden() -> None:
    """Two hundred messages with sums, days, laws, quantities and codes stay as they are."""
    messages = plain()

    assert len(set(messages)) == 200
    assert [(text, mask(text)) for text in messages if mask(text) != text] == []


@pytest.mark.xfail(strict=True, reason="what is let through is kept")
async def test_no_personal_number_is_stored(services: Services, session: AsyncSession) -> None:
    """After two hundred messages no table holds any of their numbers."""
    messages = list(personal())[::2]
    for message in messages:
        await Citizen(services).say(message.text)

    kept = {
        str(value)
        for table in Base.metadata.sorted_tables
        for row in await session.execute(select(table))
        for value in row
        if isinstance(value, str | dict | list)
    }

    assert len(messages) >= 200
    assert [(m.text, text) for m in messages for text in kept if m.is_left_in(text)] == []


@given(st.text() | st.text("0123456789 .,-/+()o@đc stk", max_size=80))
def test_masking_twice_changes_nothing(text: str) -> None:
    """What is masked once stays as it is."""
    assert mask(mask(text)) == mask(text)


def test_a_mask_is_told() -> None:
    """What is hidden is told where it stood."""
    assert mask("sđt 0905123456, cảm ơn") == f"sđt {MASK}, cảm ơn"
