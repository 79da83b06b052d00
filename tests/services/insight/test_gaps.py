"""What was not answered well: declined, left after asking back, of no use."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.insight.gaps import Gap, Weights, find_gaps, group
from services.storage.models import Feedback, Turn
from tests.conftest import NOON
from tests.doubles.log import turn

NAME = "ocop/hang-sao"
MINUTE = timedelta(minutes=1)


def bad(reason: str | None = None, key: str = "a") -> Feedback:
    """Return a verdict that an article was of no use."""
    return Feedback(
        channel="web",
        key=key,
        at=NOON + 9 * MINUTE,
        article=NAME,
        hash="0",
        useful=False,
        reason=reason,
    )


async def gaps(session: AsyncSession, services: Services, *rows: Turn | Feedback) -> list[Gap]:
    for row in rows:
        session.add(row)
        await session.flush()
    return await find_gaps(session, services.library, NOON - timedelta(days=1))


async def test_declined_questions_are_grouped(session: AsyncSession, services: Services) -> None:
    """The same question counts once per asking; the largest group stands first."""
    found = await gaps(
        session,
        services,
        turn("giá vàng hôm nay"),
        turn("Giấy phép nuôi chim yến?", after=MINUTE),
        turn("giay phep nuoi chim yen", after=2 * MINUTE),
        turn(payload="a:khong/co"),
    )

    assert [gap.count for gap in found] == [2, 1]
    assert found[0].kinds == {"declined": 2}
    assert found[0].samples == ("Giấy phép nuôi chim yến?", "giay phep nuoi chim yen")
    assert found[0].last == NOON + 2 * MINUTE


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ([], True),
        ([turn("thôi", "smalltalk", after=MINUTE)], True),
        ([turn(payload=f"a:{NAME}", article=NAME, after=MINUTE)], False),
        ([turn(payload="s:ocop", outcome="clarify", after=MINUTE)], False),
        ([turn("hỏi lại", article=NAME, after=60 * MINUTE)], False),
        ([turn("ừ", "smalltalk"), turn("hỏi lại", article=NAME, after=9 * MINUTE)], False),
        ([turn("ừ", "smalltalk"), turn("hỏi lại", article=NAME, after=11 * MINUTE)], True),
        ([turn("khác", article=NAME, key="b", after=MINUTE)], True),
    ],
)
async def test_question_left_after_asking_back(
    session: AsyncSession, services: Services, later: list[Turn], left: bool
) -> None:
    """Asked back, and neither a button was pressed nor an answer came soon."""
    found = await gaps(session, services, turn("hồ sơ", "clarify"), *later)

    assert [gap.kinds for gap in found] == ([{"left": 1}] if left else [])


async def test_question_whose_answer_was_of_no_use(
    session: AsyncSession, services: Services
) -> None:
    """The question that led to the article counts, by way of asking back too, with the reason."""
    found = await gaps(
        session,
        services,
        turn("mấy sao là đẹp", article=NAME),
        bad("unclear"),
        turn("may sao la dep", "clarify", key="b"),
        turn(payload=f"a:{NAME}", article=NAME, key="b", after=MINUTE),
        turn(payload=f"n:{NAME}", outcome="smalltalk", key="b", after=2 * MINUTE),
        bad(key="b"),
    )

    assert [(gap.kinds, gap.reasons, gap.nearest) for gap in found] == [
        ({"unhelpful": 2}, {"unclear": 1}, NAME)
    ]
    assert set(found[0].texts) == {"mấy sao là đẹp", "may sao la dep"}


@pytest.mark.parametrize("log", [[], [turn("chuyện khác", article="ocop/ho-so", version="1")]])
async def test_article_reached_by_buttons_alone_stands_under_its_title(
    session: AsyncSession, services: Services, log: list[Turn]
) -> None:
    """No question led to it, so its title says what is of no use."""
    [found] = await gaps(session, services, *log, turn(payload="a", article=NAME), bad())

    assert found.texts == ("Hạng sao OCOP",)


async def test_useful_and_answered_are_no_gap(session: AsyncSession, services: Services) -> None:
    """What was answered well is left out, and what is older than asked for."""
    useful = bad()
    useful.useful = True
    old = turn("xưa", after=timedelta(days=-2))

    assert await gaps(session, services, turn("hỏi", article=NAME), useful, old) == []


async def test_id_stays_when_more_is_asked(session: AsyncSession, services: Services) -> None:
    """More of the same, and more of others, leave the id as it was."""
    [before] = await gaps(session, services, turn("giá vàng hôm nay"))
    after = await gaps(
        session, services, *(turn(t, after=MINUTE) for t in ("gia vang hom nay", "chim yến"))
    )

    assert (after[0].id, after[0].count) == (before.id, 2)


async def test_nearest_article_shares_words(session: AsyncSession, services: Services) -> None:
    """Whoever mends a gap is told where to look first."""
    [found] = await gaps(session, services, turn("hạng sao nào cao nhất"))

    assert found.nearest == NAME


KNOWN = [
    *("thành lập hợp tác xã cần gì", "hợp tác xã vay vốn cần gì", "hợp tác xã họp lúc nào"),
    *("hợp tác xã có phải nộp thuế không", "hợp tác xã có phải họp hằng năm không"),
]
WEIGHTS = Weights.of(KNOWN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nuôi chim yến cần giấy phép gì", "nuoi chim yen can giay phep gi"),
        ("HTX nuôi chim yến được không?", "hợp tác xã nuôi chim yến được không ạ"),
        ("mua máy cày trả góp", "mua máy cày trả góp ở đâu"),
        ("???", "…"),
    ],
)
def test_same_question_in_other_letters(one: str, other: str) -> None:
    """Diacritics, short forms, politeness and order make no other question."""
    assert group([one, other], WEIGHTS) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hợp tác xã nuôi chim yến cần gì", "hợp tác xã nuôi cá sấu cần gì"),
        ("hợp tác xã có phải mua bảo hiểm không", "hợp tác xã có phải kiểm toán không"),
        ("giá vàng", "giá heo"),
    ],
)
def test_other_need_is_another_group(one: str, other: str) -> None:
    """Words that stand in every question bring nothing together."""
    assert group([one, other], WEIGHTS) == [[0], [1]]


@given(st.lists(st.text(alphabet="abđ ế?", max_size=12), max_size=12))
def test_every_question_is_in_one_group(texts: list[str]) -> None:
    """Whatever is asked, nothing is lost or counted twice, and the first leads."""
    groups = group(texts, WEIGHTS)

    assert sorted(place for places in groups for place in places) == list(range(len(texts)))
    assert [places[0] for places in groups] == sorted(places[0] for places in groups)
