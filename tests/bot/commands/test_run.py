import shutil
from pathlib import Path

import pytest

from bot.commands.run import first_content
from services.errors import ContentError
from services.publishing.snapshot import take
from services.publishing.status import Publishing, record_path
from services.settings import Settings


def test_start_on_broken_content_serves_what_was_served_last(settings: Settings) -> None:
    """Where an edition was served before, a start does without the content that is broken."""
    good = take(settings)
    Publishing(record_path(settings), good.fingerprint)
    break_it(settings.content_dir)

    snapshot, library = first_content(settings)

    assert snapshot == good
    assert "founding/ho-so" in library.articles


def test_first_start_on_broken_content_is_refused(settings: Settings) -> None:
    """Where nothing was served yet, broken content stops the start with its findings."""
    break_it(settings.content_dir)

    with pytest.raises(ContentError, match="luat-17-2023"):
        first_content(settings)


def break_it(content: Path) -> None:
    shutil.move(content / "sources/luat-17-2023.yml", content / "sources/khac.yml")
