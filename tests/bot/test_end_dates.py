"""Everything that is kept of people has an end: the daily tidying keeps it, doctor shows it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.process import tidy
from services.bootstrap import Services
from services.clock import utc_now
from services.people.person import Identity, identity_of
from services.people.personal_data import erase
from services.storage.models import Announcement, Consent, Delivery, Person, Press, Suppression
from tests.doubles.people import announce, deliver, someone_in

OLD, NEW = timedelta(days=731), timedelta(days=729)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of an empty database: each test runs once on both."""
    return any_database


def person(chat: str, **told: Any) -> Person:
    """Return someone who was met long ago."""
    now = utc_now()
    values: dict[str, Any] = {"created_at": now - OLD, "seen_at": now - OLD, **told}
    return Person(channel="telegram", chat=chat, who=Identity("k").of("telegram", chat), **values)


async def test_people_who_never_came_back_are_gone(services: Services) -> None:
    """After two years without a word whoever gets no announcements is forgotten, and may return."""
    now = utc_now()
    async with services.sessions.begin() as session:
        session.add_all(
            (
                person("1"),
                person("2", agreed=True, stopped="blocked", stopped_at=now - OLD),
                person("3", seen_at=None),
                person("4", seen_at=now - NEW),
                person("5", agreed=True),
                person("6", agreed=True, stopped="blocked", stopped_at=now - NEW),
            )
        )
    await tidy(services)

    async with services.sessions() as session:
        left = await session.scalars(select(Person.chat).order_by(Person.chat))
        assert list(left) == ["4", "5", "6"]
        assert not list(await session.scalars(select(Suppression)))


async def test_old_deliveries_and_presses_name_nobody(services: Services) -> None:
    """They still count in the report; whose they were not even the key tells."""
    now = utc_now()
    async with services.sessions.begin() as session:
        someone = person("5", agreed=True)
        session.add(someone)
        await session.flush()
        old, new = await announce(session, now - OLD), await announce(session, now - NEW)
        old.finished_at, new.finished_at = now - OLD, now - NEW
        for made in (old, new):
            session.add(
                Delivery(
                    announcement_id=made.id,
                    person_id=someone.id,
                    who=someone.who,
                    batch=0,
                    state="sent",
                    at=made.finished_at,
                )
            )
            press = Press(announcement_id=made.id, who=someone.who, button="1", at=now)
            session.add(press)
    await tidy(services)

    async with services.sessions() as session:
        sent = list(await session.scalars(select(Delivery).order_by(Delivery.announcement_id)))
        pressed = list(await session.scalars(select(Press).order_by(Press.announcement_id)))
    assert [row.who == someone.who for row in sent] == [False, True]
    assert [row.who == someone.who for row in pressed] == [False, True]
    assert [row.person_id for row in sent] == [None, someone.id]
    assert {row.state for row in sent} == {"sent"}


async def test_old_consents_end_but_for_the_last(services: Services) -> None:
    """What a person said last stays as long as the person; what it replaced two years longer."""
    now = utc_now()
    async with services.sessions.begin() as session:
        someone = person("5", agreed=True)
        session.add(someone)
        await session.flush()
        for at, given in ((now - OLD - OLD, True), (now - OLD, False), (now - OLD, True)):
            session.add(
                Consent(
                    person_id=someone.id,
                    purpose="announcements",
                    given=given,
                    at=at,
                    wording="Bà con đồng ý không?",
                    source="self",
                )
            )
    await tidy(services)

    async with services.sessions() as session:
        assert list(await session.scalars(select(Consent.given))) == [True]


async def test_a_no_outlives_the_person(services: Services) -> None:
    """Who said no and was forgotten is brought back by no list; who said nothing is."""
    now = utc_now()
    async with services.sessions.begin() as session:
        refused, came_back, silent = person("1"), person("2"), person("3")
        session.add_all((refused, came_back, silent))
        await session.flush()
        answers = ((refused, True), (refused, False), (came_back, False), (came_back, True))
        common: dict[str, Any] = {"purpose": "announcements", "at": now - OLD, "wording": "hỏi"}
        for who, given in answers:
            row = Consent(person_id=who.id, given=given, source="self", **common)
            session.add(row)
    await tidy(services)

    mark = identity_of(services.settings).erased("telegram", refused.chat)[0]
    async with services.sessions() as session:
        assert list(await session.scalars(select(Suppression.who))) == [mark]
        assert not list(await session.scalars(select(Person)))


async def test_mark_of_the_erased_ends_with_what_is_on_its_way(services: Services) -> None:
    """It bars a second letter; once nothing more is sent, not even that hash stands there."""
    identity, now = identity_of(services.settings), utc_now()
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        sent = await deliver(session, someone.person, "sent", now)
        (await session.get_one(Announcement, sent.announcement_id)).state = "sending"
        await erase(session, identity, "telegram", someone.person.chat, now)
    await tidy(services)
    async with services.sessions.begin() as session:
        during = await session.scalar(select(Delivery.who))
        await session.execute(update(Announcement).values(state="done"))
    await tidy(services)

    async with services.sessions() as session:
        barred, after = (
            await session.scalar(select(Suppression.who)),
            await session.scalar(select(Delivery.who)),
        )
    assert during == barred
    assert (after or "").startswith("-")
