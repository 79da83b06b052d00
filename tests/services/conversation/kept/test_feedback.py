"""Whether an answer was of use: kept once per conversation and version, with why not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.conversation.kept import erase_conversation
from services.conversation.reply import Reply
from services.conversation.retention import reduce_old
from services.edition import Edition
from services.storage.models import Conversation, DailyCount, Feedback
from tests.conftest import NOON
from tests.doubles.citizen import Citizen, withdraw

NAME = "ocop/hang-sao"


async def press(services: Services, payload: str, key: str = "tôi") -> Reply:
    return await Citizen(services, key).press(payload)


async def verdicts(services: Services) -> list[Feedback]:
    async with services.sessions() as session:
        return list(await session.scalars(select(Feedback).order_by(Feedback.id)))


def change(services: Services, name: str = NAME) -> str:
    """Serve an article with another body; return the hash of the new one."""
    edition = services.current.edition
    changed = replace(edition.library.articles[name], body="Nay khác.")
    library = replace(edition.library, articles={**edition.library.articles, name: changed})
    services.current.edition = Edition(library, edition.interpreter)
    return changed.hash


async def test_answer_offers_two_verdicts(services: Services) -> None:
    """Under an answer, and under nothing else, a person says whether it was of use."""
    answer, menu = await press(services, f"a:{NAME}"), await press(services, "m:")

    assert [button.payload for button in answer.verdicts] == [f"u:{NAME}", f"n:{NAME}"]
    assert menu.verdicts == ()


async def test_thumb_up_is_kept_and_thanked(services: Services) -> None:
    """One press is enough."""
    await press(services, f"a:{NAME}")
    thanks = await press(services, f"u:{NAME}")
    [kept] = await verdicts(services)

    assert (thanks.outcome, thanks.buttons) == ("smalltalk", ())
    assert "Cảm ơn" in thanks.lead
    assert (kept.channel, kept.key, kept.article, kept.useful) == ("web", "tôi", NAME, True)


async def test_verdict_on_a_part_names_it(services: Services) -> None:
    """The buttons under a part judge that part; what was judged last of an article counts."""
    await press(services, f"n:{NAME}#ho-so")
    [on_part] = [(kept.article, kept.part) for kept in await verdicts(services)]
    await press(services, f"u:{NAME}")
    [on_lead] = [(kept.article, kept.part) for kept in await verdicts(services)]

    assert on_part == (NAME, "ho-so")
    assert on_lead == (NAME, "")


async def test_thumb_down_is_kept_at_once_and_asks_why(services: Services) -> None:
    """The verdict counts without a reason; a reason is one of four buttons."""
    why = await press(services, f"n:{NAME}")
    [before] = await verdicts(services)
    await press(services, why.buttons[2].payload)
    [after] = await verdicts(services)

    assert [button.label for button in why.buttons] == [
        "Nội dung sai",
        "Khó hiểu",
        "Không đúng câu hỏi",
        "Thiếu chi tiết",
    ]
    assert (before.useful, before.reason) == (False, None)
    assert (after.useful, after.reason) == (False, "off_topic")


@pytest.mark.parametrize(
    ("presses", "expected"),
    [
        (["n", "u"], (True, None)),
        (["u", "n"], (False, None)),
        (["n", "w", "u"], (True, None)),
        (["n", "w", "n"], (False, "wrong")),
        (["u", "u"], (True, None)),
    ],
)
async def test_mind_may_be_changed(
    services: Services, presses: list[str], expected: tuple[bool, str | None]
) -> None:
    """The last verdict counts, and there is never more than one."""
    for verb in presses:
        await press(services, f"{verb}:{NAME}")
    [kept] = await verdicts(services)

    assert (kept.useful, kept.reason) == expected


async def test_verdict_is_on_the_version_that_was_shown(services: Services) -> None:
    """An article that changed since is not blamed for what it said before."""
    old = services.library.articles[NAME].hash
    await press(services, f"a:{NAME}")
    new = change(services)
    await press(services, f"n:{NAME}")
    await press(services, f"a:{NAME}")
    await press(services, f"u:{NAME}")

    assert [(kept.hash, kept.useful) for kept in await verdicts(services)] == [
        (old, False),
        (new, True),
    ]


async def test_article_taken_away_since_is_judged_as_it_was_shown(services: Services) -> None:
    """A verdict is not lost because the article is."""
    old = services.library.articles[NAME].hash
    await press(services, f"a:{NAME}")
    withdraw(services, NAME)

    assert (await press(services, f"n:{NAME}")).outcome == "smalltalk"
    assert [kept.hash for kept in await verdicts(services)] == [old]


async def test_each_conversation_has_its_own_verdict(services: Services) -> None:
    """What one thinks is not what another thinks; without a turn the present version counts."""
    await press(services, f"u:{NAME}", "một")
    await press(services, f"n:{NAME}", "hai")
    kept = await verdicts(services)

    assert [(v.key, v.useful) for v in kept] == [("một", True), ("hai", False)]
    assert {v.hash for v in kept} == {services.library.articles[NAME].hash}


async def test_verdict_does_not_change_the_topic(services: Services) -> None:
    """A late verdict on an old answer leaves the conversation where it is."""
    await press(services, f"a:{NAME}")
    await press(services, "a:founding/ho-so")
    await press(services, f"u:{NAME}")

    async with services.sessions() as session:
        [conversation] = await session.scalars(select(Conversation))
    assert conversation.article == "founding/ho-so"


@pytest.mark.parametrize("payload", ["u:khong/co", "n:", f"w:{NAME}:4", "w:khong/co:1"])
async def test_forged_verdict_is_stale(services: Services, payload: str) -> None:
    """A verdict on nothing, or for no known reason, keeps nothing."""
    assert (await press(services, payload)).outcome == "declined"
    assert await verdicts(services) == []


async def test_verdicts_are_erased_with_the_turns(services: Services) -> None:
    """Whoever erases takes back the verdicts too; another's stay."""
    await press(services, f"n:{NAME}")
    await press(services, f"n:{NAME}", "người khác")
    async with services.sessions.begin() as session:
        await erase_conversation(session, "web", "tôi")

    assert [kept.key for kept in await verdicts(services)] == ["người khác"]


async def test_old_verdicts_become_counts(services: Services) -> None:
    """Past the days that are kept, only how many found it useful or not is left."""
    for verb, key in ("ua", "nb", "nc"):
        await press(services, f"{verb}:{NAME}", key)
    await reduce_old(services.sessions, NOON + timedelta(days=91), keep_days=90)
    async with services.sessions() as session:
        counts = await session.scalars(select(DailyCount).where(DailyCount.article == NAME))

    assert {count.outcome: count.turns for count in counts} == {"useful": 1, "unhelpful": 2}
    assert await verdicts(services) == []
