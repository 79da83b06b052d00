"""What the form of a loan comes to: its instalments, own capital, and what paying late adds."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import get_args

from services.conversation.quantities import grouped, write_number, write_sum
from services.errors import ToolError
from services.tools.forms.bounds import Answers, Value
from services.tools.loan import LEAST_OWN, Instalment, Loan, Method, Schedule, overdue, schedule
from services.tools.result import (
    ResultChart,
    ResultLine,
    ResultSection,
    ResultTable,
    Sources,
    ToolResult,
)

_YEAR = 12
_MOST_COLUMNS = 36
"""Columns that a phone shows apart; of more instalments years are told."""


def loan_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return what is paid when, all interest, and what the answers ask beside that.

    Raises:
        ToolError: the answers are no loan.

    """
    loan = loan_of(answers, sources)
    found = schedule(loan)
    lead = sources.say(
        "form_loan_lead",
        amount=write_sum(loan.amount),
        months=loan.months,
        rate=_percent(loan.rate),
        interest=_money(found.interest),
        paid=_money(found.paid),
    )
    sections = (_each(found, loan, sources), *_own(answers, loan, sources))
    return ToolResult(
        lead,
        (*sections, *_late(answers, found, loan, sources)),
        _table(found, sources),
        _chart(found, loan, sources),
        sources.say("form_loan_notice"),
    )


def loan_of(answers: Answers, sources: Sources) -> Loan:
    """Return the loan that answers tell.

    Raises:
        ToolError: they are none.

    """
    method = next((one for one in get_args(Method) if one == answers.get("method")), None)
    if method is None:
        raise ToolError("loan_method")
    return Loan(
        amount=sources.number(answers, "amount"),
        months=sources.number(answers, "months"),
        rate=_exact(answers.get("rate")),
        method=method,
        grace=sources.number(answers, "grace"),
        every=sources.number(answers, "every"),
    )


def _each(found: Schedule, loan: Loan, sources: Sources) -> ResultSection:
    """Tell what one instalment is: in the grace, the first and the last that pay principal."""
    paying = [row for row in found.rows if row.n > loan.grace // loan.every]
    first, last = paying[0], paying[-1]
    told = [sources.say("form_loan_count", count=loan.instalments, every=loan.every)]
    if loan.grace:
        paid = _money(found.rows[0].paid)
        told.append(sources.say("form_loan_grace", months=loan.grace, paid=paid))
    if loan.method == "annuity":
        even = sources.say("form_loan_even", even=_money(first.paid), last=_money(last.paid))
        told.append(even)
    else:
        ends = {"first": _money(first.paid), "last": _money(last.paid)}
        told.append(sources.say("form_loan_falling", **ends))
    lines = tuple(ResultLine(one) for one in told)
    return ResultSection(sources.say("form_loan_each"), lines)


def _own(answers: Answers, loan: Loan, sources: Sources) -> Iterator[ResultSection]:
    """Tell which part of a plan own capital is, and what the fund asks of it."""
    own = answers.get("own")
    if not isinstance(own, int):
        return
    whole = own + loan.amount
    share = Fraction(own, whole)
    told = sources.say(
        "form_loan_own_share",
        own=write_sum(own),
        whole=write_sum(whole),
        share=_percent(share * 100),
    )
    lacks = -(-loan.amount * LEAST_OWN // (1 - LEAST_OWN)) - own  # rounded up: less is too little
    says = (
        sources.say("form_loan_own_enough")
        if lacks <= 0
        else sources.say("form_loan_own_short", lacks=_money(int(lacks)))
    )
    law = ResultLine(says, _source(sources, "form_loan_own_source"))
    yield ResultSection(sources.say("form_loan_own"), (ResultLine(told), law))


def _late(
    answers: Answers, found: Schedule, loan: Loan, sources: Sources
) -> Iterator[ResultSection]:
    """Tell what is added where the first or the largest principal is paid late."""
    months = sources.number(answers, "late")
    if not months:
        return
    rate = _exact(answers.get("overdue_rate"))
    paying = [row for row in found.rows if row.principal]
    largest = max(paying, key=lambda row: row.principal)
    lines = tuple(
        ResultLine(
            sources.say(
                "form_loan_late_one",
                n=row.n,
                principal=_money(row.principal),
                months=months,
                more=_money(overdue(row.principal, loan, months, rate)),
                rate=_percent(rate),
            ),
            _source(sources, "form_loan_late_source"),
        )
        for row in dict.fromkeys((paying[0], largest))
    )
    yield ResultSection(sources.say("form_loan_late"), lines)


def _table(found: Schedule, sources: Sources) -> ResultTable:
    rows = tuple(
        (str(row.n), *map(grouped, (row.principal, row.interest, row.paid, row.left)))
        for row in found.rows
    )
    head = sources.parts("form_loan_head")
    return ResultTable(sources.say("form_loan_table"), head, rows, frozenset(range(len(head))))


def _chart(found: Schedule, loan: Loan, sources: Sources) -> ResultChart:
    """Return a column for each instalment, or each year where there are many."""
    parts = sources.parts("form_loan_chart_parts")
    if len(found.rows) <= _MOST_COLUMNS:
        each = tuple((str(row.n), (row.principal, row.interest)) for row in found.rows)
        return ResultChart(sources.say("form_loan_chart"), parts, each)

    def _year_of(row: Instalment) -> int:
        return -(-row.n * loan.every // _YEAR)

    years = tuple((str(year), _sums(list(rows))) for year, rows in groupby(found.rows, _year_of))
    return ResultChart(sources.say("form_loan_chart_years"), parts, years)


def _sums(rows: list[Instalment]) -> tuple[int, int]:
    return sum(row.principal for row in rows), sum(row.interest for row in rows)


def _money(value: int) -> str:
    return f"{grouped(value)} đồng"


def _percent(value: Fraction) -> str:
    return write_number(round(Decimal(value.numerator) / value.denominator, 2))


def _exact(value: Value) -> Fraction:
    return Fraction(str(value)) if isinstance(value, int | float) else Fraction(0)


def _source(sources: Sources, name: str) -> str:
    return sources.say("form_source", source=sources.say(name))
