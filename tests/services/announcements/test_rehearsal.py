"""A rehearsal: everybody's letter is written and checked, and nothing is sent."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.announcements.quiet import Quiet
from services.announcements.rehearsal import Rehearsal, rehearse
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.bureau import APPROVER, PDF, Bureau

NIGHT = Quiet.read("21:00-06:00")


async def played(bureau: Bureau, said: Announcement, rate: float = 24) -> Rehearsal:
    """Rehearse."""
    return await rehearse(bureau.session, bureau.announcer, said, rate, NIGHT)


async def draft(bureau: Bureau, body: str = "Mời {{ name }}.", **head: Any) -> Announcement:
    """Keep a draft with two attachments, so that a letter is three messages."""
    for name in ("a.pdf", "b.pdf"):
        (bureau.folder / name).write_bytes(PDF + name.encode())
    return await bureau.drafted(body, attachments=["a.pdf", "b.pdf"], **head)


async def test_messages_people_and_time_are_counted(bureau: Bureau) -> None:
    """As they would be sent now; the same numbers as the count's."""
    await bureau.settle(11, agreed=False)
    said = await draft(bureau)
    found = await played(bureau, said, rate=3)

    assert (found.total, found.parts, found.seconds) == (3, 9, 3.0)
    assert (found.starts_at, found.ends_at) == (NOON, NOON + timedelta(seconds=3))
    assert found.left_out == {"no_consent": 1}
    assert (found.faults, found.held, found.late, found.approved) == ((), False, False, False)


async def test_nothing_is_sent(bureau: Bureau) -> None:
    """No delivery is made, and the state stays."""
    said = await draft(bureau)
    await played(bureau, said)

    assert said.state == "draft"
    assert (await bureau.session.scalars(select(Delivery))).all() == []


async def test_unpaced_takes_no_time(bureau: Bureau) -> None:
    """A rate of nought is unpaced."""
    found = await played(bureau, await draft(bureau), rate=0)

    assert (found.seconds, found.ends_at) == (0.0, NOON)


async def test_quiet_hours_are_counted(bureau: Bureau) -> None:
    """At night it begins in the morning."""
    bureau.clock.pass_(hours=11)
    found = await played(bureau, await draft(bureau), rate=1)
    written = found.as_json()

    assert found.held
    assert written["starts_at"] == "2026-11-25T06:00:00+07:00"
    assert written["ends_at"] == "2026-11-25T06:00:09+07:00"


async def test_what_ends_after_the_last_day_is_told(bureau: Bureau) -> None:
    """The night lies between."""
    bureau.clock.pass_(hours=8, minutes=59, seconds=58)
    found = await played(bureau, await draft(bureau, valid_until="2026-11-24"), rate=1)

    assert (found.late, found.held) == (True, False)


async def test_approval_of_exactly_this_is_told(bureau: Bureau) -> None:
    """Of another text it does not count; its hash is what an approver names."""
    said = await draft(bureau)
    await bureau.announcer.approve(
        bureau.session, said.id, APPROVER, (await played(bureau, said)).hash
    )

    assert (await played(bureau, said)).approved
    said.body = "Khác."
    assert not (await played(bureau, said)).approved


async def test_faults_are_told_in_place_of_letters(bureau: Bureau) -> None:
    """Nothing is written of what can't be."""
    found = await played(bureau, await draft(bureau, "{{ phone }}"))

    assert (found.total, found.parts) == (3, 0)
    assert "{{ phone }}" in found.faults[0]


async def test_audience_of_nobody_is_a_fault(bureau: Bureau) -> None:
    """With what to do."""
    found = await played(bureau, await draft(bureau, audience={"roles": "officer"}))

    assert "Không ai nhận được" in found.faults[0]


async def test_rehearsal_is_one_object_for_a_machine(bureau: Bureau) -> None:
    """With every number that is printed."""
    written = (await played(bureau, await draft(bureau))).as_json()

    assert {"total", "parts", "left_out", "seconds", "faults", "approved", "hash"} <= written.keys()
    assert written["faults"] == []
