"""What people say of themselves in Telegram, and who is known there."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from services.bootstrap import Services
from services.conversation import pending
from services.people import groups
from services.people.places import require_place
from services.storage.models import Consent, Feedback, GroupMember, Person, Press
from tests.conftest import NOON
from tests.doubles.bot_api import NAME, BotApi
from tests.doubles.log import turn
from tests.doubles.people import (
    WORDING,
    count,
    deliver,
    ledger,
    only_person,
    questions_kept,
    someone_in,
    words,
)
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import ASKED

pytestmark = pytest.mark.usefixtures("bot")
GROUP = -100
HOA_TIEN = require_place("Hòa Tiến")


async def test_three_taps_in_one_message(api: BotApi, phone: Phone, services: Services) -> None:
    """The questions take each other's place: three taps leave one short message behind."""
    message = await phone.start()
    second = await phone.tap(message, "Nông dân")
    third = await phone.tap(message, "Hòa Tiến")
    last = await phone.tap(message, "Nhận tất cả")
    person = await only_person(services)

    assert second.startswith("Đã ghi: nông dân.\n\nBà con ở xã, phường nào?")
    assert words(services.library, WORDING) in third
    assert "• Bà con là: nông dân\n• Nơi ở: xã Hòa Tiến\n• Nhận tin: tất cả" in last
    assert len(api.chats.sent[ME]) == 2
    assert (person.role, person.place, person.agreed) == ("farmer", HOA_TIEN.code, True)


async def test_consent_is_kept_in_the_words_that_were_shown(
    phone: Phone, services: Services
) -> None:
    """The ledger's words are found, letter by letter, in the message above the button."""
    message = await phone.start()
    await phone.tap(message, "Bỏ qua")
    shown = await phone.tap(message, "Bỏ qua")
    await phone.tap(message, "Nhận tất cả")
    async with services.sessions() as session:
        [(given, wording)] = await ledger(session)

    assert given
    assert wording in shown


async def test_places_stand_several_in_a_row(phone: Phone) -> None:
    """All 94 wards and the way past them fit one keyboard that Telegram takes."""
    message = await phone.start()
    await phone.tap(message, "Nông dân")
    rows = message.message["reply_markup"]["inline_keyboard"]

    assert sum(map(len, rows)) == 95
    assert {len(row) for row in rows[:-1]} == {3}


async def test_written_ward_answers_only_the_open_question(
    phone: Phone, services: Services
) -> None:
    """A ward's name is a question before and after, and the place while that was asked for."""
    before = await phone.say("hoa tien")
    message = await phone.start()
    await phone.tap(message, "Nông dân")
    answered = await phone.say("hoa tien")
    after = await phone.say("Hội An")

    await phone.settle()

    assert before.text.replace("hoa tien", "…") == after.text.replace("Hội An", "…")
    assert answered.text.startswith("Đã ghi: nông dân, xã Hòa Tiến.")
    assert (await only_person(services)).place == HOA_TIEN.code
    assert await questions_kept(services) == ["hoa tien", "Hội An"]


async def test_question_is_answered_while_the_place_is_asked_for(
    phone: Phone, services: Services
) -> None:
    """What is no ward is answered as ever."""
    message = await phone.start()
    await phone.tap(message, "Nông dân")
    answer = await phone.say(ASKED)

    assert "05 thành viên" in answer.text
    assert (await only_person(services)).place is None
    assert not (await phone.say("hoa tien")).text.startswith("Đã ghi")


async def test_topics_are_ticked_in_place(phone: Phone, services: Services) -> None:
    """A press ticks a topic in the same message; the labels are those of the content."""
    message = await phone.start()
    for label in ("Bỏ qua", "Bỏ qua", "Chọn chủ đề", "⬜ Đăng ký sản phẩm OCOP"):
        await phone.tap(message, label)
    ticked = dict(message.buttons)
    last = await phone.tap(message, "Xong")

    assert "✅ Đăng ký sản phẩm OCOP" in ticked
    assert "Nhận tin: chỉ tin về đăng ký sản phẩm OCOP" in last
    assert (await only_person(services)).agreed


async def test_who_comes_back_is_not_asked_again(phone: Phone) -> None:
    """/start of someone who answered shows what is known, with a button to change each."""
    message = await phone.start()
    for label in ("Nông dân", "Bỏ qua", "Không nhận"):
        await phone.tap(message, label)
    shown = await phone.start()

    assert "Nhận tin: không" in shown.text
    assert list(shown.buttons) == ["Sửa: tôi là ai", "Sửa nơi ở", "Sửa việc nhận tin"]


async def test_message_that_can_not_be_edited_is_followed_by_a_new_one(
    api: BotApi, phone: Phone
) -> None:
    """Where Telegram has the message no more, the next question comes as a new one."""
    message = await phone.start()
    api.fail("editMessageText", 400, description="Bad Request: message can't be edited")
    api.press(ME, message, message.buttons["Nông dân"])
    *_, asked = await api.replies(ME, 3)

    assert "Bà con ở xã, phường nào?" in asked.text


async def test_message_that_says_so_already_is_left_alone(api: BotApi, phone: Phone) -> None:
    """A press that changes nothing brings no second message."""
    message = await phone.start()
    api.fail("editMessageText", 400, description="Bad Request: message is not modified")
    await phone.tap(message, "Nông dân")
    await phone.settle()

    assert len(api.chats.sent[ME]) == 3


async def test_link_fills_in_what_it_carries(phone: Phone, services: Services) -> None:
    """Place, topic and event come with the link; role and consent are asked."""
    async with services.sessions.begin() as session:
        await groups.make_event(session, "hop-xa-2611", services.now())
    message = await phone.start(f"/start p{HOA_TIEN.code}_tocop_ehop-xa-2611")
    asked = await phone.tap(message, "Nông dân")

    assert words(services.library, WORDING) in asked
    assert (await only_person(services)).place == HOA_TIEN.code
    assert await count(services, GroupMember) == 1
    assert await count(services, Consent) == 0


@pytest.mark.parametrize("payload", ["x" * 64, "p1_t_e", "🙂", "p20242_p20242", "../../etc"])
async def test_bad_link_is_an_ordinary_start(phone: Phone, payload: str) -> None:
    """Whatever else stands behind /start, the first question comes."""
    assert "Bà con là ai" in (await phone.start(f"/start {payload}")).text


async def test_whoever_writes_is_met(phone: Phone, services: Services) -> None:
    """A first question makes a person, with nothing agreed; the turn is kept as ever."""
    await phone.say(ASKED)
    await phone.settle()
    person = await only_person(services)

    assert (person.chat, person.agreed, person.stopped) == (str(ME), False, None)
    assert len(person.who) == 64


async def test_stopped_person_is_revived_by_a_message(phone: Phone, services: Services) -> None:
    """Who had blocked the bot is reached again from the first message on."""
    await phone.say("/dulieu")
    async with services.sessions.begin() as session:
        await session.execute(update(Person).values(stopped="blocked"))
    await phone.say(ASKED)
    await phone.settle()

    assert (await only_person(services)).stopped is None


async def test_second_message_in_the_hour_costs_one_read(phone: Phone, services: Services) -> None:
    """A person who is known costs a reply one look-up, and no write."""
    await phone.say("/dulieu")
    await phone.settle()
    statements: list[str] = []
    engine = services.sessions.kw["bind"].sync_engine

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    await phone.say(ASKED)
    await phone.say("/help")
    event.remove(engine, "before_cursor_execute", note)
    about = [statement.split()[0] for statement in statements if "person" in statement]

    assert about == ["SELECT", "SELECT"]


@pytest.mark.parametrize("text", [f"@{NAME} {ASKED}", "/start", "/dulieu", "/dungtin", "/nhantin"])
async def test_group_makes_nobody_known(
    api: BotApi, phone: Phone, services: Services, text: str
) -> None:
    """In a group nobody is met, and what is personal is asked to be written in private."""
    api.say(GROUP, text, person=ME)
    [reply] = await api.replies(GROUP, 1)
    private = services.library.phrases.say("people_private") == reply.text

    assert private == (text in {"/dulieu", "/dungtin", "/nhantin"})
    assert await phone.say("/xoa")
    assert await count(services, Person) == 0


@pytest.mark.parametrize("payload", ["p:yes", "p:place-20242", "x:1:0", "x:77:2", "p:", "p:lạ"])
async def test_button_without_a_meaning_is_stale(
    api: BotApi, services: Services, payload: str
) -> None:
    """In a group, or of no announcement, or made by nobody: the button is told to be old."""
    api.say(GROUP, "/help", person=ME)
    [helped] = await api.replies(GROUP, 1)
    api.press(GROUP, helped, payload, person=ME)
    _, reply = await api.replies(GROUP, 2)

    assert services.library.phrases.say("stale_button") == reply.text
    assert await count(services, Press) == 0


async def test_repeated_press_is_noted_once(api: BotApi, phone: Phone) -> None:
    """A press that Telegram delivers twice ticks a topic once."""
    message = await phone.start()
    await phone.tap(message, "Bỏ qua")
    await phone.tap(message, "Bỏ qua")
    await phone.tap(message, "Chọn chủ đề")
    edited = len(api.called("editMessageText"))
    pressed = api.press(ME, message, message.buttons["⬜ Đăng ký sản phẩm OCOP"])
    await api.until(lambda: len(api.called("editMessageText")) > edited)
    api.repeat(pressed)
    await phone.say("/help")

    assert "✅ Đăng ký sản phẩm OCOP" in message.buttons


async def test_seen_time_is_kept_by_the_hour(phone: Phone, services: Services) -> None:
    """After an hour a message writes down that the person was seen."""
    await phone.say("/dulieu")
    now = services.now()
    async with services.sessions.begin() as session:
        await session.execute(update(Person).values(seen_at=now - timedelta(hours=2)))
    await phone.say(ASKED)
    await phone.settle()

    assert (await only_person(services)).seen_at == now


async def test_link_of_no_event_makes_no_group(phone: Phone, services: Services) -> None:
    """A stranger joins nothing that staff did not make; the greeting is the ordinary one."""
    assert "Bà con là ai" in (await phone.start("/start eco-quan-bi-mat")).text
    assert await count(services, GroupMember) == 0


async def test_all_that_is_kept_comes_as_a_file(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """The words of questions, what was agreed to, sent, pressed and judged: each row is in it."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session, str(ME))
        await someone.begin()
        await someone.tap("yes")
        await groups.make_event(session, "hop-xa", services.now())
        await groups.join(session, "event-hop-xa", [someone.person.id])
        sent = await deliver(session, someone.person, "sent", services.now())
        session.add_all(
            (
                Press(
                    announcement_id=sent.announcement_id,
                    who=someone.person.who,
                    button="1",
                    at=services.now(),
                ),
                Feedback(
                    channel="telegram",
                    key=str(ME),
                    at=services.now(),
                    article="ocop/ho-so",
                    hash="0",
                    useful=False,
                    reason="unclear",
                ),
            )
        )
    await phone.say(ASKED)
    before = len(api.chats.sent[ME])
    await phone.say("/dulieu")
    file = (await api.replies(ME, before + 2))[-1].message["document"]
    told = api.chats.read[file["file_id"]].decode()

    assert file["file_name"] == "du-lieu-cua-ba-con.txt"
    for row in (ASKED, "event-hop-xa", "Họp", "Hồ sơ", words(services.library, WORDING)):
        assert row in told
    for row in ("Bấm nút", "Chấm câu trả lời", "Câu hỏi gần nhất"):
        assert row in told


async def test_whoever_was_only_asked_is_noted_as_erased(phone: Phone, services: Services) -> None:
    """A restored backup would else bring back what nobody counts."""
    async with services.sessions.begin() as session:
        await pending.ask(session, ("telegram", str(ME)), "place", {}, NOON)
    await phone.say("/xoa")

    assert (services.settings.data_dir / "forgotten.jsonl").exists()


async def test_file_of_ones_data_is_bounded_and_kept_nowhere(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """The newest questions of very many; no writer waits for it, and no row holds it."""
    async with services.sessions.begin() as session:
        session.add_all(
            turn(f"câu số {n}. {'a' * 1990}", channel="telegram", key=str(ME), start=services.now())
            for n in range(400)
        )
    kept: list[str] = []
    engine = services.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: kept.append(str(told[3])))
    await phone.say("/dulieu")
    file = (await api.replies(ME, 2))[-1].message["document"]
    told = api.chats.read[file["file_id"]]

    assert not any("du-lieu-cua" in values for values in kept)
    assert len(told) < 500_000
    assert "câu số 399." in told.decode()
    assert "câu số 1." not in told.decode()
    assert "lượt hỏi trước đó không vừa tệp này" in told.decode()


async def test_name_and_lists_are_set_right_by_a_word(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """What the office's table brought is told with how to change it, and changed at once."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session, str(ME))
        someone.person.name = "Nguyen A"
        await groups.join(session, "tổ quế", [someone.person.id])
    told = await phone.say("/dulieu")
    await api.replies(ME, 2)  # the file comes after it
    renamed, left = await phone.say("/tên Nguyễn Á"), await phone.say("/roi To Que")

    assert "Sửa hay bỏ tên: nhắn /ten. Ra khỏi danh sách: /roi." in told.text
    assert "“Nguyễn Á”" in renamed.text
    assert "ra khỏi danh sách tổ quế" in left.text
    assert (await only_person(services)).name == "Nguyễn Á"
    assert await count(services, GroupMember) == 0
