from hypothesis import given
from hypothesis import strategies as st

from services.conversation.payloads import Payload, read_payload


def test_payload_comes_back_as_it_went() -> None:
    """What a button carries is read back the same."""
    for payload in (Payload("a", "ocop/ho-so"), Payload("t", "ocop", 2), Payload("m")):
        assert read_payload(str(payload)) == payload


@given(st.text())
def test_any_text_is_a_payload_or_nothing(text: str) -> None:
    """A forged payload is nothing, never an error."""
    read = read_payload(text)

    assert read is None or isinstance(read.page, int)
