"""An invented cooperative, and what it writes on any paper."""

from typing import Any

from services.knowledge.papers import PaperField, PaperSpec

NAME = "Hợp tác xã Nông nghiệp Mẫu"
LONGEST = 'Nguyễn Thị Hoàng Phương Thảo & <Trần> "Ba" {{ name }} {% if %} '
"""What Word, XML and Jinja would each like to read as theirs."""
KNOWN: dict[str, Any] = {
    "name": NAME,
    "product": "Nước mắm cá cơm, chai 500 ml",
    "address": "Thôn Mẫu, xã Mẫu, thành phố Đà Nẵng",
    "code": "0400000000",
    "phone": "0900 000 000",
    "place": "Xã Mẫu",
    "business": "Trồng rau, làm nước mắm",
    "capital": 500_000_000,
    "assembly": "delegates",
    "called": 20,
    "in_person": 11,
    "online": 2,
    "by_proxy": 1,
    "votes": 14,
    "votes_for": 10,
    "votes_against": 3,
    "votes_none": 1,
    "own_capital": 90_000_000,
    "amount": 300_000_000,
    "months": 24,
    "most_capital": 30,
    "term": 5,
    "full_name": "Nguyễn Văn Mẫu",
    "chair": "Nguyễn Văn Mẫu",
    "secretary": "Trần Thị Mẫu",
    "signer": "Nguyễn Văn Mẫu",
}


def entries_of(spec: PaperSpec) -> dict[str, Any]:
    """Return something for every field of a paper."""
    return {field.id: _of(field, rows=3) for field in spec.fields}


def longest_of(spec: PaperSpec, rows: int = 60) -> dict[str, Any]:
    """Return the longest that people write: 120 signs in a field, sixty members, hostile signs."""
    return {field.id: _of(field, rows=rows, text=(LONGEST * 3)[:120]) for field in spec.fields}


def _of(field: PaperField, *, rows: int, text: str = "") -> Any:
    match field.kind:
        case "list":
            row = {one.id: _of(one, rows=rows, text=text) for one in field.columns}
            return [row] * rows
        case "choice":
            return KNOWN.get(field.id, field.choices[0].id)
        case "yes_no":
            return True
        case "date":
            return "2026-12-05"
        case "number" | "money" | "percent":
            return KNOWN.get(field.id, 7)
        case _:
            return text or str(
                KNOWN.get(field.id, f"{field.label}: theo thỏa thuận của thành viên.")
            )
