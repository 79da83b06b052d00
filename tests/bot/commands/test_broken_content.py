"""Content that is broken in one place: what the commands do without it, and what they say."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.terminal import sentence_of
from services.errors import ContentError
from tests.doubles.checked_content import edit, forget_phrase, write_checked
from tests.doubles.commands import Run
from tests.doubles.product import HTX

HALF = "ocop/mat-giay"


@pytest.fixture(autouse=True)
def sound(content: Path) -> Path:
    """Return sound content, which each test breaks in its own way."""
    return write_checked(content)


def write_half(content: Path) -> None:
    """Write an article that lacks nine of its ten questions."""
    text = (content / "articles/ocop/hang-sao.md").read_text(encoding="utf-8")
    asked = [line for line in text.splitlines() if "câu hỏi số" in line]
    for line in asked[1:]:
        text = text.replace(f"{line}\n", "")
    text = text.replace(asked[0], "- mất giấy thì sao").replace("Hạng sao OCOP", "Mất giấy OCOP")
    (content / f"articles/{HALF}.md").write_text(text, encoding="utf-8")


def test_announcements_go_on_beside_a_half_written_article(run: Run, content: Path) -> None:
    """What is sent does not wait for an article that somebody is writing."""
    write_half(content)

    done = run("announce", "list")

    assert (done.exception, done.exit_code) == (None, 0)


def test_worker_starts_beside_a_half_written_article(
    content: Path, tmp_path: Path, database_url: str
) -> None:
    """What it lacks here is a token, not content."""
    write_half(content)
    variables = {
        "HTX_CONTENT_DIR": str(content),
        "HTX_DATA_DIR": str(tmp_path / "var"),
        "HTX_DATABASE_URL": database_url,
        "HTX_TELEGRAM_TOKEN": "",
    }

    done = subprocess.run(
        [HTX, "worker"], env=os.environ | variables, capture_output=True, text=True, check=False
    )

    assert "đặt HTX_TELEGRAM_TOKEN" in done.stderr


def test_doctor_counts_what_the_check_finds_and_names_the_article(run: Run, content: Path) -> None:
    """A figure that no fact allows is one place to mend for both, and the article is named."""
    edit(content, "articles/ocop/hang-sao.md", "Hỏi UBND xã.", "Chờ 09 ngày.")

    told = run("doctor").output

    assert "1 chỗ cần sửa" in told
    assert "ocop/hang-sao" in told


def test_date_may_be_written_as_people_write_it(run: Run, content: Path) -> None:
    """28/11/2027 in a document is the day that everybody reads there."""
    edit(content, "sources/luat-17-2023.yml", "2024-07-01", "01/07/2024")

    done = run("content", "check")

    assert (done.stdout, done.exit_code) == ("Nội dung sạch: 4 bài, 2 văn bản.\n", 0)


def test_only_the_root_of_many_findings_is_listed(run: Run, content: Path) -> None:
    """A document that can't be read is one finding, not one for each citation of it."""
    edit(content, "sources/luat-17-2023.yml", "2024-07-01", "hôm qua")

    found = run("content", "check").stdout.splitlines()

    assert len(found) == 1
    assert found[0].startswith("content/sources/luat-17-2023.yml:")
    assert "in_force_from" in found[0]


def test_copy_of_a_file_is_one_sentence(run: Run, content: Path) -> None:
    """Whoever copied an article in a file manager is told so once."""
    folder = content / "articles/ocop"
    shutil.copy(folder / "hang-sao.md", folder / "hang-sao - Copy.md")

    found = run("content", "check").stdout.splitlines()

    assert len(found) == 1
    assert "hang-sao - Copy.md" in found[0]


@pytest.mark.parametrize("file", ["replies", "procedures", "people", "announcements", "staff"])
def test_phrase_that_was_deleted_is_found(run: Run, content: Path, file: str) -> None:
    """Whatever the code says is missed at once, by its name and in its file."""
    name = forget_phrase(content, file)

    done = run("content", "check")

    assert (done.exit_code, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith(f"content/phrases/{file}.yml:1: [{name}] Thiếu mẫu câu")


def test_lock_of_an_editor_is_passed_over(run: Run, content: Path) -> None:
    """What Word and LibreOffice leave beside an open file is no content."""
    for name in ("~$ng-sao.md", ".~lock.hang-sao.md#"):
        (content / f"articles/ocop/{name}").write_bytes(b"\x05An\x00")

    assert run("content", "check").stdout == "Nội dung sạch: 4 bài, 2 văn bản.\n"


def test_what_is_left_without_a_document_is_listed_to_staff(run: Run, content: Path) -> None:
    """The doctor and the review both name the articles that a lapse stops."""
    edit(content, "sources/luat-17-2023.yml", "issued:", "in_force_to: '2024-07-02'\nissued:")

    told = [run("doctor").output, run("content", "review").output]

    assert all("ocop/hang-sao" in one and "hết hiệu lực" in one for one in told)


@pytest.mark.parametrize(
    "command",
    [
        ("content", "coverage"),
        ("content", "review"),
        ("content", "check"),
        ("gaps", "--json"),
        ("people", "link", "--topic", "ocop", "--bot", "htx_bot"),
    ],
)
def test_folder_without_content_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """No table of zeros: whoever set another folder reads which one, and what sets it."""
    monkeypatch.setenv("HTX_CONTENT_DIR", str(tmp_path / "elsewhere"))

    refused = run(*command).exception
    assert isinstance(refused, ContentError)
    told = sentence_of(refused)

    assert str(tmp_path / "elsewhere") in told
    assert "HTX_CONTENT_DIR" in told
