from hypothesis import given
from hypothesis import strategies as st

from services.conversation.reply import Payload, read_payload


def test_payload_comes_back_as_it_went() -> None:
    """What a button carries is read back the same."""
    rest = Payload("v", "ocop/ho-so", 1, seen=12)
    why = Payload("w", "ocop/ho-so", 3)
    staff = Payload("b", "approve-12-0123456789ab")
    plain = (Payload("a", "ocop/ho-so"), Payload("t", "ocop", 2), Payload("m"))
    for payload in (*plain, rest, why, staff):
        assert read_payload(str(payload)) == payload


def test_longest_payload_fits_telegram() -> None:
    """An article's id of 48 bytes with every number behind it stays within 64 bytes."""
    assert len(str(Payload("v", "x" * 48, 999, seen=999)).encode()) <= 64


@given(st.text())
def test_any_text_is_a_payload_or_nothing(text: str) -> None:
    """A forged payload is nothing, never an error."""
    read = read_payload(text)

    assert read is None or isinstance(read.page, int)
