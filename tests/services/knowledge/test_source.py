from datetime import date

from services.knowledge.library import Library

DAY = date(2024, 6, 30)


def test_source_is_in_force_between_its_days(library: Library) -> None:
    """A source is in force from its first to its last day, both included."""
    old, new = library.sources["luat-23-2012"], library.sources["luat-17-2023"]

    assert [old.in_force(DAY), new.in_force(DAY)] == [True, False]
    assert [old.in_force(date(2024, 7, 1)), new.in_force(date(2024, 7, 1))] == [False, True]
