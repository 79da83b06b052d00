"""A small content folder in which the check finds nothing: two topics, four articles, one fact."""

from pathlib import Path
from typing import Any

import yaml

SOURCES: dict[str, dict[str, Any]] = {
    "luat-17-2023": {
        "number": "17/2023/QH15",
        "title": "Luật Hợp tác xã 17/2023/QH15",
        "kind": "luật",
        "issuer": "Quốc hội",
        "issued": "2023-06-20",
        "in_force_from": "2024-07-01",
        "read": "full",
    },
    "luat-23-2012": {
        "number": "23/2012/QH13",
        "title": "Luật Hợp tác xã 23/2012/QH13",
        "kind": "luật",
        "issuer": "Quốc hội",
        "in_force_to": "2024-06-30",
        "replaced_by": ["luat-17-2023"],
        "read": "full",
    },
}
TOPICS = {
    "founding": {"label": "đăng ký thành lập hợp tác xã", "subject": "registration"},
    "ocop": {"label": "đăng ký sản phẩm OCOP", "subject": "ocop"},
}
OFFICES = [
    {
        "id": "lien-minh-htx",
        "name": "Liên minh Hợp tác xã",
        "subjects": ["policy", "ocop", "credit", "registration"],
        "role": "hỏi chung",
    },
    {
        "id": "so-nnmt",
        "name": "Sở Nông nghiệp và Môi trường",
        "subjects": ["ocop"],
        "role": "hỏi về OCOP",
    },
]
ARTICLES = {
    "founding/so-thanh-vien": (
        "Số thành viên để lập hợp tác xã",
        "Hợp tác xã cần ít nhất **05 thành viên** chính thức.\n\nKhông còn là 7 người như luật cũ.",
    ),
    "founding/ho-so": (
        "Hồ sơ đăng ký hợp tác xã",
        "Hồ sơ gồm năm loại giấy.\n\n- Giấy đề nghị\n- Điều lệ",
    ),
    "ocop/ho-so": ("Hồ sơ OCOP", "Hồ sơ OCOP gồm Mẫu 01 và Mẫu 02.\n\nNộp một bộ giấy."),
    "ocop/hang-sao": ("Hạng sao OCOP", "OCOP có ba hạng sao.\n\nTừ 3 đến 5 sao."),
}
FACT: dict[str, Any] = {
    "id": "2.1",
    "says": "Hợp tác xã do ít nhất 05 thành viên lập, không còn là 7 người.",
    "figures": ["05 thành viên", "7 người", "3 sao", "5 sao"],
    "source": "luat-17-2023",
    "clause": "Điều 4 khoản 7",
    "mark": "verified",
}
PHRASES = Path(__file__).resolve().parents[2] / "content/phrases"


def head(name: str, title: str) -> dict[str, object]:
    """Return the front matter of an article whose neighbour is another of its topic."""
    topic = name.partition("/")[0]
    related = next(other for other in ARTICLES if other.startswith(topic) and other != name)
    return {
        "title": title,
        "subject": TOPICS[topic]["subject"],
        "readers": ["farmer"],
        "questions": [f"{title} câu hỏi số {number}" for number in range(10)],
        "citations": [{"source": "luat-17-2023", "clause": "Điều 4"}],
        "covers": ["2.1", "1a"],
        "as_of": "2026-11-24",
        "verification": "verified",
        "related": [related],
        "next_step": "Hỏi UBND xã.",
    }


def article_text(front: dict[str, object], body: str) -> str:
    """Return the file of an article."""
    return f"---\n{dump(front)}---\n{body}\n"


def dump(value: object) -> str:
    """Return YAML that keeps Vietnamese readable."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def write_content(root: Path) -> Path:
    """Write the folder below `root` and return it."""
    for name, (title, body) in ARTICLES.items():
        _write(root / f"articles/{name}.md", article_text(head(name, title), body))
    for name, source in SOURCES.items():
        _write(root / f"sources/{name}.yml", dump(source))
    _write(root / "facts.yml", dump([FACT]))
    _write(root / "topics.yml", dump(TOPICS))
    _write(root / "places/contacts.yml", dump(OFFICES))
    talk = [
        {"id": "greeting", "questions": [f"chào {n}" for n in range(10)], "reply": "Chào bà con."}
    ]
    _write(root / "phrases/smalltalk.yml", dump(talk))
    for name in ("replies", "procedures", "cues", "people", "announcements", "staff"):
        text = (PHRASES / f"{name}.yml").read_text(encoding="utf-8")
        _write(root / f"phrases/{name}.yml", text)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
