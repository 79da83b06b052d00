"""Deadlines, against days counted by hand in a calendar from the words of the law."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.errors import ToolError
from services.knowledge.library import Library
from services.tools.due import Due, DueDates, due_each, due_from
from services.tools.working_days import WorkCalendar

TODAY = date(2026, 11, 30)
# Off in 2026: 1/1, 2/1 (10/1 worked), Tết 16-20/2, 27/4, 30/4, 1/5, 31/8 (22/8 worked), 1/9, 2/9,
# 24/11. Expected in 2027: 1/1, Tết 4-10/2, 16/4, 30/4, 3/5, 2/9, 3/9, 24/11.
# Procedure, deadline, day of the event, last day, day to which it may move, whether it is expected.
BY_HAND = """
dang-ky-thanh-lap giai-quyet 2026-11-30 2026-12-03
dang-ky-thanh-lap giai-quyet 2026-11-27 2026-12-02
dang-ky-thanh-lap giai-quyet 2026-11-19 2026-11-25
dang-ky-thanh-lap giai-quyet 2026-02-12 2026-02-24
dang-ky-thanh-lap giai-quyet 2026-08-21 2026-08-25
dang-ky-thanh-lap giai-quyet 2026-08-28 2026-09-07
dang-ky-thanh-lap giai-quyet 2025-12-31 2026-01-07
dang-ky-thanh-lap giai-quyet 2026-01-08 2026-01-12
dang-ky-thanh-lap giai-quyet 2026-12-05 2026-12-09
dang-ky-thanh-lap giai-quyet 2026-04-29 2026-05-06
dang-ky-thanh-lap giai-quyet 2026-04-24 2026-05-04
dang-ky-thanh-lap bo-sung 2026-12-01 2027-01-30 2027-02-01 expected
dang-ky-thanh-lap bo-sung 2026-03-02 2026-05-01 2026-05-04
dang-ky-thanh-lap bo-sung 2026-06-01 2026-07-31
dang-ky-thanh-lap bo-sung 2024-01-01 2024-03-01
dang-ky-thanh-lap gop-du-von 2026-05-31 2026-11-30
dang-ky-thanh-lap gop-du-von 2026-08-31 2027-02-28 2027-03-01
dang-ky-thanh-lap gop-du-von 2026-06-24 2026-12-24
dang-ky-thanh-lap gop-du-von 2026-05-24 2026-11-24 2026-11-25
dang-ky-thanh-lap gop-du-von 2023-08-29 2024-02-29
dang-ky-thanh-lap gop-du-von 2026-08-08 2027-02-08 2027-02-11 expected
dang-ky-thanh-lap von-gop-thieu 2026-11-30 2026-12-30
dang-ky-thay-doi nop-ho-so 2026-11-30 2026-12-10
dang-ky-thay-doi nop-ho-so 2026-12-03 2026-12-13 2026-12-14
dang-ky-thay-doi nop-ho-so 2026-02-07 2026-02-17 2026-02-23
dang-ky-thay-doi nop-ho-so 2026-08-22 2026-09-01 2026-09-03
dang-ky-thay-doi nop-ho-so 2026-12-22 2027-01-01 2027-01-04 expected
dang-ky-thay-doi nop-ho-so 2026-08-12 2026-08-22
dang-ky-thay-doi nop-ho-so 2025-12-31 2026-01-10
dang-ky-thay-doi nop-ho-so 2025-12-23 2026-01-02 2026-01-05
doi-nguoi-dai-dien bau-nguoi-khac 2026-11-10 2026-11-25
thong-bao-thay-doi nop-ho-so 2026-04-20 2026-04-30 2026-05-04
cap-lai-giay giai-quyet 2026-12-31 2027-01-06 - expected
chi-nhanh nop-ho-so 2026-06-20 2026-06-30
chi-nhanh cham-dut 2026-07-01 2026-07-11 2026-07-13
tam-ngung bao-truoc 2026-12-10 2026-12-07
tam-ngung bao-truoc 2026-12-07 2026-12-02
tam-ngung bao-truoc 2026-11-26 2026-11-20
tam-ngung bao-truoc 2026-02-23 2026-02-11
tam-ngung bao-truoc 2026-08-25 2026-08-21
tam-ngung bao-truoc 2027-01-01 2026-12-29
tam-ngung toi-da 2026-12-01 2027-12-01
tam-ngung toi-da 2028-02-29 2029-02-28
giai-the gui-nghi-quyet 2026-11-16 2026-11-26
giai-the gui-nghi-quyet 2026-08-24 2026-09-07
giai-the nop-ho-so 2026-12-25 2027-01-04 - expected
giai-the tu-chuyen 2026-10-31 2027-04-30 - expected
giai-the bat-buoc 2026-11-04 2026-11-14 2026-11-16
dang-ky-to-hop-tac nop-ho-so 2026-11-18 2026-11-26
dang-ky-to-hop-tac nop-ho-so 2026-10-06 2026-10-13
dang-ky-to-hop-tac khong-dang-ky 2026-04-27 2026-05-06
thay-doi-to-hop-tac nop-ho-so 2026-09-25 2026-10-05
cham-dut-to-hop-tac gui-bien-ban 2026-05-22 2026-06-02
cham-dut-to-hop-tac tu-chuyen 2026-11-30 2027-02-28
to-chuc-lai gui-nghi-quyet 2026-11-30 2026-12-15
chuyen-to-hop-tac hoat-dong 2025-12-15 2026-12-15
chuyen-to-hop-tac tu-van-thue 2024-02-29 2027-02-28
ocop-lan-dau xa-xem 2026-08-14 2026-09-08
ocop-lan-dau xa-xem 2027-01-25 2027-02-22 - expected
ocop-lan-dau hieu-luc 2026-11-30 2029-11-30
ocop-lan-dau xa-de-nghi-1 2026-11-30 2027-04-29
ocop-lan-dau xa-de-nghi-1 2026-04-29 2026-04-29
ocop-lan-dau xa-de-nghi-1 2026-04-30 2027-04-29
ocop-danh-gia-lai som-nhat 2027-06-30 2027-01-01 - expected
ocop-danh-gia-lai muon-nhat 2027-06-30 2027-03-02
ocop-danh-gia-lai muon-nhat 2026-08-10 2026-04-12 2026-04-10
ocop-danh-gia-lai keo-dai 2026-11-30 2027-05-29
vay-quy quy-tw-ngan 2026-11-30 2026-12-07
nam cap-nhat 2026-11-30 2026-12-15
nam cap-nhat 2026-12-15 2026-12-15
nam cap-nhat 2026-12-16 2027-12-15
nam dai-hoi 2026-11-30 2027-04-30 2027-05-04 expected
nam dai-hoi 2026-04-30 2026-04-30 2026-05-04
nam dai-hoi 2026-05-01 2027-04-30 2027-05-04 expected
dai-hoi moi-hop 2026-12-15 2026-12-12 2026-12-11
dai-hoi lan-hai 2026-12-01 2026-12-31
dai-hoi lan-ba 2026-12-31 2027-01-20
dai-hoi thuong-nien 2026-08-31 2028-02-29
"""
ROWS = tuple(filter(None, BY_HAND.splitlines()))


def found(whole: Library, procedure: str, deadline: str, start: str) -> Due:
    """Return one deadline of a procedure, of which the event that it begins with is on a day."""
    dates = due_each(whole, procedure, {deadline: date.fromisoformat(start)}, TODAY).dates
    return next(one for one in dates if one.deadline.id == deadline)


@pytest.mark.parametrize("row", ROWS)
def test_days_are_those_of_a_calendar(whole: Library, row: str) -> None:
    """Days, working days, months; weekends, holidays, swapped days, leap years, counted back."""
    procedure, deadline, start, end, *rest = row.split()
    one = found(whole, procedure, deadline, start)

    moved, expected = (*rest, *("-", "")[len(rest) :])
    assert one.day == date.fromisoformat(end)
    assert (one.moved.isoformat() if one.moved else "-") == moved
    assert one.expected == (expected == "expected")


def due(whole: Library, procedure: str, start: date, today: date) -> DueDates:
    """Return the deadlines of a procedure whose first event is on a day."""
    return due_from(whole, procedure, next(iter(whole.deadlines[procedure].events)), start, today)


def days(whole: Library, procedure: str, start: date) -> dict[str, date]:
    """Return the deadlines that have a day where one event is known, in the order told."""
    return {one.deadline.id: one.day for one in due(whole, procedure, start, TODAY).dates}


def test_a_deadline_is_counted_from_the_event_that_its_clause_names(whole: Library) -> None:
    """An old certificate's end; what begins with the handing in is counted from its last day."""
    assert days(whole, "ocop-danh-gia-lai", date(2027, 4, 15)) == {
        "som-nhat": date(2026, 10, 17),
        "muon-nhat": date(2026, 12, 16),
        "xa-xem": date(2027, 1, 7),
        "danh-gia": date(2027, 2, 21),
        "keo-dai": date(2027, 10, 12),
    }


@pytest.mark.parametrize(
    ("procedure", "told"),
    [
        ("giai-the", ["gui-nghi-quyet", "dang-tai", "tu-chuyen"]),
        ("cham-dut-to-hop-tac", ["gui-bien-ban", "dang-tai", "tu-chuyen"]),
        ("dang-ky-thanh-lap", ["giai-quyet"]),
        ("dang-ky-thay-doi", ["nop-ho-so", "giai-quyet"]),
        ("dai-hoi", ["moi-hop", "kien-nghi", "lan-hai", "lan-ba"]),
        ("ocop-lan-dau", ["xa-xem", "xa-de-nghi-1", "dot-1", "xa-de-nghi-2", "dot-2"]),
    ],
)
def test_what_begins_with_another_event_has_no_day(
    whole: Library, procedure: str, told: list[str]
) -> None:
    """Debts paid, a certificate issued, a request to mend: nobody told their days."""
    assert list(days(whole, procedure, TODAY)) == told


def test_all_are_told_in_the_order_of_their_days(whole: Library) -> None:
    """Whatever the order of the file."""
    for name in whole.deadlines:
        told = list(days(whole, name, TODAY).values())
        assert told == sorted(told), name


def of_that_day(found: DueDates) -> list[dict[str, Any]]:
    """Return what scripts get of what counts from the day that was told."""
    return [one for one in found.as_json(TODAY)["dates"] if one["counts_from"] == "day"]


def test_scripts_get_what_counts_from_another_day_too(whole: Library) -> None:
    """As if that fell on the same day, and marked so; people get no day for it."""
    found = due(whole, "dang-ky-thanh-lap", date(2026, 12, 1), TODAY)
    told = {one["date"]: one for one in found.as_json(date(2026, 12, 1))["dates"]}

    assert told["2027-06-01"]["what"].startswith("Thành viên góp đủ vốn")
    assert told["2027-06-01"]["counts_from"] == "other"
    assert "2027-06-01" not in {one.day.isoformat() for one in found.dates}


def test_what_counts_from_a_last_day_can_not_be_told_later(whole: Library) -> None:
    """Whoever does the first sooner is due sooner; with a day of its own it can be told."""
    called = due_from(whole, "dai-hoi", "moi-hop", date(2027, 1, 1), TODAY)
    third = due_each(whole, "dai-hoi", {"lan-ba": date(2026, 12, 31)}, TODAY)

    assert any(one.after for one in called.dates)
    assert not any(one.after for _, one in called.coming)
    assert [line.deadline for line, _ in third.coming] == ["lan-ba"]


def test_a_day_that_is_over_is_told_to_be(whole: Library) -> None:
    """Who calls a meeting for today has called too late."""
    told = of_that_day(due(whole, "dai-hoi", TODAY, TODAY))

    assert [one["past"] for one in told] == [True, True, False, False]


def test_a_day_from_which_one_may_is_never_too_late(whole: Library) -> None:
    """Once it is there, it is said that one may."""
    first = due(whole, "ocop-danh-gia-lai", date(2027, 4, 15), TODAY).as_json(TODAY)["dates"][0]

    assert not first["past"]
    assert "làm được rồi" in first["note"]


def test_all_procedures_have_deadlines(whole: Library) -> None:
    """Each of the sixteen, and what is no procedure has a title of its own."""
    others = whole.deadlines.keys() - whole.procedures.keys()

    assert whole.procedures.keys() <= whole.deadlines.keys()
    assert all(whole.deadlines[name].title for name in others)
    assert len(ROWS) >= 60


def test_numbers_are_those_of_the_procedures(whole: Library) -> None:
    """A term that a procedure tells in words under the same name has the same number here."""
    compared = 0
    for name, procedure in whole.procedures.items():
        for one in whole.deadlines[name].deadlines:
            told = procedure.terms.get(one.id.replace("-", "_"))
            if told is not None and one.each is None:
                compared += 1
                assert str(one.years or abs(one.length[0])) in told, (name, one.id)

    assert compared > 25


def test_what_may_move_is_said_with_its_clause(whole: Library) -> None:
    """The day itself stays; the next working day is told beside it, and whom to ask."""
    dates = due(whole, "dang-ky-thay-doi", date(2026, 12, 3), TODAY)
    told = dates.as_json(TODAY)["dates"][0]

    assert told["date"] == "2026-12-13"
    assert told["clause"] == "Điều 47 khoản 1 điểm a, Luật Hợp tác xã 17/2023/QH15"
    assert "14/12/2026" in told["note"]
    assert "Điều 148 khoản 5" in told["note"]
    assert "UBND xã, phường" in told["note"]


def test_undecided_days_off_are_told(whole: Library) -> None:
    """What passes next year's Tết is only expected."""
    told = due(whole, "ocop-lan-dau", date(2027, 1, 25), TODAY).as_json(TODAY)["dates"][0]

    assert "Dự kiến" in told["note"]


def test_unknown_names_are_refused_with_those_that_are(whole: Library) -> None:
    """And so can be mended by who typed them."""
    with pytest.raises(ToolError, match="dang-ky-thanh-lap"):
        due_from(whole, "lap-htx", "", TODAY, TODAY)


def test_a_calendar_file_has_a_day_for_each(whole: Library) -> None:
    """Days without an hour, with Vietnamese words, and the same UID when it is made again."""
    dates = due(whole, "nam", TODAY, TODAY)
    made = datetime(2026, 11, 30, tzinfo=UTC)
    first, again = (Calendar.from_ical(dates.as_calendar(made)) for _ in range(2))
    events = first.walk("VEVENT")

    assert [event.decoded("DTSTART") for event in events] == [one.day for one in dates.dates]
    assert str(events[0]["SUMMARY"]).startswith("Cập nhật thông tin hợp tác xã")
    assert [e["UID"] for e in events] == [e["UID"] for e in again.walk("VEVENT")]
    assert len({event["UID"] for event in events}) == len(events)


def test_a_calendar_file_tells_beforehand(whole: Library) -> None:
    """At eight, seven days and one day before; of what is over nothing rings."""
    dates = due(whole, "nam", TODAY, TODAY)
    made = datetime(2026, 11, 30, tzinfo=UTC)
    [rings, *_] = Calendar.from_ical(dates.as_calendar(made)).walk("VEVENT")
    over = Calendar.from_ical(replace(dates, today=date(2028, 1, 1)).as_calendar(made))
    told = [one.decoded("TRIGGER") for one in rings.walk("VALARM")]

    assert told == [timedelta(days=-7, hours=8), timedelta(days=-1, hours=8)]
    assert not over.walk("VALARM")


def test_a_decided_year_is_not_expected(whole: Library) -> None:
    """Once the days off of a year are written down."""
    decided = whole.days_off.model_copy(update={"decided_through": 2027})
    calendar = WorkCalendar(decided)

    assert not calendar.is_expected(date(2027, 1, 25), date(2027, 2, 22), "workdays")


def test_a_deadline_of_a_law_that_is_over_is_told_to_be(whole: Library) -> None:
    """With whom to ask, for another may count now."""
    law = whole.sources["luat-17-2023"].model_copy(update={"in_force_to": date(2026, 11, 29)})
    library = replace(whole, sources={**whole.sources, "luat-17-2023": law})
    told = of_that_day(due(library, "giai-the", TODAY, TODAY))

    assert "không còn hiệu lực" in told[0]["note"]
    assert "không còn hiệu lực" not in told[1]["note"]
