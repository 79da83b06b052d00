"""The announcer: every step, what it refuses and what it leaves as it was."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements import deliveries, report
from services.clock import VIETNAM
from services.errors import AnnouncementError
from services.staff import audit
from services.storage.models import Announcement, Audit, Delivery
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import PDF, Scene

LATER = NOON + timedelta(hours=3)


async def done(scene: Scene) -> list[str]:
    """Return what the audit holds, in order."""
    return [f"{row.who} {row.did}" for row in await scene.session.scalars(select(Audit))]


async def begun(scene: Scene, announcement: Announcement) -> str:
    """Begin what is due; return the state afterwards."""
    await scene.announcer.begin(scene.session, announcement)
    return announcement.state


async def test_walk_from_draft_to_sending(scene: Scene) -> None:
    """Each step moves the state, and the audit tells who did it."""
    announcement = await scene.drafted()
    states = [announcement.state]
    for step in (
        scene.announcer.approve(scene.session, announcement.id, APPROVER),
        scene.announcer.send(scene.session, announcement.id, AUTHOR),
        begun(scene, announcement),
        scene.announcer.pause(scene.session, announcement.id, AUTHOR),
        scene.announcer.resume(scene.session, announcement.id, APPROVER),
        scene.announcer.cancel(scene.session, announcement.id, AUTHOR),
    ):
        await step
        states.append(announcement.state)

    assert states == ["draft", "approved", "queued", "sending", "paused", "queued", "cancelled"]
    assert await done(scene) == [
        "Lan announce.draft",
        "Minh announce.approve",
        "Lan announce.send",
        "Lan announce.pause",
        "Minh announce.resume",
        "Lan announce.cancel",
    ]


async def test_audit_holds_numbers_and_hashes_alone(scene: Scene) -> None:
    """No text and no chat."""
    (scene.folder / "people.csv").write_text("chat_id\n987654\n", encoding="utf-8")
    await scene.settle(987654)
    announcement = await scene.sent("Lời kín.", audience={"csv": "people.csv"})
    notes = [
        str(row.note)
        for row in await audit.entries(scene.session, f"announcement {announcement.id}")
    ]

    assert "987654" not in f"{notes} {announcement.audience}"
    assert "Lời kín" not in str(notes)


async def test_topic_written_as_its_label_is_kept_by_its_name(scene: Scene) -> None:
    """Also in the audience."""
    label = "đăng ký sản phẩm OCOP"
    announcement = await scene.drafted(topic=label, audience={"topics": [label]})

    assert (announcement.topic, announcement.audience) == ("ocop", {"topics": ["ocop"]})


async def test_words_that_are_no_topic_are_refused(scene: Scene) -> None:
    """With the topics that there are."""
    with pytest.raises(AnnouncementError, match="Không có chủ đề “Lớp học”"):
        await scene.drafted(topic="Lớp học")


async def test_topic_of_no_menu_is_told_and_no_fault(scene: Scene) -> None:
    """It may be meant; it may be a slip of the pen."""
    announcement = await scene.drafted(topic="ocopp")
    found = await scene.announcer.inspect(scene.session, announcement)

    assert found.faults == ()
    assert "Chủ đề “ocopp” không có trong menu" in found.notices[0]


async def test_markdown_in_a_title_is_told(scene: Scene) -> None:
    """A title is shown as it is written."""
    announcement = await scene.drafted(title="Lớp **mới**")
    (notice,) = (await scene.announcer.inspect(scene.session, announcement)).notices

    assert "Tiêu đề hiện nguyên các dấu" in notice


async def test_source_named_by_its_id_is_shown_by_its_title(scene: Scene) -> None:
    """A farmer reads no ids."""
    assert (await scene.drafted(source="luat-17-2023")).source == "Luật Hợp tác xã 17/2023/QH15"


FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown placeholder": ("{{ phone }}", {}, "Chỗ điền {{ phone }} không có"),
    "empty text": ("", {}, "chưa có nội dung"),
    "text too long": ("a" * 4097, {}, "Telegram chỉ nhận 4096"),
    "blank in the text": ("Ngày [ngày].", {}, "Còn chỗ trống [ngày] chưa điền"),
    "blank in the title": ("Mời.", {"title": "Lớp [tên lớp]"}, "Còn chỗ trống [tên lớp] chưa điền"),
    "past date": ("Mời.", {"valid_until": "2026-11-23"}, "Hạn 23/11/2026 đã qua"),
    "field that is empty": ("Đến {{ valid_until }}.", {}, "phần đầu chưa ghi valid_until"),
    "empty audience": ("Mời.", {"audience": {}}, "Chưa ghi thông báo gửi cho ai"),
    "nobody in the audience": ("Mời.", {"audience": {"roles": "officer"}}, "Không ai nhận được"),
    "unknown place": ("Mời.", {"audience": {"places": "Xa"}}, "Không có xã, phường nào"),
    "unknown group": ("Mời.", {"audience": {"groups": "tổ 9"}}, "Nhóm “tổ 9” chưa có ai"),
    "unknown group left out": (
        "Mời.",
        {"audience": {"roles": "farmer", "exclude": ["bận"]}},
        "Nhóm “bận” chưa có ai",
    ),
    "missing attachment": ("Mời.", {"attachments": "thu.pdf"}, "Không thấy tệp “thu.pdf”"),
    "attachment elsewhere": ("Mời.", {"attachments": "../a.pdf"}, "nằm ngoài thư mục"),
    "wrong encoding": ("Mời.", {"audience": {"csv": "sai.csv"}}, "sai.csv không phải chữ UTF-8"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_bad_input_is_kept_and_never_sent(scene: Scene, fault: str) -> None:
    """The draft stays; approving says in one sentence what to mend; nobody gets a delivery."""
    body, head, says = FAULTS[fault]
    (scene.folder / "sai.csv").write_bytes("chat_id\nĐà".encode("utf-16-le"))
    announcement = await scene.drafted(body, **head)

    assert says in (await scene.faults(announcement))[0]
    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert announcement.state == "draft"
    assert (await scene.session.scalars(select(Delivery))).all() == []


async def test_last_day_itself_is_not_past(scene: Scene) -> None:
    """In Việt Nam's time."""
    assert await scene.faults(await scene.drafted(valid_until="2026-11-24")) == ()


async def test_longest_name_is_filled_in_before_anything_is_sent(scene: Scene) -> None:
    """A text that fits without it would be refused on its way."""
    await scene.settle(11, name="🌾" * 40)
    fits = "a" * 3980
    announcement = await scene.drafted(f"{fits} {{{{ name }}}}")

    assert "Với tên người nhận dài nhất: Thông báo dài" in (await scene.faults(announcement))[0]
    assert await scene.faults(await scene.drafted(fits)) == ()


async def test_attachment_that_is_lost_is_told(scene: Scene) -> None:
    """Nothing is sent without it."""
    (scene.folder / "thu.pdf").write_bytes(PDF)
    announcement = await scene.drafted(attachments="thu.pdf")
    for file in (scene.settings.data_dir / "attachments").iterdir():
        file.unlink()

    assert "Mất tệp đính kèm thu.pdf" in (await scene.faults(announcement))[0]


async def test_redraft_needs_a_new_approval(scene: Scene) -> None:
    """Whoever writes it is its author from then on."""
    announcement = await scene.approved()
    await scene.announcer.change(scene.session, announcement.id, scene.read("Lời khác."), APPROVER)

    assert (announcement.state, announcement.author, announcement.body) == (
        "draft",
        APPROVER,
        "Lời khác.",
    )
    with pytest.raises(AnnouncementError, match="đã đổi sau khi duyệt"):
        await scene.announcer.send(scene.session, announcement.id, AUTHOR)


async def test_what_is_queued_is_not_redrafted(scene: Scene) -> None:
    """The text stays as it was approved."""
    announcement = await scene.sent()
    with pytest.raises(AnnouncementError, match="đang chờ gửi nên không sửa được"):
        await scene.announcer.change(scene.session, announcement.id, scene.read("Khác."), AUTHOR)

    assert announcement.body == "Mời bà con dự lớp."


async def test_changed_file_is_not_approved(scene: Scene) -> None:
    """Who reads the file would approve something else than what is sent."""
    announcement = await scene.drafted()
    scene.written("Lời khác.")

    with pytest.raises(AnnouncementError, match=r"Tệp tin\.md đã đổi sau khi soạn"):
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)


async def test_file_written_anew_for_the_next_announcement_is_no_change(scene: Scene) -> None:
    """The first one is still what was drafted."""
    announcement = await scene.drafted()
    await scene.drafted("Tin sau.")

    assert (
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    ).state == "approved"


async def test_file_that_is_gone_is_no_change(scene: Scene) -> None:
    """What was drafted is kept."""
    announcement = await scene.drafted()
    scene.lose(announcement.file)

    assert (
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    ).state == "approved"


async def test_sending_makes_a_delivery_for_each(scene: Scene) -> None:
    """And keeps how many of those meant get none."""
    await scene.settle(11, agreed=False)
    announcement = await scene.sent()

    assert (await deliveries.tally(scene.session, announcement.id))["pending"] == 3
    assert announcement.left_out == {"no_consent": 1}


async def test_more_people_than_approved_need_a_new_approval(scene: Scene) -> None:
    """Nothing is queued then."""
    announcement = await scene.approved()
    await scene.settle(11)

    with pytest.raises(AnnouncementError, match="có 3 người nhận, bây giờ 4"):
        await scene.announcer.send(scene.session, announcement.id, AUTHOR)
    assert announcement.state == "approved"


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (timedelta(0), "Giờ hẹn gửi đã qua"),
        (timedelta(days=-1), "Giờ hẹn gửi đã qua"),
        (timedelta(days=2), "Giờ hẹn gửi sau hạn"),
    ],
)
async def test_moment_that_does_not_fit_is_refused(
    scene: Scene, after: timedelta, says: str
) -> None:
    """Past, or after the last day; the announcement stays approved."""
    announcement = await scene.approved(valid_until="2026-11-25")
    with pytest.raises(AnnouncementError, match=says):
        await scene.announcer.send(scene.session, announcement.id, AUTHOR, NOON + after)

    assert announcement.state == "approved"


async def test_scheduled_one_is_resolved_when_it_begins(scene: Scene) -> None:
    """Who comes meanwhile is told too, within what was approved."""
    await scene.settle(*range(100, 120))
    announcement = await scene.approved()
    await scene.announcer.send(scene.session, announcement.id, AUTHOR, LATER)
    await scene.settle(11)
    scene.clock.pass_(hours=3)

    assert (await deliveries.tally(scene.session, announcement.id))["pending"] == 0
    assert await begun(scene, announcement) == "sending"
    assert (await deliveries.tally(scene.session, announcement.id))["pending"] == 24


async def test_scheduled_one_for_others_than_approved_does_not_begin(scene: Scene) -> None:
    """It stays queued for the caller to put back; there is no delivery."""
    announcement = await scene.approved()
    await scene.announcer.send(scene.session, announcement.id, AUTHOR, LATER)
    await scene.settle(11)
    scene.clock.pass_(hours=3)

    with pytest.raises(AnnouncementError, match="lệch quá 5 %"):
        await scene.announcer.begin(scene.session, announcement)
    assert sum((await deliveries.tally(scene.session, announcement.id)).values()) == 0


async def test_what_lapsed_before_it_began_is_paused(scene: Scene) -> None:
    """Nobody is invited to what is over."""
    announcement = await scene.sent(valid_until="2026-11-24")
    scene.clock.pass_(days=1)

    with pytest.raises(
        AnnouncementError, match="Hạn 24/11/2026 đã qua nên thông báo 1 không gửi nữa"
    ):
        await scene.announcer.begin(scene.session, announcement)
    assert announcement.state == "paused"
    with pytest.raises(AnnouncementError, match="hủy phần chưa gửi"):
        await scene.announcer.resume(scene.session, announcement.id, AUTHOR)


async def test_what_was_cancelled_meanwhile_does_not_begin(scene: Scene) -> None:
    """Whoever looked at it before sees it as it is now."""
    announcement = await scene.sent()
    await scene.announcer.cancel(scene.session, announcement.id, AUTHOR)

    assert await begun(scene, announcement) == "cancelled"
    assert (await deliveries.tally(scene.session, announcement.id))["cancelled"] == 3


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("send", "đã hủy nên không gửi được"),
        ("pause", "đã hủy nên không tạm dừng được"),
        ("resume", "đã hủy nên không gửi tiếp được"),
        ("cancel", "đã hủy nên không hủy được"),
    ],
)
async def test_step_that_the_state_does_not_allow_is_refused(
    scene: Scene, step: str, says: str
) -> None:
    """With the state it is in."""
    announcement = await scene.drafted()
    await scene.announcer.cancel(scene.session, announcement.id, AUTHOR)

    with pytest.raises(AnnouncementError, match=says):
        await getattr(scene.announcer, step)(scene.session, announcement.id, AUTHOR)


@pytest.mark.parametrize("step", ["approve", "send", "pause", "resume", "cancel"])
async def test_number_of_no_announcement_is_told(scene: Scene, step: str) -> None:
    """With where to look."""
    with pytest.raises(AnnouncementError, match="Không có thông báo số 99"):
        await getattr(scene.announcer, step)(scene.session, 99, APPROVER)


async def test_time_is_kept_as_it_is_in_vietnam(scene: Scene) -> None:
    """A moment there is the same moment."""
    announcement = await scene.approved()
    await scene.announcer.send(scene.session, announcement.id, AUTHOR, LATER.astimezone(VIETNAM))
    await scene.session.flush()
    await scene.session.refresh(announcement)

    assert announcement.starts_at == LATER


async def test_link_without_https_is_told(scene: Scene) -> None:
    """No channel shows it: the author writes it in full."""
    announcement = await scene.drafted("Xem [trang của xã](hoatien.danang.gov.vn).")

    [fault] = await scene.faults(announcement)
    assert "“hoatien.danang.gov.vn” thiếu https:// ở đầu" in fault


@pytest.mark.parametrize("body", ["Bµ con häp th«n", "Mêi bµ con ®Õn héi tr­êng x· dù häp"])
async def test_text_of_an_old_font_is_told(scene: Scene, body: str) -> None:
    """Copied out of a document in .VnTime, nobody can read it."""
    [fault] = await scene.faults(await scene.drafted(body))

    assert "phông chữ cũ (TCVN3, .VnTime)" in fault


async def test_ward_that_is_no_more_is_told_and_stops_nothing(scene: Scene) -> None:
    """A code that the list of wards has dropped: reading the row goes on, sending it does not."""
    announcement = await scene.drafted()
    announcement.audience = {"places": ["99999"]}
    await scene.session.flush()

    assert (await scene.announcer.count(scene.session, announcement)).total == 0
    [fault] = await scene.faults(announcement)
    assert "mã “99999”" in fault


async def test_draft_of_another_is_not_deleted(scene: Scene) -> None:
    """Whoever else may write."""
    drafted = await scene.drafted()
    with pytest.raises(AnnouncementError, match="là của Lan"):
        await scene.announcer.delete(scene.session, drafted.id, APPROVER)

    assert drafted.body == "Mời bà con dự lớp."


async def test_deleted_draft_leaves_its_number_alone(scene: Scene) -> None:
    """Its text is gone; the number is no other's, and the audit tells who deleted it."""
    drafted = await scene.drafted()
    await scene.announcer.delete(scene.session, drafted.id, AUTHOR)
    other = await scene.drafted()

    assert (drafted.title, drafted.body, drafted.audience) == ("", "", {})
    assert other.id == drafted.id + 1
    assert (await done(scene))[1] == "Lan announce.delete"


async def test_deleted_draft_is_followed_no_more(scene: Scene) -> None:
    """One that was put back as a draft while a chat followed it leaves nothing to look for."""
    drafted = await scene.drafted()
    report.follow(drafted, "77")
    await scene.announcer.delete(scene.session, drafted.id, AUTHOR)

    assert await report.followed(scene.session) == []


async def test_copy_says_the_same_with_its_files(scene: Scene) -> None:
    """In whatever state the other is; it has no file of its own that could change."""
    (scene.folder / "thu.pdf").write_bytes(PDF)
    sent = await scene.sent(attachments="thu.pdf", source="Giấy mời 12")
    copied = await scene.announcer.copy(scene.session, sent.id, APPROVER)

    assert (copied.state, copied.author, copied.file) == ("draft", APPROVER, "")
    assert (copied.source, copied.attachments) == (sent.source, sent.attachments)


async def test_only_what_waits_for_an_hour_is_given_another(scene: Scene) -> None:
    """Neither a draft nor what is on its way; a past hour is refused, the approval stands."""
    approved = await scene.approved()
    with pytest.raises(AnnouncementError, match="không đổi giờ được"):
        await scene.announcer.reschedule(scene.session, approved.id, AUTHOR, LATER)
    await scene.announcer.send(scene.session, approved.id, AUTHOR, LATER)
    with pytest.raises(AnnouncementError, match="đã qua"):
        await scene.announcer.reschedule(scene.session, approved.id, AUTHOR, NOON)
    await scene.announcer.reschedule(scene.session, approved.id, AUTHOR, LATER + timedelta(1))
    scene.clock.pass_(days=2)

    assert approved.starts_at == LATER + timedelta(1)
    assert await begun(scene, approved) == "sending"


async def test_what_was_given_a_later_hour_meanwhile_does_not_begin(scene: Scene) -> None:
    """Whoever found it due just before its hour was changed leaves it alone."""
    announcement = await scene.approved()
    await scene.announcer.send(scene.session, announcement.id, AUTHOR, LATER)
    scene.clock.pass_(hours=3)
    await scene.announcer.reschedule(scene.session, announcement.id, AUTHOR, LATER + timedelta(1))

    assert await begun(scene, announcement) == "queued"
    assert announcement.starts_at == LATER + timedelta(1)
    assert sum((await deliveries.tally(scene.session, announcement.id)).values()) == 0


@pytest.mark.parametrize(
    "body", ["Vi nhựa 5 µm, kênh Müller, 10 °C.", "“Chào” bà con.", "Mời bà con dự lớp OCOP."]
)
async def test_today_s_letters_are_no_old_font(scene: Scene, body: str) -> None:
    """A foreign name or a unit alone is none."""
    assert await scene.faults(await scene.drafted(body)) == ()
