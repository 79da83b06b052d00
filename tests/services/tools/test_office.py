"""Where to go: names of today, of before July 2025, without diacritics, with slips."""

from dataclasses import replace

import pytest

from services.knowledge.library import Library
from services.people.places import places
from services.tools.office import office


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tam Kỳ", ["Phường Tam Kỳ"]),
        ("tam ky", ["Phường Tam Kỳ"]),
        ("20332", ["Xã Hòa Tiến"]),
        ("Hoà Tiến", ["Xã Hòa Tiến"]),
        ("xã Bình Dương", ["Xã Thăng An"]),
        ("binh duong", ["Xã Thăng An"]),
        ("htx ở xã Bình Dương huyện Thăng Bình", ["Xã Thăng An"]),
        ("Phước Ninh", ["Phường Hải Châu", "Xã Quế Phước"]),
        ("phường Phước Ninh", ["Phường Hải Châu"]),
        ("xa phuoc ninh", ["Xã Quế Phước"]),
        ("Phước Ninh, Quế Sơn", ["Xã Quế Phước"]),
        ("Phước Mỹ", ["Phường An Hải", "Xã Phước Năng"]),
        ("tam thanh", ["Phường Quảng Phú", "Xã Tây Hồ", "Xã Đức Phú"]),
        ("Tam Thành", ["Xã Tây Hồ"]),
        ("Tam Thạnh", ["Xã Đức Phú"]),
        ("thanh binh", ["Phường Hải Châu", "Xã Thạnh Bình"]),
        ("Thạnh Bình", ["Xã Thạnh Bình"]),
        ("Thăng Bình", ["Xã Thăng Bình"]),
        ("tt Ái Nghĩa", ["Xã Đại Lộc"]),
        ("p. Hòa Khánh Nam", ["Phường Hòa Khánh"]),
        ("Xã Ba", ["Xã Sông Vàng"]),
        ("Binh Duongg", ["Xã Thăng An"]),
        ("Duy Xuyn", ["Xã Duy Xuyên"]),
        ("Dien Ban Bac", ["Phường Điện Bàn Bắc"]),
        ("Trà Dơn", ["Xã Trà Leng"]),
        ("Hà Nội", []),
        ("", []),
        ("?", []),
    ],
)
def test_communes_are_found_by_what_people_call_them(
    whole: Library, text: str, names: list[str]
) -> None:
    """One where the name tells one, all where it may be several, none where it is not ours."""
    assert sorted(one.name for one in office(whole, text).found) == names


def test_every_name_leads_to_its_commune(whole: Library) -> None:
    """Written as it is, each of the 94 and of what was merged into them."""
    for commune in whole.communes.communes:
        for name in (commune.name, *(n for names in commune.was.values() for n in names)):
            assert commune in office(whole, name).found, name
        for old in commune.old_names:
            assert office(whole, old).found == (commune,), old


def test_all_communes_are_there(whole: Library) -> None:
    """By the codes under which people are kept, and the names of those."""
    listed = {one.code: one.name for one in whole.communes.communes}

    assert listed == {code: place.name for code, place in places().items()}


def test_an_old_district_is_told_beside(whole: Library) -> None:
    """Its name may be a commune's of today; with its kind it is the district alone."""
    bare, told = office(whole, "Thăng Bình"), office(whole, "huyện Thăng Bình")

    assert bare.district == told.district == "huyện Thăng Bình"
    assert len(bare.found) == 1
    assert len(told.found) == len(told.within) == 6


def test_what_is_told_of_an_office(whole: Library) -> None:
    """Name, code, what it was, the office, whom to call while its number is not known."""
    told = office(whole, "xã Cẩm Thanh").as_json()
    (match,) = told["matches"]

    assert match["name"] == "Phường Hội An Đông"
    assert "Xã Cẩm Thanh (thành phố Hội An)" in match["was"]
    assert match["office"].startswith("Ủy ban nhân dân phường Hội An Đông")
    assert "1022" in match["contact"]
    assert len(told["ask"]) >= 4


def test_a_contact_that_somebody_found_out_is_told(whole: Library) -> None:
    """Instead of the hotline."""
    first, *rest = whole.communes.communes
    known = first.model_copy(update={"phone": "0236 3 000 000"})
    communes = whole.communes.model_copy(update={"communes": (known, *rest)})
    found = office(replace(whole, communes=communes), first.name)

    assert found.as_json()["matches"][0]["contact"] == "0236 3 000 000"


def test_without_the_hotline_an_office_is_told_all_the_same(whole: Library) -> None:
    """Whoever takes it from the offices takes no answer away."""
    left = tuple(one for one in whole.offices if one.id != "tong-dai-1022")
    (match,) = office(replace(whole, offices=left), "xã Cẩm Thanh").as_json()["matches"]

    assert match["office"].startswith("Ủy ban nhân dân phường Hội An Đông")
    assert match["contact"] == ""
