"""Asking in a chat for another's yes, and giving it or not."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from services.announcements import approval
from services.errors import AnnouncementError, StaffError
from services.knowledge.phrases import Phrases
from services.staff import link
from services.storage.models import Audit
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER
from tests.doubles.scene import Scene
from tests.doubles.staff_member import StaffMember, linked, only, write_all


@pytest.fixture
async def lan(scene: Scene) -> StaffMember:
    """Return an author whose draft is written."""
    made = await linked(scene, "Hoa", "author", "77")
    await write_all(made)
    return made


@pytest.fixture
async def minh(scene: Scene, lan: StaffMember) -> StaffMember:
    """Return an approver who is asked."""
    made = await linked(scene, "Bình", "approver", "78")
    await lan.press("Xin duyệt")
    made.take(lan)
    return made


async def test_all_others_who_may_are_asked(scene: Scene, lan: StaffMember) -> None:
    """Linked, in use, of the right role, and not the author; the author is told who."""
    await linked(scene, "Bình", "approver", "78")
    await linked(scene, "An", "admin", "79")
    await linked(scene, "Chi", "author", "80")
    await scene.hire("Dung", "approver")
    reply = await lan.press("Xin duyệt")

    assert reply == "Đã gửi thông báo 1 cho An, Bình duyệt. Có trả lời trợ lý báo ngay."
    assert [notice.chat for notice in lan.reaction.notices] == ["79", "78"]


async def test_second_tap_asks_nobody_again(scene: Scene, lan: StaffMember) -> None:
    """The author reads the same; later the button asks anew, as a reminder."""
    await linked(scene, "Bình", "approver", "78")
    [ask] = [button.payload for button in lan.buttons if button.label == "Xin duyệt"]
    first = await lan.send(ask)
    assert lan.told("78")
    second = await lan.send(ask)

    assert (second, lan.told("78")) == (first, "")


async def test_nobody_to_ask_is_told(lan: StaffMember) -> None:
    """With whom to turn to; the draft can be asked for again."""
    assert "Anh/chị nhờ người quản trị nối" in await lan.press("Xin duyệt")


@pytest.mark.usefixtures("minh")
async def test_approver_is_shown_exactly_what_is_sent(lan: StaffMember) -> None:
    """The letter, the rule in words, the count, yes and no."""
    told = lan.told("78")

    assert "[thư] 📢 Mời bà con dự lớp OCOP\n\nHọc lúc 8 giờ, chào bà con." in told
    assert "- Tất cả người đã đồng ý nhận tin\n- 3 người nhận" in told


async def test_button_names_the_draft_and_its_hash(scene: Scene, minh: StaffMember) -> None:
    """Twelve digits of it, within Telegram's 64 bytes."""
    seen = scene.announcer.shown(await only(scene))[:12]

    assert [button.payload for button in minh.buttons] == [
        f"b:approve-1-{seen}",
        f"b:refuse-1-{seen}",
    ]


async def test_yes_reaches_the_author(scene: Scene, minh: StaffMember) -> None:
    """Who is offered to send it now, or at a time."""
    shown = await minh.press("Duyệt")
    lan = StaffMember(scene, "77")
    lan.take(minh)

    assert shown == "✅ Đã duyệt thông báo 1."
    assert (await only(scene)).state == "approved"
    assert "Bình đã duyệt thông báo 1" in minh.told("77")
    assert lan.labels == ["Gửi", "Hẹn giờ", "Để sau"]


async def test_changed_text_is_not_approved(
    scene: Scene, lan: StaffMember, minh: StaffMember
) -> None:
    """The press is refused with a sentence, and what it says now is shown."""
    await lan.send("b:change-1")
    await lan.press("Tiêu đề")
    await lan.write("Tiêu đề mới")
    shown = await minh.press("Duyệt")

    assert "đã đổi sau khi gửi anh/chị xem" in shown
    assert "[thư] 📢 Tiêu đề mới" in shown
    assert (await only(scene)).state == "draft"
    assert "Đã duyệt" in await minh.press("Duyệt")


@pytest.mark.parametrize("phrase", ["announcement", "announcement_button_read"])
async def test_other_frame_than_was_shown_is_not_approved(
    scene: Scene, minh: StaffMember, phrase: str
) -> None:
    """What stands around the text changed since: whoever approves sees it first as it goes out."""
    texts = {phrase: "Báo tin"}
    changed, _ = Phrases.compile(texts)
    phrases = Phrases({**scene.library.phrases.templates, **changed.templates})
    scene.library = replace(scene.library, phrases=phrases)
    shown = await minh.press("Duyệt")

    assert "đã đổi sau khi gửi anh/chị xem" in shown
    assert (await only(scene)).state == "draft"
    assert "Đã duyệt" in await minh.press("Duyệt")


@pytest.mark.parametrize("word", ["approve", "refuse", "noreason"])
async def test_own_text_is_not_approved(scene: Scene, lan: StaffMember, word: str) -> None:
    """Whatever roles the author has; by a forged button either."""
    await scene.hire("Phúc", "admin", "90")
    own = StaffMember(scene, "90")
    await write_all(own)
    seen = scene.announcer.shown(await scene.announcer.find(scene.session, 2))[:12]

    with pytest.raises(AnnouncementError, match="không tự duyệt được"):
        await own.send(f"b:{word}-2-{seen}")
    assert await lan.send(f"b:{word}-1-{seen}") == "Tài khoản của anh/chị không làm được việc này."


async def test_chat_tied_by_the_authors_link_approves_after_a_day(
    scene: Scene, lan: StaffMember
) -> None:
    """Who made the link and told the code may hold that phone; what others wrote is approved."""
    await scene.hire("Bình", "approver")
    made = await link.make(scene.session, "Bình", NOON, "Hoa")
    await link.open_(scene.session, made.token, "78", NOON)
    await link.enter(scene.session, "78", made.code, NOON)
    binh, draft = StaffMember(scene, "78"), await only(scene)
    await lan.press("Xin duyệt")
    binh.take(lan)
    [yes] = [button.payload for button in binh.buttons if "Duyệt" in button.label]
    scene.clock.pass_(hours=23)
    with pytest.raises(StaffError, match="vào bằng liên kết do Hoa làm"):
        await binh.send(yes)
    draft.author = "An"
    assert "Đã duyệt" in await binh.send(yes)
    draft.author, draft.state = "Hoa", "draft"
    scene.clock.pass_(hours=2)

    assert "Đã duyệt" in await binh.send(yes)


@pytest.mark.parametrize("payload", ["b:approve-1", "b:approve-1-", "b:approve-x-0", "b:approve"])
async def test_yes_without_a_hash_is_no_yes(scene: Scene, minh: StaffMember, payload: str) -> None:
    """A button that is none of ours is an old one."""
    assert "Nút này đã cũ" in await minh.send(payload)
    assert (await only(scene)).state == "draft"


async def test_second_yes_is_told_of_the_first(scene: Scene, minh: StaffMember) -> None:
    """Of two who press, one has approved it."""
    other = await linked(scene, "An", "admin", "79")
    payload = minh.buttons[0].payload
    await minh.press("Duyệt")

    assert await other.send(payload) == "Thông báo 1 đã được duyệt rồi."


async def test_no_comes_with_its_reason(scene: Scene, minh: StaffMember) -> None:
    """The author reads it and can change the draft; it is kept nowhere."""
    asked = await minh.press("Không duyệt")
    reply = await minh.write("Sai ngày học")
    lan = StaffMember(scene, "77")
    lan.take(minh)
    audit = [row.note for row in await scene.session.scalars(select(Audit))]

    assert "Vì sao chưa duyệt" in asked
    assert reply == "Đã báo người soạn: chưa duyệt thông báo 1."
    assert "Lý do: Sai ngày học" in minh.told("77")
    assert lan.labels == ["Sửa", "Xem lại"]
    assert "Sai ngày" not in str(audit)
    assert not await minh.expects()


async def test_no_needs_no_reason(minh: StaffMember) -> None:
    """One press more, and the author is told."""
    await minh.press("Không duyệt", "Không ghi lý do")

    assert "Không ghi lý do." in minh.told("77")


async def test_reason_does_not_disturb_what_is_half_written(minh: StaffMember) -> None:
    """Who is asked why goes on with their own announcement afterwards."""
    refuse = minh.buttons[1].payload
    await minh.open()
    await minh.press("Soạn mới")
    await minh.write("Tin của tôi")
    await minh.send(refuse)

    assert "Đã báo người soạn" in await minh.write("Sai ngày")
    assert "Bước 3/7" in await minh.write("Tiêu đề của tôi")


async def test_what_waits_for_one_is_in_their_menu(lan: StaffMember, minh: StaffMember) -> None:
    """Asked, as it stands, by another; until it is answered."""
    await minh.open()
    assert "Chờ tôi duyệt (1)" in minh.labels
    shown = await minh.press("Chờ tôi duyệt (1)")
    opened = await minh.press("⏳ 1. Mời bà con dự lớp OCOP")
    await minh.press("Không duyệt", "Không ghi lý do")
    await minh.open()

    assert "Bấm để xem đúng tin" in shown
    assert "[thư]" in opened
    assert "Chờ tôi duyệt (0)" in minh.labels
    assert "Chờ tôi duyệt" not in str(lan.labels)


async def test_author_without_telegram_is_told_by_the_approver(scene: Scene) -> None:
    """A draft from the command line can be approved in Telegram all the same."""
    announcement = await scene.drafted()
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.send(f"b:open-{announcement.id}")

    assert "Lan chưa nối Telegram, anh/chị báo giúp" in await minh.press("Duyệt")


async def test_steps_are_in_the_audit(scene: Scene, minh: StaffMember) -> None:
    """Asked, refused, approved: who and what, with the hash of the text."""
    await minh.press("Không duyệt", "Không ghi lý do")
    announcement = await only(scene)
    await minh.send(f"b:approve-1-{scene.announcer.shown(announcement)[:12]}")
    rows = (await scene.session.scalars(select(Audit).order_by(Audit.id))).all()

    assert [(row.who, row.did) for row in rows[-3:]] == [
        ("Hoa", "announce.ask"),
        ("Bình", "announce.refuse"),
        ("Bình", "announce.approve"),
    ]
    assert {row.note["hash"] for row in rows[-3:]} == {approval.fingerprint(announcement)}


async def test_same_text_for_the_same_people_is_asked_about(scene: Scene, lan: StaffMember) -> None:
    """Who approves is told which announcement it equals, and says yes to that in so many words."""
    await scene.announcer.approve(scene.session, 1, APPROVER)
    await write_all(lan)
    minh = await linked(scene, "Bình", "approver", "78")
    await minh.send("b:open-2")
    asked = await minh.press("Duyệt")
    state = (await scene.announcer.find(scene.session, 2)).state
    await minh.press("Vẫn duyệt")

    assert "giống hệt thông báo 1" in asked
    assert state == "draft"
    assert (await scene.announcer.find(scene.session, 2)).state == "approved"


async def test_urgent_is_told_twice(scene: Scene, lan: StaffMember) -> None:
    """Its author says so of the draft; another's button says that they say so as well."""
    minh = await linked(scene, "Bình", "approver", "78")
    await lan.press("Sửa")
    await lan.press("Khẩn")
    told = await lan.press("⚡ Khẩn")
    assert "⚡ Khẩn: gửi cả ban đêm" in told
    await lan.press("Xin duyệt")
    minh.take(lan)
    await minh.press("⚡ Duyệt, đúng là khẩn")

    announcement = await only(scene)
    assert (announcement.urgent, announcement.state) == (True, "approved")
