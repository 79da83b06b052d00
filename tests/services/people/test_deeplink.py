import pytest

from services.errors import PeopleError
from services.people.deeplink import Deeplink


@pytest.mark.parametrize(
    ("link", "payload"),
    [
        (Deeplink("20332", "ocop", "hoi-cho"), "p20332_tocop_ehoi-cho"),
        (Deeplink(topic="fund"), "tfund"),
        (Deeplink(), ""),
    ],
)
def test_link_comes_back_as_it_went(link: Deeplink, payload: str) -> None:
    """What it does not say is None."""
    assert link.encode() == payload
    assert Deeplink.decode(payload) == link


@pytest.mark.parametrize("event", ["hội", "a_b", "a" * 64, "a b"])
def test_what_telegram_would_not_carry_is_refused(event: str) -> None:
    """In one sentence."""
    with pytest.raises(PeopleError, match="Liên kết mời"):
        Deeplink(event=event).encode()


@pytest.mark.parametrize("payload", ["xyz", "p", "__", "ê", "*"])
def test_what_is_not_understood_says_nothing(payload: str) -> None:
    """A link that somebody made up opens the bot all the same."""
    assert Deeplink.decode(payload) == Deeplink()
