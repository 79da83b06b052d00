"""Editions on disk: the first one, one opened again, and which are let go."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from services.errors import ContentError, EditionGone
from services.knowledge import loader
from services.publishing.editions import (
    BuiltEdition,
    Manifest,
    forget_old,
    keep,
    open_edition,
    recorded,
)
from services.publishing.snapshot import digest, editions_dir, taken
from services.publishing.status import read_record, record_path, write_whole
from services.settings import ROOT, Settings
from tests.doubles.checked_content import edit, forget_phrase

NAME = "founding/so-thanh-vien"


def test_content_alone_is_recorded_where_nothing_was(settings: Settings) -> None:
    """An empty data folder and no model: the content is checked and recorded at once."""
    built = recorded(settings)

    record = read_record(record_path(settings))
    assert record is not None
    assert record.edition == built.fingerprint
    assert (built.manifest.whole, built.model(settings)) == (False, None)
    assert NAME in built.library.articles


def test_recorded_edition_stays_whatever_the_folder_holds(settings: Settings) -> None:
    """What is broken later, and what is merely changed, waits for the publisher."""
    first = recorded(settings)
    edit(settings.content_dir, f"articles/{NAME}.md", "05 thành viên", "17 thành viên")

    again = recorded(settings)

    assert again.fingerprint == first.fingerprint
    assert "05 thành viên" in again.library.articles[NAME].short


def test_first_edition_leaves_out_what_is_broken(settings: Settings) -> None:
    """One half-written article is left out and named; the others are served."""
    edit(settings.content_dir, "articles/ocop/hang-sao.md", "next_step", "next")
    edit(settings.content_dir, "articles/ocop/ho-so.md", "- ocop/hang-sao", "- founding/ho-so")

    built = recorded(settings)

    record = read_record(record_path(settings))
    assert record is not None
    assert sorted(built.library.articles) == ["founding/ho-so", NAME, "ocop/ho-so"]
    assert any("ocop/hang-sao.md" in finding for finding in record.findings)


def test_what_leads_to_an_article_that_was_left_out_is_served(settings: Settings) -> None:
    """Of the whole content one half-written article is missing at the first start, and no other."""
    shutil.rmtree(settings.content_dir)
    shutil.copytree(ROOT / "content", settings.content_dir)
    article = settings.content_dir / "articles/ocop/hieu-luc.md"
    article.write_text(article.read_text("utf-8")[:300], "utf-8")

    built = recorded(settings)

    there = {path.stem for path in (ROOT / "content/articles").rglob("*.md")}
    assert there - {name.partition("/")[2] for name in built.library.articles} == {"hieu-luc"}


def test_nothing_can_be_made_of_content_without_its_phrases(settings: Settings) -> None:
    """What nothing is said without stops the first start, with its finding."""
    (settings.content_dir / "phrases/replies.yml").write_text("{", encoding="utf-8")

    with pytest.raises(ContentError, match=r"phrases/replies\.yml"):
        recorded(settings)


@pytest.mark.parametrize("file", ["replies", "people", "announcements", "staff"])
def test_edition_of_an_older_release_says_what_newer_code_says(
    settings: Settings, file: str
) -> None:
    """What it lacks is said in the words that came with the code, by whoever opens it."""
    name = forget_phrase(settings.content_dir, file)
    first = recorded(settings)

    phrases = open_edition(settings, first.fingerprint).library.phrases

    assert phrases.borrowed == {name}
    assert name in phrases.templates


def test_edition_older_than_scopes_serves_all_its_articles(settings: Settings) -> None:
    """Articles that do not say where they hold are opened as they were; only a change must say."""
    first = recorded(settings)
    for path in (first.content / "articles").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("scope: national\n", ""), encoding="utf-8")
    (first.content / "places/names.yml").unlink()
    older = first.path.rename(first.path.with_name(digest(first.content)))

    opened = open_edition(settings, older.name)

    assert opened.library.articles.keys() == first.library.articles.keys()
    assert {article.head.scope for article in opened.library.articles.values()} == {None}


def test_phrase_that_came_with_no_code_is_no_edition(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who deleted a line of the content that came with the code reads which; nobody is served."""
    first = recorded(settings)
    name = forget_phrase(settings.content_dir, "replies")
    shutil.copytree(settings.content_dir, tmp_path / "code/content")
    shutil.copy(settings.content_dir / "phrases/replies.yml", first.content / "phrases/replies.yml")
    older = first.path.rename(first.path.with_name(digest(first.content)))
    monkeypatch.setattr(loader, "ROOT", tmp_path / "code")

    with pytest.raises(EditionGone, match=name):
        open_edition(settings, older.name)
    with pytest.raises(ContentError, match=rf"phrases/replies\.yml:1: \[{name}\] Thiếu mẫu câu"):
        recorded(settings)


def test_edition_is_opened_by_its_fingerprint(settings: Settings) -> None:
    """Who was approved on an edition reads that one, whatever is served by now."""
    first = recorded(settings)

    assert open_edition(settings, first.fingerprint).library.articles.keys() == (
        first.library.articles.keys()
    )
    with pytest.raises(EditionGone, match="a820"):
        open_edition(settings, "a820")


def test_what_a_kill_left_goes_after_a_day(settings: Settings) -> None:
    """Copies of the content and half-trained models of dead processes do not fill the disk."""
    recorded(settings)
    folders = (editions_dir(settings) / ".draft-", settings.model_dir / "draft-")
    for folder in folders:
        folder.with_name(f"{folder.name}new").mkdir(parents=True)
        folder.with_name(f"{folder.name}old").mkdir()
        os.utime(folder.with_name(f"{folder.name}old"), (0, 0))

    forget_old(settings, ())

    left = {path.name for folder in folders for path in folder.parent.glob(f"{folder.name}*")}
    assert left == {".draft-new", "draft-new"}


def test_edition_that_lost_a_file_is_gone(settings: Settings) -> None:
    """What is no longer as it was checked is not served; the same content makes it whole again."""
    first = recorded(settings)
    (first.content / f"articles/{NAME}.md").unlink()

    with pytest.raises(EditionGone):
        open_edition(settings, first.fingerprint)
    again = recorded(settings)

    assert again.fingerprint == first.fingerprint
    assert NAME in again.library.articles


def test_manifest_of_which_half_was_written_is_made_anew(settings: Settings) -> None:
    """Neither a manifest cut off nor one of another version stops the start."""
    first = recorded(settings)
    for text in ('{"built_at": "2026-', '{"form": 2}', ""):
        (first.path / "manifest.json").write_text(text, encoding="utf-8")

        assert recorded(settings).fingerprint == first.fingerprint


def test_editions_of_the_first_release_are_made_anew(settings: Settings) -> None:
    """They had no manifest, and the content stood in the folder itself."""
    first = recorded(settings)
    shutil.rmtree(first.path)
    shutil.copytree(settings.content_dir, first.path)

    again = recorded(settings)

    assert again.fingerprint == first.fingerprint
    assert NAME in again.library.articles


def test_record_that_the_disk_refuses_leaves_nothing_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is not filled further by what was begun."""

    def refuse(_path: Path, _text: str, **_options: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)

    with pytest.raises(OSError, match="No space"):
        write_whole(settings.data_dir / "publishing.json", "{}")

    assert list(settings.data_dir.glob(".publishing*")) == []


def test_editions_in_use_are_kept(settings: Settings) -> None:
    """The newest three stay, and those that somebody still reads."""
    made = [recorded(settings)]
    made += [_changed(settings, made[0].manifest) for _ in range(5)]
    for number, one in enumerate(made):
        os.utime(one.path, (number, number))

    forget_old(settings, {made[0].fingerprint})

    left = {path.name for path in editions_dir(settings).iterdir()}
    assert left == {one.fingerprint for one in (made[0], *made[3:])}


def _changed(settings: Settings, manifest: Manifest) -> BuiltEdition:
    """Make an edition of the content after one more change."""
    edit(settings.content_dir, "topics.yml", "label: ", "label: x")
    with taken(settings) as folder:
        return keep(settings, folder, manifest)
