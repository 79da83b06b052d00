import shutil
from pathlib import Path

from services.publishing.holding import sift
from services.settings import ROOT, Settings


async def test_all_that_the_check_finds_is_held_back(settings: Settings, tmp_path: Path) -> None:
    """A figure that no fact has is no broken file, but it is put back and told."""
    content = tmp_path / "changed"
    shutil.copytree(ROOT / "content", content)
    article = content / "articles/founding/so-thanh-vien.md"
    before = article.read_text("utf-8")
    article.write_text(before.replace("05 thành viên", "17 thành viên"), "utf-8")

    found = await sift(settings, content, ROOT / "content")

    assert any("17 thành viên" in finding for finding in found)
    assert article.read_text("utf-8") == before
