"""What the databases themselves promise of the tables."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import Delete, Update

from services.bootstrap import Services
from services.storage.models import (
    Announcement,
    Audit,
    Consent,
    Delivery,
    GroupMember,
    Person,
    Received,
    TopicChoice,
)
from tests.conftest import NOON

ICT = timezone(timedelta(hours=7))
HANGING = (Consent, TopicChoice, GroupMember)


@pytest.mark.parametrize("change", [update(Audit).values(who="ai đó"), delete(Audit)])
async def test_audit_is_never_changed(services: Services, change: Update | Delete) -> None:
    """The database refuses to change or delete what somebody did."""
    async with services.sessions.begin() as session:
        session.add(Audit(at=NOON, who="lan", did="approve"))

    with pytest.raises(DBAPIError, match="never changed"):
        async with services.sessions.begin() as session:
            await session.execute(change)

    async with services.sessions() as session:
        assert list(await session.scalars(select(Audit.who))) == ["lan"]


async def test_erased_person_leaves_nothing_to_the_next(services: Services) -> None:
    """What hangs on a person goes with them, a delivery stays without them; no row is orphaned."""
    async with services.sessions.begin() as session:
        person = Person(channel="telegram", chat="7", who="a", created_at=NOON)
        told = Announcement(
            title="Họp", topic="ocop", body="", audience={}, author="lan", created_at=NOON
        )
        session.add_all([person, told])
        await session.flush()
        key: dict[str, Any] = {"person_id": person.id}
        session.add_all(
            [
                Consent(purpose="ocop", given=True, at=NOON, wording="", source="self", **key),
                TopicChoice(topic="ocop", **key),
                GroupMember(name="tổ 1", **key),
                Delivery(announcement_id=told.id, who="a", batch=0, **key),
            ]
        )
    async with services.sessions.begin() as session:
        await session.execute(delete(Person))
        left = [await session.scalar(select(func.count()).select_from(t)) for t in HANGING]
        sent = (await session.execute(select(Delivery.who, Delivery.person_id))).one()

    assert (left, sent) == ([0, 0, 0], ("a", None))
    with pytest.raises(IntegrityError):
        async with services.sessions.begin() as session:
            session.add(TopicChoice(topic="ocop", **key))


async def test_time_comes_back_in_utc(session: AsyncSession) -> None:
    """Whatever zone a time is given in, the same moment comes back in UTC, to the microsecond."""
    moment = datetime(2026, 11, 24, 12, 0, 0, 1, tzinfo=ICT)
    session.add(Received(channel="web", update="1", at=moment))
    await session.flush()

    kept = await session.scalar(select(Received.at))
    last = await session.scalar(select(func.max(Received.at)))

    assert (kept, last) == (moment, moment)
    assert kept is not None
    assert kept.tzinfo is UTC
