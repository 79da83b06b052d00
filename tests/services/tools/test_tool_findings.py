"""What `htx content check` finds in the deadlines and communes that tools rest on."""

from dataclasses import replace
from datetime import date

from services.knowledge.library import Library
from services.tools.findings import tool_faults, tool_lapses

TODAY = date(2026, 11, 30)


def test_the_content_is_clean(whole: Library) -> None:
    """As the product comes."""
    assert [*tool_faults(whole), *tool_lapses(whole, TODAY)] == []


def test_a_clause_that_its_document_has_not_is_found(whole: Library) -> None:
    """At its line, for it was mistyped or is another's."""
    year = whole.deadlines["nam"]
    wrong = year.deadlines[2].model_copy(update={"clause": "Điều 59 khoản 70"})
    lost = year.deadlines[3].model_copy(update={"source": "luat-99"})
    changed = year.model_copy(update={"deadlines": (wrong, lost), "ask": "nobody"})
    found = list(tool_faults(replace(whole, deadlines={**whole.deadlines, "nam": changed})))

    assert [one.field for one in found] == ["clause", "source", "ask"]
    assert found[0].file == "deadlines/nam.yml"
    assert whole.texts["deadlines/nam.yml"].splitlines()[found[0].line - 1].endswith("luat-17-2023")


def test_a_document_that_is_over_is_found(whole: Library) -> None:
    """But holds nothing back: nobody changed anything."""
    law = whole.sources["luat-17-2023"].model_copy(update={"in_force_to": date(2026, 11, 29)})
    library = replace(whole, sources={**whole.sources, "luat-17-2023": law})

    assert list(tool_faults(library)) == []
    assert all("Luật Hợp tác xã" in one.what for one in tool_lapses(library, TODAY))
    assert len(list(tool_lapses(library, TODAY))) > 10


def test_a_commune_too_many_or_too_few_is_found(whole: Library) -> None:
    """Each code that only one of the two lists has; content without communes is older."""
    first, *rest = whole.communes.communes
    other = first.model_copy(update={"code": "99999"})
    found = tool_faults(
        replace(whole, communes=whole.communes.model_copy(update={"communes": (other, *rest)}))
    )
    none = whole.communes.model_copy(update={"communes": ()})

    assert [first.code in one.what or "99999" in one.what for one in found] == [True, True]
    assert list(tool_faults(replace(whole, communes=none))) == []


def test_deadlines_that_can_not_be_chosen_are_found(whole: Library) -> None:
    """And choices without any; not those of a file that can't be read."""
    deadlines = {name: found for name, found in whole.deadlines.items() if name != "nam"}
    found = list(tool_faults(replace(whole, deadlines=deadlines)))

    unread = replace(whole, deadlines=deadlines, unread=frozenset({"deadlines/nam.yml"}))

    assert [(one.file, one.field) for one in found] == [("tools/due.yml", "choices")]
    assert list(tool_faults(unread)) == []


def test_a_deadline_whose_name_gets_too_long_is_found(whole: Library) -> None:
    """The button that asks to be reminded of it would carry more than Telegram takes."""
    year = whole.deadlines["nam"]
    first = year.deadlines[0].model_copy(update={"id": "c" * 34})
    changed = year.model_copy(update={"deadlines": (first, *year.deadlines[1:])})
    library = replace(whole, deadlines={**whole.deadlines, "nam": changed})
    [found] = tool_faults(library)

    assert (found.file, found.field) == ("deadlines/nam.yml", "id")


def test_a_question_whose_name_gets_too_long_is_found(whole: Library) -> None:
    """Behind its check's name it stands in the form of all, which could not be read any more."""
    check = whole.checks["member"]
    first, *rest = check.form.questions
    added = first.model_copy(update={"id": "a" * 34})
    form = check.form.model_copy(update={"questions": (first, *rest, added)})
    changed = check.model_copy(update={"form": form})
    found = list(tool_faults(replace(whole, checks={**whole.checks, "member": changed})))

    assert [(one.file, one.field) for one in found] == [("checks/member.yml", "id")]
