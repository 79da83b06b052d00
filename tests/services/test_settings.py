import stat
from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings import ROOT, Settings, load_settings


def test_secrets_are_made_once_and_kept_private(settings: Settings) -> None:
    """A token that is not set is made under the data folder, readable by its owner, and stays."""
    again = load_settings(data_dir=settings.data_dir)

    mode = (settings.data_dir / "nlu-token").stat().st_mode
    assert again.nlu_token == settings.nlu_token
    assert stat.S_IMODE(mode) == 0o600


def test_wrong_value_is_one_sentence_that_names_the_setting(tmp_path: Path) -> None:
    """A wrong value names its variable."""
    with pytest.raises(SettingsError, match="HTX_WEB_PORT"):
        load_settings(data_dir=tmp_path, web_port="abc")


@pytest.mark.parametrize(
    ("setting", "written", "told"),
    [
        ("web_port", "abc", "HTX_WEB_PORT: “abc” phải là số nguyên"),
        ("web_port", "70000", "HTX_WEB_PORT: “70000” quá lớn, tới 65535"),
        ("keep_days", "0", "HTX_KEEP_DAYS: “0” quá nhỏ, từ 1 trở lên"),
        ("fail_share", "0", "HTX_FAIL_SHARE: “0” quá nhỏ, phải hơn 0"),
        ("nlu_timeout", "nhanh", "HTX_NLU_TIMEOUT: “nhanh” phải là một số"),
        ("publish", "co", "HTX_PUBLISH: “co” phải là true hoặc false"),
    ],
)
def test_wrong_value_is_told_in_words(
    tmp_path: Path, setting: str, written: str, told: str
) -> None:
    """Whoever wrote it reads what may stand there; no part of the product starts on it."""
    with pytest.raises(SettingsError) as refused:
        load_settings(data_dir=tmp_path, **{setting: written})

    assert str(refused.value) == f"Cài đặt sai: {told}. Sửa trong môi trường hoặc tệp .env."


def test_folders_are_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path is meant from where the command was typed, also in processes that run elsewhere."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings(data_dir="du-lieu", content_dir="noi-dung")

    assert (settings.data_dir, settings.content_dir) == (
        tmp_path / "du-lieu",
        tmp_path / "noi-dung",
    )


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgresql://htx@db/htx", "postgresql+psycopg://htx@db/htx"),
        ("postgres://htx@db/htx", "postgresql+psycopg://htx@db/htx"),
        ("postgresql+psycopg://htx@db/htx", "postgresql+psycopg://htx@db/htx"),
        ("sqlite:////srv/htx.db", "sqlite+aiosqlite:////srv/htx.db"),
    ],
)
def test_driver_of_the_database_may_be_left_out(tmp_path: Path, written: str, used: str) -> None:
    """An address as other programs take it gets the driver that the product uses."""
    assert load_settings(data_dir=tmp_path, database_url=written).database_url == used


def test_other_databases_are_refused(tmp_path: Path) -> None:
    """An address of a database that the product does not run on is one sentence."""
    with pytest.raises(SettingsError, match="HTX_DATABASE_URL: chỉ dùng được"):
        load_settings(data_dir=tmp_path, database_url="mysql://htx@db/htx")


def test_secrets_are_never_shown(settings: Settings) -> None:
    """Printing the settings shows no secret, nor the password in an address."""
    settings.database_url = "postgresql+psycopg://htx:mat-khau@db/htx"

    assert settings.nlu_token.get_secret_value() not in repr(settings)
    assert "mat-khau" not in repr(settings)


def test_every_setting_is_in_the_readme() -> None:
    """README names every setting that a user can set."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [name for name in Settings.model_fields if f"HTX_{name.upper()}" not in readme]
    assert missing == []
