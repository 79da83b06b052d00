from pathlib import Path

import httpx
import pytest

from services.knowledge.checks.references import dead_links
from services.knowledge.loader import read_library
from tests.doubles.checked_content import edit, write_checked
from tests.doubles.content import write_content


def answer(request: httpx.Request) -> httpx.Response:
    """Answer as an address ends; one host never answers."""
    if request.url.host == "ngu.vn":
        message = "no answer"
        raise httpx.ConnectTimeout(message)
    return httpx.Response(int(request.url.path.rpartition("/")[2] or 200))


@pytest.mark.parametrize(("status", "dead"), [(404, 1), (410, 1), (200, 0), (403, 0), (500, 0)])
async def test_only_what_is_gone_is_found(tmp_path: Path, status: int, dead: int) -> None:
    """404 and 410 are findings at the place of the address; a refusal or a sleeper is none."""
    root = write_checked(write_content(tmp_path))
    line = edit(
        root, "sources/luat-17-2023.yml", "https://vbpl.vn/luat", f"https://vbpl.vn/{status}"
    )
    edit(root, "articles/ocop/hang-sao.md", "Từ 3 đến 5 sao.", "Xem https://ngu.vn/1.")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        found = await dead_links(read_library(root), client)

    assert [(f.file, f.line) for f in found] == [("sources/luat-17-2023.yml", line)] * dead
