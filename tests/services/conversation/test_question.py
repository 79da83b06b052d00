import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conversation.question import MASK, mask


@pytest.mark.parametrize(
    "text",
    [
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
    ],
)
def test_personal_number_is_masked(text: str) -> None:
    """Phones, twelve digits, and named identity or account numbers are masked."""
    masked = mask(text)

    assert MASK in masked
    assert not any(
        len(run) >= 3 for run in "".join(c if c.isdigit() else " " for c in masked).split()
    )


@pytest.mark.parametrize(
    "text",
    [
        "vay 500000000 đồng",
        "vay 0500000000",
        "vốn 100000000000",
        "góp 050000000000",
        "300000000000 vnd",
        "0900000000đ",
        "100.000.000 đ",
        "123456789012 triệu",
        "0123456789 tỷ",
        "Nghị định 45/2021/NĐ-CP ngày 31/03/2021",
        "5 người, 30%, 2026",
    ],
)
def test_sums_and_numbers_of_documents_stay(text: str) -> None:
    """Money, and what follows vay, vốn, góp, is never masked."""
    assert mask(text) == text


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    """What is masked once stays as it is."""
    assert mask(mask(text)) == mask(text)
