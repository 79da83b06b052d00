"""Lists as offices keep them: workbooks, any separator, Vietnamese headings, a title above them."""

import io
import zipfile

import pytest

from services.errors import PeopleError
from services.people.people_csv import CsvTable, read_table
from services.people.people_import import COLUMNS, HEADINGS, Entries
from services.people.places import place_name
from services.people.spreadsheet import MOST_UNPACKED
from tests.doubles.workbook import workbook

TITLED: list[list[str | float]] = [
    ["DANH SÁCH BÀ CON XÃ HÒA TIẾN"],
    [],
    ["TT", "Họ và tên", "Mã chat", "Vai trò", "Xã, phường", "Đồng ý nhận tin"],
    ["1", "Nguyễn Thị Tư", 7_000_000_001, "Nông dân", "Hòa Tiến", "có"],
    ["2", "Trần Văn\nBảy", 12, "Thành viên HTX", "", ""],
]


def read(content: bytes) -> CsvTable:
    """Read a file as the console does."""
    return read_table("a.xlsx", content, COLUMNS, ("chat_id",), HEADINGS)


def test_a_workbook_is_read_by_its_vietnamese_headings() -> None:
    """Below its title; a number is a number, a line in a cell a space, a line of the sheet."""
    entries = Entries(channel="telegram")
    found = list(entries.read(read(workbook(TITLED))))

    assert [(one.line, one.chat.id, one.name, one.role) for one in found] == [
        (4, "7000000001", "Nguyễn Thị Tư", "farmer"),
        (5, "12", "Trần Văn Bảy", "member"),
    ]
    assert [place_name(one.place) for one in found] == ["Xã Hòa Tiến", ""]
    assert [one.consent for one in found] == [True, None]
    assert entries.bad == []


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator(separator: str, encoding: str) -> None:
    """As Excel parts cells on this machine or that, and writes letters."""
    lines = [["Họ tên", "Chat ID", "Vai trò"], ["Bà Tư", "7", "cán bộ"]]
    text = "\r\n".join(separator.join(line) for line in lines)
    found = list(Entries(channel="telegram").read(read(text.encode(encoding))))

    assert [(one.chat.id, one.name, one.role) for one in found] == [("7", "Bà Tư", "officer")]


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    """Before anything of it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b"0" * (MOST_UNPACKED + 1))

    with pytest.raises(PeopleError, match="quá lớn"):
        read(packed.getvalue())


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + bytes(600), workbook([["x"]])[:-40]],
    ids=["no archive", "old", "cut off"],
)
def test_a_broken_workbook_is_refused_in_words(content: bytes) -> None:
    """Whatever the reader trips over."""
    with pytest.raises(PeopleError, match="không đọc được như tệp Excel"):
        read(content)
