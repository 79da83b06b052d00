import shutil
from pathlib import Path
from typing import Any

import pytest

from services.errors import ContentError
from services.publishing.snapshot import digest, keep_newest, take
from services.settings import Settings


def test_snapshot_holds_what_stood_there(settings: Settings) -> None:
    """The copy is the content, and stays as it is when the content changes."""
    taken = take(settings)
    before = digest(taken.path)

    (settings.content_dir / "topics.yml").write_text("{}", encoding="utf-8")

    assert digest(taken.path) == before == taken.fingerprint
    assert take(settings).fingerprint != before


def test_same_content_is_copied_once(settings: Settings) -> None:
    """An equal content has one copy; what an editor leaves beside changes nothing."""
    first = take(settings)
    (settings.content_dir / ".topics.yml.swp").write_text("nửa chừng", encoding="utf-8")
    (settings.content_dir / "topics.yml~").write_text("cũ", encoding="utf-8")

    assert take(settings) == first
    assert [path.name for path in first.path.parent.iterdir()] == [first.fingerprint]


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

    taken = take(settings)

    assert (taken.path / "topics.yml").read_text(encoding="utf-8") == "{a: 2}"
    assert digest(taken.path) == taken.fingerprint


def test_content_that_is_gone_is_a_sentence(settings: Settings) -> None:
    """A folder that can't be copied is refused with its place."""
    shutil.rmtree(settings.content_dir / "articles")
    (settings.content_dir / "articles").symlink_to(settings.content_dir / "không-có")

    with pytest.raises(ContentError, match="Không chép được nội dung"):
        take(settings)


def test_last_three_are_kept(tmp_path: Path) -> None:
    """Files and folders that were used before the last three go."""
    for number in range(5):
        (tmp_path / f"{number}.tar.gz").touch()
    (tmp_path / "khác").touch()

    keep_newest(tmp_path, "*.tar.gz")

    assert len(list(tmp_path.glob("*.tar.gz"))) == 3
    assert (tmp_path / "khác").exists()
