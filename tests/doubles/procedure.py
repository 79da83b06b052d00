"""A procedure, its form, and an article that uses both and speaks to two kinds of reader."""

import shutil
from pathlib import Path

from services.settings import ROOT
from tests.doubles.content import article_text, dump, head

PROCEDURE = "lap-htx"
VARIED = "founding/ho-so"
BODY = """Hồ sơ gồm **hai** loại giấy.

{{ papers }}

Nộp ở {{ place }}.

## manager
Quản lý ký {{ terms.so_bo }}.

## farmer
Bà con nhờ xã làm giúp.
"""
STEPS = {
    "title": "Đăng ký lập hợp tác xã",
    "steps": [{"id": "viet", "says": "Viết giấy."}, {"id": "nop", "says": "Nộp giấy."}],
    "papers": [
        {"id": "de-nghi", "name": "Giấy đề nghị", "form": "ii-1", "note": "ký tên"},
        {"id": "dieu-le", "name": "Điều lệ"},
    ],
    "place": "UBND xã",
    "ways": ["trực tiếp", "qua mạng"],
    "time": "03 ngày làm việc",
    "terms": {"so_bo": "01 bộ hồ sơ"},
    "ask": "lien-minh-htx",
    "citations": [{"source": "luat-17-2023", "clause": "Điều 42"}],
    "facts": ["3.1"],
    "as_of": "2026-11-24",
}
FORM = {
    "id": "ii-1",
    "number": "Mẫu II-1",
    "source": "luat-17-2023",
    "clause": "Phụ lục II",
    "get": "phụ lục của thông tư",
}


def write_procedure(root: Path) -> None:
    """Write the procedure and its form below a content folder."""
    path = root / f"procedures/{PROCEDURE}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(dump(STEPS), encoding="utf-8")
    (root / "forms.yml").write_text(dump([FORM]), encoding="utf-8")


def write_deadlines(root: Path, of: str) -> None:
    """Give the procedure, below a content folder, the deadlines of one that the product has."""
    path = root / f"deadlines/{PROCEDURE}.yml"
    path.parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / f"content/deadlines/{of}.yml", path)


def write_varied(root: Path) -> None:
    """Write the procedure, its form and the article below a content folder."""
    write_procedure(root)
    front = head(VARIED, "Hồ sơ đăng ký hợp tác xã") | {"procedure": PROCEDURE}
    (root / f"articles/{VARIED}.md").write_text(article_text(front, BODY), encoding="utf-8")
