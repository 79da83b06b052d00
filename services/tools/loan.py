"""What a loan costs: by instalments, in whole đồng.

The interest of an instalment is what is left × the rate of a year × its months ÷ 12, rounded half
up; of a part of a year nothing more exact is agreed in general, so a lender's own way (actual days)
differs by a little. The last instalment takes the rest: what is paid back is what was lent.
The rate is asked for: the product knows no fund's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any, Literal, get_args

from services.conversation.quantities import grouped
from services.errors import ToolError

Method = Literal["principal", "annuity"]
METHODS: tuple[Method, ...] = get_args(Method)
EVERY = (1, 3, 6, 12)
"""Months between two instalments: by month, quarter, half a year (a season), year."""
MOST_AMOUNT = 10**13
MOST_MONTHS = 600
MOST_RATE = 100
MOST_OVERDUE = Fraction(3, 2)
"""Of the rate in the contract, for what is overdue (Nghị định 45/2021/NĐ-CP, Điều 25)."""
LEAST_OWN = Fraction(1, 5)
"""Own capital in what is financed, at least (Nghị định 45/2021/NĐ-CP, Điều 22 khoản 5)."""
_YEAR = 12


@dataclass(frozen=True)
class Loan:
    """What is lent and how it is paid back."""

    amount: int
    """In đồng."""
    months: int
    rate: Fraction
    """In hundredths a year."""
    method: Method = "principal"
    grace: int = 0
    """Months in which interest alone is paid."""
    every: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no loan.

        Raises:
            ToolError: a value is out of its bounds; the code says which.

        """
        if not 0 < self.amount <= MOST_AMOUNT:
            raise ToolError("loan_amount", most=grouped(MOST_AMOUNT))
        if not 0 < self.months <= MOST_MONTHS:
            raise ToolError("loan_months", most=MOST_MONTHS)
        if not 0 <= self.rate <= MOST_RATE:
            raise ToolError("loan_rate", most=MOST_RATE)
        if self.method not in METHODS:
            raise ToolError("loan_method")
        if self.every not in EVERY or self.months % self.every:
            raise ToolError("loan_every", months=self.months)
        if not 0 <= self.grace < self.months or self.grace % self.every:
            raise ToolError("loan_grace", months=self.months, every=self.every)

    @property
    def share(self) -> Fraction:
        """The interest of one instalment, as a part of what is left."""
        return self.rate * self.every / (100 * _YEAR)

    @property
    def instalments(self) -> int:
        """How many there are, those of the grace with them."""
        return self.months // self.every


@dataclass(frozen=True)
class Instalment:
    """One payment, in đồng."""

    n: int
    principal: int
    interest: int
    left: int
    """What is owed after it."""

    @property
    def paid(self) -> int:
        """All that is paid."""
        return self.principal + self.interest


@dataclass(frozen=True)
class Schedule:
    """All payments of a loan."""

    rows: Sequence[Instalment]

    @property
    def interest(self) -> int:
        """All interest."""
        return sum(row.interest for row in self.rows)

    @property
    def paid(self) -> int:
        """All that is paid: what was lent, and the interest."""
        return sum(row.paid for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx tool loan --json` prints."""
        rows = [
            {"n": row.n, "principal": row.principal, "interest": row.interest, "left": row.left}
            for row in self.rows
        ]
        return {"rows": rows, "interest": self.interest, "paid": self.paid}


def schedule(loan: Loan) -> Schedule:
    """Return when what is paid."""
    return Schedule(tuple(_rows(loan)))


def overdue(left: int, loan: Loan, months: int, rate: Fraction) -> int:
    """Return the interest in đồng on an instalment's principal that is paid so many months late.

    `rate` is what the contract says for what is overdue, in hundredths a year.

    Raises:
        ToolError: it is more than one and a half times the rate of the loan.

    """
    if not 0 <= rate <= loan.rate * MOST_OVERDUE:
        raise ToolError("loan_overdue", most=float(loan.rate * MOST_OVERDUE))
    return _whole(left * rate * months / (100 * _YEAR))


def _rows(loan: Loan) -> Iterator[Instalment]:
    left, graced = loan.amount, loan.grace // loan.every
    parts = loan.instalments - graced
    even = _even_payment(loan, parts) if loan.method == "annuity" else 0
    for n in range(1, loan.instalments + 1):
        interest = _whole(left * loan.share)
        if n <= graced:
            principal = 0
        elif n == loan.instalments:
            principal = left
        elif loan.method == "annuity":
            principal = min(max(even - interest, 0), left)
        else:
            principal = min(_whole(Fraction(loan.amount, parts)), left)
        left -= principal
        yield Instalment(n, principal, interest, left)


def _even_payment(loan: Loan, parts: int) -> int:
    """Return the payment that is the same each time: amount × share ÷ (1 − (1 + share)^−parts)."""
    if not loan.share:
        return _whole(Fraction(loan.amount, parts))
    with localcontext(prec=60):  # exact to far below a đồng, and quick where fractions are huge
        share = Decimal(loan.share.numerator) / loan.share.denominator
        even = loan.amount * share / (1 - (1 + share) ** -parts)
        return int(even.quantize(Decimal(1), ROUND_HALF_UP))


def _whole(value: Fraction) -> int:
    """Round to the đồng, half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
