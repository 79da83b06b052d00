"""What a link carries, there and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import PeopleError
from services.people.deeplink import LONGEST, Deeplink, decode, encode

LINKS = st.builds(
    Deeplink,
    place=st.just("") | st.from_regex("[0-9]{5}", fullmatch=True),
    topic=st.sampled_from(["", "ocop", "quy-ho-tro"]),
    event=st.just("") | st.from_regex("[A-Za-z0-9-]{1,30}", fullmatch=True),
)


@given(LINKS.filter(lambda link: link != Deeplink()))
def test_link_comes_back_as_it_was(link: Deeplink) -> None:
    """What was written into a link is read out of it, and Telegram takes it."""
    payload = encode(link)

    assert decode(payload) == link
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}", payload)


def test_example() -> None:
    """Place, topic and event are told apart by their letters."""
    link = Deeplink(place="20242", topic="ocop", event="hop-xa-2611")

    assert encode(link) == "p20242_tocop_ehop-xa-2611"


@pytest.mark.parametrize(
    "payload", ["", "x1", "p2024", "p20242_", "p20242_p20243", "tOCOP", "e", "ehọp", "p20242 e1"]
)
def test_what_is_no_link_is_nothing(payload: str) -> None:
    """Anything else is none of ours."""
    assert decode(payload) is None


@given(st.text(max_size=100))
def test_any_text_is_read_without_a_fault(payload: str) -> None:
    """Whatever stands behind /start, nothing breaks."""
    link = decode(payload)

    assert link is None or encode(link)


@pytest.mark.parametrize(
    "link", [Deeplink(event="họp xã"), Deeplink(event="a" * 64), Deeplink(place="Hòa Tiến")]
)
def test_link_that_telegram_would_not_take_is_refused(link: Deeplink) -> None:
    """Letters with diacritics and too long names are told what to do about."""
    with pytest.raises(PeopleError, match="viết tên ngắn lại"):
        encode(link)
