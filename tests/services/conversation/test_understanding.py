import pytest

from services.bootstrap import Services
from services.conversation.reply import Reply
from tests.doubles.citizen import Citizen
from tests.doubles.nlu import FakeNlu, reading


async def say(services: Services, text: str) -> Reply:
    return await Citizen(services).say(text)


async def test_correction_is_read_with_the_question_before(
    services: Services, nlu: FakeNlu
) -> None:
    """Who puts right what was meant is understood by both messages together."""
    nlu.table["ocop cần giấy gì"] = reading(("ocop.ho-so", 0.9))
    nlu.table["ocop cần giấy gì cho hợp tác xã"] = reading(("founding.ho-so", 0.8))

    await say(services, "ocop cần giấy gì")
    reply = await say(services, "À nhầm, ý tôi hỏi cho hợp tác xã")

    assert reply.articles == ("founding/ho-so",)


async def test_same_is_asked_of_another_thing(services: Services, nlu: FakeNlu) -> None:
    """A bare thing after “còn” is read with the question before, unless it is surer by itself."""
    nlu.table["hợp tác xã cần giấy gì"] = reading(("founding.ho-so", 0.9))
    nlu.table["hợp tác xã cần giấy gì ocop"] = reading(("ocop.ho-so", 0.8))
    nlu.table["còn số người | founding/ho-so"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hợp tác xã cần giấy gì số người"] = reading(("founding.ho-so", 0.7))

    await say(services, "hợp tác xã cần giấy gì")
    other = await say(services, "còn ocop thì sao?")
    await say(services, "hợp tác xã cần giấy gì")
    aspect = await say(services, "còn số người")

    assert (other.article, aspect.article) == ("ocop/ho-so", "founding/so-thanh-vien")


async def test_side_step_is_left_where_a_message_is_surer_of_what_was_before(
    services: Services, nlu: FakeNlu
) -> None:
    """What is asked back or declined beside it is asked of what was told before, open again."""
    nlu.table["hợp tác xã mấy người"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["rứa có sao không"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["đông quá thì răng | ocop/hang-sao"] = reading(("ocop.hang-sao", 0.3))
    nlu.table["đông quá thì răng | founding/so-thanh-vien"] = reading(
        ("founding.so-thanh-vien", 0.6)
    )
    nlu.table["hụt khổ hè | founding/so-thanh-vien"] = reading(("founding.so-thanh-vien", 0.9))

    for text in ("hợp tác xã mấy người", "rứa có sao không"):
        await say(services, text)
    back, then = await say(services, "đông quá thì răng"), await say(services, "hụt khổ hè")

    assert (back.article, then.article) == ("founding/so-thanh-vien",) * 2
    assert "việc khác" not in back.lead


async def test_what_is_surely_of_what_is_open_is_read_beside_nothing_else(
    services: Services, nlu: FakeNlu
) -> None:
    """A talk that went on to another matter stays there."""
    nlu.table["hợp tác xã mấy người"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["rứa có sao không"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["đông quá thì răng | ocop/hang-sao"] = reading(("ocop.hang-sao", 0.7))
    nlu.table["đông quá thì răng | founding/so-thanh-vien"] = reading(
        ("founding.so-thanh-vien", 0.9)
    )

    for text in ("hợp tác xã mấy người", "rứa có sao không"):
        await say(services, text)

    assert (await say(services, "đông quá thì răng")).article == "ocop/hang-sao"
    assert nlu.asked[-1] == "đông quá thì răng | ocop/hang-sao"


@pytest.mark.parametrize(
    ("text", "sure", "answered"),
    [
        ("mà bốn nhà thôi đã đủ chưa hè", (0.9, 0.6), "founding/so-thanh-vien"),
        ("mà bốn nhà thôi đã đủ chưa hè", (0.75, 0.65), "ocop/ho-so"),
        ("bốn nhà đủ chưa hè", (0.9, 0.6), "ocop/ho-so"),
    ],
)
async def test_what_is_far_surer_with_nothing_open_is_read_so(
    services: Services, nlu: FakeNlu, text: str, sure: tuple[float, float], answered: str
) -> None:
    """“Mà giấy chứng nhận lụt trôi mất rồi” is of no revocation, though one is open."""
    alone, beside = sure
    nlu.table["ocop cần giấy gì"] = reading(("ocop.ho-so", 0.9))
    nlu.table[text] = reading(("founding.so-thanh-vien", alone))
    nlu.table[f"{text} | ocop/ho-so"] = reading(("ocop.ho-so", beside))

    await say(services, "ocop cần giấy gì")

    assert (await say(services, text)).article == answered


async def test_two_questions_get_two_answers(services: Services, nlu: FakeNlu) -> None:
    """Each is answered under its heading, both are named and cited, the second stays open."""
    whole = "cần mấy người vậy? hồ sơ ocop gồm gì?"
    nlu.table[whole] = reading(("ocop.ho-so", 0.6), ("founding.so-thanh-vien", 0.3))
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hồ sơ ocop gồm gì? | founding/so-thanh-vien"] = reading(("ocop.ho-so", 0.9))
    nlu.table["mấy bộ | ocop/ho-so"] = reading(("ocop.ho-so", 0.9))

    both = await say(services, whole)
    then = await say(services, "mấy bộ")

    assert both.articles == ("founding/so-thanh-vien", "ocop/ho-so")
    assert "Số thành viên để lập hợp tác xã" in both.lead
    assert "Hồ sơ OCOP" in both.detail
    assert both.source_lines == ("Luật Hợp tác xã 17/2023/QH15, Điều 4",)
    assert then.article == "ocop/ho-so"


async def test_questions_that_are_too_many_are_quoted(services: Services, nlu: FakeNlu) -> None:
    """What is not read of a long list is told apart, its first words with it."""
    asked = [f"giống {crop} mua ở đâu?" for crop in ("rau", "nấm", "tiêu", "chuối", "dừa", "ớt")]
    whole = " ".join(("lập hợp tác xã cần mấy người?", *asked))
    nlu.table["lập hợp tác xã cần mấy người?"] = reading(("founding.so-thanh-vien", 0.95))
    nlu.table[whole] = reading(("founding.so-thanh-vien", 0.6))

    reply = await say(services, whole)

    assert reply.articles == ("founding/so-thanh-vien",)
    assert "“giống rau mua ở đâu?”, “giống nấm" in reply.notices[0]
    assert "…" in reply.notices[0]


async def test_two_sentences_of_one_need_get_one_answer(services: Services, nlu: FakeNlu) -> None:
    """Where a part is not sure by itself the message is read whole."""
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))
    whole = "cần mấy người vậy? có phải bảy người không?"
    nlu.table[whole] = reading(("founding.so-thanh-vien", 0.95))

    assert (await say(services, whole)).articles == ("founding/so-thanh-vien",)


async def test_clauses_about_one_matter_are_not_read_one_by_one(
    services: Services, nlu: FakeNlu
) -> None:
    """Where their words and the meaning of the whole agree, the whole is read, and nothing else."""
    whole = "số thành viên lập hợp tác xã là mấy? lập hợp tác xã cần mấy thành viên?"
    nlu.table[whole] = reading(("founding.so-thanh-vien", 0.95))
    agreed = await say(services, whole)
    asked = [*nlu.asked]
    nlu.table[whole] = reading(("ocop.ho-so", 0.95))
    await Citizen(services, "khác").say(whole)

    assert (agreed.articles, asked) == (("founding/so-thanh-vien",), [whole])
    assert len(nlu.asked) > len(asked) + 1


async def test_two_that_are_about_as_likely_are_both_answered(
    services: Services, nlu: FakeNlu
) -> None:
    """Which of them is meant cannot be told; beside an open article siblings are always near."""
    nlu.table["giấy tờ"] = reading(("founding.ho-so", 0.9), ("ocop.ho-so", 0.7))
    nlu.table["giấy tờ lập hợp tác xã"] = reading(("founding.ho-so", 0.9), ("ocop.ho-so", 0.5))

    both = await say(services, "giấy tờ")
    beside = await say(services, "giấy tờ")
    one = await Citizen(services, "khác").say("giấy tờ lập hợp tác xã")

    assert both.articles == ("founding/ho-so", "ocop/ho-so")
    assert (beside.articles, one.articles) == (("founding/ho-so",), ("founding/ho-so",))


async def test_number_chooses_what_was_offered(services: Services, nlu: FakeNlu) -> None:
    """“2” means the second button shown last: after the answer, the second under that."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))

    await say(services, "hồ sơ")
    chosen = await say(services, "cái thứ hai")
    later = await say(services, "1")

    assert (chosen.articles, later.articles) == (("ocop/ho-so",), ("ocop/hang-sao",))


async def test_follow_up_is_read_with_the_matter_that_was_declined(
    services: Services, nlu: FakeNlu
) -> None:
    """The first message named it though no article answered; what leans on it names none."""
    joined = "nhóm tui gom mấy nhà"
    nlu.table["mấy người"] = nlu.table["giấy chi"] = reading(("followup", 0.9))
    nlu.table[f"{joined} giấy chi"] = reading(("founding.ho-so", 0.3))

    await say(services, joined)
    lost = await say(services, "mấy người")
    found = await say(services, "giấy chi")

    assert (lost.outcome, lost.offered) == ("clarify", ())
    assert (found.outcome, found.offered) == ("clarify", ("founding/ho-so",))


async def test_short_statement_adds_to_what_was_asked_back(
    services: Services, nlu: FakeNlu
) -> None:
    """It is answered where both together are; else nothing is made of it, nor of a long one."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    added, foreign = "nhà tui làm mắm", "trời hôm nay nóng ghê"
    story = " ".join((added, *["rồi đem bán"] * 5))
    nlu.table[f"hồ sơ {added}"] = nlu.table[f"hồ sơ {story}"] = reading(("ocop.ho-so", 0.8))
    nlu.table[f"hồ sơ {foreign}"] = reading(("founding.ho-so", 0.3))

    outcomes = []
    for text in (added, story, foreign):
        await say(services, "hồ sơ")
        reply = await say(services, text)
        outcomes.append((reply.outcome, reply.articles))

    assert outcomes == [("answered", ("ocop/ho-so",)), ("declined", ()), ("declined", ())]


async def test_what_stands_nearest_to_a_decline_is_read_beside(
    services: Services, nlu: FakeNlu
) -> None:
    """Until something is answered: a bare follow-up finds it there."""
    nlu.table["nhóm tui gom mấy nhà"] = reading(("founding.ho-so", 0.2), in_scope=0.2)
    nlu.table["mấy bộ | founding/ho-so"] = reading(("founding.ho-so", 0.9))

    near = await say(services, "nhóm tui gom mấy nhà")
    found = await say(services, "mấy bộ")

    assert (near.outcome, found.article) == ("declined", "founding/ho-so")


async def test_asked_back_once_only(services: Services, nlu: FakeNlu) -> None:
    """What is likely both times is the answer; where nothing is, the office to ask is named."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    nlu.table["giấy tờ | founding/ho-so"] = reading(("ocop.ho-so", 0.3), ("ocop.hang-sao", 0.2))
    nlu.table["sao | founding/ho-so"] = reading(("ocop.hang-sao", 0.3))

    await say(services, "hồ sơ")
    twice = await say(services, "giấy tờ")
    await say(services, "hồ sơ")
    other = await say(services, "sao")

    assert (twice.article, other.outcome) == ("ocop/ho-so", "declined")


async def test_what_is_hardly_of_the_field_is_not_answered_for_being_asked_twice(
    services: Services, nlu: FakeNlu
) -> None:
    """It may be asked back; the second time it is declined, with the nearest behind a button."""
    far = reading(("founding.ho-so", 0.4), in_scope=0.3)
    nlu.table["giấy cưới hỏi"] = nlu.table["cưới cần giấy chi | founding/ho-so"] = far

    asked = await say(services, "giấy cưới hỏi")
    twice = await say(services, "cưới cần giấy chi")

    assert (asked.outcome, twice.outcome) == ("clarify", "declined")
    assert twice.buttons[0].payload == "a:founding/ho-so"


async def test_tag_behind_two_questions_spoils_neither(services: Services, nlu: FakeNlu) -> None:
    """“Được không?” asks nothing of its own: both are answered all the same."""
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hồ sơ ocop gồm gì?"] = reading(("ocop.ho-so", 0.9))

    both = await say(services, "cần mấy người vậy? hồ sơ ocop gồm gì? được không?")

    assert both.articles == ("founding/so-thanh-vien", "ocop/ho-so")


async def test_doubtful_second_question_is_named_behind_a_button(
    services: Services, nlu: FakeNlu
) -> None:
    """The first is answered whole; the second stands above its other buttons and in a sentence."""
    whole = "cần mấy người vậy? còn ocop thì cần giấy gì?"
    nlu.table[whole] = reading(("founding.so-thanh-vien", 0.95))
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["ocop thì cần giấy gì?"] = reading(("ocop.ho-so", 0.6))

    reply = await say(services, whole)

    assert reply.articles == ("founding/so-thanh-vien",)
    assert reply.buttons[0].payload == "a:ocop/ho-so"
    assert "Hồ sơ OCOP" in reply.notices[0]


async def test_second_question_that_nobody_can_answer_is_quoted(
    services: Services, nlu: FakeNlu
) -> None:
    """It is not dropped without a word: its first words say which one is meant."""
    lost = "giá heo hơi ở chợ huyện tuần sau lên hay xuống nữa vậy?"
    nlu.table[f"cần mấy người vậy? {lost}"] = reading(("founding.so-thanh-vien", 0.95))
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))

    reply = await say(services, f"cần mấy người vậy? {lost}")

    assert reply.articles == ("founding/so-thanh-vien",)
    assert "“giá heo hơi ở chợ huyện tuần sau…”" in reply.notices[0]


async def test_two_questions_at_once_are_not_asked_back_as_one(
    services: Services, nlu: FakeNlu
) -> None:
    """What was offered before is no answer to a message that asks two other things."""
    nlu.table["hồ sơ"] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    nlu.down = False
    await say(services, "hồ sơ")
    nlu.down = True

    both = await say(services, "số thành viên để lập hợp tác xã? hồ sơ ocop gồm gì?")

    assert both.articles == ("founding/so-thanh-vien",)
    assert "a:ocop/ho-so" in [button.payload for button in both.buttons]


async def test_question_that_is_plain_is_read_once(services: Services, nlu: FakeNlu) -> None:
    """All readings of a message share one patience: what would change nothing is not read."""
    whole = "cần mấy người vậy? hồ sơ ocop gồm gì?"
    nlu.table[whole] = reading(("ocop.ho-so", 0.6), ("founding.so-thanh-vien", 0.3))
    nlu.table["cần mấy người vậy?"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hồ sơ ocop gồm gì?"] = reading(("ocop.ho-so", 0.9))

    both = await say(services, whole)

    assert both.articles == ("founding/so-thanh-vien", "ocop/ho-so")
    assert nlu.asked == [whole, "cần mấy người vậy?", "hồ sơ ocop gồm gì?"]


async def test_offer_of_another_topic_that_was_not_taken_is_left(
    services: Services, nlu: FakeNlu
) -> None:
    """Few words behind it go on with what was answered, not with what was only offered."""
    nlu.table["cần mấy người"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["sao rứa | founding/so-thanh-vien"] = reading(
        ("ocop.ho-so", 0.4), ("ocop.hang-sao", 0.3)
    )
    nlu.table["mấy bộ | founding/so-thanh-vien"] = reading(("founding.ho-so", 0.9))
    nlu.table["mấy bộ | ocop/ho-so"] = reading(("ocop.ho-so", 0.9))

    await say(services, "cần mấy người")
    offered = await say(services, "sao rứa")
    then = await say(services, "mấy bộ")

    assert (offered.outcome, then.article) == ("clarify", "founding/ho-so")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("hồ sơ ocop hay số thành viên", True),
        ("hồ sơ ocop hay không", False),
        ("hồ sơ ocop hay", False),
    ],
)
async def test_other_of_two_is_named_beside_the_answer(
    services: Services, nlu: FakeNlu, asked: str, *, named: bool
) -> None:
    """Who asks which of two reads what the first article says, and the way to the second."""
    either = ("ocop.ho-so", 0.8), ("founding.so-thanh-vien", 0.1)
    nlu.table[asked] = nlu.table["hồ sơ ocop"] = reading(*either)
    nlu.table["số thành viên"] = reading(("founding.so-thanh-vien", 0.9))

    reply = await say(services, asked)

    assert reply.articles == ("ocop/ho-so",)
    assert (reply.buttons[0].payload == "a:founding/so-thanh-vien") is named
