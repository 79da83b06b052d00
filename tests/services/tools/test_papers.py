"""Papers: each of them is made of nothing, of one invented cooperative, and of the longest text."""

import re
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from services.errors import ToolError
from services.knowledge.library import Library
from services.settings import ROOT
from services.tools.papers.filling import FilledPaper, fill_paper
from services.tools.papers.pdf import office, to_pdf
from services.tools.papers.word_file import text_of
from tests.doubles.content import read_content
from tests.doubles.cooperative import NAME, entries_of, longest_of

CONTENT = ROOT / "content"
TODAY = date(2026, 11, 30)
PAPERS = sorted(path.stem for path in (CONTENT / "papers").glob("*.yml"))


@cache
def library() -> Library:
    """Return the content that the product comes with, read once."""
    return read_content(CONTENT)


def made(name: str, given: object) -> FilledPaper:
    """Fill in a paper."""
    return fill_paper(CONTENT, name, given, library(), TODAY)


def text(paper: FilledPaper) -> str:
    """Return all that a paper says; it opens, and nothing of the machinery is left in it."""
    told = text_of(paper.word_file)
    assert Document(BytesIO(paper.word_file)).element is not None
    assert "None" not in told
    return told


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_of_which_nothing_is_known_is_made_to_be_filled_in_by_hand(name: str) -> None:
    """Dots stand where something is written; what the law asks for is listed, and named."""
    paper = made(name, {})
    spec = library().papers[name]

    told = text(paper)

    assert not re.search("{{|{%", told)
    assert "……" in told
    assert "BẢN THẢO do người dân tự khai" in told
    assert [f.id for f in paper.missing] == [f.id for f in spec.fields if spec.required(f)]
    assert all(field.label in told for field in paper.missing)


@pytest.mark.parametrize("name", sorted({*PAPERS} - {"hop-dong-hop-tac", "phieu-chuan-bi-dang-ky"}))
def test_the_note_stands_on_the_page_that_is_signed(name: str) -> None:
    """It is a row below the signatures, which stay with it; a list of who signs may go on."""
    *_, signed, noted = Document(BytesIO(made(name, {}).word_file)).tables[-1].rows

    assert "(Ký" in signed.cells[-1].text
    assert all(one.paragraph_format.keep_with_next for one in signed.cells[-1].paragraphs)
    assert noted.cells[0].text.startswith("BẢN THẢO")


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("bien-ban-dai-hoi", "Mã số: "),
        ("nghi-quyet-giai-the", "Số: "),
        ("nghi-quyet-thay-doi", "Số: "),
    ],
)
def test_what_is_left_to_write_fits_a_narrow_head(name: str, head: str) -> None:
    """Few dots stand there: on one line with what they are for."""
    cell = Document(BytesIO(made(name, {}).word_file)).tables[0].cell(0, 0)

    assert cell.paragraphs[-1].text == f"{head}{'…' * 9}"


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_holds_all_that_a_cooperative_enters(name: str) -> None:
    """Nothing that the law asks for is missing then, and the sources are named."""
    spec = library().papers[name]
    given = entries_of(spec)

    paper = made(name, given)
    told = text(paper)

    assert paper.missing == ()
    assert not re.search("{{|{%", told)
    texts = [given[f.id] for f in spec.fields if f.kind in ("text", "long")]
    assert [entry for entry in texts if entry not in told] == []
    for source in {content.source for content in spec.contents}:
        assert library().sources[source].title in told


@pytest.mark.parametrize("name", PAPERS)
def test_the_longest_entries_stand_on_the_paper_as_they_were_written(name: str) -> None:
    """Sixty rows, and signs that Word or the template would read as their own."""
    spec = library().papers[name]
    given = longest_of(spec)

    told = text(made(name, given))

    written = " ".join(next(v for v in given.values() if isinstance(v, str) and "&" in v).split())
    assert written in told


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], "paper_data"),
        ({"nonsense": "x"}, "paper_field"),
        ({"members": "x"}, "paper_value"),
        ({"members": [{"capital": "nhiều"}]}, "paper_value"),
        ({"members": [{"capital": 1.5}]}, "paper_value"),
        ({"members": [{"capital": -1}]}, "paper_value"),
        ({"members": [{"kind": "other"}]}, "paper_value"),
        ({"members": [{"kind": ["official"]}]}, "paper_value"),
        ({"members": [{}] * 2001}, "paper_rows"),
        ({"made_on": "31/02/2026"}, "paper_value"),
        ({"name": True}, "paper_value"),
        ({"name": "x" * 2001}, "paper_long"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(given: object, code: str) -> None:
    """With a sentence that names the field."""
    with pytest.raises(ToolError) as refused:
        made("danh-sach-thanh-vien", given)

    assert refused.value.code == code
    assert str(refused.value) != code


def test_numbers_and_days_are_read_as_people_write_them() -> None:
    """As in any form; a point before three digits parts groups."""
    members = [{"capital": "1,2 tỷ", "kind": "liên kết góp vốn"}, {"capital": "300.000"}]
    given = {"members": members, "made_on": "5/12/2026"}

    told = made("danh-sach-thanh-vien", given).printed

    assert [str(row["capital"]) for row in told["members"]] == ["1.200.000.000", "300.000"]
    assert (str(told["members"][0]["kind"]), str(told["made_on"])) == (
        "Liên kết góp vốn",
        "05/12/2026",
    )


@pytest.mark.parametrize("empty", [None, "", "  ", []])
def test_what_is_empty_is_missing(empty: object) -> None:
    """An empty entry is none."""
    paper = made("danh-sach-thanh-vien", {"name": empty})

    assert "name" in [field.id for field in paper.missing]


def test_an_unknown_paper_is_refused() -> None:
    """With the names that there are."""
    with pytest.raises(ToolError, match="bien-ban-thanh-lap"):
        made("../phrases/errors", {})


def test_controls_are_left_out() -> None:
    """Word refuses a file with them."""
    assert f"{NAME} A" in text(made("danh-sach-thanh-vien", {"name": f"{NAME}\x00\x08 A\x1b"}))


def test_a_charter_says_only_what_was_chosen() -> None:
    """Without a choice both ways stand there, to strike one out."""
    both, full, short = (
        text(made("dieu-le", given))
        for given in ({}, {"governance": "full"}, {"governance": "short"})
    )

    assert "Hội đồng quản trị có" in full
    assert "Hội đồng quản trị có" not in short
    assert "(Khi tổ chức rút gọn) Giám đốc" in short
    assert "(Khi tổ chức rút gọn) Giám đốc" not in full
    assert "Hội đồng quản trị có" in both
    assert "(Khi tổ chức rút gọn) Giám đốc" in both


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"undivided_external": 4}, ["Trích quỹ chung không chia từ thu nhập bên ngoài (%)"]),
        ({"undivided_external": 5}, []),
        ({"most_capital": 31, "term": 6}, ["Nhiệm kỳ, năm", "Vốn góp tối đa"]),
        ({"most_capital": 30, "board_size": 3}, []),
    ],
)
def test_a_number_beyond_the_law_is_told_and_the_paper_is_made(
    given: dict[str, int], told: list[str]
) -> None:
    """Nothing is refused: it is a draft, and stands in its note."""
    paper = made("dieu-le", given)

    labels = [field.label for field in paper.beyond]
    assert len(labels) == len(told)
    assert all(label.startswith(part) for label, part in zip(labels, told, strict=True))
    assert ("chưa đúng mức của luật" in text(paper)) is bool(told)


def test_lines_become_paragraphs() -> None:
    """A line that is only broken off would be stretched where text is justified."""
    paper = made("thu-moi-dai-hoi", {"agenda": "1. Báo cáo\n2. Bầu cử"})

    paragraphs = [one.text for one in Document(BytesIO(paper.word_file)).paragraphs]
    assert "4. Chương trình: 1. Báo cáo" in paragraphs
    assert "2. Bầu cử" in paragraphs


def test_two_stops_inside_an_entry_are_its_own() -> None:
    """Only at the end of a sentence is one of them the template's."""
    told = text(made("thu-moi-dai-hoi", {"venue": "Tổ 1..3, thôn 5."}))

    assert "Tổ 1..3, thôn 5. " in told


def test_an_entry_that_ends_its_sentence_gets_no_second_full_stop() -> None:
    """Of three dots, or of dots to write on, none is taken away."""
    told = text(made("thu-moi-dai-hoi", {"venue": "Nhà văn hóa thôn.", "agenda": "Bầu cử..."}))

    assert "Nhà văn hóa thôn. " in told
    assert "Bầu cử..." in told


def test_the_preparation_sheet_is_a_pdf_of_the_products_own() -> None:
    """It follows the law's order and is no paper to hand in."""
    spec = library().papers["phieu-chuan-bi-dang-ky"]

    assert made("phieu-chuan-bi-dang-ky", entries_of(spec)).as_pdf().startswith(b"%PDF-")


@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed here")
def test_a_paper_is_converted_where_there_is_libreoffice() -> None:
    """Its PDF has pages."""
    paper = made("danh-sach-thanh-vien", {"name": NAME})

    assert to_pdf(paper.word_file).startswith(b"%PDF-")


def _figures(name: str, **given: Any) -> dict[str, Any]:
    return made(name, given).printed


@pytest.mark.parametrize(
    ("summons", "attending", "quorum"),
    [
        ("first", 10, "yes"),
        ("first", 9, "no"),
        ("second", 7, "yes"),
        ("second", 6, "no"),
        ("third", 1, "yes"),
        ("first", 21, ""),
    ],
)
def test_a_quorum_is_counted_by_the_summons(summons: str, attending: int, quorum: str) -> None:
    """Of twenty who are called (Điều 59 khoản 7); where more take part, none is told."""
    told = _figures("bien-ban-dai-hoi", called=20, in_person=attending, summons=summons)

    assert told["quorum"] == quorum


@pytest.mark.parametrize(
    ("majority", "agreed", "passed", "share"),
    [
        ("large", 65, "yes", "65%"),
        ("large", 64, "no", "64%"),
        ("simple", 51, "yes", "51%"),
        ("simple", 50, "no", "50%"),
    ],
)
def test_votes_are_counted_by_what_the_law_asks(
    majority: str, agreed: int, passed: str, share: str
) -> None:
    """65 of a hundred at least, or more than a half (Điều 61 khoản 2 và 3)."""
    motion = {"matter": "x", "majority": majority, "votes_for": agreed}
    told = _figures("bien-ban-dai-hoi", votes=100, motions=[motion])

    assert (told["motions"][0]["passed"], told["motions"][0]["share"]) == (passed, share)


def test_of_half_a_person_or_vote_nothing_is_reckoned() -> None:
    """It stands on the paper as it was entered, and no share is told."""
    motion = {"votes_for": 2.5}
    people = {"summons": "first", "called": 10.5, "in_person": "6,5"}
    told = _figures("bien-ban-dai-hoi", votes=10.5, motions=[motion], **people)

    assert (told["called"], told["quorum"]) == ("10,5", "")
    assert not told["motions"][0]["share"]


def test_votes_that_do_not_add_up_are_not_judged() -> None:
    """More were cast than there are."""
    motion = {"votes_for": 60, "votes_against": 50}
    told = _figures("bien-ban-dai-hoi", votes=100, motions=[motion])

    assert told["motions"][0]["passed"] == ""


def test_shares_of_capital_are_told_and_who_holds_too_much() -> None:
    """Of three, one holds a half (Điều 74 khoản 1)."""
    members = [{"capital": 50}, {"capital": 30}, {"capital": 20}, {"full_name": "x"}]
    told = _figures("danh-sach-thanh-vien", members=members)

    shares = [str(row["share"]) for row in told["members"]]
    assert shares == ["50%", "30%", "20%", ""]
    assert (told["members_capital"], str(told["members_over"])) == ("100", "1")


@pytest.mark.parametrize(("own", "enough"), [(20, "yes"), (19, "no")])
def test_own_capital_is_a_fifth_at_least(own: int, enough: str) -> None:
    """Of all that is financed (Nghị định 45/2021/NĐ-CP, Điều 22 khoản 5)."""
    told = _figures("phuong-an-vay", costs=[{"amount": 60}, {"amount": 40}], own_capital=own)

    assert (told["own_enough"], told["costs_total"]) == (enough, "100")
