"""Writing an announcement in a chat, step by step, until it is a draft."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.telegram.staff.context import STAYS_OPEN
from services.announcements.attachments import Attachment, keep
from services.errors import AnnouncementError
from services.storage.models import Announcement, Audit
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import HOA_TIEN, PDF, PNG, Scene
from tests.doubles.staff_member import TEXT, TOPIC, StaffMember, linked, only, write_all


@pytest.fixture
async def lan(scene: Scene) -> StaffMember:
    """Return one who writes, linked."""
    return await linked(scene, "Hoa", "author", "77")


@pytest.fixture
def picture(scene: Scene) -> Attachment:
    """Return a picture that is kept."""
    return kept(scene, "anh.png", PNG)


def kept(scene: Scene, name: str, content: bytes) -> Attachment:
    """Keep a file as an attachment."""
    (scene.folder / name).write_bytes(content)
    return keep(scene.folder / name, scene.announcer.folder)


async def test_answers_become_a_draft(scene: Scene, lan: StaffMember) -> None:
    """Text, title, topic, audience, last day and source are those of the draft, from no file."""
    await write_all(lan)
    announcement = await only(scene)

    assert (announcement.title, announcement.topic, announcement.author) == (
        "Mời bà con dự lớp OCOP",
        "ocop",
        "Hoa",
    )
    assert announcement.body == "Học lúc **8 giờ**, chào {{ name }}."
    assert (announcement.audience, announcement.state, announcement.file) == ({}, "draft", "")
    assert (announcement.valid_until, announcement.source) == (
        date(2026, 12, 31),
        "Liên minh Hợp tác xã",
    )
    assert announcement.contact == "Chị Lan, 0905 123 456"


async def test_draft_is_shown_as_it_is_sent_and_rehearsed(scene: Scene, lan: StaffMember) -> None:
    """The letter between two lines of words; below it who, how many, and what can be done."""
    await scene.settle(4, agreed=False)
    shown = await write_all(lan)

    assert "[thư] 📢 Mời bà con dự lớp OCOP\n\nHọc lúc 8 giờ, chào bà con." in shown
    assert "3 người nhận, 3 tin nhắn" in shown
    assert "Không nhận: 1 người chưa đồng ý nhận tin" in shown
    assert lan.labels == ["Xin duyệt", "Sửa", "Xóa nháp", "Để sau"]


async def test_who_did_what_is_in_the_audit(scene: Scene, lan: StaffMember) -> None:
    """Drafting and the trial that the author is shown."""
    await write_all(lan)
    rows = await scene.session.execute(select(Audit.who, Audit.did))

    assert [tuple(row) for row in rows] == [("Hoa", "announce.draft"), ("Hoa", "announce.test")]


async def test_questions_are_numbered(lan: StaffMember) -> None:
    """Whoever writes knows how much is left."""
    await lan.open()

    assert (await lan.press("Soạn mới")).startswith("Bước 1/7 · Nội dung")
    assert (await lan.write("Tin ngắn")).startswith("Bước 2/7 · Tiêu đề")
    assert (await lan.write("Tiêu đề khác")).startswith("Bước 3/7 · Chủ đề")


async def test_single_line_is_title_and_text(scene: Scene, lan: StaffMember) -> None:
    """A text of one line is not emptied by being its own title."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write("Mai nghỉ")
    await lan.press("“Mai nghỉ”", TOPIC, "Tất cả", "Tiếp tục", "Bỏ qua", "Bỏ qua", "Bỏ qua")
    announcement = await only(scene)

    assert (announcement.title, announcement.body) == ("Mai nghỉ", "Mai nghỉ")
    assert (announcement.valid_until, announcement.source) == (None, "")


@pytest.mark.parametrize("text", ["{{ name }} ơi", "x" * 201])
async def test_what_can_be_no_title_is_not_offered(lan: StaffMember, text: str) -> None:
    """A field or too long a line; nor is it taken when its button is forged."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(text)

    assert lan.labels == ["Hủy"]
    assert "Bước 2/7" in await lan.send("b:answer-title-firstline")


@pytest.mark.parametrize(
    ("answers", "bad", "sentence"),
    [
        ((TEXT,), "x" * 201, "Dài quá 200"),
        ((TEXT, "Tiêu đề", TOPIC, "Tất cả", "Tiếp tục"), "mai", "như 31/12/2026"),
        ((TEXT, "Tiêu đề", TOPIC, "Tất cả", "Tiếp tục"), "23/11/2026", "Ngày 23/11/2026 đã qua"),
        ((TEXT, "Tiêu đề", TOPIC, "Tất cả", "Tiếp tục", "Bỏ qua"), "x" * 301, "Dài quá 300"),
    ],
)
async def test_what_is_no_answer_is_one_sentence(
    lan: StaffMember, answers: tuple[str, ...], bad: str, sentence: str
) -> None:
    """The question stays open, what was said before it stays said."""
    await lan.open()
    await lan.press("Soạn mới")
    for answer in answers:
        pressed = any(label.endswith(answer) for label in lan.labels)
        await (lan.press(answer) if pressed else lan.write(answer))
    before = dict((await lan.row()).fields)
    with pytest.raises(AnnouncementError, match=sentence):
        await lan.write(bad)

    assert (await lan.row()).fields == before


async def test_button_of_another_question_asks_the_open_one(lan: StaffMember) -> None:
    """An old message's button changes nothing."""
    await lan.open()
    await lan.press("Soạn mới")

    assert "Bước 1/7" in await lan.send("b:answer-topic-take-ocop")
    assert (await lan.row()).fields == {}


async def test_words_where_only_a_button_answers(lan: StaffMember) -> None:
    """The question is asked again; the words are kept nowhere."""
    await lan.open()
    await lan.press("Soạn mới")

    assert "Bước 3/7" in await lan.write(TEXT, "Tiêu đề", "Câu này để đâu")
    assert "Câu này" not in str((await lan.row()).fields)


@pytest.mark.parametrize("words", ["Bỏ qua", "bo qua"])
async def test_skipping_in_words_leaves_the_field_empty(
    scene: Scene, lan: StaffMember, words: str
) -> None:
    """The questions say “hoặc bỏ qua”: whoever writes that instead of pressing means the button."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(TEXT, "Tiêu đề")
    await lan.press(TOPIC, "Tất cả", "Tiếp tục")
    await lan.write(words, words, words)
    announcement = await only(scene)

    assert (announcement.valid_until, announcement.source, announcement.contact) == (None, "", "")


@pytest.mark.parametrize("words", ["ocop", TOPIC])
async def test_topic_is_taken_in_words(lan: StaffMember, words: str) -> None:
    """By the names that a file may give it."""
    await lan.open()
    await lan.press("Soạn mới")

    assert "Bước 4/7" in await lan.write(TEXT, "Tiêu đề", words)
    assert (await lan.row()).fields["topic"] == "ocop"


async def test_draft_that_cannot_be_sent_promises_no_letter(lan: StaffMember) -> None:
    """What is wrong with it is said at once; below “đúng như dưới đây” nothing would stand."""
    await write_all(lan)
    await lan.press("Sửa", "Nội dung")
    shown = await lan.write("Mời bà con tới [nơi nào].")

    assert "Người nhận sẽ thấy đúng như dưới đây" not in shown
    assert "Còn chỗ trống [nơi nào] chưa điền" in shown


async def test_picture_comes_with_its_text(
    scene: Scene, lan: StaffMember, picture: Attachment
) -> None:
    """What stands below a picture is the text; a PDF may follow later."""
    await lan.open()
    await lan.press("Soạn mới")
    assert "Bước 2/7" in await lan.give(picture, TEXT)
    added = await lan.give(kept(scene, "Tờ rơi.pdf", PDF))
    await lan.write("Tiêu đề")
    await lan.press(TOPIC, "Tất cả", "Tiếp tục", "Bỏ qua", "Bỏ qua", "Bỏ qua")

    assert added.startswith("Đã nhận, có 2 tệp đính kèm.\n\nBước 2/7")
    assert [file["name"] for file in (await only(scene)).attachments] == ["anh.png", "Tờ rơi.pdf"]


async def test_pictures_that_come_together_are_answered_once(
    scene: Scene, lan: StaffMember, picture: Attachment
) -> None:
    """All of an album are added, the first alone is answered."""
    await lan.open()
    await lan.press("Soạn mới")

    assert await lan.give(picture, TEXT, album="1")
    assert not await lan.give(kept(scene, "hai.png", PNG + b"2"), album="1")
    assert len((await lan.row()).fields["attachments"]) == 2


async def test_file_for_a_draft_that_is_shown_is_added(
    scene: Scene, lan: StaffMember, picture: Attachment
) -> None:
    """A picture forgotten until the preview is part of the draft then, and can be taken away."""
    await write_all(lan)
    shown = await lan.give(picture)
    assert "có 1 tệp đính kèm" in shown
    assert [file["name"] for file in (await only(scene)).attachments] == ["anh.png"]

    await lan.press("Sửa", "Bỏ 1 tệp kèm")

    assert (await only(scene)).attachments == []


async def test_album_for_a_draft_that_is_shown_is_answered_once(
    scene: Scene, lan: StaffMember, picture: Attachment
) -> None:
    """All its pictures are part of the draft."""
    await write_all(lan)
    first = await lan.give(picture, album="1")
    second = await lan.give(kept(scene, "hai.png", PNG + b"2"), album="1")

    assert ("có 1 tệp" in first, second) == (True, "")
    assert len((await only(scene)).attachments) == 2


async def test_one_thing_is_changed_and_the_rest_stays(scene: Scene, lan: StaffMember) -> None:
    """Another title makes the same draft anew; its approval is gone."""
    await write_all(lan)
    announcement = await only(scene)
    await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    await lan.press("Sửa", "Tiêu đề")
    shown = await lan.write("Tiêu đề mới")
    announcement = await only(scene)

    assert (announcement.title, announcement.topic, announcement.state) == (
        "Tiêu đề mới",
        "ocop",
        "draft",
    )
    assert "Diễn tập bản nháp" in shown


async def test_going_back_changes_nothing(scene: Scene, lan: StaffMember) -> None:
    """Who looks at what could be changed keeps the approval."""
    await write_all(lan)
    announcement = await only(scene)
    await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    shown = await lan.press("Sửa", "Nội dung", "Quay lại")

    assert announcement.state == "approved"
    assert "Đã có người duyệt" in shown
    assert lan.labels == ["Gửi", "Hẹn giờ", "Sửa", "Xóa nháp", "Để sau"]


async def test_draft_of_another_is_not_changed(scene: Scene, lan: StaffMember) -> None:
    """Not by a button that was never shown either."""
    announcement = await scene.drafted()
    with pytest.raises(AnnouncementError, match=f"của {AUTHOR}"):
        await lan.send(f"b:change-{announcement.id}")


async def test_half_written_text_is_not_lost_by_another(scene: Scene, lan: StaffMember) -> None:
    """A new one, or a change of a draft, waits until it is known what becomes of the first."""
    announcement = await scene.announcer.draft(scene.session, scene.read(), "Hoa")
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(TEXT)

    for payload in ("b:new", f"b:change-{announcement.id}"):
        assert "đang soạn dở" in await lan.send(payload)
        assert lan.labels == ["✏️ Soạn tiếp tin đang dở", "Hủy"]
    assert "Bước 2/7" in await lan.press("Soạn tiếp tin đang dở")
    assert "Đã bỏ" in await lan.press("Hủy")
    assert (await lan.row()).fields == {}


async def test_words_are_taken_for_some_hours(scene: Scene, lan: StaffMember) -> None:
    """After that they are a question like anybody's; the menu leads back."""
    await lan.open()
    await lan.press("Soạn mới")
    taken = await lan.expects()
    scene.clock.moment += STAYS_OPEN

    assert (taken, await lan.expects(), await lan.expects(files=True)) == (True, False, False)
    await lan.open()
    assert "Bước 1/7" in await lan.press("Soạn tiếp tin đang dở")
    assert await lan.expects(files=True)


async def test_who_has_nothing_open_is_expected_to_say_nothing(lan: StaffMember) -> None:
    """Before the first step, and after a draft is left for later."""
    before = await lan.expects()
    await write_all(lan)
    left = await lan.press("Để sau")

    assert (before, await lan.expects()) == (False, False)
    assert "Bản nháp của tôi" in left


async def test_what_telegram_would_refuse_is_told(lan: StaffMember) -> None:
    """No letter is shown then, and no approval asked; the draft is kept."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write("x " * 2500, "Tiêu đề")
    shown = await lan.press(TOPIC, "Tất cả", "Tiếp tục", "Bỏ qua", "Bỏ qua", "Bỏ qua")

    assert "[thư]" not in shown
    assert "⚠️ Thông báo dài" in shown
    assert lan.labels == ["Sửa", "Xóa nháp", "Để sau"]


class TestAudience:
    """Whom it is for."""

    @pytest.fixture(autouse=True)
    async def _asked(self, scene: Scene, lan: StaffMember) -> None:
        """Ask for whom it is, with three farmers and a manager in Hòa Tiến."""
        await scene.settle(4, role="manager", place=HOA_TIEN)
        await lan.open()
        await lan.press("Soạn mới")
        await lan.write(TEXT, "Tiêu đề")
        await lan.press(TOPIC)

    async def chosen(self, lan: StaffMember) -> object:
        """Return the rule so far."""
        return (await lan.row()).fields.get("audience")

    async def test_everybody_is_said_in_so_many_words(self, lan: StaffMember) -> None:
        """Nobody is meant until somebody is chosen; there is no way on before."""
        before = lan.labels
        forged = await lan.send("b:answer-audience-done")
        reply = await lan.press("⬜ Tất cả")

        assert "Tiếp tục" not in before
        assert "Chưa chọn ai" in forged
        assert "Tất cả người đã đồng ý" in reply
        assert "4 người sẽ nhận" in reply
        assert "Tiếp tục" in lan.labels

    async def test_nothing_chosen_any_more_is_nobody(self, lan: StaffMember) -> None:
        """Who unticks the last name has not chosen everybody."""
        reply = await lan.press("Vai trò", "⬜ Nông dân", "✅ Nông dân")

        assert "Chưa chọn ai" in reply
        assert await self.chosen(lan) is None

    async def test_count_follows_each_tick(self, lan: StaffMember) -> None:
        """One press ticks, the next unticks; the count is that of the rule."""
        await lan.press("Vai trò")
        one = await lan.press("⬜ Quản lý hợp tác xã")
        both = await lan.press("⬜ Nông dân")
        back = await lan.press("✅ Nông dân")

        assert ["1 người" in one, "4 người" in both, "1 người" in back] == [True] * 3
        assert await self.chosen(lan) == {"roles": ["manager"]}

    async def test_wards_are_written(self, lan: StaffMember) -> None:
        """Several at a time, with or without diacritics; a press takes one away."""
        await lan.press("Xã, phường")
        told = await lan.write("hoa tien, Phường Hội An")
        assert "1 người sẽ nhận" in told
        await lan.press("✅ Hội An", "Xong phần này")

        assert await self.chosen(lan) == {"places": [HOA_TIEN]}
        assert "Xã, phường (1)" in lan.labels

    async def test_unknown_ward_is_one_sentence(self, lan: StaffMember) -> None:
        """Near names are told, and none of the list is taken."""
        await lan.press("Xã, phường")
        with pytest.raises(AnnouncementError, match=r"tên “Hòa”; gần giống: .*Hòa Cường"):
            await lan.write("Hội An, Hòa")

        assert await self.chosen(lan) is None

    async def test_groups_are_ticked_or_written(self, scene: Scene, lan: StaffMember) -> None:
        """However long a name, its button carries it; an unknown one is one sentence."""
        long = "Tổ hợp tác trồng rau sạch ở bãi bồi ven sông Yên"
        await scene.group(long, *await scene.settle(5, role="member"))
        await scene.group("Hội chợ", *await scene.settle(6))
        await lan.press("Nhóm")
        told = await lan.press(f"⬜ {long} (1)")
        await lan.write("hoi cho")
        with pytest.raises(AnnouncementError, match="“Tổ 9”"):
            await lan.write("Tổ 9")

        assert "1 người sẽ nhận" in told
        assert await self.chosen(lan) == {"groups": ["Hội chợ", long]}

    async def test_topics_that_people_chose(self, scene: Scene, lan: StaffMember) -> None:
        """Only those who wanted it themselves."""
        [one] = await scene.settle(5)
        await scene.choose(one, "founding", wanted=True)
        await lan.press("Chủ đề")

        assert "1 người sẽ nhận" in await lan.press("⬜ Đăng ký thành lập hợp tác xã")

    async def test_everybody_again(self, lan: StaffMember) -> None:
        """One press takes all lists away."""
        await lan.press("Vai trò", "⬜ Nông dân", "Xong phần này")
        told = await lan.press("⬜ Tất cả")

        assert await self.chosen(lan) == {}
        assert "Tất cả người đã đồng ý" in told

    async def test_who_is_left_out_is_told_with_the_reason(
        self, scene: Scene, lan: StaffMember
    ) -> None:
        """Consent, blocks, topics turned off."""
        await scene.settle(5, agreed=False)
        await scene.settle(6, stopped="blocked")
        [off] = await scene.settle(7)
        await scene.choose(off, "ocop", wanted=False)
        told = await lan.press("⬜ Tất cả")

        for reason in ("chưa đồng ý", "đã chặn trợ lý", "đã tắt chủ đề"):
            assert f"1 người {reason}" in told


async def test_exclusions_of_a_file_stay(scene: Scene, lan: StaffMember) -> None:
    """What can't be chosen in a chat is kept when something else is."""
    rule = {"roles": ["farmer"], "exclude": {"roles": ["officer"]}, "active_days": 30}
    announcement = await scene.announcer.draft(scene.session, scene.read(audience=rule), "Hoa")
    await lan.send(f"b:change-{announcement.id}")
    told = await lan.press("Người nhận")
    await lan.press("Vai trò (1)", "⬜ Quản lý hợp tác xã", "Xong phần này", "Tiếp tục")

    assert "Trừ: Vai trò: cán bộ" in told
    assert (await only(scene)).audience == {
        "roles": ["farmer", "manager"],
        "exclude": {"roles": ["officer"]},
        "active_days": 30,
    }


async def test_second_tap_answers_no_other_question(scene: Scene, lan: StaffMember) -> None:
    """A button is an answer to the question that it stood under, and to no other."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(TEXT)
    await lan.press("“Mời bà con dự lớp OCOP”", TOPIC, "Tất cả", "Tiếp tục")
    [skip] = {button.payload for button in lan.buttons if button.label == "Bỏ qua"}
    first = await lan.send(skip)
    second = await lan.send(skip)

    assert ("Bước 6/7" in first, "Bước 6/7" in second) == (True, True)
    assert (await scene.session.scalars(select(Announcement))).all() == []


async def test_answer_is_no_command(lan: StaffMember) -> None:
    """What a button of a question says stands in no list with what a button of the menu says."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(TEXT, "Tiêu đề")
    [answer] = {button.payload for button in lan.buttons if button.label == TOPIC}

    assert await lan.send("b:topic-ocop") == "Nút này đã cũ, không còn dùng được."
    assert "Bước 4/7" in await lan.send(answer)


async def test_nobody_chosen_is_never_everybody(scene: Scene, lan: StaffMember) -> None:
    """Whatever way it came about that nothing of an audience is kept, nobody is told."""
    row = await lan.row()
    row.step, row.fields = "contact", {"body": "Họp.", "title": "Họp", "topic": "ocop"}
    scene.session.add(row)
    await lan.press_or_refused("Bỏ qua")
    drafts = (await scene.session.scalars(select(Announcement))).all()
    counts = [(await scene.announcer.count(scene.session, one)).total for one in drafts]

    assert sum(counts) == 0


async def test_day_that_is_in_no_calendar(lan: StaffMember) -> None:
    """November has thirty days: the sentence says so, not that the form is wrong."""
    await lan.open()
    await lan.press("Soạn mới")
    await lan.write(TEXT)
    await lan.press("“Mời bà con dự lớp OCOP”", TOPIC, "Tất cả", "Tiếp tục")

    with pytest.raises(AnnouncementError, match="Không có ngày 31/11/2026: tháng 11 có 30 ngày"):
        await lan.write("31/11/2026")


async def test_draft_is_deleted(lan: StaffMember) -> None:
    """After one press more; it stands in no list then, and its number leads nowhere."""
    await write_all(lan)
    asked = await lan.press("Xóa nháp")
    deleted = await lan.press("Xóa hẳn")
    with pytest.raises(AnnouncementError, match="Không có thông báo số 1"):
        await lan.send("b:open-1")
    await lan.open()

    assert ("Xóa bản nháp 1" in asked, "Đã xóa bản nháp 1" in deleted) == (True, True)
    assert "Bản nháp của tôi (0)" in lan.labels
