"""The law's arithmetic is exact at its limits, and the rules name what it takes."""

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from services.conversation.arithmetic import (
    FIGURED,
    change,
    delegates,
    least_count,
    most_months,
    most_share,
    reward,
    votes,
    wages,
)
from services.conversation.days import Period
from services.conversation.loans import (
    late_interest,
    late_rate,
    lending,
    owed,
    own_share,
    two_limits,
)
from services.conversation.quantities import Term
from services.conversation.terms import (
    DATED,
    deadline,
    reassessment,
    rounds,
    shortage,
    yearly,
)
from services.knowledge.rules import TAKEN

TODAY = date(2026, 11, 29)
WINDOW: dict[str, Any] = {"earliest": 180, "latest": 120, "extended": 180, "months": 36}


def stage(end: date) -> Any:
    """Return where today stands for a certificate that ends on a day."""
    told = reassessment(TODAY, **WINDOW, end=Period.of(end))
    return told and told["stage"]


def test_window_opens_and_closes_on_its_very_days() -> None:
    """180 days before the end is not too early, 120 not too late; the end itself is no lapse."""
    days = {name: TODAY + timedelta(n) for name, n in (("opens", 180), ("closes", 120))}

    assert [stage(days["opens"] + timedelta(n)) for n in (0, 1)] == ["open", "early"]
    assert [stage(days["closes"] - timedelta(n)) for n in (0, 1)] == ["open", "late"]
    assert [stage(TODAY - timedelta(n)) for n in (0, 1, 180, 181)] == [
        *("late", "over", "over", "gone"),
    ]


def test_certificate_can_not_end_later_than_one_issued_today() -> None:
    """Thirty-six months are the most: a later day is meant otherwise."""
    assert stage(date(2029, 11, 29)) == "early"
    assert stage(date(2029, 11, 30)) is None


def test_what_is_left_is_a_day_in_days_and_a_month_in_months() -> None:
    """Months that are left are about: the whole month is told. Working days are no such term."""
    terms = (Term(130, "day"), Term(5, "month"), Term(20, "workday"), Term(10**6, "year"))
    left = [reassessment(TODAY, **WINDOW, remaining=term) for term in terms]

    assert [told and told["ends"] for told in left] == [
        Period.of(date(2027, 4, 8)),
        Period(date(2027, 4, 1), date(2027, 4, 30)),
        *(None, None),
    ]


def test_certificate_can_not_have_been_issued_in_the_future() -> None:
    """Such a day is meant otherwise."""
    assert reassessment(TODAY, **WINDOW, issued=Period.of(TODAY + timedelta(1))) is None


@pytest.mark.parametrize(("attending", "least", "above"), [(20, 13, 11), (81, 53, 41), (1, 1, 1)])
def test_votes_are_rounded_up_and_half_is_not_above_half(
    attending: int, least: int, above: int
) -> None:
    """65 of a hundred of 81 are 52.65, so 53; more than half of 20 are 11."""
    told = votes(least=65, above=50, attending=attending)

    assert told is not None
    assert (told["least"], told["above"]) == (least, above)


def test_more_votes_than_voters_make_no_sense() -> None:
    """Nothing is worked out then, nor of more voters than members."""
    assert votes(least=65, above=50, attending=20, agreed=21) is None
    assert votes(least=65, above=50, attending=20, members=19) is None
    assert votes(least=65, above=50) is None


@pytest.mark.parametrize(
    ("members", "sent"),
    [(51, 26), (100, 50), (101, 31), (300, 90), (301, 61), (1000, 200), (1001, 200)],
)
def test_delegates_are_a_share_of_the_members_rounded_up(members: int, sent: int) -> None:
    """Half up to 100, 30 of a hundred up to 300, 20 up to 1,000, then 200: Điều 58 khoản 2."""
    shares = {"hundred": 50, "three_hundred": 30, "thousand": 20, "most": 200}
    told = delegates(least=50, **shares, members=members)

    assert told is not None
    assert (told["may"], told["sent"]) == (True, sent)
    assert delegates(least=50, **shares, members=50) is None


def test_what_a_sum_changes_to_may_be_told_by_the_difference() -> None:
    """Two milliards less 0.1 are changed by five of a hundred; nothing less than itself is left."""
    by = {"share": 5, "least": 10**9, "before": 2 * 10**9}

    assert change(**by, less=10**8) == change(**by, after=19 * 10**8)
    assert change(**by, less=3 * 10**9) is None
    assert change(**by) is None


@pytest.mark.parametrize(("part", "within"), [(300_000_000, True), (300_000_001, False)])
def test_exactly_the_share_is_within_it(part: int, within: bool) -> None:
    """Thirty of a hundred are allowed, one đồng more is not."""
    told = most_share(share=30, whole=1_000_000_000, part=part)

    assert told is not None
    assert told["within"] is within


def test_own_money_is_a_fifth_of_all_and_a_quarter_of_the_loan() -> None:
    """Rounded up: a đồng less is too little."""
    of_all = own_share(share=20, total=500_000_001, own=100_000_000)
    of_loan = own_share(share=20, loan=400_000_000, own=100_000_000)

    assert of_all is not None
    assert (of_all["least"], of_all["enough"]) == (100_000_001, False)
    assert of_loan is not None
    assert of_loan["least"] == 100_000_000
    assert own_share(share=20, total=0) is None


def test_loan_alone_asks_for_the_total_and_own_money_alone_tells_the_largest() -> None:
    """A loan may be one of several; a hundred of one's own are five hundred in all."""
    asked, largest = own_share(share=20, loan=400), own_share(share=20, own=100)

    assert asked is not None
    assert asked["asks"]
    assert largest is not None
    assert (largest["largest"], largest["most"]) == (500, 400)


def test_rounds_of_the_city_and_of_the_ministry_are_others() -> None:
    """What is proposed on the very day is of the next round, be it of next year."""
    days = [Period.of(date(2027, *day)) for day in ((1, 29), (1, 30), (4, 30), (10, 30))]
    city = [rounds(TODAY, proposed=day) for day in days]
    ministry = [rounds(TODAY, raised=day) for day in days]

    assert [told and told["rounds"] for told in city] == [
        *(((1, 6, 2027),), ((1, 6, 2027),), ((2, 12, 2027),), ((1, 6, 2028),)),
    ]
    assert [told and told["rounds"] for told in ministry] == [
        *(((2, 3, 2027),), ((1, 9, 2027),), ((1, 9, 2027),), ((2, 3, 2028),)),
    ]


def test_what_a_fund_gained_or_lost_counts_with_its_capital() -> None:
    """Thirty and four are thirty-four, twenty-four less four twenty."""
    gained = two_limits(one=15, together=25, fund=30_000, gained=4_000)
    lost = two_limits(one=15, together=25, fund=24_000, lost=4_000)

    assert gained is not None
    assert gained["most"] == 5_100
    assert lost is not None
    assert (lost["most"], lost["related"]) == (3_000, 5_000)


def test_same_star_is_rewarded_once() -> None:
    """There is no difference to be had, and no lower star is a rise."""
    rewards = {"three": 8, "four": 10, "five": 15}
    same = reward(**rewards, lower=4, upper=4)

    assert same is not None
    assert same["more"] == 0
    assert reward(**rewards, lower=5, upper=4) is None


def test_who_is_online_or_has_given_proxy_attends() -> None:
    """30, 6 and 4 are forty: 26 votes."""
    told = votes(least=65, above=50, attending=30, online=6, proxies=4)

    assert told is not None
    assert (told["attending"], told["least"]) == (40, 26)


def test_term_ends_so_many_days_after_its_day_and_today_still_counts() -> None:
    """Ten days from the 19th end with the 29th, today; from the 18th they are over."""
    told = [deadline(TODAY, days=10, day=Period.of(date(2026, 11, day))) for day in (19, 18)]

    assert [one and one["stage"] for one in told] == ["open", "late"]
    assert [one and one["left"] for one in told] == [0, -1]


def test_term_that_was_over_long_ago_is_not_meant() -> None:
    """A birthday is no day of a change."""
    assert deadline(TODAY, days=10, day=Period.of(date(1980, 3, 12))) is None


def test_days_are_counted_to_the_next_of_the_days_of_each_year() -> None:
    """The day itself is the last; behind it the year's other day, or the next year's, is next."""
    days = {"month": 4, "day": 30, "or_month": 10, "or_day": 30}
    told = [yearly(date(2026, *day), **days) for day in ((10, 28), (10, 30), (10, 31))]

    assert [one["left"] for one in told] == [2, 0, 181]
    assert [one["next"].year for one in told] == [2026, 2026, 2027]
    assert [one["since"] for one in told] == [181, 183, 1]


def test_nobody_is_lacking_where_there_are_enough() -> None:
    """Five are enough, whatever happened on a day; four lack one for twelve months."""
    day = Period.of(date(2026, 2, 1))
    told = [shortage(TODAY, least=5, months=12, day=day, count=n) for n in (5, 4, None)]

    assert [one and one["last"].first for one in told] == [None, *[date(2027, 2, 1)] * 2]


def test_what_is_owed_counts_with_the_loan() -> None:
    """Exactly the limit is within it."""
    limits = {"one": 15, "together": 25, "fund": 40 * 10**9, "loan": 4 * 10**9}
    told = [two_limits(**limits, debt=debt) for debt in (None, 2 * 10**9, 2 * 10**9 + 1)]

    assert [one and one["within"] for one in told] == [True, True, False]


def test_twelve_months_are_both_the_most_and_enough() -> None:
    """Days are not compared with months."""
    year = most_months(months=12, term=Term(1, "year"))

    assert year == {"own": 12, "within": True, "reached": True, "left": 0}
    assert most_months(months=12, term=Term(400, "day")) is None


def test_lacking_people_are_counted() -> None:
    """Five are enough for a cooperative."""
    assert least_count(least=5, count=5) == {"count": 5, "enough": True, "lacking": 0}
    assert least_count(least=5, count=5, lost=2) == least_count(least=5, count=3)
    assert least_count(least=5, count=3) == {"count": 3, "enough": False, "lacking": 2}


@pytest.mark.parametrize(("name", "function"), [*FIGURED.items(), *DATED.items()])
def test_rules_may_name_what_the_arithmetic_takes(name: Any, function: Callable[..., Any]) -> None:
    """What content may write is what the function has."""
    figures, takes = TAKEN[name]

    assert {*inspect.signature(function).parameters} - {"today"} == figures | takes
    assert TAKEN.keys() == FIGURED.keys() | DATED.keys()


def test_overdue_rate_is_within_its_ceiling_or_not() -> None:
    """Half as much again as the rate itself; 150 of a hundred is the ceiling, no rate."""
    told = late_rate(most=150, rate=Decimal("0.8"), late=Decimal("1.2"))
    assert told
    assert (told["highest"], told["within"]) == (Decimal("1.2"), True)
    assert late_rate(most=150, rate=Decimal(150)) is None


def test_overdue_interest_is_told_in_dong() -> None:
    """Of 200 million at six of a hundred a year, three months late: 4.5 million; days are none."""
    late = partial(late_interest, most=150, rate=Decimal(6), debt=200_000_000)
    told = late(term=Term(3, "month"))

    assert told
    assert told["more"] == 4_500_000
    assert late(term=Term(20, "day")) is None


def test_more_is_lent_than_may_be() -> None:
    """A loan is within for sure only where what is lent in all is told."""
    told = lending(most=30, each=5, equity=1_000_000, pool=300_001, loan=15_000)

    assert told is not None
    assert (told["most"], told["may"]) == (300_000, False)
    assert (told["each"], told["within"]) == (15_000, True)
    assert lending(most=30, each=5, loan=15_000) is None


def test_debt_is_below_a_sum_only_when_more_than_the_rest_is_paid() -> None:
    """Exactly the sum is reached already; four months may be no 120 days, and are taken as such."""
    limit: dict[str, Any] = {"least": 500, "days": 120}
    exactly = owed(**limit, debt=500, term=Term(4, "month"))
    below = owed(**limit, debt=499, term=Term(119, "day"))

    assert exactly == {"debt": 500, "reached": True, "over": 0, "overdue": True}
    assert below is not None
    assert (below["reached"], below["overdue"]) == (False, False)


def test_wages_of_several_people_and_months_are_multiplied() -> None:
    """Of days nothing is told: what is paid is paid by the month."""
    paid: dict[str, Any] = {"one": 4, "two": 3, "three": 2, "four": 1}
    told = wages(**paid, region=3, people=5, term=Term(1, "year"))

    assert told is not None
    assert (told["region"], told["total"], told["several"]) == ("III", 120, True)
    assert wages(**paid, region=1, term=Term(20, "day")) is None
