"""What a loan costs: against a second computation, and what is no loan."""

import os
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from typing import Any

import numpy_financial  # type: ignore[import-untyped]  # because it has none
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import ToolError
from services.tools.loan import EVERY, METHODS, Loan, overdue, schedule

CASES = int(os.environ.get("TOOL_CASES", "1000"))
"""Loans that are drawn; `make long` draws ten times as many."""


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    """Draw a loan of any kind."""
    every = draw(st.sampled_from(EVERY))
    parts = draw(st.integers(1, 120 // every))
    return Loan(
        amount=draw(st.integers(1, 10**11)),
        months=parts * every,
        rate=Fraction(draw(st.integers(0, 3600)), 100),
        method=draw(st.sampled_from(METHODS)),
        grace=draw(st.integers(0, parts - 1)) * every,
        every=every,
    )


@settings(max_examples=CASES, deadline=None)
@given(loans())
def test_all_is_paid_back_and_nothing_more(loan: Loan) -> None:
    """Principal sums to the loan, what is left falls to nought, interest is as decimals say."""
    rows, left = schedule(loan).rows, loan.amount
    for row in rows:
        assert row.interest == _interest(left, loan)
        assert 0 <= row.principal <= left
        left -= row.principal
        assert row.left == left
    assert (left, len(rows)) == (0, loan.months // loan.every)
    assert all(row.principal == 0 for row in rows[: loan.grace // loan.every])


def _interest(left: int, loan: Loan) -> int:
    """Compute it a second time, by decimals."""
    getcontext().prec = 50
    rate = Decimal(loan.rate.numerator) / loan.rate.denominator
    exact = left * rate * loan.every / 1200
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@settings(max_examples=CASES, deadline=None)
@given(loans())
def test_equal_payments_are_those_of_financiers(loan: Loan) -> None:
    """Every payment but the last is numpy-financial's, to the đồng."""
    even = Loan(loan.amount, loan.months, loan.rate, "annuity", loan.grace, loan.every)
    parts = even.instalments - even.grace // even.every
    theirs = -numpy_financial.pmt(float(even.share), parts, even.amount)
    for row in schedule(even).rows[even.grace // even.every : -1]:
        # One that is smaller than its interest pays no principal; one that clears the loan is less.
        if row.principal and row.left:
            assert abs(row.paid - theirs) <= 0.5 + theirs * 1e-9


def test_the_last_instalment_takes_the_rest() -> None:
    """300 million, 6 % a year, 36 months: 8.333.333 each month, the last 8.333.345."""
    rows = schedule(Loan(300_000_000, 36, Fraction(6))).rows

    assert {row.principal for row in rows[:-1]} == {8_333_333}
    assert (rows[-1].principal, rows[0].interest) == (8_333_345, 1_500_000)


def test_grace_puts_off_principal_alone() -> None:
    """Interest is paid from the first month on."""
    rows = schedule(Loan(120, 6, Fraction(12), grace=3)).rows

    assert [(row.principal, row.interest) for row in rows] == [
        (0, 1),
        (0, 1),
        (0, 1),
        (40, 1),
        (40, 1),
        (40, 0),
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount": 0}, "loan_amount"),
        ({"months": 0}, "loan_months"),
        ({"rate": Fraction(-1)}, "loan_rate"),
        ({"every": 5}, "loan_every"),
        ({"months": 13, "every": 3}, "loan_every"),
        ({"grace": 12}, "loan_grace"),
        ({"every": 3, "grace": 2}, "loan_grace"),
    ],
)
def test_what_is_no_loan_is_refused(values: dict[str, Any], code: str) -> None:
    """With a sentence that says which value, and what it may be."""
    loan: dict[str, Any] = {"amount": 100, "months": 12, "rate": Fraction(6)} | values
    with pytest.raises(ToolError) as refused:
        Loan(**loan)

    assert refused.value.code == code
    assert "không làm được" not in str(refused.value), "its phrase is there"


def test_what_is_late_costs_at_most_half_as_much_again() -> None:
    """Of an instalment that comes three months late; a higher rate is refused with the clause."""
    loan = Loan(120_000_000, 12, Fraction(6))

    assert overdue(10_000_000, loan, 3, Fraction(9)) == 225_000
    with pytest.raises(ToolError, match="Nghị định 45/2021"):
        overdue(10_000_000, loan, 3, Fraction(10))
