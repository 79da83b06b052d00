"""`htx db backup | restore`: a copy, none that is too old, and back again."""

from pathlib import Path

from tests.doubles.commands import Run


def test_backup_is_made_and_old_ones_expire(run: Run, tmp_path: Path) -> None:
    """The copy's path alone on stdout; what was deleted is said beside it."""
    folder = tmp_path / "var/backups"
    folder.mkdir(parents=True)
    (folder / "htx-20200101-000000-000000.db").touch()

    told = run("db", "backup")

    assert list(folder.iterdir()) == [Path(told.stdout.strip())]
    assert "Đã xóa 1 bản sao lưu cũ hơn 30 ngày." in told.stderr


def test_backup_and_restore_on_an_empty_folder(run: Run) -> None:
    """Both work where nothing was yet."""
    copy = run("db", "backup").stdout.strip()
    done = run("db", "restore", copy)

    assert (Path(copy).exists(), done.exit_code) == (True, 0)
