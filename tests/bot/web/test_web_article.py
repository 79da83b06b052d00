"""An article's own page: to share, to print."""

from pathlib import Path

import httpx
import pytest

from services.bootstrap import Services
from services.edition import Edition
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from tests.doubles.content import article_text, head, write_content
from tests.doubles.procedure import VARIED, write_varied
from tests.doubles.web import words


@pytest.fixture
def library(content: Path) -> Library:
    """Return the small content with an article that cites a law no longer in force."""
    write_content(content)
    front = head("founding/ho-so", "Hồ sơ đăng ký hợp tác xã")
    front["citations"] = [
        {"source": "luat-17-2023", "clause": "Điều 42"},
        {"source": "luat-23-2012", "clause": "Điều 23"},
    ]
    body = 'Hồ sơ gồm **năm** loại giấy & "một" <bộ>.\n\n| A | B |\n|---|---|\n| 1 | 2 |'
    (content / "articles/founding/ho-so.md").write_text(article_text(front, body), encoding="utf-8")
    law = content / "sources/luat-17-2023.yml"
    law.write_text(
        law.read_text(encoding="utf-8") + "url: https://vbpl.vn/luat\n", encoding="utf-8"
    )
    return load_library(content)


async def test_article_has_its_own_page(client: httpx.AsyncClient) -> None:
    """The page holds title, answer, detail, next step, day of review and related articles."""
    page = (await client.get("/bai/founding/ho-so")).text

    assert "<h1>Hồ sơ đăng ký hợp tác xã</h1>" in page
    assert "<strong>năm</strong>" in page
    assert '<div class="table"><table>' in page
    assert "Bước tiếp theo: Hỏi UBND xã." in words(page)
    assert "rà soát ngày 24/11/2026" in page
    assert '<a href="/bai/founding/so-thanh-vien">Số thành viên để lập hợp tác xã</a>' in page


async def test_source_stands_between_answer_and_detail(client: httpx.AsyncClient) -> None:
    """Whoever opens the page reads the answer, then where it stands, then the rest."""
    page = (await client.get("/bai/founding/ho-so")).text
    places = [page.index(mark) for mark in ('class="lead"', 'class="sources"', 'class="detail"')]

    assert places == sorted(places)


async def test_lapsed_source_stands_behind_the_one_in_force(client: httpx.AsyncClient) -> None:
    """The law of today opens the line of sources; one that has lapsed is never folded."""
    page = (await client.get("/bai/founding/ho-so")).text
    line, _, after = page.partition("</summary>")
    _, _, unfolded = after.partition("</details>")

    assert "Điều 42" in line
    assert "Điều 23" not in line
    assert "+1" in line
    assert "Điều 23" in unfolded
    assert "đã hết hiệu lực" in unfolded


async def test_checklist_and_parts_open_on_the_page(
    client: httpx.AsyncClient, content: Path, services: Services
) -> None:
    """Without a chat's buttons the page still holds the checklist and what is for managers."""
    write_varied(content)
    varied = Edition(load_library(content), services.current.edition.interpreter)
    services.current.edition = varied
    page = (await client.get(f"/bai/{VARIED}")).text

    assert "<summary>Danh mục giấy tờ</summary>" in page
    assert '<li class="box"><label><input type="checkbox" value="' in page
    assert "<summary>Cho quản lý hợp tác xã</summary>\n<p>Quản lý ký 01 bộ hồ sơ.</p>" in page


async def test_sources_tell_whether_they_are_in_force(client: httpx.AsyncClient) -> None:
    """Each source says whether it is in force, what replaced it, and links to its text."""
    page = (await client.get("/bai/founding/ho-so")).text

    assert "Luật Hợp tác xã 17/2023/QH15, Điều 42 (còn hiệu lực)" in words(page)
    assert "(đã hết hiệu lực, thay bằng Luật Hợp tác xã 17/2023/QH15)" in words(page)
    assert '<a href="https://vbpl.vn/luat"' in page


async def test_article_is_shared_with_title_and_description(client: httpx.AsyncClient) -> None:
    """Whoever shares the page shares title and short answer, escaped."""
    page = (await client.get("/bai/founding/ho-so")).text

    assert '<meta property="og:title" content="Hồ sơ đăng ký hợp tác xã">' in page
    assert "Hồ sơ gồm năm loại giấy &amp; &#34;một&#34; &lt;bộ&gt;." in page


async def test_article_has_no_script(client: httpx.AsyncClient) -> None:
    """The page works where scripts never run."""
    assert "<script" not in (await client.get("/bai/founding/ho-so")).text


async def test_every_article_has_a_page(client: httpx.AsyncClient, services: Services) -> None:
    """No article of the library is without its page."""
    pages = [await client.get(f"/bai/{name}") for name in services.library.articles]

    assert {page.status_code for page in pages} == {200}


@pytest.mark.parametrize("name", ["khong-co", "", "../../etc/passwd", "<b>", "%00"])
async def test_missing_article_is_told(client: httpx.AsyncClient, name: str) -> None:
    """An article that does not exist gives 404 and the way back."""
    response = await client.get(f"/bai/{name}")

    assert response.status_code == 404
    assert "Không có bài này" in response.text
    assert 'href="/"' in response.text


async def test_lapsed_article_has_no_page(
    client: httpx.AsyncClient, content: Path, services: Services
) -> None:
    """An article that rests on nothing in force is gone from the page too."""
    path = content / "articles/founding/ho-so.md"
    text = path.read_text(encoding="utf-8").replace("source: luat-17-2023", "source: luat-23-2012")
    path.write_text(text, encoding="utf-8")
    services.current.edition = Edition(load_library(content), services.current.edition.interpreter)

    assert (await client.get("/bai/founding/ho-so")).status_code == 404
