"""The office's list: its rows understood or refused with a reason, and written."""

import asyncio

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.people.people_import import Chat, Entry, PeopleImport
from services.people.person import Identity, find
from services.people.personal_data import erase, lift_suppression
from services.people.places import places
from services.people.profile import read_profile
from services.people.record import record_of
from services.storage.models import Consent, Person
from tests.conftest import NOON
from tests.doubles.lists import Read, Take, answer, met


def test_full_row_is_understood(read: Read) -> None:
    """Names and labels become codes and slugs."""
    good, bad = read('Telegram,0123,Bà Ba,Farmer,xã hoà tiến,"ocop; vay vốn|tax",Có')

    assert bad == []
    assert good == [
        Entry(2, Chat("telegram", "123"), "Bà Ba", "farmer", "20332", ("ocop", "fund", "tax"), True)
    ]


def test_what_is_left_empty_says_nothing(read: Read) -> None:
    """Only channel and chat are needed."""
    assert read("zalo,abc")[0] == [Entry(2, Chat("zalo", "abc"))]


@pytest.mark.parametrize("yes", ["yes", "CÓ", "1", "True"])
@pytest.mark.parametrize("no", ["no", "Không", "0", "false"])
def test_consent_may_be_told_in_many_words(read: Read, yes: str, no: str) -> None:
    """In Vietnamese, English and figures."""
    good, _ = read(f"telegram,1,,,,,{yes}", f"telegram,2,,,,,{no}", "telegram,3,,,,,")

    assert [entry.consent for entry in good] == [True, False, None]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",1", "thiếu channel"),
        ("Kênh Zalo,1", "kênh “kênh zalo” không đúng"),
        ("telegram,", "thiếu chat_id"),
        ("telegram,1.23E+9", "không phải số"),
        ("telegram,１２", "không phải số"),
        (f"web,{'a' * 65}", "chat_id dài quá 64"),
        (f"web,1,{'a' * 201}", "tên dài quá 200"),
        ("web,1,,boss", "không có vai trò “boss”"),
        ("web,1,,,Sài Gòn", "không có xã, phường nào"),
        ("web,1,,,,quỹ", "chủ đề “quỹ”"),
        (f"web,1,,,,{'a' * 33}", "tới 32 ký tự"),
        ("web,1,,,,,maybe", "consent “maybe”"),
        ("web,1,,,,ocop,fund,yes", "nhiều ô hơn dòng đầu"),
    ],
)
def test_bad_row_is_told_and_the_good_ones_kept(read: Read, line: str, why: str) -> None:
    """By its line and the reason."""
    good, bad = read("telegram,5", line, "telegram,6")

    assert [entry.chat.id for entry in good] == ["5", "6"]
    assert [told for told, _ in bad] == [3]
    assert why in bad[0][1]


def test_second_row_of_a_chat_is_bad(read: Read) -> None:
    """The first is kept; the same number on another channel is somebody else."""
    good, bad = read("telegram,1,Ba", "telegram,01,Tư", "zalo,1,Năm")

    assert [entry.name for entry in good] == ["Ba", "Năm"]
    assert bad == [(3, "trùng channel và chat_id với dòng 2")]


def test_guard_against_formulas_is_taken_off(read: Read) -> None:
    """What an export guarded comes back as it was."""
    assert read("web,'-1,'=SUM(A1)")[0][0].chat.id == "-1"
    assert read("web,1,'=SUM(A1)")[0][0].name == "=SUM(A1)"
    assert read("web,1,o'neill")[0][0].name == "o'neill"


def test_every_place_is_found_by_code_and_name(read: Read) -> None:
    """All 94 of Đà Nẵng."""
    known = places().values()
    lines = [f"web,{place.code}a,,,{place.code}" for place in known]
    lines += [f"web,{place.code}b,,,{place.name}" for place in known]

    good, bad = read(*lines)

    assert bad == []
    assert [entry.place for entry in good] == [*places(), *places()]


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database: SQLite's, unless a test names one."""
    url: str = request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    return url


async def chosen(session: AsyncSession, person: Person) -> dict[str, bool]:
    """Return what a person chose, by topic."""
    choices = (await read_profile(session, person)).choices
    return {topic: choice.wanted for topic, choice in choices.items()}


async def imported(session: AsyncSession, chat: str = "1") -> Person:
    session.expire_all()
    found = await find(session, "telegram", chat)
    assert found is not None
    return found


async def test_new_people_are_made_whole(session: AsyncSession, take: Take) -> None:
    """With place, topics, group, and a consent that says where it comes from."""
    tally = await take("telegram,1,Bà Ba,farmer,20332,ocop;fund,yes", "telegram,2", group="xa")

    record = await record_of(session, Identity("khoa"), "telegram", "1")
    assert (tally.imported, tally.new, tally.updated) == (2, 2, 0)
    assert record is not None
    assert record.person is not None
    assert (record.person.name, record.person.agreed, record.place) == (
        "Bà Ba",
        True,
        "Xã Hòa Tiến",
    )
    assert (record.topics, record.groups) == ({"fund": True, "ocop": True}, ["xa"])
    assert [(row.given, row.source, row.wording) for row in record.consent] == [
        (True, "import", "Danh sách của xã")
    ]
    assert record.person.who == Identity("khoa").of("telegram", "1")


async def test_silence_is_no_consent(session: AsyncSession, take: Take) -> None:
    """Who says nothing has not agreed, and nothing is noted."""
    await take("telegram,1")

    assert not (await imported(session)).agreed
    assert await session.scalar(select(func.count()).select_from(Consent)) == 0


async def test_known_people_are_updated(session: AsyncSession, take: Take) -> None:
    """What a row says is new, what it leaves empty stays as it was known."""
    await take("telegram,1,Bà Ba,farmer,20332,ocop,yes")

    tally = await take("telegram,1,Bà Tư,,,fund,", "telegram,2")

    person = await imported(session)
    assert (tally.new, tally.updated) == (1, 1)
    assert (person.name, person.role, person.place) == ("Bà Tư", "farmer", "20332")
    assert person.agreed
    assert await chosen(session, person) == {"fund": True, "ocop": True}


async def test_same_list_twice_says_nothing_twice(session: AsyncSession, take: Take) -> None:
    """The ledger grows only by what is new."""
    lines = ("telegram,1,,,,ocop,yes", "telegram,2,,,,,no")
    await take(*lines, group="xa")
    await take(*lines, group="xa")

    assert await session.scalar(select(func.count()).select_from(Consent)) == 2


async def test_own_no_stands_against_every_yes_of_a_list(session: AsyncSession, take: Take) -> None:
    """It is told as a notice, the rest of the row counts; a no of the list changes nothing."""
    await answer(session, await met(session), given=False)
    await session.commit()

    tally = await take("telegram,1,Bà Ba,,,,yes")
    await take("telegram,1,,,,,no")
    again = await take("telegram,1,,,,,yes")

    person = await imported(session)
    assert (person.name, person.agreed) == ("Bà Ba", False)
    assert (tally.updated, tally.unchanged_consent) == (1, 1)
    assert [(notice.line, "tự nói không" in notice.reason) for notice in tally.notices] == [
        (2, True)
    ]
    assert again.unchanged_consent == 1


async def test_own_yes_yields_to_a_no_of_a_list(session: AsyncSession, take: Take) -> None:
    """Staff may take someone off, and put them on again who never said no."""
    await answer(session, await met(session), given=True)
    await session.commit()

    await take("telegram,1,,,,,no")
    off = (await imported(session)).agreed
    await take("telegram,1,,,,,yes")

    assert (off, (await imported(session)).agreed) == (False, True)


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
async def test_who_was_erased_is_left_out(session: AsyncSession, take: Take) -> None:
    """Known before or not, until they start the bot themselves."""
    identity = Identity("khoa")
    await take("telegram,1,Bà Ba,,,ocop,yes")
    for chat in ("1", "2"):
        await erase(session, identity, "telegram", chat, NOON)
    await session.commit()

    first = await take("telegram,1,Bà Ba,,,ocop,yes", "telegram,2,,,,,yes", "telegram,3,,,,,yes")
    await lift_suppression(session, identity, "telegram", "2")
    await session.commit()
    second = await take("telegram,1,,,,,yes", "telegram,2,,,,,yes")

    assert (first.erased, first.imported, second.erased, second.imported) == ([2, 3], 1, [2], 1)
    assert await find(session, "telegram", "1") is None
    assert (await imported(session, "2")).agreed


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("known", [True, False])
async def test_who_erases_themselves_during_an_import_is_gone_after_it(
    services: Services, read: Read, take: Take, known: bool
) -> None:
    """Erasing waits for the rows that are being written, and takes them out."""
    if known:
        await take("telegram,1,Ba")
    identity, row = Identity("khoa"), "telegram,1,Bà Ba,,,ocop,yes"

    async def erase_one() -> None:
        async with services.sessions.begin() as session:
            await erase(session, identity, "telegram", "1", NOON)

    async with services.sessions.begin() as session:
        await PeopleImport(identity, "bảng", NOON).write(session, read(row)[0])
        erasing = asyncio.create_task(erase_one())
        await asyncio.wait([erasing], timeout=0.3)
    await erasing

    async with services.sessions() as session:
        assert await find(session, "telegram", "1") is None


async def test_topic_that_was_turned_off_stays_off(session: AsyncSession, take: Take) -> None:
    """A list adds topics, and tells which a person has turned off."""
    person = await met(session)
    (await read_profile(session, person)).choose("ocop", wanted=False)
    await session.commit()

    tally = await take("telegram,1,,,,ocop;fund,")

    assert await chosen(session, person) == {"fund": True, "ocop": False}
    assert [notice.reason for notice in tally.notices] == [
        "đã tự tắt chủ đề ocop, nên bảng không bật lại"
    ]


async def test_many_are_written_by_few_statements(session: AsyncSession, take: Take) -> None:
    """A thousand people take as many statements as one."""
    counts = []
    statements: list[str] = []

    def note(*executed: object) -> None:
        statements.append(str(executed[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    for start, many in ((1, 1), (2, 998)):
        statements.clear()
        chats = range(start, start + many)
        await take(
            *(f"telegram,{chat},A,{'' if chat % 2 else 'farmer'},,ocop,yes" for chat in chats)
        )
        counts.append(len(statements))

    assert counts[1] <= counts[0]
