"""Papers on the page: the list, blank ones, one filled in; nothing of it is kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.bootstrap import Services
from services.edition import CurrentEdition
from services.publishing.snapshot import editions_dir
from services.settings import ROOT
from services.tools.papers.drafts import draft, filled
from services.tools.papers.word_file import text_of
from tests.doubles.web import words

NAME = "Hợp tác xã Nông nghiệp Mẫu"
MEMBERS = "danh-sach-thanh-vien"


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
    assert "“Ngày lập” chưa đúng" in words(refused.text)
    assert f'value="{NAME} &lt;b&gt;"' in refused.text


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

    assert draft(services, "dieu-le") is None
    assert filled(app, "dieu-le", {}).content.startswith(b"PK")
