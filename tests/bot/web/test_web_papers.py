"""Papers on the page: the list, blank ones, one filled in, left and taken up again."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.limits import MAKING
from services.bootstrap import Services
from services.edition import CurrentEdition
from services.knowledge.library import Library
from services.publishing.snapshot import editions_dir
from services.settings import ROOT
from services.storage.models import FormRun
from services.tools.forms import runs
from services.tools.forms.bounds import Value
from services.tools.forms.catalogue import box_of, criterion_of, form_of, gate_of, sheet_of
from services.tools.forms.values import Typed, read_answer
from services.tools.papers.drafts import blank, filled
from services.tools.papers.word_file import text_of
from tests.conftest import NOON
from tests.doubles.web import Visit, words

NAME = "Hợp tác xã Nông nghiệp Mẫu"
MEMBERS = "danh-sach-thanh-vien"
PAPERS = sorted(path.stem for path in (ROOT / "content/papers").glob("*.yml"))
PAPER = f"/tools/paper/{MEMBERS}"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, with papers."""
    shutil.copytree(ROOT / "content/papers", content / "papers")
    return content


async def test_a_paper_is_had_as_a_draft(client: httpx.AsyncClient) -> None:
    """From the message that wants it, and from the list; another is none."""
    page = await client.post("/", data={"text": "soạn giúp điều lệ hợp tác xã"})
    listed = await client.get("/tools/paper")
    file = await client.get("/tools/paper/dieu-le.docx")

    assert 'href="/tools/paper/dieu-le.docx"' in page.text
    assert 'href="/tools/paper/dieu-le.docx"' in listed.text
    assert file.content.startswith(b"PK")
    for gone in ("khong-co.docx", "khong-co"):
        assert (await client.get(f"/tools/paper/{gone}")).status_code == 404
    assert (await client.post("/tools/paper/khong-co")).status_code == 404


async def test_each_paper_can_be_filled_in(client: httpx.AsyncClient) -> None:
    """All fields stand on one page, and none of them is needed."""
    for path in sorted((ROOT / "content/papers").glob("*.yml")):
        page = await client.get(f"/tools/paper/{path.stem}")
        made = await client.post(f"/tools/paper/{path.stem}")

        assert page.status_code == 200
        assert "Luật đòi: " in words(page.text)
        assert "……" in text_of(made.content)


async def test_a_list_is_typed_line_by_line(client: httpx.AsyncClient) -> None:
    """Columns are parted by semicolons, sums written as people do."""
    members = (
        "Nguyễn Văn Mẫu; 1/2/1980; 0480; Việt Nam; Xã Mẫu; chính thức; 300 triệu; Tiền\n\n"
        "Trần Thị Mẫu;;;;;liên kết góp vốn;100 triệu"
    )
    fields = {"name": NAME, "members": members, "made_on": "5/12/2026"}
    made = await client.post(f"/tools/paper/{MEMBERS}", data=fields)

    told = text_of(made.content)
    assert made.headers["content-disposition"] == f'attachment; filename="{MEMBERS}.docx"'
    assert (
        "1 Nguyễn Văn Mẫu 01/02/1980 0480 Việt Nam Xã Mẫu Chính thức 300.000.000 75% Tiền" in told
    )
    assert "Cộng: 2 thành viên 400.000.000" in told
    assert "ngày 05 tháng 12 năm 2026" in told


async def test_a_row_is_typed_box_by_box(client: httpx.AsyncClient) -> None:
    """It goes behind those that are there; the boxes stand open for the next one."""
    boxes = {"full_name": "Nguyễn Văn Mẫu", "address": "Xã Mẫu; Đà Nẵng", "kind": "associate"}
    cells = {f"members.{name}": value for name, value in boxes.items()}
    posted = {"members": "Trần Thị Mẫu", "make": "add:members"}
    added = await client.post(PAPER, data={**posted, **cells})
    page = await client.get(added.headers["location"])
    wrong = await client.post(PAPER, data={**posted, "members.born": "hôm nào đó"})
    row = "Nguyễn Văn Mẫu; ; ; ; Xã Mẫu, Đà Nẵng; Liên kết góp vốn"
    assert added.headers["location"] == f"{PAPER}?more=members#members"
    assert f"Trần Thị Mẫu\n{row}</textarea>" in page.text
    assert '<details class="part" open>' in page.text
    assert "Ví dụ: 5/3/1980" in words(page.text)
    assert wrong.status_code == 422
    assert 'value="hôm nào đó"' in wrong.text


async def test_boxes_behind_a_download_hold_the_next_row(client: httpx.AsyncClient) -> None:
    """What was in the boxes is shown in the list before the file is made, and stays there."""
    members, shown = "", await client.get(PAPER)
    for name in ("Nguyễn Văn Mẫu", "Trần Thị Mẫu"):
        typed = {"members": members, "members.full_name": name, "seen": seen(shown)}
        shown = await client.post(PAPER, data=typed)
        rows = re.search(r"<textarea[^>]*>([^<]*)</textarea>", shown.text)
        members = rows[1] if rows else ""
    made = await client.post(PAPER, data={"members": members, "seen": seen(shown)})

    assert "đã vào danh sách" in words(shown.text)
    assert 'value="Trần Thị Mẫu"' not in shown.text
    assert "1 Nguyễn Văn Mẫu" in text_of(made.content)
    assert "2 Trần Thị Mẫu" in text_of(made.content)


@pytest.mark.parametrize("name", PAPERS)
def test_an_example_of_a_list_reads_as_a_row(library: Library, name: str) -> None:
    """It may be typed as it stands there."""
    for one in form_of(library, f"paper-{name}").questions:
        if one.columns:
            rows = read_answer(one, one.example, {}, Typed(NOON.date()))
            assert isinstance(rows, list)
            assert len(rows) == 1


async def test_what_was_typed_is_kept_as_long_as_its_owner_says(
    client: httpx.AsyncClient, services: Services
) -> None:
    """What is changed later too; no other number of days is taken."""
    await client.post(PAPER, data={"name": NAME})
    for days in ("90", "5"):
        await client.post(f"{PAPER}/keep", data={"days": days})
    await client.post(PAPER, data={"name": f"{NAME} Hai"})
    page = await client.get(PAPER)
    async with services.sessions() as session:
        held = (await session.scalars(select(FormRun))).all()

    assert [run.until - NOON for run in held] == [timedelta(days=90)] * 2
    assert '<option value="90" selected>' in page.text
    assert "90 ngày rồi xóa" in words(page.text)


@pytest.mark.parametrize("address", [PAPER, "/tools/loan"])
async def test_a_browser_is_known_as_long_as_it_has_something_kept(
    client: httpx.AsyncClient, address: str
) -> None:
    """From when its owner says how long; the page says what to do to have it for ever."""
    await client.post(address, data={"name": NAME, "make": "keep"})
    kept = await client.post(f"{address}/keep", data={"days": "365"})
    page = await client.get(address)

    assert "Max-Age=31536000" in kept.headers.get("set-cookie", "")
    assert "mỗi năm mở lại, bấm “Giữ như vậy” ít nhất một lần" in words(page.text)


async def test_a_choice_and_a_box_are_pressed(client: httpx.AsyncClient) -> None:
    """As the forms of the decision have them."""
    made = await client.post("/tools/paper/ocop-mau-01", data={"round": "upgrade"})
    boxes = await client.post("/tools/paper/ocop-mau-02", data={"has_mark": "1"})

    assert "Lần đầu □ Nâng hạng: √ Đánh giá lại: □" in text_of(made.content)
    assert "+ Giấy chứng nhận đăng ký nhãn hiệu: √" in text_of(boxes.content)


async def test_what_is_no_entry_is_shown_again(client: httpx.AsyncClient) -> None:
    """With what is wrong, and all that was typed still there."""
    fields = {"name": f"{NAME} <b>", "made_on": "hôm nào đó"}
    refused = await client.post(f"/tools/paper/{MEMBERS}", data=fields)

    assert refused.status_code == 422
    assert "Ngày lập: Ghi một ngày có thật" in words(refused.text)
    assert f'value="{NAME} &lt;b&gt;"' in refused.text


async def test_what_was_typed_is_there_again(client: httpx.AsyncClient) -> None:
    """Kept to go on with, and once it was made; beside what is no entry the rest is kept too."""
    members = "Nguyễn Văn Mẫu; 1/2/1980\nTrần Thị Mẫu;;;;;;100 triệu"
    kept = await client.post(PAPER, data={"name": NAME, "members": members, "make": "keep"})
    page = await client.get(PAPER)
    await client.post(PAPER, data={"name": f"{NAME} Hai", "made_on": "hôm nào đó"})
    made = await client.post(PAPER, data={"name": f"{NAME} Ba", "made_on": "5/12/2026"})
    again = await client.get(PAPER)

    assert kept.status_code == 303
    assert f'value="{NAME}"' in page.text
    assert "Nguyễn Văn Mẫu; 1/2/1980\nTrần Thị Mẫu; ; ; ; ; ; 100.000.000</textarea>" in page.text
    assert made.content.startswith(b"PK")
    assert f'value="{NAME} Ba"' in again.text
    assert 'value="5/12/2026"' in again.text


def seen(page: httpx.Response) -> str:
    """Return by what a page tells which state of the paper it shows."""
    found = re.search('name="seen" value="([^"]*)"', page.text)
    return found[1] if found else ""


async def test_two_tabs_on_one_paper_lose_nothing(client: httpx.AsyncClient) -> None:
    """The later one is told of the other's, sees both, and saves once it has looked at them."""
    one, two = [seen(await client.get(PAPER)) for _ in range(2)]
    first = {"name": NAME, "place": "Xã Mẫu", "make": "keep", "seen": one}
    second = {"name": f"{NAME} Hai", "made_on": "5/12/2026", "make": "keep", "seen": two}
    await client.post(PAPER, data=first)
    late = await client.post(PAPER, data=second)
    kept = await client.get(PAPER)
    looked = {**second, "place": "Xã Mẫu", "seen": seen(late)}
    again = await client.post(PAPER, data=looked)
    out = await client.post(PAPER, data={**first, "make": "docx"})

    assert late.status_code == 409
    assert "đã đổi ở tab khác" in words(late.text)
    assert f"Bản kia ghi: {NAME}" in words(late.text)
    for there in (f'value="{NAME} Hai"', 'value="Xã Mẫu"', 'value="5/12/2026"'):
        assert there in late.text
    assert f'value="{NAME}"' in kept.text
    assert (again.status_code, out.status_code) == (303, 409)


async def test_what_another_tab_took_out_is_told(client: httpx.AsyncClient) -> None:
    """It stands here still, so it would come back unseen."""
    typed = {"name": NAME, "place": "Xã Mẫu", "make": "keep"}
    await client.post(PAPER, data=typed)
    one, two = [seen(await client.get(PAPER)) for _ in range(2)]
    await client.post(PAPER, data={**typed, "place": "", "seen": one})
    late = await client.post(PAPER, data={**typed, "seen": two})

    assert late.status_code == 409
    assert words(late.text).count("Bản kia ghi: (để trống)") == 1


async def test_a_tab_of_what_was_erased_fits_nothing_new(client: httpx.AsyncClient) -> None:
    """Its mark is that of a paper that is gone: what was typed since is shown beside it."""
    await client.post(PAPER, data={"name": NAME, "make": "keep"})
    stale = seen(await client.get(PAPER))
    await client.post(f"{PAPER}/erase")
    await client.post(PAPER, data={"name": f"{NAME} Hai", "make": "keep"})
    late = await client.post(PAPER, data={"name": NAME, "make": "keep", "seen": stale})

    assert late.status_code == 409
    assert f'value="{NAME} Hai"' in (await client.get(PAPER)).text


async def test_a_page_says_no_more_of_itself_than_is_kept(
    client: httpx.AsyncClient, services: Services
) -> None:
    """PostgreSQL takes neither more signs nor a NUL."""
    saved = await client.post(PAPER, data={"name": NAME, "make": "keep", "seen": "x\0" * 100})
    async with services.sessions() as session:
        held = (await session.scalars(select(FormRun))).one()

    assert saved.status_code == 303
    assert held.saved_by == "x" * 40


async def test_one_page_saves_as_often_as_it_likes(client: httpx.AsyncClient) -> None:
    """It stands open while its file is downloaded: what it saved itself is no other's."""
    page = seen(await client.get(PAPER))
    names = (NAME, f"{NAME} Hai", f"{NAME} Ba")
    made = [await client.post(PAPER, data={"name": name, "seen": page}) for name in names]

    assert page
    assert [one.status_code for one in made] == [200] * 3
    assert f'value="{NAME} Ba"' in (await client.get(PAPER)).text


async def test_made_twice_is_kept_once_and_erased_whole(
    client: httpx.AsyncClient, services: Services
) -> None:
    """The same answers are one row; whoever erases them has an empty paper before them."""
    for _ in range(2):
        await client.post(PAPER, data={"name": NAME})
    async with services.sessions() as session:
        [run] = (await session.scalars(select(FormRun))).all()
    await client.post(f"{PAPER}/erase")

    assert (run.form, run.answers["name"]) == (f"paper-{MEMBERS}", NAME)
    assert run.until - NOON == timedelta(days=30)
    assert NAME not in (await client.get(PAPER)).text


async def test_what_was_begun_in_the_chat_goes_on_here(
    client: httpx.AsyncClient, services: Services
) -> None:
    """The link leads to the paper's page with all that was answered; it is used up then."""
    form = form_of(services.library, f"paper-{MEMBERS}")
    known: dict[str, Value] = {
        "name": NAME,
        "members": ["Nguyễn Văn Mẫu", "Trần Thị Mẫu; 1/2/1980"],
    }
    async with services.sessions.begin() as session:
        run = await runs.begin(session, ("telegram", "7"), form, known, NOON)
        secret = await runs.make_link(session, run, NOON)
    led = await client.post(f"/tools/resume/{secret}")
    page = (await client.get(PAPER)).text

    assert led.headers["location"] == PAPER
    assert f'value="{NAME}"' in page
    assert "Nguyễn Văn Mẫu\nTrần Thị Mẫu; 1/2/1980</textarea>" in page
    assert (await client.post(f"/tools/resume/{secret}")).status_code == 410


async def test_a_score_fills_in_the_papers_of_the_product(
    client: httpx.AsyncClient, services: Services
) -> None:
    """Product, group, points of each criterion; whoever typed something has that."""
    sheet = sheet_of(services.library, 9)
    first, *rest = sheet.criteria
    chosen = {criterion_of(sheet, first): box_of(sheet.rows[0]), gate_of(sheet): False}
    answers = {"product": "nước mắm cá cơm", "sheet": "09", **chosen}
    await client.get("/tools/paper/ocop-mau-02")
    await client.post("/tools/ocop")
    async with services.sessions.begin() as session:
        [run] = await session.scalars(select(FormRun))
        run.answers, run.ended_at = answers, NOON
    one, two = [(await client.get(f"/tools/paper/ocop-mau-0{number}")).text for number in (1, 2)]
    made = await client.post("/tools/paper/ocop-mau-01", data={"product": "mắm ruốc"})

    assert 'value="nước mắm cá cơm"' in one
    assert f'value="{sheet.kind}"' in one
    assert f"{first.named}; {first.boxes[0].text}; {first.boxes[0].points}\n{rest[0].named}" in two
    assert "Một số chỗ điền sẵn" in two
    assert made.content.startswith(b"PK")
    assert "mắm ruốc" in (await client.get("/tools/paper/ocop-mau-01")).text


async def test_what_is_not_as_the_law_wants_it_is_told_before_the_file(
    client: httpx.AsyncClient,
) -> None:
    """Pressed again it is made all the same; a summons may come too late by days."""
    summons = "/tools/paper/thu-moi-dai-hoi"
    days = {"sent_on": "28/11/2026", "held_on": "30/11/2026"}
    warned = await client.post(summons, data=days)
    made = await client.post(summons, data={**days, "warned": "sent_on"})
    early = await client.post(summons, data={**days, "sent_on": "27/11/2026"})

    assert "Ngày gửi, ít nhất 3 ngày trước (Điều 60 khoản 1)" in words(warned.text)
    assert 'name="warned" value="sent_on"' in warned.text
    assert "Ngày gửi, ít nhất 3 ngày trước" in text_of(made.content)
    assert early.content.startswith(b"PK")


async def test_what_can_not_be_a_pdf_says_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without LibreOffice only the product's own sheet is one; what was typed is still there."""
    monkeypatch.setenv("PATH", "")
    page = (await client.get(PAPER)).text
    refused = await client.post(PAPER, data={"name": NAME, "make": "pdf"})
    sheet = await client.post("/tools/paper/phieu-chuan-bi-dang-ky", data={"make": "pdf"})

    assert "chưa cài LibreOffice" in page
    assert 'value="pdf"' not in page
    assert refused.status_code == 422
    assert "không có LibreOffice" in words(refused.text)
    assert f'value="{NAME}"' in refused.text
    assert sheet.content.startswith(b"%PDF-")


async def test_making_papers_has_a_bound_of_its_own(visit: Visit) -> None:
    """It is narrower than that of answers; saving goes on."""
    client = visit("203.0.113.7")
    statuses = [(await client.get(f"{PAPER}.docx")).status_code for _ in range(MAKING.each)]
    refused = await client.post(PAPER, data={"name": NAME})
    kept = await client.post(PAPER, data={"name": NAME, "make": "keep"})

    assert statuses == [200] * MAKING.each
    assert (refused.status_code, kept.status_code) == (429, 303)


async def test_another_site_fills_in_nothing(client: httpx.AsyncClient) -> None:
    """A form is taken from the page alone."""
    refused = await client.post(
        f"/tools/paper/{MEMBERS}", headers={"Origin": "https://other.example"}
    )

    assert refused.status_code == 403


async def test_a_template_that_is_held_back_makes_no_paper(
    services: Services, content: Path
) -> None:
    """Papers are made of the templates that are served, whatever was saved since."""
    edition = editions_dir(services.settings) / "0123456789abcdef" / "content"
    shutil.copytree(content, edition)
    (content / "papers/dieu-le.docx").write_bytes(b"no Word file")
    library = replace(services.library, edition=edition.parent.name)
    served = replace(services.current.edition, library=library)
    app = replace(services, current=CurrentEdition(served))

    assert blank(services, "dieu-le") is None
    assert filled(app, "dieu-le", {}).word_file.startswith(b"PK")


async def test_day_that_a_message_told_stands_in_the_paper(client: httpx.AsyncClient) -> None:
    """What is typed there already is left as it is."""
    invitation = "/tools/paper/thu-moi-dai-hoi"
    for day in ("20/3/2027", "21/4/2027"):
        await client.post("/", data={"text": f"soạn giúp giấy mời đại hội ngày {day}"})
    page = (await client.get(invitation)).text

    assert 'value="20/3/2027"' in page
    assert "21/4/2027" not in page
