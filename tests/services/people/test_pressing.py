"""Presses under an announcement."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.pressing import press
from services.storage.models import Press
from tests.doubles.people import announce, ledger, meeting_of, tap


@pytest.mark.parametrize(
    ("place", "button", "phrase"),
    [(0, "read", "announcement_read"), (1, "ask", "announcement_ask"), (2, "stop", "stopped")],
)
async def test_press_is_counted_once_and_answered_each_time(
    services: Services, session: AsyncSession, place: int, button: str, phrase: str
) -> None:
    """However often a button is pressed, its recipient counts once; each press is answered."""
    meeting = await meeting_of(services, session)
    number = (await announce(session, meeting.now)).id
    first = await press(meeting, f"x:{number}:{place}")
    second = await press(meeting, f"x:{number}:{place}")
    rows = list(await session.scalars(select(Press)))

    assert first == second
    assert first is not None
    assert first.lead == meeting.say(phrase)
    assert [(row.who, row.button) for row in rows] == [(meeting.person.who, button)]


async def test_stop_withdraws(services: Services, session: AsyncSession) -> None:
    """“Dừng nhận tin” is a no to all, noted with the button's own words."""
    meeting = await meeting_of(services, session)
    await tap(meeting, "yes")
    await press(meeting, f"x:{(await announce(session, meeting.now)).id}:2")

    assert not meeting.person.agreed
    assert (await ledger(session))[-1] == (False, meeting.say("announcement_button_stop"))


@pytest.mark.parametrize("payload", ["x:99", "x:", "x:một:1", "x:1:3", f"x:{'9' * 30}", "p:yes"])
async def test_unknown_announcement_or_button_is_stale(
    services: Services, session: AsyncSession, payload: str
) -> None:
    """Nothing is counted for what there is not."""
    meeting = await meeting_of(services, session)
    await announce(session, meeting.now)

    assert await press(meeting, payload) is None
    assert list(await session.scalars(select(Press))) == []
