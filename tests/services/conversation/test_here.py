"""A place of ours, and nothing else, named behind an answer."""

import pytest

from services.bootstrap import Services
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading

OPEN = "founding/so-thanh-vien"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return one database: what is kept of a talk is proved on both elsewhere."""
    return sqlite_url


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


@pytest.mark.parametrize(
    "text",
    [
        "tui ở Quế Sơn thì sao",
        "ở Tam Kỳ có được không",
        "o dai loc co ap dung khong",
        "mình ở xã Trà My thì có khác không",
        "Còn Hòa Vang?",
    ],
)
async def test_what_is_open_holds_at_a_place_of_ours(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """One sentence says so before what was told; a button finds the office of the place."""
    told = await citizen.press(f"a:{OPEN}")

    reply = await citizen.say(text)

    assert (reply.outcome, reply.article) == ("answered", OPEN)
    assert reply.lead.startswith("**Ở đó cũng vậy**: đây là quy định chung cả nước.")
    assert reply.lead.endswith(told.lead)
    assert (reply.buttons[0].payload, nlu.asked) == ("q:office", [])


@pytest.mark.parametrize(
    "text",
    [
        *("ở Quế Sơn có mấy hợp tác xã", "còn Huế thì sao", "ở Tam Kỳ nộp chỗ mô"),
        "vay ở Tam Kỳ được không",
    ],
)
async def test_what_is_asked_beside_a_place_is_read(
    citizen: Citizen, nlu: FakeNlu, text: str
) -> None:
    """So is another province's."""
    nlu.table[f"{text} | {OPEN}"] = reading(("ocop.ho-so", 0.9))
    await citizen.press(f"a:{OPEN}")

    reply = await citizen.say(text)

    assert not reply.lead.startswith("**Ở đó cũng vậy**")


async def test_a_place_alone_with_nothing_open_is_read(citizen: Citizen, nlu: FakeNlu) -> None:
    """It asks for nothing that was told."""
    await citizen.say("ở Tam Kỳ có được không")

    assert nlu.asked
