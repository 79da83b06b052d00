from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.conversation.reply import Reply
from services.storage.models import Turn
from tests.conftest import NOON
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading


async def say(services: Services, text: str = "", payload: str = "", key: str = "a") -> Reply:
    citizen = Citizen(services, key)
    return await (citizen.press(payload) if payload else citizen.say(text))


async def turns(services: Services) -> list[Turn]:
    async with services.sessions() as session:
        return list(await session.scalars(select(Turn).order_by(Turn.id)))


async def test_sure_reading_is_answered_with_its_source(services: Services, nlu: FakeNlu) -> None:
    """A sure reading is answered by its article, with the document and clause."""
    nlu.table["cần mấy người"] = reading(("founding.so-thanh-vien", 0.9))

    reply = await say(services, "cần mấy người")

    assert reply.outcome == "answered"
    assert "05 thành viên" in reply.lead
    assert reply.source_lines == ("Luật Hợp tác xã 17/2023/QH15, Điều 4",)


async def test_unsure_reading_is_offered(services: Services, nlu: FakeNlu) -> None:
    """An unsure reading is asked back, a button for each article that is likely enough."""
    nlu.table["hồ sơ"] = reading(
        ("founding.ho-so", 0.4), ("ocop.ho-so", 0.3), ("ocop.hang-sao", 0.05)
    )

    reply = await say(services, "hồ sơ")

    assert reply.outcome == "clarify"
    assert [button.payload for button in reply.buttons] == ["a:founding/ho-so", "a:ocop/ho-so"]


async def test_out_of_scope_is_declined_with_whom_to_ask(services: Services) -> None:
    """What no article answers is declined, and the office to ask is named."""
    reply = await say(services, "mai mưa không")

    assert reply.outcome == "declined"
    assert "Liên minh Hợp tác xã" in reply.lead
    assert not reply.citations


async def test_article_the_model_knows_and_the_library_does_not_is_never_answered(
    services: Services, nlu: FakeNlu
) -> None:
    """A model older than the content can't answer with an article that is gone."""
    nlu.table["cũ"] = reading(("founding.da-xoa", 0.99))

    assert (await say(services, "cũ")).outcome == "declined"


async def test_small_talk_and_hand_off(services: Services, nlu: FakeNlu) -> None:
    """Small talk is answered in kind; who wants a person is told where to go."""
    nlu.table["chào"] = reading(("smalltalk.greeting", 0.9))
    nlu.table["gặp cán bộ"] = reading(("handoff", 0.9))

    assert (await say(services, "chào")).lead == "Chào bà con."
    assert "Sở Nông nghiệp" in (await say(services, "gặp cán bộ")).lead


async def test_follow_up_leans_on_the_open_article(services: Services, nlu: FakeNlu) -> None:
    """A message without a subject is read beside the article that is open."""
    nlu.table["ocop mấy sao"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["cần giấy gì"] = reading(("founding.ho-so", 0.3), ("ocop.ho-so", 0.2), in_scope=0.4)
    nlu.table["cần giấy gì | ocop/hang-sao"] = reading(("ocop.ho-so", 0.8))

    await say(services, "ocop mấy sao")
    reply = await say(services, "cần giấy gì")

    assert reply.articles == ("ocop/ho-so",)


async def test_follow_up_with_nothing_to_lean_on_is_asked_back(
    services: Services, nlu: FakeNlu
) -> None:
    """The same message as an opening asks what it is about."""
    nlu.table["bao lâu"] = reading(("followup", 0.9))

    reply = await say(services, "bao lâu")

    assert reply.outcome == "clarify"
    assert [button.payload for button in reply.buttons][:2] == ["s:policy", "s:ocop"]


async def test_open_article_is_forgotten_after_some_hours(services: Services, nlu: FakeNlu) -> None:
    """The next morning a message stands by itself."""
    nlu.table["ocop mấy sao"] = reading(("ocop.hang-sao", 0.9))
    await say(services, "ocop mấy sao")
    tomorrow = replace(services, now=lambda: NOON + timedelta(hours=12))

    await say(tomorrow, "cần giấy gì")

    assert nlu.asked[-1] == "cần giấy gì"


async def test_pressed_button_does_not_go_through_the_nlu(services: Services, nlu: FakeNlu) -> None:
    """A button carries an id; nothing is guessed."""
    reply = await say(services, payload="a:ocop/hang-sao")

    assert (reply.articles, nlu.asked) == (("ocop/hang-sao",), [])


async def test_menu_leads_to_every_article(services: Services) -> None:
    """From the menu a person reaches an article by buttons alone."""
    menu = await say(services, payload="m:")
    topic = await say(services, payload=menu.buttons[1].payload)

    assert {button.payload for button in topic.buttons} == {"a:ocop/ho-so", "a:ocop/hang-sao"}


async def test_stale_or_forged_button_is_told_so(services: Services) -> None:
    """A button that leads nowhere is answered with a sentence and the menu."""
    for payload in ("a:ocop/khong-co", "t:khong-co", "s:x", "x:y", "a:" + "9" * 500, "k:khong-co"):
        reply = await say(services, payload=payload)

        assert (reply.outcome, bool(reply.buttons)) == ("declined", True)


@pytest.mark.parametrize("payload", ["a:\0", "u:\0", "\0", "u:" + "x" * 100])
async def test_forged_button_that_no_database_keeps_is_told_so(
    services: Services, payload: str
) -> None:
    """What is too long or can't be written is as stale as any other, and its turn is kept."""
    reply = await say(services, payload=payload)

    assert reply.outcome == "declined"
    assert len(await turns(services)) == 1


async def test_nlu_down_is_answered_by_words_with_a_notice(
    services: Services, nlu: FakeNlu
) -> None:
    """Without the NLU the question's words find the article; the reply says it is less sure."""
    nlu.down = True

    reply = await say(services, "so thanh vien de lap hop tac xa")

    assert reply.articles == ("founding/so-thanh-vien",)
    assert reply.degraded
    assert "chưa chắc" in reply.notices[0]


async def test_nlu_down_never_invents(services: Services, nlu: FakeNlu) -> None:
    """Words that stand in no article are declined, NLU or not."""
    nlu.down = True

    reply = await say(services, "giá vàng hôm nay")

    assert (reply.outcome, reply.degraded) == ("declined", True)


async def test_empty_and_overlong_messages_get_a_sentence(services: Services, nlu: FakeNlu) -> None:
    """Nothing, blanks and whole documents are answered with what to do, without the NLU."""
    for text in ("", "  \n ", "x" * 100_000):
        reply = await say(services, text)

        assert (reply.outcome, bool(reply.lead), nlu.asked) == ("declined", True, [])


async def test_turn_is_logged_with_the_hash_of_its_article(
    services: Services, nlu: FakeNlu
) -> None:
    """Each turn keeps which version of which article answered."""
    nlu.table["cần mấy người"] = reading(("founding.so-thanh-vien", 0.9))
    await say(services, "cần mấy người")

    (turn,) = await turns(services)

    expected = services.library.articles["founding/so-thanh-vien"].hash
    assert (turn.articles, turn.hashes) == (["founding/so-thanh-vien"], [expected])


async def test_personal_numbers_are_masked_before_anything_sees_them(
    services: Services, nlu: FakeNlu
) -> None:
    """Neither the NLU nor the log gets a phone number; the person is told not to send it."""
    reply = await say(services, "số tôi 0905 123 456, hỏi vay vốn")

    (turn,) = await turns(services)
    assert "0905" not in turn.text + nlu.asked[0]
    assert "Đừng gửi số điện thoại" in reply.notices[-1]


async def test_turn_tells_beside_what_it_was_read(services: Services, nlu: FakeNlu) -> None:
    """A turn is kept with the article that was open and with what was asked back."""
    nlu.table["cần mấy người"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))

    await say(services, "cần mấy người")
    await say(services, "hồ sơ")

    first, second = await turns(services)
    assert (first.open_article, second.open_article) == (None, "founding/so-thanh-vien")
    assert second.offered == ["founding/ho-so", "ocop/ho-so"]
