"""A letter: what the text may name, and that no name breaks it."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.telegram.letter import TelegramForm
from services.announcements.letter import PLACEHOLDERS, Reader, Writer, blanks
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.storage.models import Announcement
from tests.conftest import NOON
from tests.doubles.scene import HOA_TIEN
from tests.doubles.telegram_html import parse

NAMES = st.text(max_size=60) | st.text(alphabet="*_`[]()<>&#-=+.!|~\\{}1 aễ", max_size=20)


def is_seen(sign: str) -> bool:
    """Say whether a sign is neither a control, nor half of one, nor turns the line around."""
    turns = ["LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"]
    odd = unicodedata.category(sign) in ("Cc", "Cs") or unicodedata.bidirectional(sign) in turns
    return not odd


def writer(library: Library, body: str, **fields: Any) -> Writer:
    """Return the writer of an announcement."""
    common = {"title": "Lớp tập huấn", "topic": "ocop", "audience": {}, "author": "Lan"}
    announcement = Announcement(**{**common, **fields}, body=body, created_at=NOON)
    return Writer(announcement, library.phrases, {"ocop": "đăng ký sản phẩm OCOP"})


def shown(library: Library, body: str, reader: Reader | None = None, **fields: Any) -> str:
    """Return what Telegram shows of a letter."""
    letter = writer(library, body, **fields).letter(reader or Reader())
    return parse(TelegramForm().parts(letter)[0].html)[0]


def test_letter_holds_title_text_source_and_last_day(library: Library) -> None:
    """And how to get no more."""
    text = shown(library, "Mời **bà con**.", source="Liên minh", valid_until=date(2026, 12, 31))

    assert text == (
        "📢 Lớp tập huấn\n\nMời bà con.\n\nNguồn: Liên minh\n\n"
        "Có giá trị đến hết ngày 31/12/2026\n\nKhông muốn nhận nữa, bà con nhắn /dungtin"
    )


def test_letter_without_source_and_last_day_names_neither(library: Library) -> None:
    """Nothing stands where nothing was said."""
    assert "Nguồn" not in shown(library, "Mời.")
    assert "giá trị" not in shown(library, "Mời.")


def test_every_field_may_be_named(library: Library) -> None:
    """Of the person and of the announcement."""
    body = " / ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
    reader = Reader("Nguyễn Thị Sáu", HOA_TIEN, "manager")
    fields = {"source": "Quyết định 1", "contact": "Chị Lan", "valid_until": date(2026, 12, 1)}
    text = shown(library, body, reader, **fields)

    assert (
        "Nguyễn Thị Sáu / Xã Hòa Tiến / quản lý hợp tác xã / Lớp tập huấn / "
        "đăng ký sản phẩm OCOP / 01/12/2026 / Quyết định 1 / Chị Lan"
    ) in text


@pytest.mark.parametrize("reader", [Reader(), Reader("  ", "00000", "king")])
def test_reader_of_whom_nothing_is_known_is_addressed_all_the_same(
    library: Library, reader: Reader
) -> None:
    """No gap, no error, whatever a row holds."""
    text = shown(library, "{{ name }}, {{ place }}, {{ role }}", reader)

    assert "bà con, địa phương, bà con" in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(NAMES)
@example("**Lan**")
@example("===")
@example("&lt;b&gt; &amp;")
@example("- [x](http://y) `z` | ~~w~~")
@example("1. Lan")
def test_no_name_breaks_the_letter(library: Library, name: str) -> None:
    """Whatever it holds, the HTML is valid and the name is read as it is written."""
    text = shown(library, "Chào\n{{ name }}\n\n**Kính gửi {{ name }},** mời.", Reader(name))
    words = ("".join(filter(is_seen, word)) for word in name.split())
    literal = " ".join(filter(None, words))

    assert text.count(literal or "bà con") >= 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(NAMES.filter(str.strip))
def test_no_title_breaks_the_letter(library: Library, title: str) -> None:
    """A title is words, whatever Markdown would make of it."""
    source = f"{title} 2"

    assert shown(library, "Mời.", title=title, source=source)


def test_name_in_bold_is_bold(library: Library) -> None:
    """Signs around a field are the author's."""
    letter = writer(library, "Mời **{{ name }}** dự.").letter(Reader("Sáu (Hòa Tiến)"))

    assert "<b>Sáu (Hòa Tiến)</b>" in TelegramForm().parts(letter)[0].html


def test_text_may_ask_whether_a_field_is_there(library: Library) -> None:
    """And put it in capitals; that is all."""
    body = "{% if source %}Theo {{ source }}.{% else %}Chào {{ name | upper }}.{% endif %}"

    assert "Chào SÁU." in shown(library, body, Reader("Sáu"))


def test_text_may_ask_whether_a_field_of_the_reader_is_there(library: Library) -> None:
    """Each reader's own: a name, a place, a role."""
    body = (
        "{% if name %}Chào {{ name }}{% else %}Mời cả nhà{% endif %}"
        "{% if not place %}, xã ta{% endif %}."
    )

    assert "Chào Sáu." in shown(library, body, Reader("Sáu", HOA_TIEN))
    assert "Mời cả nhà." in shown(library, body, Reader(" ", HOA_TIEN))
    assert "Chào Sáu, xã ta." in shown(library, body, Reader("Sáu"))


def test_filters_follow_one_another(library: Library) -> None:
    """In their order, whoever the reader is."""
    body = "{{ title | upper }}: {{ name | upper | trim }}."

    assert "LỚP TẬP HUẤN: NGUYỄN THỊ SÁU." in shown(library, body, Reader("nguyễn Thị SÁU"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ phone }}", r"\{\{ phone \}\} không có; chỉ dùng được: name, place"),
        ("{{ name", "dòng 1 của nội dung viết sai"),
        ("Mời.\n{{ name }", "dòng 2 của nội dung viết sai"),
        ("{% if name %}", "viết sai"),
        ("{{ name.upper() }}", "phức tạp quá"),
        ("{{ name | truncate(5) }}", "phức tạp quá"),
        ("{{ name | map }}", "phức tạp quá"),
        ("{{ 1 / 0 }}", "phức tạp quá"),
        ("{{ 'a' * 10 ** 9 }}", "phức tạp quá"),
        ("\n\n{% for i in range(9) %}a{% endfor %}", "dòng 3 của nội dung phức tạp quá"),
        ("{% set name = 'x' %}{{ name }}", "phức tạp quá"),
        ("{% include 'x' %}", "phức tạp quá"),
        ("{{ range }}", "không có"),
        ("{{ self }}", "không có"),
    ],
)
def test_text_that_asks_for_more_is_refused(library: Library, body: str, says: str) -> None:
    """In one sentence, before anybody is sent anything."""
    with pytest.raises(AnnouncementError, match=says):
        writer(library, body)


def test_same_words_are_put_together_once(library: Library) -> None:
    """What the text does not name makes no other letter."""
    written = writer(library, "Mời {{ place }}.")

    assert written.letter(Reader("Sáu")) == written.letter(Reader("Bảy"))


def test_buttons_name_the_announcement(library: Library) -> None:
    """By its number and the button's place."""
    written = writer(library, "Mời.")
    written.announcement.id = 7

    assert [b.payload for b in written.letter(Reader()).buttons] == ["x:7", "x:7:1", "x:7:2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ngày [ngày], tại [nơi họp]; [ngày].", ["[ngày]", "[nơi họp]"]),
        ("[ngày]: 8 giờ", ["[ngày]"]),
        ("[trang web](https://danang.gov.vn) [x] [ ] [1] [12]", []),
        (r"Điểm \[a\], \[ghi chú]", []),
        ("[OCOP] [Khẩn] [Điều 5]", []),
    ],
)
def test_blanks_are_words_in_brackets(text: str, found: list[str]) -> None:
    """Links, boxes, numbers and names in capitals are none."""
    assert blanks(text) == found


def test_contact_stands_below_the_text(library: Library) -> None:
    """Whom to call, above source and last day; nothing where nobody is named."""
    text = shown(library, "Mời bà con.", contact="Chị Lan, 0905 123 456", source="Liên minh")

    assert "Mời bà con.\n\nLiên hệ: Chị Lan, 0905 123 456\n\nNguồn: Liên minh" in text
    assert "Liên hệ" not in shown(library, "Mời bà con.")
