"""Commands that were typed wrong: a sentence, and where to read how they are used."""

import sys

import pytest

from bot.cli import main


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("announce send", "Còn thiếu “number” (Số của thông báo)."),
        ("announce send x --as Lan", "Giá trị của “number” (Số của thông báo) không dùng được."),
        ("announce send 1 --foo", "Không có tùy chọn “--foo”."),
        ("announce send 1 --as", "Tùy chọn “--as” còn thiếu giá trị, hoặc dùng chưa đúng."),
        ("announce sned 1", "Không hiểu “sned”."),
        ("db backup b1", "Không hiểu “b1”."),
    ],
)
def test_misuse_is_told_in_words(
    typed: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In Vietnamese, with exit code 2 and nothing on stdout."""
    monkeypatch.setattr(sys, "argv", ["htx", *typed.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()

    assert ended.value.code == 2
    assert shown.out == ""
    assert shown.err.startswith(f"{told} Xem cách dùng: ")
    assert shown.err.endswith(" --help\n")


def test_group_alone_is_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its verbs, and no error."""
    monkeypatch.setattr(sys, "argv", ["htx", "announce"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr()

    assert "Gửi thử cho chính mình" in shown.out
    assert "Không hiểu" not in shown.err
