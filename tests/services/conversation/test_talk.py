"""What people say about the talk itself, in the middle of it."""

import pytest

from services.bootstrap import Services
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading


@pytest.fixture
def citizen(services: Services) -> Citizen:
    return Citizen(services)


async def test_shorter_is_the_first_sentence_with_its_source(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who wants it shorter gets one sentence of the same article, its source, and the whole."""
    whole = await citizen.press("a:founding/so-thanh-vien")

    short = await citizen.say("nói ngắn thôi")

    assert short.lead == "Hợp tác xã cần ít nhất **05 thành viên** chính thức."
    assert (short.detail, short.source_lines) == ("", whole.source_lines)
    assert [button.payload for button in short.buttons] == ["a:founding/so-thanh-vien"]
    assert nlu.asked == []


async def test_shorter_before_anything_is_told_kindly(citizen: Citizen) -> None:
    """Where nothing was answered, that is told, with where to begin."""
    reply = await citizen.say("noi ngan gon thoi")

    assert "chưa trả lời điều gì" in reply.lead
    assert reply.buttons[0].payload == "s:policy"


@pytest.mark.parametrize("second", ["2", "số 2", "cái thứ hai", "so hai", "câu b", "cái cuối"])
async def test_number_chooses_after_a_menu_of_topics(citizen: Citizen, second: str) -> None:
    """A number, a place in words or a letter opens what the button of that place would."""
    await citizen.press("m:")
    await citizen.say("cái thứ 2")
    topic = await citizen.say("1")

    chosen = await citizen.say(second)

    assert chosen.article == topic.buttons[1].payload.removeprefix("a:")


@pytest.mark.parametrize("text", ["2 triệu", "3 sao", "hai hộ"])
async def test_amount_chooses_nothing(citizen: Citizen, nlu: FakeNlu, text: str) -> None:
    """A number of something is asked about, whatever was shown."""
    await citizen.press("m:")

    await citizen.say(text)

    assert nlu.asked == [text]


async def test_number_beyond_the_list_is_told_how_long_it_is(citizen: Citizen) -> None:
    """Who counts past the end is told how many there are, and may count again."""
    await citizen.press("m:")

    beyond = await citizen.say("số 9")

    assert "4 mục" in beyond.lead
    assert (await citizen.say("2")).buttons[0].payload == "t:ocop"


async def test_verdict_is_no_choice(citizen: Citizen, nlu: FakeNlu) -> None:
    """Numbers pass over what judges an answer, and over the whole of the same article."""
    nlu.table["hồ sơ ocop"] = reading(("ocop.ho-so", 0.9))
    answered = await citizen.say("hồ sơ ocop")
    await citizen.say("ngắn gọn")
    await citizen.press("n:ocop/ho-so")

    chosen = await citizen.say("1")

    assert f"a:{chosen.article}" == answered.buttons[0].payload
