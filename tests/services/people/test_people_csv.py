from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError
from services.people.people_csv import Cells, guarded, pages, read_csv
from services.people.profile import read_profile
from tests.doubles.lists import HEADER, Take, met

KNOWN = ("channel", "chat_id", "name")


def rows(path: Path, content: bytes) -> list[tuple[int, dict[str, str]]]:
    path.write_bytes(content)
    return [(row.line, row.cells) for row in read_csv(path, KNOWN, ("chat_id",)).rows()]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_every_way_that_excel_saves_is_read(
    tmp_path: Path, mark: str, end: str, separator: str
) -> None:
    """With and without BOM, parted by comma or semicolon, with the lines of any machine."""
    lines = (("chat_id", "name"), ("1", '"Nguyễn Thị Ớt"'), ("2", "Ba"))
    text = mark + end.join(separator.join(cells) for cells in lines)

    assert rows(tmp_path / "a.csv", text.encode()) == [
        (2, {"chat_id": "1", "name": "Nguyễn Thị Ớt"}),
        (3, {"chat_id": "2", "name": "Ba"}),
    ]


def test_columns_may_stand_in_any_order_with_others_beside(tmp_path: Path) -> None:
    """A column that nobody asked for is told, not read."""
    path = tmp_path / "a.csv"
    path.write_text("Name, CHAT_ID ,ghi chú,\nBa,1,x,\n", encoding="utf-8")

    table = read_csv(path, KNOWN, ("chat_id",))

    assert table.unknown == ("ghi chú",)
    assert next(table.rows()).cells["chat_id"] == "1"


def test_lines_are_counted_as_the_file_has_them(tmp_path: Path) -> None:
    """Blank lines and cells of several lines count; a row is told by the line it begins on."""
    text = '\nchat_id,name\n\n1,"Ba\nTư"\n,,\n2\n'

    assert rows(tmp_path / "a.csv", text.encode()) == [
        (4, {"chat_id": "1", "name": "Ba Tư"}),
        (7, {"chat_id": "2", "name": ""}),
    ]


def test_letters_are_composed(tmp_path: Path) -> None:
    """A Mac's decomposed letters are what everybody else writes."""
    found = rows(tmp_path / "a.csv", "chat_id,name\n1,Ba\u0300\n".encode())

    assert found[0][1]["name"] == "Bà"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("chat_id,name\n1,Bà\n".encode("utf-16-le"), "không phải chữ UTF-8"),
        ("chat_id,name\n1,Bà\n".encode("cp1258"), "không phải chữ UTF-8"),
        (b"PK\x03\x04\x14\x00", "không đọc được như tệp Excel"),
        (b"", "thiếu cột chat_id"),
        (b"name\nBa\n", "thiếu cột chat_id"),
        (b"chat_id,name,name\n1,a,b\n", "có hai cột name"),
        (b'chat_id,name\n1,a\n2,"b\n3,c\n', "không khép sau dòng 2"),
    ],
)
def test_file_that_cannot_be_trusted_is_refused_whole(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """In one sentence that says how Excel saves it right."""
    with pytest.raises(PeopleError, match=why) as refused:
        rows(tmp_path / "a.csv", content)

    assert "CSV UTF-8" in str(refused.value)


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    """The path is told."""
    with pytest.raises(PeopleError, match="Không đọc được"):
        read_csv(tmp_path / "a.csv", KNOWN, ())


async def exported(session: AsyncSession) -> list[Cells]:
    return [cells async for page in pages(session) for cells in page]


async def test_export_is_what_an_import_reads(session: AsyncSession, take: Take) -> None:
    """The same columns; nothing said of consent stays nothing."""
    lines = [
        "telegram,1,Bà Ba,farmer,Xã Hòa Tiến,fund;ocop,yes",
        "zalo,z,,,,,no",
        "web,w,,,,,",
    ]
    await take(*lines)

    found = await exported(session)

    assert list(found[0]) == HEADER.split(",")
    assert [",".join(cells.values()) for cells in found] == lines


async def test_topics_turned_off_are_left_out(session: AsyncSession) -> None:
    """Else the next import would turn them on for somebody new."""
    person = await met(session)
    (await read_profile(session, person)).choose("ocop", wanted=False)
    await session.flush()

    assert (await exported(session))[0]["topics"] == ""


async def test_pages_hold_everybody_once(session: AsyncSession, take: Take) -> None:
    """More people than a page has room for."""
    for start in (0, 800):
        await take(*(f"telegram,{chat}" for chat in range(start + 1, start + 801)))

    chats = [cells["chat_id"] for cells in await exported(session)]

    assert chats == [str(number) for number in range(1, 1601)]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "-"])
def test_what_a_spreadtable_would_run_is_guarded(cell: str) -> None:
    """By an apostrophe."""
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1001234", "+84905", "Bà Ba", "", "a=b"])
def test_numbers_and_words_are_left_alone(cell: str) -> None:
    """A chat's number may be negative."""
    assert guarded(cell) == cell
