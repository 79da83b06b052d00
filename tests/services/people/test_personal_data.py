"""What is held of a person, told to them and shown to staff."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.approval import fingerprint
from services.announcements.audience import Audience
from services.bootstrap import Services
from services.conversation.plain import plain_markdown
from services.knowledge.phrases import Keeper
from services.people import groups
from services.people.data_file import data_file
from services.people.deeplink import Deeplink
from services.people.person import Identity, find, identity_of, meet, stop
from services.people.personal_data import erase, hold_back, tell_held
from services.people.places import require_place
from services.people.profile import consents_of, note_imported_consent
from services.people.record import record_of
from services.storage.models import Announcement, Delivery, Press, Staff, Suppression
from services.tools.forms.telling import told_answers
from tests.conftest import NOON
from tests.doubles.citizen import Citizen
from tests.doubles.lists import Take, answer, met
from tests.doubles.log import turn
from tests.doubles.people import Someone, announce, deliver, ledger, someone_in

HAI_CHAU = require_place("Hải Châu")


async def told_to(someone: Someone) -> str:
    """Return what a person is told of themselves, as plain text."""
    reply = await tell_held(someone.session, someone.person, someone.library)
    return plain_markdown(reply.lead)


async def test_stranger_is_told_that_nothing_is_known(
    services: Services, session: AsyncSession
) -> None:
    """Of someone just met there is little to tell; how to change and erase it stands below."""
    someone = await someone_in(services, session)
    told = await told_to(someone)

    assert "Bà con là: chưa ghi" in told
    assert "Nhận tin: chưa chọn" in told
    assert "Lượt hỏi còn giữ: 0; mỗi lượt giữ 90 ngày" in told
    assert "Bản sao lưu tự hết sau 30 ngày." in told
    assert told.endswith("Sửa: nhắn /start. Dừng nhận tin: /dungtin. Xóa hết: /xoa.")


async def test_everything_held_is_told(services: Services, session: AsyncSession) -> None:
    """Name, role, place, groups, account, questions, announcements: each has its line."""
    someone = await someone_in(services, session)
    someone.person.name = "Nguyễn *Văn* A"
    session.add(Staff(name="Lan", role="author", created_at=someone.now, chat="7"))
    await deliver(session, someone.person, "sent", someone.now)
    await deliver(session, someone.person, "failed", someone.now)
    await groups.make_event(session, "hop-xa", NOON)
    await someone.begin(Deeplink(place=HAI_CHAU.code, event="hop-xa"))
    await someone.tap("role-farmer")
    await session.commit()
    await Citizen(services, "7", "telegram").say("chào")
    told = await told_to(someone)

    assert "Tên: Nguyễn *Văn* A" in told
    assert "Bà con là: nông dân" in told
    assert "Nơi ở: phường Hải Châu" in told
    assert "Có trong danh sách: event-hop-xa" in told
    assert "Tài khoản cán bộ: Lan" in told
    assert "Nhắn lần cuối: ngày 24/11/2026" in told
    assert "Lượt hỏi còn giữ: 1" in told
    assert "Tin đã gửi tới bà con: 1" in told


async def test_ledger_is_told_with_its_words(services: Services, session: AsyncSession) -> None:
    """Each yes and no has its day and its words, and whether staff noted it."""
    someone = await someone_in(services, session)
    await note_imported_consent(session, {someone.person.id: True}, "Danh sách của xã.", NOON)
    await someone.tap("yes", "no")
    told = await told_to(someone)
    asked = someone.say("consent_announcements")[:90]

    assert "24/11/2026, đồng ý (cán bộ ghi): “Danh sách của xã.”" in told
    assert f"24/11/2026, đồng ý: “{asked}" in told
    assert f"24/11/2026, không: “{asked}" in told


async def test_record_holds_all_of_one_person(session: AsyncSession, take: Take) -> None:
    """Every yes and no, topics, groups, deliveries and questions, ready for JSON."""
    await take("telegram,1,Bà Ba,farmer,20332,ocop,yes")
    person = await met(session)
    await answer(session, person, given=False)
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

    found = await record_of(session, Identity("khoa"), "telegram", "1")

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

    asked = await record_of(session, Identity("khoa"), "telegram", "2")

    assert await record_of(session, Identity("khoa"), "telegram", "1") is None
    assert asked is not None
    assert asked.person is None
    assert [told["text"] for told in asked.as_json()["turns"]] == ["hỏi"]


async def test_what_is_being_sent_is_waited_for(services: Services) -> None:
    """A person is at rest as soon as the announcement on its way has arrived."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        await deliver(session, someone.person, "sending", someone.now)
    waiting = asyncio.create_task(hold_back(services.sessions, "telegram", "7", NOON))
    await asyncio.sleep(0)
    async with services.sessions.begin() as session:
        await session.execute(update(Delivery).values(state="sent"))

    assert await waiting


async def test_what_never_ends_is_waited_for_two_seconds(services: Services) -> None:
    """A delivery whose process died keeps nobody from being erased."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        await deliver(session, someone.person, "sending", someone.now)

    assert not await hold_back(services.sessions, "telegram", "7", NOON)


async def test_erasure_that_fails_leaves_a_no_that_is_told(services: Services) -> None:
    """Whoever wanted all to be gone is sent nothing meanwhile, and reads why."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        await note_imported_consent(session, {someone.person.id: True}, "Phiếu 01", NOON)
    await hold_back(services.sessions, "telegram", "7", NOON)

    async with services.sessions() as session:
        person = await find(session, "telegram", "7")
        assert person is not None
        last = (await consents_of(session, person))[-1]
        told = await tell_held(session, person, services.library)
    assert (person.agreed, last.given, last.source) == (False, False, "self")
    assert "/xoa" in told.lead


async def test_hash_of_the_erased_stands_nowhere_and_bars_a_second_letter(
    services: Services, session: AsyncSession
) -> None:
    """Beside what is on its way stands another, by which they are known when they come back."""
    identity = Identity(services.settings.secret_key.get_secret_value())
    someone = await someone_in(services, session)
    who = someone.person.who
    done = await deliver(session, someone.person, "sent", NOON)
    sending = await deliver(session, someone.person, "sent", NOON)
    for row, state in ((done, "done"), (sending, "sending")):
        (await session.get_one(Announcement, row.announcement_id)).state = state
    session.add(Press(announcement_id=done.announcement_id, who=who, button="1", at=NOON))
    await session.commit()

    await erase(session, identity, "telegram", "7", NOON)
    await session.commit()
    session.expire_all()

    mark = identity.erased("telegram", "7")[0]
    first = list(await session.scalars(select(Delivery.who).order_by(Delivery.id)))
    presses = list(await session.scalars(select(Press.who)))
    await meet(session, identity, "telegram", "7", NOON)
    second = list(await session.scalars(select(Delivery.who).order_by(Delivery.id)))
    assert (first[1], who in first, who in presses) == (mark, False, False)
    assert (second[0], second[1]) == (first[0], who)


async def test_of_whom_no_list_reaches_no_mark_is_left(
    services: Services, session: AsyncSession
) -> None:
    """Nobody is brought back onto the page: erased there, not even a hash stays."""
    identity = Identity(services.settings.secret_key.get_secret_value())
    for channel, chat in (("web", "a"), ("telegram", "7")):
        await erase(session, identity, channel, chat, NOON)

    marks = list(await session.scalars(select(Suppression.who)))
    assert marks == identity.erased("telegram", "7")[:1]


async def test_mark_of_a_former_key_goes_with_the_next_erasure(
    services: Services, session: AsyncSession
) -> None:
    """Nothing would know it any more as one of the erased, and it would stay for years."""
    former = services.settings.secret_key.get_secret_value()
    identity = Identity("khóa mới", (former,))
    someone = await someone_in(services, session)
    await deliver(session, someone.person, "sent", NOON)
    await erase(session, Identity(former), "telegram", "7", NOON)
    await erase(session, identity, "telegram", "7", NOON)

    marks = list(await session.scalars(select(Delivery.who)))
    assert marks == identity.erased("telegram", "7")[:1]


async def test_what_was_approved_for_many_is_so_when_one_leaves(
    services: Services, session: AsyncSession
) -> None:
    """The list that was approved names somebody less, and never everybody."""
    identity, who = identity_of(services.settings), "b" * 64
    someone = await someone_in(services, session)
    made = await announce(session, NOON)
    made.audience = {"who": [someone.person.who], "exclude": {"who": [who, someone.person.who]}}
    approved = fingerprint(made)
    await session.commit()

    await erase(session, identity, "telegram", "7", NOON)
    await session.refresh(made)

    left = Audience.stored(made.audience)
    assert fingerprint(made) == approved
    assert (len(left.who), len(left.exclude.who), who in left.exclude.who) == (1, 2, True)
    assert someone.person.who not in str(made.audience)
    made.audience = {"who": [who]}
    assert fingerprint(made) != approved


async def test_who_agrees_knows_who_answers_for_it(
    services: Services, session: AsyncSession
) -> None:
    """Who, for what, which data, how long, whom to ask, what leaves the country: all is told."""
    someone = await someone_in(services, session)
    unknown = await someone.tap("skip-place")
    named = Keeper("Liên minh thử", "Tổ thử, 0000", "Phòng thử", people=500)
    phrases = someone.library.phrases.of(named)
    known = replace(someone, library=replace(someone.library, phrases=phrases))
    asked, told = await known.tap("ask-consent"), await told_to(known)
    await known.tap("yes")

    assert "Nơi chịu trách nhiệm: chưa rõ." in unknown
    for words in ("Liên minh thử", "Tổ thử, 0000", "Phòng thử", "500 ngày", "ở nước ngoài"):
        assert words in asked
        assert words in told
    assert (await ledger(session))[-1] == (True, asked)


async def test_file_tells_who_answers_for_it(services: Services, session: AsyncSession) -> None:
    """It is read when the chat is long gone."""
    someone = await someone_in(services, session)
    await someone.tap("yes")
    library = replace(
        someone.library, phrases=someone.library.phrases.of(Keeper("Liên minh thử", "Tổ thử"))
    )
    identity = identity_of(services.settings)
    file = await data_file(
        session,
        identity,
        someone.person,
        library,
        someone.now,
        answering=0,
        told_answers=told_answers,
    )

    assert "Nơi chịu trách nhiệm: Liên minh thử. Hỏi, sửa, khiếu nại: Tổ thử" in (file or "")
    assert "Máy giữ dữ liệu ở: chưa rõ" in (file or "")


def test_greeting_names_who_answers_once_that_is_known(services: Services) -> None:
    """Before that it says nothing more: /dulieu tells that it is unknown."""
    phrases = services.library.phrases
    named = phrases.of(Keeper("Liên minh thử")).say("notice", days=90)

    assert named == f"{phrases.say('notice', days=90)} Nơi chịu trách nhiệm: Liên minh thử."
