from pathlib import Path

from services.knowledge.checks.coverage import BEYOND_FACTS, CLAUSES, cover
from services.knowledge.loader import load_library
from tests.doubles.checked_content import FACTS, write_checked
from tests.doubles.content import dump, write_content


def test_every_clause_fact_trap_and_gap_is_listed(tmp_path: Path) -> None:
    """All are there, answered or not, with the articles that name them."""
    library = load_library(write_checked(write_content(tmp_path)))
    found = cover(library).as_json()

    assert [clause["id"] for clause in found["clauses"]] == list(CLAUSES)
    assert found["clauses"][0]["articles"] == sorted(library.articles)
    assert found["facts"] == [
        {"id": "2.1", "articles": sorted(library.articles), "reason": None},
        {"id": "3.1", "articles": ["founding/ho-so"], "reason": None},
    ]
    assert [one["id"] for one in found["beyond"]] == list(BEYOND_FACTS)


def test_fact_without_article_tells_why(tmp_path: Path) -> None:
    """The reason of a fact that no article may answer is part of the contract."""
    fact = FACTS[0] | {"id": "9.9", "reason": "Chưa kiểm."}
    (write_checked(write_content(tmp_path)) / "facts.yml").write_text(
        dump([fact]), encoding="utf-8"
    )

    assert cover(load_library(tmp_path)).as_json()["facts"] == [
        {"id": "9.9", "articles": [], "reason": "Chưa kiểm."}
    ]


def test_the_directive_has_twenty_clauses() -> None:
    """2651/UBND-KTN has twenty clauses, the closing order included."""
    assert len(CLAUSES) == 20
