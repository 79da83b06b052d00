import pytest

from services.people.entry import Chat, Entry
from services.people.places import places
from services.people.topics import by_label, topic_of
from tests.doubles.lists import Read


def test_full_row_is_understood(read: Read) -> None:
    """Names and labels become codes and slugs."""
    good, bad = read('Telegram,0123,Bà Ba,Farmer,xã hoà tiến,"ocop; vay vốn|tax",Có')

    assert bad == []
    assert good == [
        Entry(2, Chat("telegram", "123"), "Bà Ba", "farmer", "20332", ("ocop", "fund", "tax"), True)
    ]


def test_what_is_left_empty_says_nothing(read: Read) -> None:
    """Only channel and chat are needed."""
    assert read("zalo,abc")[0] == [Entry(2, Chat("zalo", "abc"))]


@pytest.mark.parametrize("yes", ["yes", "CÓ", "1", "True"])
@pytest.mark.parametrize("no", ["no", "Không", "0", "false"])
def test_consent_may_be_told_in_many_words(read: Read, yes: str, no: str) -> None:
    """In Vietnamese, English and figures."""
    good, _ = read(f"telegram,1,,,,,{yes}", f"telegram,2,,,,,{no}", "telegram,3,,,,,")

    assert [entry.consent for entry in good] == [True, False, None]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",1", "thiếu channel"),
        ("Kênh Zalo,1", "kênh “kênh zalo” không đúng"),
        ("telegram,", "thiếu chat_id"),
        ("telegram,1.23E+9", "không phải số"),
        ("telegram,１２", "không phải số"),
        (f"web,{'a' * 65}", "chat_id dài quá 64"),
        (f"web,1,{'a' * 201}", "tên dài quá 200"),
        ("web,1,,boss", "không có vai trò “boss”"),
        ("web,1,,,Sài Gòn", "không có xã, phường nào"),
        ("web,1,,,,quỹ", "chủ đề “quỹ”"),
        (f"web,1,,,,{'a' * 33}", "tới 32 ký tự"),
        ("web,1,,,,,maybe", "consent “maybe”"),
        ("web,1,,,,ocop,fund,yes", "nhiều ô hơn dòng đầu"),
    ],
)
def test_bad_row_is_told_and_the_good_ones_kept(read: Read, line: str, why: str) -> None:
    """By its line and the reason."""
    good, bad = read("telegram,5", line, "telegram,6")

    assert [entry.chat.id for entry in good] == ["5", "6"]
    assert [told for told, _ in bad] == [3]
    assert why in bad[0][1]


def test_second_row_of_a_chat_is_bad(read: Read) -> None:
    """The first is kept; the same number on another channel is somebody else."""
    good, bad = read("telegram,1,Ba", "telegram,01,Tư", "zalo,1,Năm")

    assert [entry.name for entry in good] == ["Ba", "Năm"]
    assert bad == [(3, "trùng channel và chat_id với dòng 2")]


def test_guard_against_formulas_is_taken_off(read: Read) -> None:
    """What an export guarded comes back as it was."""
    assert read("web,'-1,'=SUM(A1)")[0][0].chat.id == "-1"
    assert read("web,1,'=SUM(A1)")[0][0].name == "=SUM(A1)"
    assert read("web,1,o'neill")[0][0].name == "o'neill"


def test_every_place_is_found_by_code_and_name(read: Read) -> None:
    """All 94 of Đà Nẵng."""
    known = places().values()
    lines = [f"web,{place.code}a,,,{place.code}" for place in known]
    lines += [f"web,{place.code}b,,,{place.name}" for place in known]

    good, bad = read(*lines)

    assert bad == []
    assert [entry.place for entry in good] == [*places(), *places()]


def test_topic_is_a_slug_or_a_label() -> None:
    """A label is understood however it is written."""
    labelled = by_label({"fund": "Vay vốn Quỹ"})

    assert topic_of(" vay  von QUỸ", labelled) == "fund"
    assert topic_of("Hoi-Cho_1", labelled) == "hoi-cho_1"
    assert topic_of("vay vốn", labelled) is None
