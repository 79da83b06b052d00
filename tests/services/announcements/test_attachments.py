"""Attachments: what is kept, under which name, and what is refused with a sentence."""

import unicodedata
from pathlib import Path

import pytest

from services.announcements.attachments import Attachment, keep, keep_all, pixels
from services.errors import AnnouncementError
from tests.doubles.scene import PDF, PNG

JPEG = bytes.fromhex("ffd8 ffe0 0004 0000 ffc0 0011 08 01e0 0280")


@pytest.fixture
def near(tmp_path: Path) -> Path:
    """Return the author's folder, with a file beside it that is nobody's business."""
    folder = tmp_path / "soan"
    folder.mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return the folder of attachments, not made yet."""
    return tmp_path / "var/attachments"


def one(name: str, near: Path, kept: Path) -> Attachment:
    """Keep one file; return what became of it."""
    return keep_all([name], near, kept)[0]


@pytest.mark.parametrize("name", ["thu moi.pdf", "Thư Mời.PDF", "con/thu.pdf", "./thu.pdf"])
def test_file_is_kept_by_its_hash(near: Path, kept: Path, name: str) -> None:
    """Whatever its name holds, its bytes stand in the folder of attachments."""
    (near / "con").mkdir()
    (near / name).write_bytes(PDF)
    file = one(name, near, kept)

    assert (file.fault, file.kind, file.size) == ("", "document", len(PDF))
    assert file.path(kept).read_bytes() == PDF


def test_name_is_found_however_its_letters_are_composed(near: Path, kept: Path) -> None:
    """MacOS takes Vietnamese letters apart; the author's file names them whole."""
    (near / unicodedata.normalize("NFD", "Thư mời.pdf")).write_bytes(PDF)

    assert one("Thư mời.pdf", near, kept).fault == ""


def test_what_is_kept_does_not_follow_the_authors_file(near: Path, kept: Path) -> None:
    """A file that changes afterwards changes nothing that was approved."""
    (near / "thu.pdf").write_bytes(PDF)
    file = keep(near / "thu.pdf", kept)
    (near / "thu.pdf").write_bytes(b"%PDF another")

    assert file.path(kept).read_bytes() == PDF


def test_one_file_named_twice_is_sent_once(near: Path, kept: Path) -> None:
    """The second mention is no second attachment."""
    (near / "thu.pdf").write_bytes(PDF)

    assert len(keep_all(["thu.pdf", "thu.pdf"], near, kept)) == 1


@pytest.mark.parametrize("name", ["../secret.pdf", "/etc/passwd", "con/../../secret.pdf"])
def test_nothing_outside_the_folder_is_taken(near: Path, kept: Path, name: str) -> None:
    """A way out of the author's folder is refused, and nothing is kept."""
    (near / "con").mkdir()

    assert "nằm ngoài thư mục" in one(name, near, kept).fault
    assert not kept.exists()


def test_link_that_leads_outside_is_refused(near: Path, kept: Path) -> None:
    """A link beside the file is followed before it is judged."""
    (near / "thu.pdf").symlink_to(near.parent / "secret.pdf")

    assert "nằm ngoài thư mục" in one("thu.pdf", near, kept).fault


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("khong-co.pdf", None, "Không thấy tệp “khong-co.pdf”"),
        ("\0.pdf", None, "Không thấy tệp"),
        (f"{'d' * 300}.pdf", None, "Không thấy tệp"),
        ("bang.xlsx", b"PK", "phải là ảnh (jpg, png) hoặc PDF"),
        ("gia.pdf", b"MZ", "không đúng là tệp pdf"),
        ("trong.png", b"", "không đúng là tệp png"),
        ("to.png", PNG[:16] + (9000).to_bytes(4) + (2000).to_bytes(4), "rộng 9000, cao 2000"),
        ("dai.png", PNG[:16] + (2100).to_bytes(4) + (100).to_bytes(4), "cắt bớt"),
    ],
)
def test_file_that_cannot_be_sent_is_one_sentence(
    near: Path, kept: Path, name: str, content: bytes | None, says: str
) -> None:
    """It says what is wrong; nothing is kept of the file."""
    if content is not None:
        (near / name).write_bytes(content)
    file = one(name, near, kept)

    assert says in file.fault
    assert not kept.exists()


@pytest.mark.parametrize(
    ("name", "megabytes", "most"), [("a.png", 11, "10 MB"), ("a.pdf", 51, "50 MB")]
)
def test_file_too_big_is_told_with_the_limit(
    near: Path, kept: Path, name: str, megabytes: int, most: str
) -> None:
    """A picture takes 10 MB, a PDF 50."""
    with (near / name).open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)

    assert f"{megabytes}.0 MB, Telegram chỉ nhận tới {most}" in one(name, near, kept).fault


def test_file_that_may_not_be_read_is_one_sentence(near: Path, kept: Path) -> None:
    """A folder in a file's place is no file."""
    (near / "thu.pdf").mkdir()
    with pytest.raises(AnnouncementError, match="không đọc được"):
        keep(near / "thu.pdf", kept)


@pytest.mark.parametrize("picture", [PNG, JPEG])
def test_size_of_a_picture_is_read(picture: bytes) -> None:
    """PNG and JPEG name it in their beginning."""
    assert pixels(picture) == (640, 480)


@pytest.mark.parametrize("content", [b"\x89PNG", b"\xff\xd8", b"\xff\xd8\x00\x00", JPEG[:-2]])
def test_size_that_is_not_told_is_none(content: bytes) -> None:
    """A file that ends early is no error."""
    assert pixels(content) is None
