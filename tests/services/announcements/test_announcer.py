"""The announcer: every step, what it refuses and what it leaves as it was."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements import deliveries
from services.clock import VIETNAM
from services.errors import AnnouncementError
from services.staff import audit
from services.storage.models import Announcement, Audit, Delivery
from tests.conftest import NOON
from tests.doubles.announcing import APPROVER, AUTHOR
from tests.doubles.office import PDF, Office

LATER = NOON + timedelta(hours=3)


async def done(office: Office) -> list[str]:
    """Return what the audit holds, in order."""
    return [f"{row.who} {row.did}" for row in await office.session.scalars(select(Audit))]


async def begun(office: Office, announcement: Announcement) -> str:
    """Begin what is due; return the state afterwards."""
    await office.announcer.begin(office.session, announcement)
    return announcement.state


async def test_walk_from_draft_to_sending(office: Office) -> None:
    """Each step moves the state, and the audit tells who did it."""
    announcement = await office.drafted()
    states = [announcement.state]
    for step in (
        office.announcer.approve(office.session, announcement.id, APPROVER),
        office.announcer.send(office.session, announcement.id, AUTHOR),
        begun(office, announcement),
        office.announcer.pause(office.session, announcement.id, AUTHOR),
        office.announcer.resume(office.session, announcement.id, APPROVER),
        office.announcer.cancel(office.session, announcement.id, AUTHOR),
    ):
        await step
        states.append(announcement.state)

    assert states == ["draft", "approved", "queued", "sending", "paused", "queued", "cancelled"]
    assert await done(office) == [
        "Lan announce.draft",
        "Minh announce.approve",
        "Lan announce.send",
        "Lan announce.pause",
        "Minh announce.resume",
        "Lan announce.cancel",
    ]


async def test_audit_holds_numbers_and_hashes_alone(office: Office) -> None:
    """No text and no chat."""
    (office.folder / "people.csv").write_text("chat_id\n987654\n", encoding="utf-8")
    await office.settle(987654)
    announcement = await office.sent("Lời kín.", audience={"csv": "people.csv"})
    notes = [
        str(row.note)
        for row in await audit.entries(office.session, f"announcement {announcement.id}")
    ]

    assert "987654" not in f"{notes} {announcement.audience}"
    assert "Lời kín" not in str(notes)


async def test_topic_written_as_its_label_is_kept_by_its_name(office: Office) -> None:
    """Also in the audience."""
    label = "đăng ký sản phẩm OCOP"
    announcement = await office.drafted(topic=label, audience={"topics": [label]})

    assert (announcement.topic, announcement.audience) == ("ocop", {"topics": ["ocop"]})


async def test_words_that_are_no_topic_are_refused(office: Office) -> None:
    """With the topics that there are."""
    with pytest.raises(AnnouncementError, match="Không có chủ đề “Lớp học”"):
        await office.drafted(topic="Lớp học")


async def test_topic_of_no_menu_is_told_and_no_fault(office: Office) -> None:
    """It may be meant; it may be a slip of the pen."""
    announcement = await office.drafted(topic="ocopp")
    found = await office.announcer.inspect(office.session, announcement)

    assert found.faults == ()
    assert "Chủ đề “ocopp” không có trong menu" in found.notices[0]


async def test_markdown_in_a_title_is_told(office: Office) -> None:
    """A title is shown as it is written."""
    announcement = await office.drafted(title="Lớp **mới**")
    (notice,) = (await office.announcer.inspect(office.session, announcement)).notices

    assert "Tiêu đề hiện nguyên các dấu" in notice


async def test_source_named_by_its_id_is_shown_by_its_title(office: Office) -> None:
    """A farmer reads no ids."""
    assert (await office.drafted(source="luat-17-2023")).source == "Luật Hợp tác xã 17/2023/QH15"


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
async def test_bad_input_is_kept_and_never_sent(office: Office, fault: str) -> None:
    """The draft stays; approving says in one sentence what to mend; nobody gets a delivery."""
    body, head, says = FAULTS[fault]
    (office.folder / "sai.csv").write_bytes("chat_id\nĐà".encode("utf-16"))
    announcement = await office.drafted(body, **head)

    assert says in (await office.faults(announcement))[0]
    with pytest.raises(AnnouncementError) as refused:
        await office.announcer.approve(office.session, announcement.id, APPROVER)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert announcement.state == "draft"
    assert (await office.session.scalars(select(Delivery))).all() == []


async def test_last_day_itself_is_not_past(office: Office) -> None:
    """In Việt Nam's time."""
    assert await office.faults(await office.drafted(valid_until="2026-11-24")) == ()


async def test_longest_name_is_filled_in_before_anything_is_sent(office: Office) -> None:
    """A text that fits without it would be refused on its way."""
    await office.settle(11, name="🌾" * 40)
    fits = "a" * 3980
    announcement = await office.drafted(f"{fits} {{{{ name }}}}")

    assert "Với tên người nhận dài nhất: Thông báo dài" in (await office.faults(announcement))[0]
    assert await office.faults(await office.drafted(fits)) == ()


async def test_attachment_that_is_lost_is_told(office: Office) -> None:
    """Nothing is sent without it."""
    (office.folder / "thu.pdf").write_bytes(PDF)
    announcement = await office.drafted(attachments="thu.pdf")
    for file in (office.settings.data_dir / "attachments").iterdir():
        file.unlink()

    assert "Mất tệp đính kèm thu.pdf" in (await office.faults(announcement))[0]


async def test_redraft_needs_a_new_approval(office: Office) -> None:
    """Whoever writes it is its author from then on."""
    announcement = await office.approved()
    await office.announcer.change(
        office.session, announcement.id, office.read("Lời khác."), APPROVER
    )

    assert (announcement.state, announcement.author, announcement.body) == (
        "draft",
        APPROVER,
        "Lời khác.",
    )
    with pytest.raises(AnnouncementError, match="đã đổi sau khi duyệt"):
        await office.announcer.send(office.session, announcement.id, AUTHOR)


async def test_what_is_queued_is_not_redrafted(office: Office) -> None:
    """The text stays as it was approved."""
    announcement = await office.sent()
    with pytest.raises(AnnouncementError, match="đang chờ gửi nên không sửa được"):
        await office.announcer.change(office.session, announcement.id, office.read("Khác."), AUTHOR)

    assert announcement.body == "Mời bà con dự lớp."


async def test_changed_file_is_not_approved(office: Office) -> None:
    """Who reads the file would approve something else than what is sent."""
    announcement = await office.drafted()
    office.written("Lời khác.")

    with pytest.raises(AnnouncementError, match=r"Tệp tin\.md đã đổi sau khi soạn"):
        await office.announcer.approve(office.session, announcement.id, APPROVER)


async def test_file_written_anew_for_the_next_announcement_is_no_change(office: Office) -> None:
    """The first one is still what was drafted."""
    announcement = await office.drafted()
    await office.drafted("Tin sau.")

    assert (
        await office.announcer.approve(office.session, announcement.id, APPROVER)
    ).state == "approved"


async def test_file_that_is_gone_is_no_change(office: Office) -> None:
    """What was drafted is kept."""
    announcement = await office.drafted()
    office.lose(announcement.file)

    assert (
        await office.announcer.approve(office.session, announcement.id, APPROVER)
    ).state == "approved"


async def test_sending_makes_a_delivery_for_each(office: Office) -> None:
    """And keeps how many of those meant get none."""
    await office.settle(11, agreed=False)
    announcement = await office.sent()

    assert (await deliveries.tally(office.session, announcement.id))["pending"] == 3
    assert announcement.left_out == {"no_consent": 1}


async def test_more_people_than_approved_need_a_new_approval(office: Office) -> None:
    """Nothing is queued then."""
    announcement = await office.approved()
    await office.settle(11)

    with pytest.raises(AnnouncementError, match="có 3 người nhận, bây giờ 4"):
        await office.announcer.send(office.session, announcement.id, AUTHOR)
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
    office: Office, after: timedelta, says: str
) -> None:
    """Past, or after the last day; the announcement stays approved."""
    announcement = await office.approved(valid_until="2026-11-25")
    with pytest.raises(AnnouncementError, match=says):
        await office.announcer.send(office.session, announcement.id, AUTHOR, NOON + after)

    assert announcement.state == "approved"


async def test_scheduled_one_is_resolved_when_it_begins(office: Office) -> None:
    """Who comes meanwhile is told too, within what was approved."""
    await office.settle(*range(100, 120))
    announcement = await office.approved()
    await office.announcer.send(office.session, announcement.id, AUTHOR, LATER)
    await office.settle(11)

    assert (await deliveries.tally(office.session, announcement.id))["pending"] == 0
    assert await begun(office, announcement) == "sending"
    assert (await deliveries.tally(office.session, announcement.id))["pending"] == 24


async def test_scheduled_one_for_others_than_approved_does_not_begin(office: Office) -> None:
    """It stays queued for the caller to put back; there is no delivery."""
    announcement = await office.approved()
    await office.announcer.send(office.session, announcement.id, AUTHOR, LATER)
    await office.settle(11)

    with pytest.raises(AnnouncementError, match="lệch quá 5 %"):
        await office.announcer.begin(office.session, announcement)
    assert sum((await deliveries.tally(office.session, announcement.id)).values()) == 0


async def test_what_lapsed_before_it_began_is_paused(office: Office) -> None:
    """Nobody is invited to what is over."""
    announcement = await office.sent(valid_until="2026-11-24")
    office.clock.pass_(days=1)

    with pytest.raises(
        AnnouncementError, match="Hạn 24/11/2026 đã qua nên thông báo 1 không gửi nữa"
    ):
        await office.announcer.begin(office.session, announcement)
    assert announcement.state == "paused"
    with pytest.raises(AnnouncementError, match="hủy phần chưa gửi"):
        await office.announcer.resume(office.session, announcement.id, AUTHOR)


async def test_what_was_cancelled_meanwhile_does_not_begin(office: Office) -> None:
    """Whoever looked at it before sees it as it is now."""
    announcement = await office.sent()
    await office.announcer.cancel(office.session, announcement.id, AUTHOR)

    assert await begun(office, announcement) == "cancelled"
    assert (await deliveries.tally(office.session, announcement.id))["cancelled"] == 3


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
    office: Office, step: str, says: str
) -> None:
    """With the state it is in."""
    announcement = await office.drafted()
    await office.announcer.cancel(office.session, announcement.id, AUTHOR)

    with pytest.raises(AnnouncementError, match=says):
        await getattr(office.announcer, step)(office.session, announcement.id, AUTHOR)


@pytest.mark.parametrize("step", ["approve", "send", "pause", "resume", "cancel"])
async def test_number_of_no_announcement_is_told(office: Office, step: str) -> None:
    """With where to look."""
    with pytest.raises(AnnouncementError, match="Không có thông báo số 99"):
        await getattr(office.announcer, step)(office.session, 99, APPROVER)


async def test_time_is_kept_as_it_is_in_vietnam(office: Office) -> None:
    """A moment there is the same moment."""
    announcement = await office.approved()
    await office.announcer.send(office.session, announcement.id, AUTHOR, LATER.astimezone(VIETNAM))
    await office.session.flush()
    await office.session.refresh(announcement)

    assert announcement.starts_at == LATER


async def test_link_without_https_is_told(office: Office) -> None:
    """No channel shows it: the author writes it in full."""
    announcement = await office.drafted("Xem [trang của xã](hoatien.danang.gov.vn).")

    [fault] = await office.faults(announcement)
    assert "“hoatien.danang.gov.vn” thiếu https:// ở đầu" in fault


@pytest.mark.parametrize("body", ["Bµ con häp th«n", "Mêi bµ con ®Õn héi tr­êng x· dù häp"])
async def test_text_of_an_old_font_is_told(office: Office, body: str) -> None:
    """Copied out of a document in .VnTime, nobody can read it."""
    [fault] = await office.faults(await office.drafted(body))

    assert "phông chữ cũ (TCVN3, .VnTime)" in fault


async def test_ward_that_is_no_more_is_told_and_stops_nothing(office: Office) -> None:
    """A code that the list of wards has dropped: reading the row goes on, sending it does not."""
    announcement = await office.drafted()
    announcement.audience = {"places": ["99999"]}
    await office.session.flush()

    assert (await office.announcer.count(office.session, announcement)).total == 0
    [fault] = await office.faults(announcement)
    assert "mã “99999”" in fault


async def test_draft_of_another_is_not_deleted(office: Office) -> None:
    """Whoever else may write."""
    drafted = await office.drafted()
    with pytest.raises(AnnouncementError, match="là của Lan"):
        await office.announcer.delete(office.session, drafted.id, APPROVER)

    assert drafted.body == "Mời bà con dự lớp."


async def test_deleted_draft_leaves_its_number_alone(office: Office) -> None:
    """Its text is gone; the number is no other's, and the audit tells who deleted it."""
    drafted = await office.drafted()
    await office.announcer.delete(office.session, drafted.id, AUTHOR)
    other = await office.drafted()

    assert (drafted.title, drafted.body, drafted.audience) == ("", "", {})
    assert other.id == drafted.id + 1
    assert (await done(office))[1] == "Lan announce.delete"


async def test_copy_says_the_same_with_its_files(office: Office) -> None:
    """In whatever state the other is; it has no file of its own that could change."""
    (office.folder / "thu.pdf").write_bytes(PDF)
    sent = await office.sent(attachments="thu.pdf", source="Giấy mời 12")
    copied = await office.announcer.copy(office.session, sent.id, APPROVER)

    assert (copied.state, copied.author, copied.file) == ("draft", APPROVER, "")
    assert (copied.source, copied.attachments) == (sent.source, sent.attachments)


async def test_only_what_waits_for_an_hour_is_given_another(office: Office) -> None:
    """Neither a draft nor what is on its way; a past hour is refused, the approval stands."""
    approved = await office.approved()
    with pytest.raises(AnnouncementError, match="không đổi giờ được"):
        await office.announcer.reschedule(office.session, approved.id, AUTHOR, LATER)
    await office.announcer.send(office.session, approved.id, AUTHOR, LATER)
    with pytest.raises(AnnouncementError, match="đã qua"):
        await office.announcer.reschedule(office.session, approved.id, AUTHOR, NOON)
    await office.announcer.reschedule(office.session, approved.id, AUTHOR, LATER + timedelta(1))
    office.clock.pass_(days=2)

    assert approved.starts_at == LATER + timedelta(1)
    assert await begun(office, approved) == "sending"


@pytest.mark.parametrize(
    "body", ["Vi nhựa 5 µm, kênh Müller, 10 °C.", "“Chào” bà con.", "Mời bà con dự lớp OCOP."]
)
async def test_today_s_letters_are_no_old_font(office: Office, body: str) -> None:
    """A foreign name or a unit alone is none."""
    assert await office.faults(await office.drafted(body)) == ()
