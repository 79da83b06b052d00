"""Dossiers on the page: begun, marked, dated, printed, shared, given away, erased; plain forms."""

import asyncio
import re
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select

from services.bootstrap import Services
from services.conversation.retention import reduce_old
from services.dossiers import sharing
from services.reminders import reminders
from services.storage.models import Dossier, DossierMark, Reminder
from services.tools.due import DatedLine
from tests.conftest import NOON
from tests.doubles.procedure import PROCEDURE, VARIED, write_deadlines, write_varied
from tests.doubles.web import Visit, words

DEADLINES = f"deadlines/{PROCEDURE}.yml"
COOPERATIVE = "HTX Rau <Đại Hiệp>"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content with a procedure, its deadlines, an article of it."""
    write_varied(content)
    write_deadlines(content, "dang-ky-thanh-lap")
    return content


async def begun(client: httpx.AsyncClient, name: str = COOPERATIVE) -> str:
    """Begin a dossier, and return its address."""
    made = await client.post("/hoso", data={"procedure": PROCEDURE, "cooperative": name})
    assert made.status_code == 303, made.text
    return str(made.headers["location"])


async def link_of(client: httpx.AsyncClient, address: str) -> str:
    """Press what makes a link, and return its path."""
    page = (await client.post(address)).text
    found = re.search(r"/hoso/(?:xem|nhan)/[\w-]{32}", page)
    assert found is not None, page
    return found[0]


async def marks(services: Services) -> set[str]:
    """Return what is marked."""
    async with services.sessions() as session:
        return set(await session.scalars(select(DossierMark.item)))


async def test_a_dossier_is_begun_below_an_article_and_marked(client: httpx.AsyncClient) -> None:
    """The article leads to it; papers and steps are ticked and unticked; the list counts them."""
    article = (await client.get(f"/bai/{VARIED}")).text
    offered = (await client.get(f"/hoso?procedure={PROCEDURE}")).text
    address = await begun(client)
    for item in ("p.dieu-le", "s.viet", "p.dieu-le"):
        marked = await client.post(address, data={"item": item, "on": "1"})
        assert marked.headers["location"] == f"{address}#{item}"
    await client.post(address, data={"item": "s.viet", "on": ""})
    page, listed = (await client.get(address)).text, (await client.get("/hoso")).text

    assert f'href="/hoso?procedure={PROCEDURE}"' in article
    assert f'value="{PROCEDURE}" selected' in offered
    assert "Đăng ký lập hợp tác xã" in words(page)
    assert "HTX Rau <Đại Hiệp>" in words(page)
    assert "Giấy tờ 1/2 · Bước 0/2" in words(page)
    assert page.count('aria-pressed="true"') == 1
    assert "Giấy tờ 1/2 · Bước 0/2" in words(listed)
    assert "Nộp ở đâu: UBND xã" in words(page)


async def test_two_ticks_at_a_time_lose_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Each is a row of its own, whoever presses what on however many phones."""
    address = await begun(client)
    items = ("p.de-nghi", "p.dieu-le", "s.viet", "s.nop")
    posts = (client.post(address, data={"item": one, "on": "1"}) for one in items for _ in range(2))
    answers = await asyncio.gather(*posts)

    assert {answer.status_code for answer in answers} == {303}
    assert await marks(services) == set(items)


async def test_a_deadline_counts_from_the_day_that_is_typed(client: httpx.AsyncClient) -> None:
    """With its clause and the words that its end may move; as a file that moves in a calendar."""
    address = await begun(client)
    none = await client.get(f"{address}/ho-so.ics")
    wrong = await client.post(address, data={"item": "d.bo-sung", "on": "1", "day": "hôm nào đó"})
    far = await client.post(address, data={"item": "d.bo-sung", "on": "1", "day": "1/1/2200"})
    events = []
    for day in ("hôm nay", "1/12/2026"):
        await client.post(address, data={"item": "d.bo-sung", "on": "1", "day": day})
        file = (await client.get(f"{address}/ho-so.ics")).content
        events += Calendar.from_ical(file).walk("VEVENT")
    page = words((await client.get(address)).text)
    await client.post(address, data={"item": "d.bo-sung", "on": "1", "day": "1/2/2026"})
    over = words((await client.get(address)).text)
    await client.post(address, data={"item": "d.bo-sung", "on": ""})
    cleared = words((await client.get(address)).text)

    assert none.headers["location"] == address
    assert wrong.status_code == far.status_code == 422
    assert "Ghi một ngày có thật" in words(wrong.text)
    assert 'value="hôm nào đó"' in wrong.text
    assert "Hạn 30/1/2027" in page
    assert "có thể dời sang ngày làm việc tiếp theo là 1/2/2027" in page
    assert "Điều 19 khoản 6" in page
    assert [event.decoded("DTSTART").isoformat() for event in events] == [
        "2027-01-23",
        "2027-01-30",
    ]
    assert len({str(event["UID"]) for event in events}) == 1
    assert str(events[0]["SUMMARY"]).startswith("HTX Rau <Đại Hiệp>: ")
    assert "Hạn 2/4/2026 (đã qua)" in over
    assert "Hạn 30/1/2027" not in cleared


async def test_a_reminder_goes_with_its_day(
    client: httpx.AsyncClient, visit: Visit, services: Services
) -> None:
    """Asked for below a date, it is of the day that was mended; who parts with it has it no more.

    It stays while another dossier counts from the same day.
    """
    first, second = await begun(client, "một"), await begun(client, "hai")

    async def date(address: str, day: str) -> None:
        await client.post(address, data={"item": "d.bo-sung", "on": "1", "day": day})

    async def events() -> list[str]:
        async with services.sessions() as session:
            return sorted(str(one.event) for one in await session.scalars(select(Reminder)))

    await date(first, "1/12/2026")
    await date(second, "1/12/2026")
    found = re.search(r'name="line" value="([^"]+)"', (await client.get(first)).text)
    assert found is not None
    await client.post("/nhac", data={"line": found[1]})
    noted, seen = (await client.get(first)).text, [await events()]
    await date(first, "3/12/2026")
    seen.append(await events())
    await client.post(f"{second}/erase")
    seen.append(await events())
    link = await link_of(client, f"{first}/give")
    await visit().post(link)
    seen.append(await events())

    assert "Đã nhờ nhắc" in words(noted)
    assert found[1] not in noted
    assert seen == [["2026-12-01"], ["2026-12-01", "2026-12-03"], ["2026-12-03"], []]


async def test_it_is_printed(client: httpx.AsyncClient) -> None:
    """As a PDF."""
    address = await begun(client)
    file = await client.get(f"{address}/ho-so.pdf")

    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")


async def test_nobody_elses_is_seen_or_changed(
    client: httpx.AsyncClient, visit: Visit, services: Services
) -> None:
    """By its number, or one that no database counts to; nor is another's item or act known."""
    address, other = await begun(client), visit()
    for at in (
        address,
        "/hoso/9999999999999999999999",
        f"{address}/ho-so.ics",
        f"{address}/ho-so.pdf",
    ):
        assert (await other.get(at)).status_code == 404
    for act in ("share", "give", "erase", "keep"):
        assert (await other.post(f"{address}/{act}", data={"days": 90})).status_code == 404
    assert (await other.post(address, data={"item": "p.dieu-le", "on": "1"})).status_code == 404
    assert (await client.post(address, data={"item": "p.x", "on": "1"})).status_code == 422
    assert (await client.post(f"{address}/keep", data={"days": 5})).status_code == 404
    assert (await client.post("/hoso", data={"procedure": "x"})).status_code == 404

    assert await marks(services) == set()
    assert "chưa có hồ sơ" in words((await other.get("/hoso")).text)


async def test_a_name_too_long_and_one_dossier_too_many_are_refused(
    client: httpx.AsyncClient,
) -> None:
    """In words, with what was typed."""
    long = await client.post("/hoso", data={"procedure": PROCEDURE, "cooperative": "x" * 81})
    for _ in range(30):
        await begun(client, "")
    more = await client.post("/hoso", data={"procedure": PROCEDURE})

    assert (long.status_code, more.status_code) == (422, 422)
    assert "tối đa 80 chữ" in words(long.text)
    assert "nhiều nhất 30 hồ sơ" in words(more.text)


async def test_who_has_the_link_looks_and_changes_nothing(
    client: httpx.AsyncClient, visit: Visit, services: Services
) -> None:
    """Until it is ended, made anew, or old: then it leads nowhere, in words; no secret is kept."""
    address, other = await begun(client), visit()
    first = await link_of(client, f"{address}/share")
    shown = await other.get(first)
    second = await link_of(client, f"{address}/share")
    async with services.sessions() as session:
        row = (await session.scalars(select(Dossier))).one()
        late = NOON + sharing.SHOWN_FOR
        assert await sharing.shared(session, second[-32:], late) is None
    gone = [await other.get(first), await other.get(f"/hoso/xem/{'x' * 32}")]
    await client.post(f"{address}/unshare")
    gone.append(await other.get(second))

    assert COOPERATIVE in words(shown.text)
    assert "<form" not in shown.text
    assert shown.headers["x-robots-tag"] == "noindex"
    assert {page.status_code for page in gone} == {404}
    assert all("đã ngừng, đã hết hạn" in words(page.text) for page in gone)
    assert second[-32:] not in str(row.shown_hash)


async def test_what_is_given_away_is_the_others_once(
    client: httpx.AsyncClient, visit: Visit
) -> None:
    """The giver has it no longer, and no link to it leads anywhere."""
    address, other, third = await begun(client), visit(), visit()
    shown = await link_of(client, f"{address}/share")
    first = await link_of(client, f"{address}/give")
    await client.post(f"{address}/ungive")
    taken_back = await other.get(first)
    link = await link_of(client, f"{address}/give")
    offered = await other.get(link)
    taken = await other.post(link)
    late, gone = await third.post(link), await client.get(address)

    assert taken_back.status_code == 404
    assert COOPERATIVE in words(offered.text)
    assert taken.headers["location"] == address
    assert late.status_code == (await third.get(link)).status_code == 404
    assert gone.status_code == 404
    assert "Hồ sơ này không còn ở đây" in words(gone.text)
    assert (await third.get(shown)).status_code == 404
    assert COOPERATIVE in words((await other.get(address)).text)


async def test_it_is_kept_as_long_as_wanted(client: httpx.AsyncClient, services: Services) -> None:
    """A year after the last mark, or as its owner says; erased, nothing is left."""
    lasting, short, erased = [await begun(client) for _ in range(3)]
    page = (await client.get(lasting)).text
    await client.post(f"{lasting}/keep", data={"days": 730})
    await client.post(lasting, data={"item": "p.dieu-le", "on": "1"})
    await client.post(f"{short}/keep", data={"days": 90})
    await client.post(f"{erased}/erase")
    left = []
    for days in (89, 91, 729, 731):
        await reduce_old(services.sessions, NOON + timedelta(days=days), keep_days=90)
        async with services.sessions() as session:
            left.append(len((await session.scalars(select(Dossier))).all()))

    assert '<option value="365" selected>365 ngày kể từ hôm nay<' in page
    assert left == [2, 1, 1, 0]
    assert await marks(services) == set()


async def test_a_dossier_keeps_what_its_browser_is_to_be_shown(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Who never asks anything is known by the dossier all the same."""
    await begun(client)
    async with services.sessions.begin() as session:
        dossier = (await session.scalars(select(Dossier))).one()
        line = DatedLine(PROCEDURE, "gop-du-von", date(2026, 11, 30))
        chats = (dossier.channel, dossier.key), (dossier.channel, "n" * 22)
        for chat in chats:
            await reminders.ask(session, chat, line, services.library, NOON)
    await reduce_old(services.sessions, NOON + timedelta(days=91), keep_days=90)
    async with services.sessions() as session:
        left = [len(await reminders.of_chat(session, chat)) for chat in chats]

    assert left == [1, 0]


async def test_another_sites_form_is_refused(client: httpx.AsyncClient) -> None:
    """A dossier is changed by our own pages alone."""
    address = await begun(client)
    foreign = {"sec-fetch-site": "cross-site"}
    for at in ("/hoso", address, f"{address}/erase", f"/hoso/nhan/{'x' * 32}"):
        data = {"procedure": PROCEDURE}
        assert (await client.post(at, data=data, headers=foreign)).status_code == 403
