"""The people's section: counts, lists taken in after a look at each line, lists taken out."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from services.bootstrap import Services
from services.people.people_import import PeopleImport, Tally
from services.people.person import identity_of
from services.staff import audit, uploaded_list
from services.storage.models import (
    Consent,
    GroupMember,
    Person,
    StaffSession,
    Suppression,
    UploadedList,
)
from tests.bot.console.conftest import SignIn
from tests.conftest import NOON
from tests.doubles.console import press, token_of
from tests.doubles.web import words
from tests.doubles.workbook import workbook

LIST: list[list[str | float]] = [
    ["Họ tên", "Mã chat", "Vai trò", "Xã", "Đồng ý"],
    ["<b>Bà Tư</b>", 7, "nông dân", "Hòa Tiến", "có"],
    ["Ông Năm", 8, "", "", "có"],
    ["Người lạ", "không số", "", "", ""],
    ["Bà Chín", 9, "", "", ""],
]


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return each database in turn."""
    return any_database


async def upload(client: httpx.AsyncClient, content: bytes, **fields: str) -> httpx.Response:
    """Send a file with the form of the page."""
    data = {"token": await token_of(client, "/console/people"), **fields}
    files = {"file": ("<i>bảng</i>.xlsx", content)}
    return await client.post("/console/people/import", data=data, files=files)


async def settle(services: Services) -> None:
    """Have one whose own word was no, and one who was erased."""
    identity = identity_of(services.settings)
    common: dict[str, Any] = {"channel": "telegram", "created_at": services.now()}
    async with services.sessions.begin() as session:
        known = Person(chat="8", who=identity.of("telegram", "8"), name="Năm", **common)
        session.add(known)
        session.add(Suppression(who=identity.erased("telegram", "9")[0], at=services.now()))
        await session.flush()
        session.add(
            Consent(
                person_id=known.id,
                purpose="announcements",
                given=False,
                at=services.now(),
                wording="/dungtin",
                source="self",
            )
        )


async def test_a_list_is_shown_line_by_line_and_then_taken_in(
    services: Services, signed_in: SignIn
) -> None:
    """What each line will do is told before anything is done, and is what is done."""
    await settle(services)
    admin = await signed_in("admin", name="Lan")
    sent = await upload(admin, workbook(LIST), group="tổ trồng lúa")
    address = sent.headers["location"]
    shown = await admin.get(address)
    lines = re.findall(r"<tr><td data-label=\"Dòng\".*?</tr>", shown.text, re.DOTALL)
    async with services.sessions() as session:
        before = list(await session.scalars(select(Person.name)))
        sealed = (await session.scalars(select(UploadedList.sealed))).one()

    assert before == ["Năm"]
    assert "Bà Tư" not in sealed
    assert "<b>Bà Tư" not in shown.text
    assert "<i>bảng" not in shown.text
    told = [re.sub(r"\s+", " ", words(line)).strip() for line in lines]
    assert told[0].startswith("2 thêm mới 7 <b>Bà Tư</b> nông dân, Xã Hòa Tiến có")
    assert told[1].startswith("3 cập nhật 8 Ông Năm")
    assert "đã tự nói không nhận" in told[1]
    assert told[2].startswith("4 bỏ")
    assert told[3].startswith("5 bỏ 9 Bà Chín")
    assert "2 người thêm" not in words(shown.text)
    assert "1 người thêm mới, 1 người cập nhật, 2 dòng bỏ" in words(shown.text)

    taken = await press(admin, f"{address}/take", page="/console/people")
    assert taken.headers["location"] == "/console/people"
    async with services.sessions() as session:
        people = list(await session.scalars(select(Person).order_by(Person.chat)))
        assert [(one.chat, one.agreed) for one in people] == [("7", True), ("8", False)]
        assert len(list(await session.scalars(select(GroupMember.name)))) == 2
        assert list(await session.scalars(select(UploadedList.id))) == []
        (row,) = [one for one in await audit.entries(session) if one.did == "people.import"]
    assert row.who == "Lan"
    assert (row.note["new"], row.note["updated"], row.note["bad"]) == (1, 1, 1)
    page = words((await admin.get("/console/people")).text)
    assert "Đã nhập 2 người (1 mới, 1 cập nhật)" in page
    assert "tổ trồng lúa" in page


async def test_a_look_tries_nothing_and_an_import_waits_for_nobody(
    services: Services, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found at the upload is shown; whoever comes minutes later is no hindrance to it."""
    admin = await signed_in("admin", name="Lan")
    address = (await upload(admin, workbook(LIST))).headers["location"]
    tried = list[object]()

    async def write(*given: object) -> Tally:
        tried.append(given)
        return Tally()

    with monkeypatch.context() as patched:
        patched.setattr(PeopleImport, "write", write)
        pages = [words((await admin.get(f"{address}?from={n}")).text) for n in (0, 2)]
    token = await token_of(admin, "/console/people")
    async with services.sessions.begin() as session:
        await session.execute(update(StaffSession).values(seen_at=NOON - timedelta(minutes=5)))
    taken = await admin.post(f"{address}/take", data={"token": token})

    assert tried == []
    assert "Bà Tư" in pages[0]
    assert "Bà Tư" not in pages[1]
    assert taken.headers["location"] == "/console/people"


async def test_a_list_is_dropped(services: Services, signed_in: SignIn) -> None:
    """By its button, after an hour, and by the next that is uploaded; another's is never seen."""
    admin, other = await signed_in("admin", name="Lan"), await signed_in("admin", name="Minh")
    first = (await upload(admin, workbook(LIST))).headers["location"]
    second = (await upload(admin, workbook(LIST))).headers["location"]
    for client, address in ((admin, first), (other, second)):
        assert "không còn" in words((await client.get(address)).text)
    await press(admin, f"{second}/drop", page="/console/people")
    third = (await upload(admin, workbook(LIST))).headers["location"]
    async with services.sessions.begin() as session:
        late = services.now() - uploaded_list.LASTS - timedelta(seconds=1)
        await session.execute(update(UploadedList).values(at=late))

    for address in (second, third):
        assert "không còn" in words((await admin.get(address)).text)
    async with services.sessions() as session:
        assert list(await session.scalars(select(Person.id))) == []


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "tệp trống"),
        (b"PK\x03\x04", "không đọc được như tệp Excel"),
        (b"ten\nTu\n", "thiếu cột chat_id"),
        (bytes(22_000_001), "quá"),
    ],
    ids=["empty", "broken", "column", "big"],
)
async def test_what_is_no_list_is_refused(signed_in: SignIn, sent: bytes, why: str) -> None:
    """In words, and the page stays."""
    refused = await upload(await signed_in("admin"), sent)

    assert refused.status_code in {200, 413, 422}
    assert why in words(refused.text)


async def test_counts_come_first_and_names_are_asked_for(
    services: Services, signed_in: SignIn
) -> None:
    """The first page names nobody; looking at names and taking the list out are in the audit."""
    identity = identity_of(services.settings)
    async with services.sessions.begin() as session:
        for number in range(60):
            chat = str(number)
            session.add(
                Person(
                    channel="telegram",
                    chat=chat,
                    who=identity.of("telegram", chat),
                    created_at=services.now(),
                    name=f"=Bà {number}" if number else "Ông Không",
                    role="farmer",
                    agreed=bool(number % 2),
                )
            )
    admin = await signed_in("admin", name="Lan")
    first = words((await admin.get("/console/people")).text)
    names = await admin.get("/console/people/names?role=farmer")
    further = re.search(r'href="(/console/people/names\?[^"]+)">Xem tiếp', names.text)
    assert further
    rest = await admin.get(further[1].replace("&amp;", "&"))
    one = await admin.get("/console/people/names?word=%C3%94ng")
    table = await press(admin, "/console/people/export", page="/console/people")

    assert "60 người đã biết, 30 người đồng ý" in first
    assert "Bà 5" not in first
    assert (names.text.count("=Bà"), rest.text.count("=Bà")) == (49, 10)
    assert "Ông Không" in one.text
    assert "=Bà" not in one.text
    assert table.headers["content-disposition"].startswith("attachment")
    assert '"\'=Bà 5"' in table.text
    async with services.sessions() as session:
        rows = [(r.did, r.note) for r in await audit.entries(session) if r.who == "Lan"][1:]
    assert rows == [
        ("people.names", {"shown": 50, "by": ["role"]}),
        ("people.names", {"shown": 10, "by": ["role"]}),
        ("people.names", {"shown": 1, "by": ["word"]}),
        ("people.export", {"exported": 60}),
    ]


async def test_a_poster_brings_people_in(signed_in: SignIn) -> None:
    """Its link has place, topic and event; the event gets its group; what is wrong is said."""
    admin = await signed_in("admin", name="Lan")
    fields = {"place": "20242", "topic": "ocop", "event": "hop-xa", "bot": "htx_bot"}
    poster = await press(admin, "/console/people/poster", "/console/people/poster", **fields)
    wrong = await press(
        admin, "/console/people/poster", "/console/people/poster", **{**fields, "event": "họp xã"}
    )
    groups = words((await admin.get("/console/people")).text)

    assert "https://t.me/htx_bot?start=p20242_tocop_ehop-xa" in words(poster.text)
    assert "<svg" in poster.text
    assert 'value="họp xã"' in wrong.text
    assert "event-hop-xa" in groups
    await press(admin, "/console/people/groups/delete", "/console/people", group="event-hop-xa")
    assert "event-hop-xa 0" not in words((await admin.get("/console/people")).text)
