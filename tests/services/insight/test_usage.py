"""Figures of some days: what is counted, and what a share is of."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.clock import VIETNAM
from services.insight import monthly
from services.insight.kept_gaps import GapKeeper
from services.insight.usage import Span, Talks, collect, month_of, roll_up, share
from services.storage.models import Announcement, DailyCount, Delivery, Feedback, Person, Turn
from tests.doubles.log import turn

NOVEMBER = month_of(date(2026, 11, 3))
TODAY = date(2026, 12, 1)
EVENING = datetime(2026, 11, 30, 23, 30, tzinfo=VIETNAM)
"""The last day of November in Việt Nam, as it is in UTC."""


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of SQLite, then of PostgreSQL."""
    return any_database


def asked(**values: Any) -> Turn:
    """Return a turn of the evening that an article answered, or one of another outcome."""
    article = "" if "outcome" in values else "founding/so-thanh-vien"
    given: dict[str, Any] = {"article": article, "start": EVENING} | values
    return turn("…", **given)


async def test_questions_are_counted_by_day_hour_and_outcome(session: AsyncSession) -> None:
    """In Việt Nam's days; small talk and staff's trials are no questions."""
    session.add_all(
        [
            asked(),
            asked(outcome="declined"),
            asked(outcome="smalltalk"),
            asked(channel="terminal"),
            asked(after=timedelta(hours=1)),
        ]
    )
    await session.flush()

    found = await collect(session, NOVEMBER, TODAY)

    assert +found.by_day == {date(2026, 11, 30): 2}
    assert found.counted["hours"] == {"23": 2}
    assert found.counted["outcomes"] == {"answered": 1, "declined": 1, "smalltalk": 1}
    assert found.by_topic() == {"founding": 1}
    assert (found.asked, found.outcome("smalltalk")) == (2, 1)
    assert share(found.outcome("answered"), found.asked) == "50,0 %"


async def test_days_whose_words_are_gone_still_count(session: AsyncSession) -> None:
    """By day, outcome and article; verdicts with them."""
    day = date(2026, 11, 2)
    for outcome, article, turns in (
        ("answered", "a.b", 3),
        ("useful", "a.b", 2),
        ("declined", "", 1),
    ):
        session.add(
            DailyCount(day=day, channel="web", outcome=outcome, article=article, turns=turns)
        )
    await session.flush()

    found = await collect(session, NOVEMBER, TODAY)

    assert (found.asked, +found.by_day, found.useful) == (4, {day: 4}, 2)
    assert found.counted["articles"] == {"a.b": 3}


async def test_days_that_are_over_are_kept(services: Services) -> None:
    """With hours, places and who came back of the month before; a second time adds nothing."""
    october = EVENING - timedelta(days=40)
    async with services.sessions.begin() as session:
        told = [asked(key="a", start=october), asked(key="b", start=october), asked(key="a")]
        session.add_all([*told, asked(start=EVENING + timedelta(hours=2))])
    now = EVENING + timedelta(hours=9)
    assert await roll_up(services.sessions, now) == (EVENING - october).days + 1
    async with services.sessions.begin() as session:
        await session.execute(delete(Turn).where(Turn.at <= EVENING))

    assert await roll_up(services.sessions, now) == 0
    async with services.sessions() as session:
        found = await collect(session, NOVEMBER, TODAY)
        december = await collect(session, month_of(TODAY), TODAY)
    assert (found.by_day[NOVEMBER.last], found.counted["hours"]) == (1, {"23": 1})
    assert found.talks == Talks(NOVEMBER.last, month=1, before=2, returned=1)
    assert (december.asked, december.talks) == (1, None)


async def test_few_of_a_place_are_no_number(session: AsyncSession) -> None:
    """A place with fewer than five questions is only counted among the others."""
    for chat, place in (("1", "20194"), ("2", "20195")):
        session.add(
            Person(channel="telegram", chat=chat, who=chat, created_at=EVENING, place=place)
        )
    told = [asked(key="1", channel="telegram") for _ in range(5)]
    session.add_all([*told, asked(key="2", channel="telegram")])
    await session.flush()

    assert (await collect(session, NOVEMBER, TODAY)).places() == ([("20194", 5)], 1)


async def test_verdicts_are_counted_by_article(session: AsyncSession) -> None:
    """Which was of no use, and how many said so of how many."""
    for key, useful in (("a", True), ("b", False)):
        session.add(
            Feedback(channel="web", key=key, at=EVENING, article="a.b", hash="h", useful=useful)
        )
    await session.flush()

    found = await collect(session, NOVEMBER, TODAY)

    assert (found.judged, found.counted["unhelpful"]) == (2, {"a.b": 1})


def test_the_days_before_a_month_are_a_month() -> None:
    """Of other days, as many of them."""
    assert NOVEMBER.before == month_of(date(2026, 10, 1))
    assert Span(date(2026, 11, 8), date(2026, 11, 14)).before == Span(
        date(2026, 11, 1), date(2026, 11, 7)
    )


async def test_the_report_is_a_pdf_that_says_what_its_page_says(services: Services) -> None:
    """A text in it is set as it stands, whatever signs it has."""
    library, article = services.library, next(iter(services.library.articles))
    async with services.sessions.begin() as session:
        session.add_all([asked(article=article), turn("#panic() \\ [", start=EVENING)])
    await GapKeeper(services.sessions).keep(library, EVENING + timedelta(days=1))

    async with services.sessions() as session:
        made = await monthly.write(session, library, NOVEMBER, "Liên minh", date(2026, 12, 1))

    assert made.lines()[0] == ("Lượt hỏi của bà con", "2", "0")
    assert made.unanswered == [("#panic() \\ [", 1)]
    assert made.articles == [(library.articles[article].head.title, 1)]
    assert made.as_pdf().startswith(b"%PDF-")


async def test_only_what_somebody_got_is_told_as_sent(services: Services) -> None:
    """An announcement called off before it left, or a deleted draft, is in no monthly report."""
    given: dict[str, Any] = {
        "topic": "ocop",
        "body": "",
        "audience": {},
        "author": "Lan",
        "created_at": EVENING,
    }
    async with services.sessions.begin() as session:
        for state, reached in (("done", "sent"), ("cancelled", "cancelled"), ("deleted", "")):
            one = Announcement(title=state, state=state, finished_at=EVENING, **given)
            session.add(one)
            await session.flush()
            if reached:
                session.add(
                    Delivery(
                        announcement_id=one.id, person_id=None, who="x", batch=1, state=reached
                    )
                )

    async with services.sessions() as session:
        made = await monthly.write(session, services.library, NOVEMBER, "Liên minh", TODAY)

    assert made.announcements == [("done", EVENING.date())]
    assert (made.figures.delivered, made.figures.meant) == (1, 1)
