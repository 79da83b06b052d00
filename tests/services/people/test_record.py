import json
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.people import groups
from services.people.person import stop
from services.people.record import held
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.log import turn
from tests.doubles.rolls import Take, met, said


async def test_record_holds_all_of_one_person(session: AsyncSession, take: Take) -> None:
    """Every yes and no, topics, groups, deliveries and questions, ready for JSON."""
    await take("telegram,1,Bà Ba,farmer,20332,ocop,yes")
    person = await met(session)
    await said(session, person, given=False)
    await groups.join(session, "xa", [person.id])
    stop(person, "blocked", NOON + timedelta(hours=1))
    letter = Announcement(
        title="T", topic="ocop", body="b", audience={}, author="A", created_at=NOON
    )
    session.add_all((letter, turn("lãi suất", channel="telegram", key="1")))
    await session.flush()
    mine = Delivery(
        announcement_id=letter.id, person_id=person.id, who=person.who, batch=0, state="sent"
    )
    session.add(mine)

    found = await held(session, "telegram", "1")

    assert found is not None
    shown = json.loads(json.dumps(found.as_json()))
    assert [row["given"] for row in shown["consent"]] == [True, False]
    assert (shown["topics"], shown["groups"]) == ({"ocop": True}, ["xa"])
    assert shown["person"]["place_name"] == "Xã Hòa Tiến"
    assert [row["state"] for row in shown["deliveries"]] == ["sent"]
    assert [row["text"] for row in shown["turns"]] == ["lãi suất"]


async def test_of_a_stranger_nothing_is_held(session: AsyncSession) -> None:
    """Who only asked is told by the questions alone."""
    session.add(turn("hỏi", channel="telegram", key="2"))
    await session.flush()

    asked = await held(session, "telegram", "2")

    assert await held(session, "telegram", "1") is None
    assert asked is not None
    assert asked.person is None
    assert [told["text"] for told in asked.as_json()["turns"]] == ["hỏi"]
