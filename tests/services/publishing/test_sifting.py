from pathlib import Path

from services.publishing.holding import sift
from services.settings import Settings
from tests.doubles.checked_content import write_checked
from tests.doubles.content import write_content

ARTICLE = "articles/founding/so-thanh-vien.md"


async def test_all_that_the_check_finds_is_held_back(settings: Settings, tmp_path: Path) -> None:
    """A figure that no fact has is no broken file, but it is put back and told."""
    before, changed = (write_checked(write_content(tmp_path / name)) for name in ("old", "new"))
    article = changed / ARTICLE
    sound = article.read_text("utf-8")
    article.write_text(sound.replace("05 thành viên", "17 thành viên"), "utf-8")

    found = await sift(settings, changed, before)

    assert any("17 thành viên" in finding for finding in found)
    assert article.read_text("utf-8") == sound
