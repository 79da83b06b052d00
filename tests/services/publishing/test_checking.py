import shutil
from pathlib import Path

import pytest

from services.errors import ContentError
from services.publishing.checking import check_beside
from services.settings import ROOT, Settings


async def test_all_that_the_check_finds_keeps_content_back(
    settings: Settings, tmp_path: Path
) -> None:
    """A figure that no fact has is no broken file, but it is not published."""
    content = tmp_path / "changed"
    shutil.copytree(ROOT / "content", content)
    article = content / "articles/founding/so-thanh-vien.md"
    article.write_text(
        article.read_text("utf-8").replace("05 thành viên", "17 thành viên"), "utf-8"
    )

    with pytest.raises(ContentError, match="17 thành viên"):
        await check_beside(settings.model_copy(update={"content_dir": content}))
