"""A rehearsal: everybody's letter is written and checked, and nothing is sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.announcements.quiet import Quiet
from services.announcements.rehearsal import Rehearsal
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.announcing import APPROVER
from tests.doubles.office import PDF, Office

NIGHT = Quiet.read("21:00-06:00")


async def played(office: Office, announcement: Announcement, rate: float = 24) -> Rehearsal:
    """Rehearse."""
    announcer = replace(office.announcer, rate=rate, quiet=NIGHT)
    return await announcer.rehearse(office.session, announcement.id)


async def draft(office: Office, body: str = "Mời {{ name }}.", **head: Any) -> Announcement:
    """Keep a draft with two attachments, so that a letter is three messages."""
    for name in ("a.pdf", "b.pdf"):
        (office.folder / name).write_bytes(PDF + name.encode())
    return await office.drafted(body, attachments=["a.pdf", "b.pdf"], **head)


async def test_messages_people_and_time_are_counted(office: Office) -> None:
    """As they would be sent now; the same numbers as the count's."""
    await office.settle(11, agreed=False)
    announcement = await draft(office)
    found = await played(office, announcement, rate=3)

    assert (found.total, found.parts, found.seconds) == (3, 9, 3.0)
    assert (found.starts_at, found.ends_at) == (NOON, NOON + timedelta(seconds=3))
    assert found.left_out == {"no_consent": 1}
    assert (found.faults, found.held, found.late, found.approved) == ((), False, False, False)


async def test_nothing_is_sent(office: Office) -> None:
    """No delivery is made, and the state stays."""
    announcement = await draft(office)
    await played(office, announcement)

    assert announcement.state == "draft"
    assert (await office.session.scalars(select(Delivery))).all() == []


async def test_unpaced_takes_no_time(office: Office) -> None:
    """A rate of nought is unpaced."""
    found = await played(office, await draft(office), rate=0)

    assert (found.seconds, found.ends_at) == (0.0, NOON)


async def test_quiet_hours_are_counted(office: Office) -> None:
    """At night it begins in the morning."""
    office.clock.pass_(hours=11)
    found = await played(office, await draft(office), rate=1)
    written = found.as_json()

    assert found.held
    assert written["starts_at"] == "2026-11-25T06:00:00+07:00"
    assert written["ends_at"] == "2026-11-25T06:00:09+07:00"


async def test_what_ends_after_the_last_day_is_told(office: Office) -> None:
    """The night lies between."""
    office.clock.pass_(hours=8, minutes=59, seconds=58)
    found = await played(office, await draft(office, valid_until="2026-11-24"), rate=1)

    assert (found.late, found.held) == (True, False)


async def test_approval_of_exactly_this_is_told(office: Office) -> None:
    """Of another text it does not count; its hash is what an approver names."""
    announcement = await draft(office)
    await office.announcer.approve(
        office.session, announcement.id, APPROVER, (await played(office, announcement)).hash
    )

    assert (await played(office, announcement)).approved
    announcement.body = "Khác."
    assert not (await played(office, announcement)).approved


async def test_faults_are_told_in_place_of_letters(office: Office) -> None:
    """Nothing is written of what can't be."""
    found = await played(office, await draft(office, "{{ phone }}"))

    assert (found.total, found.parts) == (3, 0)
    assert "{{ phone }}" in str(found.faults[0])


async def test_audience_of_nobody_is_a_fault(office: Office) -> None:
    """With what to do."""
    found = await played(office, await draft(office, audience={"roles": "officer"}))

    assert "Không ai nhận được" in str(found.faults[0])


async def test_rehearsal_is_one_object_for_a_machine(office: Office) -> None:
    """With every number that is printed."""
    written = (await played(office, await draft(office))).as_json()

    assert {"total", "parts", "left_out", "seconds", "faults", "approved", "hash"} <= written.keys()
    assert written["faults"] == []
