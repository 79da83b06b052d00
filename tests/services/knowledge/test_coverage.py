from services.knowledge.coverage import CLAUSES, cover
from services.knowledge.library import Library


def test_clauses_and_facts_are_told_apart(library: Library) -> None:
    """Every clause is listed, covered or not; facts are listed as articles name them."""
    found = cover(library).as_json()

    assert [clause["id"] for clause in found["clauses"]] == list(CLAUSES)
    assert found["clauses"][0]["articles"] == sorted(library.articles)
    assert found["facts"] == [{"id": "2.1", "articles": sorted(library.articles), "reason": None}]


def test_the_directive_has_twenty_clauses() -> None:
    """2651/UBND-KTN has twenty clauses, the closing order included."""
    assert len(CLAUSES) == 20
