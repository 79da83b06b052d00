"""A rule is told where it holds, and no rule in place of what is asked of one case."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.bootstrap import Services, bootstrap
from services.settings import Settings
from tests.conftest import BARS, NOON
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, read_content
from tests.doubles.nlu import FakeNlu, reading

NATIONAL, LOCAL = "founding/so-thanh-vien", "ocop/hang-sao"


@pytest.fixture
async def services(migrated: Settings, content: Path, nlu: FakeNlu) -> AsyncIterator[Services]:
    """Return the product with one article of the city's own."""
    edit_head(content, LOCAL, scope="da-nang")
    library = read_content(content)
    async with bootstrap(
        settings=migrated, library=library, nlu=nlu, thresholds=BARS, now=lambda: NOON
    ) as made:
        yield made


@pytest.fixture
def citizen(services: Services) -> Citizen:
    """Return somebody who writes."""
    return Citizen(services)


def read_as(nlu: FakeNlu, text: str, *ranked: tuple[str, float]) -> str:
    nlu.table[text] = reading(*((name.replace("/", "."), sure) for name, sure in ranked))
    return text


async def test_national_rule_is_told_as_such(citizen: Citizen, nlu: FakeNlu) -> None:
    """Another province gets the rule of the whole country, its source, and no office of ours."""
    asked = read_as(nlu, "Tôi ở Gia Lai, lập hợp tác xã cần mấy người", (NATIONAL, 0.9))

    reply = await citizen.say(asked)

    assert (reply.outcome, reply.articles) == ("answered", (NATIONAL,))
    assert "quy định chung cả nước, Gia Lai cũng theo" in reply.lead
    assert "05 thành viên" in reply.lead
    assert "Gia Lai" in reply.next_step
    assert reply.citations


async def test_local_rule_is_not_told_to_another_province(citizen: Citizen, nlu: FakeNlu) -> None:
    """It says that only ours is known and whom to ask; ours stands behind a button."""
    asked = read_as(nlu, "Huế thưởng OCOP mấy sao", (LOCAL, 0.9))

    reply = await citizen.say(asked)
    pressed = await citizen.press(reply.buttons[0].payload)

    assert (reply.outcome, reply.articles) == ("declined", ())
    assert "chỉ biết ở Đà Nẵng" in reply.lead
    assert "Liên minh Hợp tác xã ở Huế" in reply.lead
    assert "ba hạng sao" not in reply.lead
    assert pressed.articles == (LOCAL,)


async def test_local_rule_chosen_from_an_offer_is_not_told_either(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Whether a button is pressed or its number is written, the question before still counts."""
    asked = read_as(nlu, "Huế thưởng OCOP mấy sao", (LOCAL, 0.3), ("ocop/ho-so", 0.2))

    await citizen.say(asked)
    pressed = await citizen.press(f"a:{LOCAL}")
    await citizen.say(asked)
    written = await citizen.say("1")
    await citizen.say(asked)
    national = await citizen.press("a:ocop/ho-so")

    assert (pressed.outcome, written.outcome) == ("declined", "declined")
    assert "quy định chung cả nước, Huế" in national.lead


async def test_button_under_a_decline_leads_to_ours(citizen: Citizen, nlu: FakeNlu) -> None:
    """A choice from an offer is asked of that place; the button under its decline is not."""
    await citizen.say(read_as(nlu, "Huế thưởng OCOP mấy sao", (LOCAL, 0.3), ("ocop/ho-so", 0.2)))
    declined = await citizen.press(f"a:{LOCAL}")
    ours = await citizen.press(declined.buttons[0].payload)

    assert "bấm nút dưới đây" in declined.lead
    assert (ours.outcome, ours.articles) == ("answered", (LOCAL,))


async def test_question_after_an_offer_stands_by_itself(citizen: Citizen, nlu: FakeNlu) -> None:
    """What was offered for another place does not make the next question one of that place."""
    await citizen.say(read_as(nlu, "Huế thưởng OCOP mấy sao", (LOCAL, 0.3), ("ocop/ho-so", 0.2)))

    reply = await citizen.say(read_as(nlu, "lập hợp tác xã cần mấy người", (NATIONAL, 0.9)))

    assert reply.articles == (NATIONAL,)
    assert "cả nước" not in reply.lead


async def test_another_country_gets_no_rule_of_ours(citizen: Citizen, nlu: FakeNlu) -> None:
    """Even a rule of the whole country holds in this one alone."""
    asked = read_as(nlu, "bên Lào lập hợp tác xã cần mấy người", (NATIONAL, 0.9))

    reply = await citizen.say(asked)

    assert reply.outcome == "declined"
    assert "chỉ biết quy định của Việt Nam" in reply.lead
    assert reply.buttons[0].payload == f"a:{NATIONAL}"


async def test_usage_of_another_province_are_no_rule(citizen: Citizen, nlu: FakeNlu) -> None:
    """How many there are, or were lent to, no rule of the whole country tells."""
    asked = read_as(nlu, "Tỉnh Gia Lai hiện có bao nhiêu hợp tác xã", (NATIONAL, 0.9))

    reply = await citizen.say(asked)

    assert (reply.outcome, reply.articles) == ("declined", ())
    assert "05 thành viên" not in reply.lead


async def test_two_answers_are_told_as_national_together(citizen: Citizen, nlu: FakeNlu) -> None:
    """One opening stands before both; with a local one among them neither is told as theirs."""
    first = read_as(nlu, "Ở Gia Lai lập hợp tác xã cần mấy người?", (NATIONAL, 0.9))
    second = read_as(nlu, "Hồ sơ OCOP gồm giấy gì?", ("ocop/ho-so", 0.9))
    nlu.table[f"{second} | {NATIONAL}"] = nlu.table[second]

    reply = await citizen.say(f"{first} {second}")

    assert reply.articles == (NATIONAL, "ocop/ho-so")
    assert reply.lead.startswith("**Đây là quy định chung cả nước, Gia Lai")


async def test_national_answer_stays_beside_a_local_one(citizen: Citizen, nlu: FakeNlu) -> None:
    """What holds there is answered; of what is ours alone it says so, behind a button."""
    first = read_as(nlu, "Ở Gia Lai lập hợp tác xã cần mấy người?", (NATIONAL, 0.9))
    second = read_as(nlu, "Thưởng OCOP mấy sao vậy?", (LOCAL, 0.9))
    nlu.table[f"{second} | {NATIONAL}"] = nlu.table[second]

    reply = await citizen.say(f"{first} {second}")

    assert (reply.outcome, reply.articles) == ("answered", (NATIONAL,))
    assert reply.lead.startswith("**Đây là quy định chung cả nước, Gia Lai")
    assert "Hạng sao OCOP" in reply.notices[0]
    assert "chỉ biết ở Đà Nẵng" in reply.notices[0]
    assert reply.buttons[0].payload == f"a:{LOCAL}"


async def test_nothing_is_claimed_where_nothing_was_found(citizen: Citizen) -> None:
    """What no article answers is not known of ours either."""
    reply = await citizen.say("HTX ở Huế nên trồng giống lúa nào")

    assert reply.outcome == "declined"
    assert "Điều này" not in reply.lead
    assert "chưa có thông tin" in reply.lead


async def test_nothing_is_dropped_beside_what_is_ours_alone(citizen: Citizen, nlu: FakeNlu) -> None:
    """What else was asked stands behind a button, what was not understood is quoted."""
    local = read_as(nlu, "Ở Huế OCOP có mấy sao vậy ad?", (LOCAL, 0.9))
    read_as(nlu, "Cần mấy người?", (NATIONAL, 0.3))
    whole = f"{local} Cần mấy người? Trồng giống lúa nào cho tốt?"
    read_as(nlu, whole, (LOCAL, 0.9), (NATIONAL, 0.05))

    reply = await citizen.say(whole)

    assert reply.outcome == "declined"
    assert [button.payload for button in reply.buttons[:2]] == [f"a:{LOCAL}", f"a:{NATIONAL}"]
    assert "Trồng giống lúa nào" in reply.notices[0]


async def test_one_case_is_declined_with_whom_to_ask(citizen: Citizen, nlu: FakeNlu) -> None:
    """A status is not known; the rule near it is a button, not the answer."""
    asked = read_as(nlu, "hồ sơ hợp tác xã của tôi tới đâu rồi", ("founding/ho-so", 0.9))

    reply = await citizen.say(asked)

    assert (reply.outcome, reply.articles) == ("declined", ())
    assert "nơi đã nhận hồ sơ" in reply.lead
    assert "Liên minh Hợp tác xã" in reply.lead
    assert reply.buttons[0].payload == "a:founding/ho-so"


async def test_affairs_of_a_named_cooperative_are_its_own(citizen: Citizen, nlu: FakeNlu) -> None:
    """What the rule says of all is no answer to what one did."""
    asked = read_as(nlu, "HTX Duy Sơn năm ngoái chia lãi bao nhiêu", (NATIONAL, 0.9))

    reply = await citizen.say(asked)

    assert reply.outcome == "declined"
    assert "hỏi thẳng hợp tác xã đó" in reply.lead


async def test_by_words_alone_scope_is_kept_too(citizen: Citizen, nlu: FakeNlu) -> None:
    """The NLU down, another place's rule is no less another's."""
    nlu.down = True

    reply = await citizen.say("Hạng sao OCOP tỉnh Quảng Ngãi")

    assert reply.outcome == "declined"
    assert "Quảng Ngãi" in reply.lead
