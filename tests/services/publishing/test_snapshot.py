import shutil
from pathlib import Path
from typing import Any

import pytest

from services.errors import MachineError
from services.publishing.snapshot import digest, editions_dir, taken
from services.settings import Settings


def test_snapshot_holds_what_stood_there(settings: Settings) -> None:
    """The copy is the content, and stays as it is when the content changes."""
    with taken(settings) as folder:
        before = digest(folder)
        (settings.content_dir / "topics.yml").write_text("{}", encoding="utf-8")

        assert digest(folder) == before != digest(settings.content_dir)


def test_what_editors_leave_is_not_copied(settings: Settings) -> None:
    """What an editor leaves beside changes nothing; nothing is left of the copy afterwards."""
    before = digest(settings.content_dir)
    for name in (".topics.yml.swp", "topics.yml~", "~$pics.yml"):
        (settings.content_dir / name).write_text("nửa chừng", encoding="utf-8")

    with taken(settings) as folder:
        assert digest(folder) == before
        assert sorted(path.name for path in folder.glob("*opics*")) == ["topics.yml"]
    assert list(editions_dir(settings).iterdir()) == []


def test_change_while_copying_is_copied_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file saved between two others never gives a mixed copy."""
    late, copy = settings.content_dir / "topics.yml", shutil.copytree
    texts = iter(["{a: 1}", "{a: 2}"])

    def copy_and_save(source: Path, *rest: Any, **options: Any) -> None:
        late.write_text(next(texts, late.read_text(encoding="utf-8")), encoding="utf-8")
        copy(source, *rest, **options)

    monkeypatch.setattr("shutil.copytree", copy_and_save)

    with taken(settings) as folder:
        assert (folder / "topics.yml").read_text(encoding="utf-8") == "{a: 2}"


def test_content_that_is_gone_is_a_sentence(settings: Settings) -> None:
    """A folder that can't be copied is told with its place and the reason."""
    shutil.rmtree(settings.content_dir / "articles")
    (settings.content_dir / "articles").symlink_to(settings.content_dir / "không-có")

    with pytest.raises(MachineError, match="chép được nội dung") as told, taken(settings):
        pass
    assert "[(" not in str(told.value)
