"""Sending in a chat what was approved, following it, holding it, giving it up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.announcements import approval
from services.announcements.quiet import Quiet
from services.conversation.reply import Reply
from services.errors import AnnouncementError
from services.staff import account, audit
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER
from tests.doubles.scene import Scene
from tests.doubles.staff_member import StaffMember, linked, only, write_all

EIGHT = datetime(2026, 11, 27, 1, tzinfo=UTC)


@pytest.fixture
async def lan(scene: Scene) -> StaffMember:
    """Return an author whose draft is approved, looking at it."""
    made = await linked(scene, "Hoa", "author", "77")
    await write_all(made)
    await scene.announcer.approve(scene.session, 1, APPROVER)
    await made.send("b:open-1")
    return made


async def sending(scene: Scene, lan: StaffMember) -> Announcement:
    """Have it be sent; one of three has it, one never will."""
    await lan.press("Gửi", "Gửi")
    announcement = await only(scene)
    announcement.state = "sending"
    states = ("sent", "stopped", "pending")
    for row, state in zip(await deliveries(scene), states, strict=True):
        row.state, row.reason = state, "blocked" if state == "stopped" else ""
    await scene.session.flush()
    return announcement


async def deliveries(scene: Scene) -> list[Delivery]:
    """Return all deliveries."""
    return list(await scene.session.scalars(select(Delivery).order_by(Delivery.id)))


async def test_count_is_asked_about_as_it_is_now(scene: Scene, lan: StaffMember) -> None:
    """Sending takes one press more, under the number of people."""
    asked = await lan.press("Gửi")
    state = (await only(scene)).state
    shown = await lan.press("Gửi")

    assert asked.startswith("Gửi cho 3 người ngay bây giờ?")
    assert (state, (await only(scene)).state) == ("approved", "queued")
    assert "Tiến độ ở tin dưới đây" in shown


async def test_sender_follows(scene: Scene, lan: StaffMember) -> None:
    """In a message of their chat that is not sent yet."""
    await lan.press("Gửi", "Gửi")

    assert (await only(scene)).progress == ["77", ""]


async def test_time_is_written(scene: Scene, lan: StaffMember) -> None:
    """As people write it; in Việt Nam's time."""
    await lan.press("Hẹn giờ")
    asked = await lan.write("27/11 08:00")
    await lan.press("Gửi")
    announcement = await only(scene)

    assert asked.startswith("Gửi cho 3 người lúc 08:00 ngày 27/11/2026?")
    assert (announcement.state, announcement.starts_at) == ("queued", EIGHT)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("sáng mai", "như 27/11 08:00"), ("24/11 11:59", "đã qua"), ("1/1/2027 8h", "sau hạn")],
)
async def test_wrong_time_is_one_sentence(lan: StaffMember, written: str, sentence: str) -> None:
    """And another can be written."""
    await lan.press("Hẹn giờ")
    with pytest.raises(AnnouncementError, match=sentence):
        await lan.write(written)

    assert "Gửi cho 3 người" in await lan.write("8h 27/11")


async def test_quiet_hours_are_told_before(lan: StaffMember) -> None:
    """Whoever sends at night knows when it begins."""
    lan.quiet = Quiet.read("11:00-13:30")

    assert "tin bắt đầu đi lúc 13:30 ngày 24/11/2026" in await lan.press("Gửi")


async def test_number_that_moved_needs_another_approval(scene: Scene, lan: StaffMember) -> None:
    """The refusal stands above the way to ask for it, and that leads to an approval that counts."""
    minh = await linked(scene, "Bình", "approver", "78")
    await scene.settle(4)
    refused = await lan.press("Gửi", "Gửi")
    assert "Chưa gửi: Lúc duyệt có 3 người nhận, bây giờ 4" in refused

    await lan.press("Xin duyệt")
    minh.take(lan)
    await minh.press("Duyệt")
    lan.take(minh)
    await lan.press("Gửi", "Gửi")

    assert (await only(scene)).state == "queued"


async def test_second_press_sends_nothing_twice(scene: Scene, lan: StaffMember) -> None:
    """The button of a message that was pressed already is refused."""
    await lan.press("Gửi")
    payload = lan.buttons[0].payload
    await lan.press("Gửi")

    assert "đang chờ gửi nên không gửi được" in await lan.send(payload)
    assert len(await deliveries(scene)) == 3


async def test_what_is_half_written_outlives_a_sending(lan: StaffMember) -> None:
    """Sending one announcement does not lose another."""
    send = lan.buttons[0].payload
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write("Tin khác")
    await lan.send(send)
    await lan.press("Gửi")

    assert (await lan.row()).fields["body"] == "Tin khác"


async def test_progress_is_told_in_numbers(scene: Scene, lan: StaffMember) -> None:
    """To another than who follows it: as it is now, with a way to look again."""
    await sending(scene, lan)
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.open()
    await minh.press("Đang gửi (1)")
    told = await minh.press("1. Mời bà con dự lớp OCOP")

    assert "📤 Đang gửi.\n\n▓▓▓▓▓▓░░░░ 66 %" in told
    assert "- Đã nhận: 1 / 3\n- Đang chờ: 1\n- Không nhận được nữa: 1 (1 đã chặn bot)" in told
    assert minh.labels == ["Tạm dừng", "Hủy", "Xem lại"]


async def test_who_opens_what_nobody_follows_follows_it(scene: Scene, lan: StaffMember) -> None:
    """What was sent from the command line, for one."""
    reply = await sending(scene, lan)
    reply.progress = []
    told = await lan.send("b:open-1")

    assert "ở tin dưới đây" in told
    assert reply.progress == ["77", ""]


async def test_paused_and_resumed(scene: Scene, lan: StaffMember) -> None:
    """By anyone who writes; the message that is followed changes by itself, any other in place."""
    announcement = await sending(scene, lan)
    announcement.progress = ["77", "5"]
    minh = await linked(scene, "Bình", "author", "78")
    silent = await lan.send("b:pause-1", place=5)
    paused = announcement.state
    told = await minh.send("b:resume-1", place=9)

    assert (silent, paused) == ("", "paused")
    assert "⏳ Chờ tới lượt gửi" in told
    with pytest.raises(AnnouncementError, match="không gửi tiếp"):
        await lan.send("b:resume-1")


async def without_its_yes(scene: Scene, lan: StaffMember) -> Announcement:
    """Have it be sent and held, for its approver has left."""
    announcement = await sending(scene, lan)
    await account.disable(scene.session, APPROVER, NOON, audit.SYSTEM)
    await approval.hold_all_by(scene.session, APPROVER, NOON, audit.SYSTEM)
    return announcement


async def test_paused_without_its_yes_is_approved_anew(scene: Scene, lan: StaffMember) -> None:
    """Another finds it among what waits for a yes; the author goes on with the rest."""
    announcement = await without_its_yes(scene, lan)
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.open()
    await minh.press("Chờ tôi duyệt (1)")
    shown = await minh.press("1. Mời bà con dự lớp OCOP")
    labels = minh.labels
    told = await minh.press("Duyệt")
    lan.take(minh)
    held, again = announcement.state, lan.labels
    await lan.press("Gửi tiếp")

    assert "đang tạm dừng" in shown
    assert "[thư] 📢 Mời bà con dự lớp OCOP" in shown
    assert labels == ["✅ Duyệt", "Hủy"]
    assert told == "✅ Đã duyệt thông báo 1."
    assert (held, again) == ("paused", ["Gửi tiếp", "Để sau"])
    assert announcement.state == "queued"


async def test_paused_is_approved_anew_once(scene: Scene, lan: StaffMember) -> None:
    """Where its yes counts it shows how far it is; a second tap gives no second yes."""
    await without_its_yes(scene, lan)
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.send("b:open-1")
    [yes] = [button.payload for button in minh.buttons if "approve" in button.payload]
    await minh.send(yes)
    twice = await minh.send(yes)
    await minh.open()
    listed = minh.labels
    shown = await minh.send("b:open-1")

    assert twice == "Thông báo 1 đã được duyệt rồi."
    assert "Chờ tôi duyệt (0)" in listed
    assert "Đang tạm dừng" in shown


async def test_author_of_what_is_paused_sees_how_far_it_is(scene: Scene, lan: StaffMember) -> None:
    """Nobody is asked for their own yes; what they can do is to give up the rest."""
    await without_its_yes(scene, lan)
    (await only(scene)).progress = ["78", "5"]
    shown = await lan.send("b:open-1")

    assert "Đang tạm dừng" in shown
    assert "phải duyệt lại" in shown


async def test_cancel_asks_once_more(scene: Scene, lan: StaffMember) -> None:
    """Beside the message that was pressed; one press takes it back, one does it."""
    announcement = await sending(scene, lan)
    asked = await lan.send("b:cancel-1", place=5)
    assert lan.reaction.instead_of is None
    kept = await lan.press("Không hủy")
    assert (announcement.state, kept) == ("sending", "Không hủy thông báo 1.")

    await lan.send("b:cancel-1")
    await lan.press("Hủy hẳn")

    assert "1 người chưa tới lượt sẽ không nhận" in asked
    assert announcement.state == "cancelled"
    assert [row.state for row in await deliveries(scene)] == ["sent", "stopped", "cancelled"]


async def test_report_and_who_got_nothing(scene: Scene, lan: StaffMember) -> None:
    """The report in words; of those who got nothing, how many and why."""
    announcement = await sending(scene, lan)
    announcement.state, announcement.finished_at = "done", NOON
    await lan.open()
    await lan.press("Đã gửi")
    told = await lan.press("1. Mời bà con dự lớp OCOP")
    why = await lan.press("Ai không nhận được?")

    assert "đã gửi xong" in told
    assert "1 người không nhận được nữa (1 đã chặn bot)" in told
    assert "1 người không nhận được nữa (1 đã chặn bot)" in why


async def test_what_could_not_begin_says_why(scene: Scene, lan: StaffMember) -> None:
    """A scheduled one whose approval no longer held is a draft again."""
    announcement = await sending(scene, lan)
    announcement.state, announcement.reason = (
        "draft",
        "Lúc duyệt có 3 người nhận, bây giờ 9: phải duyệt lại.",
    )
    told = await lan.send("b:open-1")

    assert "Lần trước chưa gửi được: Lúc duyệt có 3 người" in told


@pytest.mark.parametrize("role", ["content", "agent"])
async def test_other_staff_only_look(scene: Scene, lan: StaffMember, role: str) -> None:
    """Who writes no announcements sees how far they are, and no more."""
    await sending(scene, lan)
    other = await linked(scene, "Chi", role, "80")
    await other.open()
    labels = other.labels
    await other.press("Đang gửi (1)", "1. Mời bà con dự lớp OCOP")

    assert labels == ["Đang gửi (1)", "Đã gửi"]
    assert other.labels == ["Xem lại"]
    for payload in ("b:new", "b:pause-1", "b:end-1", "b:missed-1", "b:go-1-0", "b:asked"):
        assert "không làm được việc này" in await other.send(payload)


async def test_long_lists_have_pages(scene: Scene) -> None:
    """Eight at a time, the newest first."""
    hand = await linked(scene, "Hoa", "author", "77")
    for _ in range(10):
        await scene.announcer.draft(scene.session, scene.read(), "Hoa")
    await hand.open()
    await hand.press("Bản nháp của tôi (10)")
    first = hand.labels
    await hand.press("Trang sau")

    assert first[0].startswith("10.")
    assert (len(first), hand.labels) == (10, ["2. Lớp tập huấn", "1. Lớp tập huấn", "Bảng việc"])


async def test_lapsed_time_is_refused_at_the_press(scene: Scene, lan: StaffMember) -> None:
    """Who confirms after the hour they wrote is told so."""
    await lan.press("Hẹn giờ")
    await lan.write("24/11 12:30")
    scene.clock.moment += timedelta(hours=1)

    assert "Giờ hẹn gửi đã qua" in await lan.press("Gửi")


async def test_another_hour_may_be_written(scene: Scene, lan: StaffMember) -> None:
    """Until it is confirmed, what is typed is another proposal."""
    await lan.press("Hẹn giờ")
    await lan.write("26/11 22:30")
    asked = await lan.write("7 giờ 27/11/2026")
    await lan.press("Gửi")

    assert asked.startswith("Gửi cho 3 người lúc 07:00 ngày 27/11/2026")
    assert (await only(scene)).starts_at == EIGHT - timedelta(hours=1)


async def test_hour_of_what_is_scheduled_is_changed(scene: Scene, lan: StaffMember) -> None:
    """Without another approval: it is the same text for the same people."""
    await lan.press("Hẹn giờ")
    await lan.write("26/11 22:30")
    await lan.press("Gửi")
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.send("b:open-1")
    await minh.press("Đổi giờ")
    asked = await minh.write("27/11 08:00")
    await minh.press("Đổi giờ")
    announcement = await only(scene)

    assert asked.startswith("Gửi thông báo 1 lúc 08:00 ngày 27/11")
    assert (announcement.state, announcement.starts_at) == ("queued", EIGHT)


async def test_draft_is_begun_from_another(scene: Scene, lan: StaffMember) -> None:
    """A cancelled one is a draft of its own again: same text, same people, no approval."""
    await lan.press("Gửi", "Gửi")
    await lan.send("b:cancel-1")
    await lan.press("Hủy hẳn")
    await lan.send("b:open-1")
    shown = await lan.press("Soạn lại từ tin này")
    old, new = await scene.session.scalars(select(Announcement).order_by(Announcement.id))

    assert "Diễn tập bản nháp 2" in shown
    assert (old.state, new.state, new.author) == ("cancelled", "draft", "Hoa")
    assert (new.title, new.body, new.audience) == (old.title, old.body, old.audience)


async def test_names_of_people_stay_in_the_house(scene: Scene, lan: StaffMember) -> None:
    """How many got nothing and why; who they are, only at the office's own terminal."""
    announcement = await sending(scene, lan)
    announcement.state, announcement.finished_at = "done", NOON
    told = await lan.send("b:missed-1")

    assert "htx announce report 1 --csv" in told
    assert all(isinstance(wording, Reply) for wording in lan.reaction.wordings)
