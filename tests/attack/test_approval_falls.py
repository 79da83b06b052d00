"""An approval is of a person who may give it, of a text that was seen, and not for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.announcements import approval
from services.errors import AnnouncementError
from services.staff import account, audit
from services.storage.models import Staff
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import Scene


async def disable(scene: Scene, name: str) -> None:
    """Have an account disabled."""
    await account.disable(scene.session, name, scene.announcer.now(), audit.SYSTEM)
    await scene.session.flush()


async def change_role(scene: Scene, name: str, role: str) -> None:
    """Have an account be of another role."""
    await scene.session.execute(update(Staff).where(Staff.name == name).values(role=role))


async def refusal(scene: Scene, number: int, who: str) -> str:
    """Return the code with which sending an announcement is refused."""
    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.send(scene.session, number, who)
    return refused.value.code


async def test_approval_falls_with_its_account(scene: Scene) -> None:
    """The approver's phone was stolen: what the thief approved before is not sent after."""
    approved = await scene.approved()
    await disable(scene, APPROVER)

    assert await refusal(scene, approved.id, AUTHOR) == "approval_fallen"


async def test_approval_falls_with_the_right_to_give_it(scene: Scene) -> None:
    """Whoever is an author by now has approved nothing."""
    approved = await scene.approved()
    await change_role(scene, APPROVER, "author")

    assert await refusal(scene, approved.id, AUTHOR) == "approval_fallen"


async def test_approval_is_never_of_the_author(scene: Scene) -> None:
    """Who approved another's text and then takes it over needs somebody else's yes."""
    await scene.hire("Hoa", "approver")
    written = await scene.drafted()
    await scene.announcer.approve(scene.session, written.id, "Hoa")
    await scene.announcer.change(scene.session, written.id, scene.read("Lời khác."), AUTHOR)
    await scene.announcer.change(scene.session, written.id, scene.read(), "Hoa")

    assert await refusal(scene, written.id, "Hoa") == "approval_own"


async def test_approval_lapses_after_seven_days(scene: Scene) -> None:
    """What was right in January is not sent in June."""
    approved = await scene.approved()
    scene.clock.pass_(days=7, seconds=1)

    assert await refusal(scene, approved.id, AUTHOR) == "approval_lapsed"


async def test_approval_lasts_seven_days(scene: Scene) -> None:
    """To the last minute; whoever sends it later on asks for another."""
    approved = await scene.approved()
    scene.clock.pass_(days=7)

    assert (await scene.announcer.send(scene.session, approved.id, AUTHOR)).state == "queued"


async def test_what_was_ordered_in_time_stays_approved(scene: Scene) -> None:
    """Scheduled for next month it will begin: nobody is told that its approval counts no more."""
    late, scheduled = await scene.approved("Lời khác."), await scene.approved()
    at = scene.announcer.now() + timedelta(days=20)
    await scene.announcer.send(scene.session, scheduled.id, AUTHOR, at)
    scene.clock.pass_(days=8)
    now = scene.announcer.now()

    assert await approval.standing(scene.session, late, now) is None
    assert await approval.standing(scene.session, scheduled, now) is not None


async def test_refusal_takes_back_every_approval_before_it(scene: Scene) -> None:
    """A text that was edited, refused and edited back is not approved by the yes of before."""
    await scene.hire("Hoa", "approver")
    written = await scene.approved()
    await scene.announcer.change(scene.session, written.id, scene.read("Lời khác."), AUTHOR)
    await scene.announcer.refuse(scene.session, written.id, "Hoa")
    await scene.announcer.change(scene.session, written.id, scene.read(), AUTHOR)

    assert await refusal(scene, written.id, AUTHOR) == "approval_fallen"


async def test_refusal_of_what_is_approved_holds_it(scene: Scene) -> None:
    """One of two who may approve sees what the other overlooked; a later yes counts again."""
    await scene.hire("Hoa", "approver")
    written = await scene.approved()
    await scene.announcer.refuse(scene.session, written.id, "Hoa")
    state = written.state
    await scene.announcer.approve(scene.session, written.id, "Hoa")

    assert (state, written.state) == ("draft", "approved")
    assert (await scene.announcer.send(scene.session, written.id, AUTHOR)).state == "queued"


async def test_what_is_on_its_way_stops_with_its_approver(scene: Scene) -> None:
    """A scheduled one is a draft again, one that is being sent is held, and says why."""
    scheduled = await scene.approved()
    at = scene.announcer.now().replace(hour=23)
    await scene.announcer.send(scene.session, scheduled.id, AUTHOR, at)
    sending = await scene.sent("Lời khác.")

    await disable(scene, APPROVER)
    held = await approval.hold_all_by(scene.session, APPROVER, NOON, audit.SYSTEM)

    assert held == [scheduled.id, sending.id]
    assert (scheduled.state, scheduled.starts_at, sending.state) == ("draft", None, "paused")
    assert all("người duyệt" in one.reason for one in (scheduled, sending))
    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.resume(scene.session, sending.id, AUTHOR)
    assert refused.value.code == "approval_fallen"


async def test_what_was_held_so_goes_on_with_another_yes(scene: Scene) -> None:
    """Nobody who got it already gets it twice."""
    await scene.hire("Hoa", "approver")
    sending = await scene.sent()
    await disable(scene, APPROVER)
    await approval.hold_all_by(scene.session, APPROVER, NOON, audit.SYSTEM)
    await scene.announcer.approve(scene.session, sending.id, "Hoa")
    held = sending.state
    await scene.announcer.resume(scene.session, sending.id, AUTHOR)

    assert (held, sending.state) == ("paused", "queued")


async def test_what_was_queued_beside_the_look_is_not_begun(scene: Scene) -> None:
    """Somebody sent it just as the account was being disabled: the look came too early.

    It has its deliveries: as a draft it could be changed, and go to those whom it meant before.
    """
    sending = await scene.sent()
    await disable(scene, APPROVER)

    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.begin(scene.session, sending)
    assert (refused.value.code, sending.state) == ("approval_fallen", "paused")
