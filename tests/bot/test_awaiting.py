"""Whoever asked and agreed to hear is told once, when their question has its answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.conversation.reply import Button
from services.edition import Edition
from services.insight import gap_list, gap_work
from services.insight.awaiting import PURPOSE, tell_answered
from services.insight.kept_gaps import GapKeeper
from services.knowledge.library import Library
from services.notices import notices
from services.staff import stops
from services.storage.models import Awaited, KeptGap, Notice
from tests.conftest import NOON

ASKED = "nuôi chim yến xin phép ở đâu"
ALSO = "nuôi chim yến thì xin phép ở đâu ạ"
LABEL = "Báo tôi khi có câu trả lời"
LATER = NOON + timedelta(minutes=30)
NEW = "ocop/hang-sao"
KEY = "k" * 22


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


async def buttons(
    services: Services, text: str = "", payload: str = "", *, key: str = KEY, on: Channel = "web"
) -> tuple[str, dict[str, str]]:
    """Ask or press; return what is lead, and the buttons below it by their labels."""
    answered = await Runner(services).ask(Question(on, key, text, payload))
    found: tuple[Button, ...] = answered.reply.buttons
    return answered.reply.lead, {button.label: button.payload for button in found}


async def agree(services: Services, text: str = ASKED, key: str = KEY, on: Channel = "web") -> None:
    """Ask what nobody can answer, and press that one wants to hear."""
    _, below = await buttons(services, text, key=key, on=on)
    await buttons(services, payload=below[LABEL], key=key, on=on)


async def linked(services: Services) -> int:
    """Keep what was asked, and link its gap to an article that is to be changed."""
    await GapKeeper(services.sessions).keep(services.library, LATER)
    async with services.sessions.begin() as session:
        [gap, *others], _ = await gap_list.page(session, "open", LATER)
        assert not others
        library = services.library
        await gap_work.link(session, gap.gap.id, NEW, library, by="Lan", now=LATER)
    return gap.gap.id


def published(services: Services) -> Library:
    """Return the content with the article changed, served from now on."""
    known = services.library.articles
    article = known[NEW]
    changed = replace(article, body="Xin phép ở xã.\n\nTheo luật.")
    library = replace(services.library, articles={**known, NEW: changed})
    services.current.edition = Edition(library, services.current.edition.interpreter)
    return library


async def told(services: Services) -> list[Notice]:
    """Return the notices there are."""
    async with services.sessions() as session:
        return list(await session.scalars(select(Notice).order_by(Notice.id)))


async def test_told_once_when_it_is_published(services: Services) -> None:
    """Not when it is linked; when it is served each chat once, however many looks there are."""
    await agree(services)
    await agree(services, ALSO)
    await agree(services, ALSO, key="7", on="telegram")
    await buttons(services, ASKED, key="8", on="telegram")
    number = await linked(services)
    async with services.sessions.begin() as session:
        before = await tell_answered(session, services.library, LATER)
    library = published(services)

    async def look() -> int:
        async with services.sessions.begin() as session:
            return await tell_answered(session, library, LATER)

    counts = await asyncio.gather(*(look() for _ in range(10)))
    found = await told(services)

    assert (before, max(counts), sum(counts)) == (0, 2, 2)
    assert sorted((one.channel, one.key, one.purpose) for one in found) == [
        ("telegram", "7", PURPOSE),
        ("web", KEY, PURPOSE),
    ]
    assert all("bà con hỏi: “nuôi chim yến" in one.text for one in found)
    assert all("Xin phép ở xã." in one.text for one in found)
    async with services.sessions() as session:
        gap = await session.get(KeptGap, number)
    assert gap is not None
    assert (gap.state, gap.told) == ("told", 2)


async def test_nobody_is_told_while_answers_are_stopped(services: Services) -> None:
    """They are told when answers go on."""
    await agree(services)
    await linked(services)
    library = published(services)
    counts = list[int]()
    for _ in range(2):
        async with services.sessions.begin() as session:
            if counts:
                await stops.resume(session, "answers", LATER, "Lan")
            else:
                await stops.stop(session, "answers", "Đang xem lại.", LATER, "Lan")
            counts.append(await tell_answered(session, library, LATER))

    assert counts == [0, 1]


async def test_taken_back_is_not_told(services: Services) -> None:
    """Before it is published nothing is queued; after that, nothing is sent."""
    await agree(services)
    await agree(services, key="7", on="telegram")
    await linked(services)
    lead, _ = await buttons(services, payload="r:")
    async with services.sessions.begin() as session:
        await tell_answered(session, published(services), LATER)
    [notice] = await told(services)
    await buttons(services, payload="r:", key="7", on="telegram")
    async with services.sessions.begin() as session:
        claimed = await notices.claim(session, notice.id, LATER)

    assert "Đã bỏ" in lead
    assert notice.key == "7"
    assert not claimed


async def test_who_was_given_the_article_since_knows(services: Services) -> None:
    """Whoever read the article after they asked is not told of it; the wish ends."""
    await agree(services)
    await linked(services)
    library = published(services)
    services = replace(services, now=lambda: NOON + timedelta(minutes=5))
    await buttons(services, payload=f"a:{NEW}")
    async with services.sessions.begin() as session:
        count = await tell_answered(session, library, LATER)
        left = await session.scalar(select(Awaited).where(Awaited.told_at.is_(None)))

    assert (count, await told(services), left) == (0, [], None)


async def test_asked_and_agreed_anew_after_it_was_told(services: Services) -> None:
    """An answer that did not help is a new cause: linked again, it is told again."""
    await agree(services)
    number = await linked(services)
    async with services.sessions.begin() as session:
        await tell_answered(session, published(services), LATER)
    await agree(services)
    later = LATER + timedelta(hours=1)
    async with services.sessions.begin() as session:
        await gap_work.reopen(session, number, "Lan", later)
        await gap_work.link(session, number, NEW, services.library, by="Lan", now=later)
        gap = await gap_work.find(session, number)
        gap.before = "0"
        await session.flush()
        count = await tell_answered(session, services.library, later)

    assert count == 1
    assert len(await told(services)) == 2


@pytest.mark.parametrize(
    ("key", "on"), [("-100:7", "telegram"), ("terminal", "terminal")], ids=["group", "terminal"]
)
async def test_where_nobody_is_alone_it_is_not_offered(
    services: Services, key: str, on: Channel
) -> None:
    """A group would read what one asked, and a terminal is nobody's."""
    _, below = await buttons(services, ASKED, key=key, on=on)

    assert LABEL not in below


async def test_a_button_of_a_question_that_is_gone(services: Services) -> None:
    """What was erased or has ended is not promised."""
    _, below = await buttons(services, ASKED)
    lead, _ = await buttons(services, payload=below[LABEL], key="o" * 22)

    assert "một lần" not in lead
    async with services.sessions() as session:
        assert await session.scalar(select(Awaited)) is None
