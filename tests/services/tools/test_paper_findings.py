"""What `htx content check` finds in papers: nothing that the law asks for is lost unseen."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from pydantic import TypeAdapter

from services.knowledge.files import ContentReader
from services.knowledge.library import Library
from services.knowledge.papers import PaperSpec
from services.settings import ROOT
from services.tools.papers.filling import fill_paper
from services.tools.papers.findings import paper_findings, paper_lapses
from tests.doubles.content import read_content

CONTENT = ROOT / "content"
PAPERS = sorted(path.stem for path in (CONTENT / "papers").glob("*.yml"))


@cache
def library() -> Library:
    """Return the content that the product comes with, read once."""
    return read_content(CONTENT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the papers alone, to be changed."""
    shutil.copytree(CONTENT / "papers", tmp_path / "papers")
    return tmp_path


def found(folder: Path) -> list[str]:
    """Return the findings as people read them, of what can't be read too."""
    reader, shape = ContentReader(folder), TypeAdapter(PaperSpec)
    read = {path.stem: reader.yaml(path, shape) for path in reader.paths("papers/*.yml")}
    papers = {name: spec for name, spec in read.items() if spec}
    texts = {**library().texts, **reader.texts}
    gone = library().papers.keys() - read.keys()
    kept = {file: text for file, text in texts.items() if Path(file).stem not in gone}
    changed = replace(library(), papers=papers, texts=kept)
    return [str(finding) for finding in (*reader.findings, *paper_findings(folder, changed))]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change the description of a paper."""
    path = folder / "papers" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_template(folder: Path, name: str, old: str, new: str = "") -> None:
    """Change the words of a template, wherever a run of it holds them."""
    path = folder / "papers" / f"{name}.docx"
    document = Document(BytesIO(path.read_bytes()))
    runs = [node for node in document.element.body.iter() if node.tag.endswith("}t")]
    held = [node for node in runs if old in (node.text or "")]
    assert held
    for node in held:
        node.text = (node.text or "").replace(old, new)
    document.save(str(path))


def _asked(spec: PaperSpec) -> Iterator[str]:
    """Yield each field and column that the law asks for, as a template prints it."""
    named = {name for one in spec.contents if not one.if_any for name in one.fields}
    for field in filter(spec.required, spec.fields):
        columns = [f"{field.id}.{one.id}" for one in field.columns]
        yield from [one for one in columns if field.id in named or one in named] or [field.id]


def _without(whole: bytes, name: str) -> bytes:
    """Return a template in which a name, or a column of a list, is printed nowhere."""
    column = name.partition(".")[2]
    printed = rf"\w+\.{column}" if column else rf"{name}(?:_id|_words)?"
    document = Document(BytesIO(whole))
    margins = [part for one in document.sections for part in (one.header, one.footer)]
    bodies = [document.element.body, *(part._element for part in margins)]  # noqa: SLF001  # because python-docx has no other way to a foot
    for node in (node for body in bodies for node in body.iter() if node.tag.endswith("}t")):
        node.text = re.sub(rf"\{{\{{ *{printed} *\}}\}}", "", node.text or "")
        node.text = re.sub(rf"(\{{%p? *(?:el)?if ){printed}\b", r"\1note", node.text)
    changed = BytesIO()
    document.save(changed)
    return changed.getvalue()


@pytest.mark.parametrize("name", PAPERS)
def test_whatever_the_law_asks_for_and_the_template_lacks_is_a_finding(
    folder: Path, name: str
) -> None:
    """For every paper each field and column by itself is taken out of the Word file."""
    alone = replace(library(), papers={name: library().papers[name]})
    template = folder / "papers" / f"{name}.docx"
    whole, untold, asked = template.read_bytes(), [], list(_asked(library().papers[name]))
    for one in asked:
        template.write_bytes(_without(whole, one))
        told = [str(finding) for finding in paper_findings(folder, alone)]
        if not any(f"Mẫu không in trường {one}, là điều luật đòi" in line for line in told):
            untold.append((one, told))

    assert len(asked) > 3
    assert untold == []


@pytest.mark.parametrize("name", PAPERS)
def test_whatever_the_law_asks_for_and_the_description_lacks_is_a_finding(
    folder: Path, name: str
) -> None:
    """For every paper each field is taken out of the list of fields, the rest left as it is."""
    spec, untold = library().papers[name], []
    for gone in filter(spec.required, spec.fields):
        fields = tuple(one for one in spec.fields if one is not gone)
        without = spec.model_copy(update={"fields": fields})
        told = "\n".join(
            map(str, paper_findings(folder, replace(library(), papers={name: without})))
        )
        if f"Thiếu trường {gone.id}" not in told:
            untold.append(gone.id)

    assert untold == []


def test_a_column_that_the_template_lacks_is_a_finding(folder: Path) -> None:
    """A list without it is no list of the law."""
    edit_template(folder, "so-dang-ky-thanh-vien", "{{ m.certificate }}")

    assert any("members.certificate, là điều luật đòi" in line for line in found(folder))


def test_a_field_that_the_description_lacks_is_a_finding(folder: Path) -> None:
    """It is still asked for by `contents`, and the template still prints it."""
    edit(folder, "nghi-quyet-giai-the", "  - {id: reason, label: Lý do giải thể, kind: long}\n", "")

    told = "\n".join(found(folder))
    assert "Thiếu trường reason mà luật đòi: Điều 98 khoản 1 điểm b" in told
    assert "{{ reason }}" in told


def test_a_clause_that_nobody_holds_is_a_finding(folder: Path) -> None:
    """The article says how many there are: nineteen of a charter."""
    path = folder / "papers/dieu-le.yml"
    text = path.read_text(encoding="utf-8")
    without = re.sub(
        r"  - source: luat-17-2023\n    clause: Điều 40 khoản 18\n(    .*\n)+", "", text
    )
    assert without != text
    path.write_text(without, encoding="utf-8")

    assert any("Luật đòi nội dung ở Điều 40 khoản 18" in line for line in found(folder))


def test_a_point_that_nobody_holds_is_a_finding(folder: Path) -> None:
    """Of a clause with points each counts by itself."""
    edit(folder, "dieu-le", "Điều 40 khoản 4 điểm b", "Điều 40 khoản 4 điểm a")

    assert any("Luật đòi nội dung ở Điều 40 khoản 4 điểm b" in line for line in found(folder))


def test_words_that_the_template_lacks_are_a_finding(folder: Path) -> None:
    """Where the template's own words are what the law asks for."""
    edit_template(folder, "hop-dong-hop-tac", "tài sản riêng", "tài sản")

    assert any("“tài sản riêng” mà Điều 15 khoản 2 đòi" in line for line in found(folder))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("clause: Điều 40 khoản 2\n", "clause: Điều 40 khoản 20\n", "không có Điều 40 khoản 20"),
        ("source: luat-17-2023", "source: luat-99", "Không có văn bản luat-99"),
        ("fields: [pay]", "fields: []", "Không trường hay câu chữ nào"),
        ("{id: phone, ", "{id: phone, kind: choice, ", "thì có choices"),
        ("{id: phone, ", "{id: phone, kind: list, ", "thì có columns"),
        ("{id: phone, ", "{id: Phone, ", "không đúng mẫu"),
        ('    example: "Trồng rau"\n', "", "danh sách chưa có example"),
        ("  - id: business\n", f"  - id: {'b' * 31}\n", "mã của danh sách dài quá 30 chữ"),
        ("as_of:", "figures: meeting\nas_of:", "Phép tính meeting cần trường summons"),
    ],
)
def test_a_description_wrongly_written_is_a_finding(
    folder: Path, old: str, new: str, what: str
) -> None:
    """With what is wrong."""
    edit(folder, "dieu-le", old, new)

    assert any(what in line for line in found(folder)), found(folder)


def test_a_name_that_two_fields_bear_is_a_finding(folder: Path) -> None:
    """Nor may one be a word that addresses of forms use: no form could be made of it."""
    edit(folder, "dieu-le", "id: phone", "id: name")

    assert any("Mã trường name dùng hai lần" in one for one in found(folder))


def test_a_source_that_is_over_is_a_finding_and_stands_in_the_note() -> None:
    """Before the decision of 2026 its forms were none; nobody is refused a paper."""
    before = date(2026, 1, 1)

    told = [str(one) for one in paper_lapses(library(), before)]

    assert [line.partition(":")[0] for line in told] == [
        "content/papers/ocop-mau-01.yml",
        "content/papers/ocop-mau-02.yml",
    ]
    assert "KHÔNG CÒN HIỆU LỰC" in fill_paper(CONTENT, "ocop-mau-01", {}, library(), before).note
    assert paper_lapses(library(), date(2026, 11, 30)) == []


def test_a_paper_that_a_message_would_begin_and_that_is_none_is_a_finding(folder: Path) -> None:
    """Its name stands in `beginnings.yml`."""
    for path in (folder / "papers").glob("dieu-le.*"):
        path.unlink()

    assert any("Không có giấy tờ dieu-le" in line for line in found(folder))


def test_a_template_without_the_note_is_a_finding(folder: Path) -> None:
    """Every paper says that it is a draft."""
    edit_template(folder, "dieu-le", "{{ note }}")

    assert any("Mẫu không in {{ note }}" in line for line in found(folder))


def test_a_placeholder_that_is_no_field_is_a_finding(folder: Path) -> None:
    """It would be refused when the paper is made."""
    edit_template(folder, "dieu-le", "{{ phone }}", "{{ fone }}")

    assert any("{{ fone }}" in line for line in found(folder))


@pytest.mark.parametrize("wrong", ["{% if phone %}", "{{ phone.__class__ }}", "{{ phone ! }}"])
def test_a_placeholder_wrongly_written_is_a_finding(folder: Path, wrong: str) -> None:
    """A template is no program, and what Jinja can't read is said."""
    edit_template(folder, "dieu-le", "{{ phone }}", wrong)

    assert any("Mẫu Word này không dùng được" in line for line in found(folder))


def test_a_placeholder_that_is_never_closed_is_a_finding(folder: Path) -> None:
    """Nothing is printed by it."""
    edit_template(folder, "dieu-le", "{{ phone }}", "{{ phone")

    assert any("Mẫu không in trường phone" in line for line in found(folder))


def test_a_template_that_is_missing_or_no_word_file_is_a_finding(folder: Path) -> None:
    """And one that nothing describes."""
    (folder / "papers/dieu-le.docx").unlink()
    (folder / "papers/thu-moi-dai-hoi.docx").write_bytes(b"x")
    (folder / "papers/thu-moi-dai-hoi.yml").rename(folder / "papers/khac.yml")

    told = "\n".join(found(folder))
    assert "dieu-le.docx:1: [-] Không đọc được mẫu" in told
    assert "Không có tệp mô tả thu-moi-dai-hoi.yml" in told
    assert "khac.docx:1" in told
