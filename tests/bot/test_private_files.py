"""What the product writes in its data folder is for its own account alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.examination import by_settings
from services.knowledge.library import Library
from services.private_files import share_as_its_folder
from services.settings import Settings


def htx(settings: Settings, *words: str) -> str:
    """Run a command as an account whose files everybody may read."""
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *words],
        cwd=settings.data_dir.parent,
        env={
            **os.environ,
            "HTX_DATA_DIR": str(settings.data_dir),
            "HTX_CONTENT_DIR": str(settings.content_dir),
            "HTX_DATABASE_URL": settings.database_url,
        },
        capture_output=True,
        text=True,
        check=False,  # because doctor fails where anything is wrong
        umask=0o022,
    )
    return done.stdout


def loose(folder: Path) -> list[str]:
    """Return what others than the owner may read or change."""
    found = (folder, *folder.rglob("*"))
    return [str(path) for path in found if path.lstat().st_mode & 0o077]


def test_files_of_the_data_folder_are_the_owners_alone(settings: Settings) -> None:
    """Neither database, backup, secrets nor the folder itself are readable by another account."""
    htx(settings, "db", "upgrade")
    htx(settings, "db", "backup")

    assert (settings.data_dir / "htx.db").exists()
    assert loose(settings.data_dir) == []


def test_files_of_an_older_release_are_closed(settings: Settings) -> None:
    """A folder that everybody could read is closed when the database is next made ready."""
    old = settings.data_dir / "backups" / "htx-20260101T000000Z.db"
    old.parent.mkdir(mode=0o755)
    old.write_bytes(b"")
    old.chmod(0o644)
    settings.data_dir.chmod(0o755)

    htx(settings, "db", "upgrade")

    assert loose(settings.data_dir) == []


@pytest.mark.parametrize("mode", [0o755, 0o1777])
def test_what_is_not_the_products_stays_as_it_is(settings: Settings, mode: int) -> None:
    """A data folder with something else in it keeps its mode, and doctor names it."""
    folder = settings.data_dir
    other = folder / "uv.lock"
    other.touch()
    other.chmod(0o644)
    folder.chmod(mode)

    told = htx(settings, "doctor")

    assert loose(folder) == [str(folder), str(other)]
    assert folder.stat().st_mode & 0o7777 == mode
    assert f"• Tài khoản khác trên máy này đọc được {folder}" in told


def test_a_shared_folder_stays_shared(settings: Settings) -> None:
    """A folder marked for several accounts keeps its mode with nothing but ours in it."""
    settings.data_dir.chmod(0o2770)

    htx(settings, "db", "upgrade")

    assert loose(settings.data_dir) == [str(settings.data_dir)]


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("HTX_LOG_LEVEL=INFO\nHTX_TELEGRAM_TOKEN=\n# HTX_SECRET_KEY=abc\n", "•"),
        ("HTX_DATABASE_URL=sqlite:////srv/htx.db\n", "•"),
        ('HTX_TELEGRAM_TOKEN = "1:a"\n', "✗"),
        ("export HTX_DATABASE_URL=postgresql://htx:mat-khau@db/htx\n", "✗"),
    ],
)
def test_doctor_tells_of_files_that_others_read(
    settings: Settings, library: Library, written: str, mark: str
) -> None:
    """Settings that others may read are named; only with a secret in them are they a fault."""
    (settings.data_dir.parent / ".env").write_text(written, encoding="utf-8")
    (settings.data_dir.parent / ".env").chmod(0o644)

    found = by_settings(settings, library)

    assert [one.mark for one in found if "chmod go= .env" in one.sentence] == [mark]


def test_an_article_is_read_by_all_who_read_the_content(settings: Settings) -> None:
    """What a command writes into the content is no secret: its folder says who reads it."""
    article = settings.content_dir / "articles" / "bai.md"
    article.touch(mode=0o600)
    article.parent.chmod(0o775)

    share_as_its_folder(article)

    assert article.stat().st_mode & 0o777 == 0o664
