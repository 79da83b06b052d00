"""What may be borrowed and lent, and what is owed: sums of the law on loans, in whole đồng.

Like `services.conversation.arithmetic`, which gives them to the rules.
"""

from decimal import Decimal
from typing import Any

from services.conversation.quantities import Term

_HUNDRED = 100


def own_share(
    *, share: int, total: int | None = None, loan: int | None = None, own: int | None = None
) -> dict[str, Any] | None:
    """Tell the least of one's own in a total, or beside a loan that is all the rest of it.

    Of one's own alone the largest total is told; a loan alone tells nothing: the total is asked.
    """
    if not total and not loan:
        largest = (own or 0) * _HUNDRED // share
        told = {"asks": False, "own": own, "largest": largest, "most": largest - (own or 0)}
        return told if own else None
    if not total and own is None:
        return {"asks": True, "loan": loan, "largest": None}
    if total and max(own or 0, loan or 0) > total:
        return None
    rest = _HUNDRED - share
    least = -(-total * share // _HUNDRED) if total else -(-(loan or 0) * share // rest)
    had = own if own is not None or not (total and loan) else total - loan
    return {
        "total": total,
        "loan": loan,
        "asks": False,
        "largest": None,
        "least": least,
        "own": had,
        "rest": own is None,
        "enough": had is not None and had >= least,
    }


def two_limits(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    one: int,
    together: int,
    fund: int,
    gained: int = 0,
    lost: int = 0,
    loan: int | None = None,
    debt: int | None = None,
) -> dict[str, Any] | None:
    """Tell the most that one borrower, and one with his relations, may owe to a fund.

    What it gained and has not shared out counts with its capital, what it lost against it
    (Nghị định 45/2021, Điều 2 khoản 3). What is still owed to it counts with the loan.
    """
    fund = fund + gained - lost
    if fund < 1:
        return None
    most = fund * one // _HUNDRED
    related = fund * together // _HUNDRED
    within = loan is not None and loan + (debt or 0) <= most
    told = {"fund": fund, "most": most, "related": related, "loan": loan, "debt": debt}
    return told | {"within": within, "more": max(0, most - (debt or 0)), "real": gained or lost}


def lending(
    *, most: int, each: int, equity: int = 0, pool: int = 0, loan: int | None = None
) -> dict[str, Any] | None:
    """Tell the most that a cooperative may lend of its own, and each member borrow of that.

    What it lends in all is told, or the most that it may. A loan that keeps within that is within
    for sure only where it is told.
    """
    if not (equity or pool):
        return None
    largest = equity * most // _HUNDRED
    share = (pool or largest) * each // _HUNDRED
    told = {"equity": equity, "pool": pool, "most": largest, "each": share, "loan": loan}
    may = not equity or pool <= largest
    return told | {"within": loan is not None and loan <= share, "may": may}


def owed(*, least: int, days: int, debt: int, term: Term | None = None) -> dict[str, Any] | None:
    """Tell how much more than what is paid leaves a debt below a sum, and whether it is overdue.

    Months are so many days only where their shortest are.
    """
    if not debt:
        return None
    own = {"day": 1, "month": 30, "year": 365}.get(term.unit, 0) * term.count if term else 0
    return {"debt": debt, "reached": debt >= least, "over": debt - least, "overdue": own >= days}


def late_rate(*, most: int, rate: Decimal, late: Decimal | None = None) -> dict[str, Any] | None:
    """Tell the highest rate of a debt that is overdue, and whether one that is asked for is."""
    if not 0 < rate <= _HUNDRED // 2:
        return None
    highest = (rate * most / _HUNDRED).normalize()
    within = late is not None and late <= highest
    return {"rate": rate, "highest": highest, "late": late, "within": within}


def late_interest(*, most: int, rate: Decimal, debt: int, term: Term) -> dict[str, Any] | None:
    """Tell what a debt costs at most that is so many months overdue, by its rate of a year."""
    told, months = late_rate(most=most, rate=rate), term.months
    if told is None or not months:
        return None
    more = round(debt * told["highest"] * months / 12 / _HUNDRED)
    return told | {"debt": debt, "months": months, "more": more}
