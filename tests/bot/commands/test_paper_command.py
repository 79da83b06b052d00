"""`htx tool paper`: its fields for scripts, the file that it makes, what it refuses."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from services.settings import ROOT
from services.tools.papers import pdf
from tests.doubles.commands import Run


@pytest.fixture
def content() -> Path:
    """Return the content that the product comes with: the papers are in it."""
    return ROOT / "content"


def test_papers_are_listed(run: Run) -> None:
    """By name and title."""
    told = json.loads(run("tool", "paper", "--json").stdout)

    assert [one["name"] for one in told] == sorted(
        path.stem for path in (ROOT / "content/papers").glob("*.yml")
    )


def test_the_fields_of_a_paper_are_told_with_their_clause(run: Run) -> None:
    """And whether the law asks for them."""
    told = json.loads(run("tool", "paper", "nghi-quyet-giai-the", "--fields", "--json").stdout)
    fields = {field["id"]: field for field in told["fields"]}

    assert fields["reason"]["required"]
    assert fields["reason"]["clause"] == "Điều 98 khoản 1 điểm b, Luật Hợp tác xã 17/2023/QH15"
    assert not fields["number"]["required"]
    assert fields["debts"]["columns"][0]["id"] == "creditor"


def test_a_paper_is_written(run: Run, tmp_path: Path) -> None:
    """With what is known of it; what the law still asks for is said."""
    data, out = tmp_path / "data.json", tmp_path / "made.docx"
    data.write_text(json.dumps({"name": "Hợp tác xã Nông nghiệp Mẫu"}), encoding="utf-8")

    done = run("tool", "paper", "nghi-quyet-giai-the", "--data", str(data), "--out", str(out))

    assert done.exit_code == 0
    assert "Còn để trống mà luật đòi: Lý do giải thể" in done.stderr
    tables = Document(BytesIO(out.read_bytes())).tables
    assert "Hợp tác xã Nông nghiệp Mẫu" in tables[0].rows[0].cells[0].text


def test_without_libreoffice_only_word_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and ends with 2."""
    monkeypatch.setattr(pdf, "office", lambda: None)

    done = run("tool", "paper", "dieu-le", "--out", str(tmp_path / "made.pdf"))

    assert done.exit_code == 2
    assert "chỉ làm được bản Word" in done.stderr
    assert not (tmp_path / "made.pdf").exists()


def test_the_products_own_sheet_needs_no_libreoffice(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is set by typst."""
    monkeypatch.setattr(pdf, "office", lambda: None)

    done = run("tool", "paper", "phieu-chuan-bi-dang-ky", "--out", str(tmp_path / "made.pdf"))

    assert done.exit_code == 0
    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("written", "out", "what"),
    [
        ("{", "made.docx", "không phải JSON"),
        ("[" * 20_000, "made.docx", "không phải JSON"),
        ("[]", "made.docx", "bảng “trường: giá trị”"),
        ("{}", "made.odt", ".docx hoặc .pdf"),
        (None, "made.docx", "Không đọc được tệp"),
        ("{}", "none/made.docx", "Không ghi được tệp"),
    ],
)
def test_what_cannot_be_made_is_said(
    run: Run, tmp_path: Path, written: str | None, out: str, what: str
) -> None:
    """In a sentence."""
    data = tmp_path / "data.json"
    if written is not None:
        data.write_text(written, encoding="utf-8")

    done = run("tool", "paper", "dieu-le", "--data", str(data), "--out", str(tmp_path / out))

    assert what in str(done.exception)
