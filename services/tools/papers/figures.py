"""What a paper works out of its entries: a quorum, votes, shares of capital, own capital of a loan.

Every function takes the entries and what is printed of them, and returns what a template may print
beside; a verdict is an id (`yes`, `no`, empty where it can't be told): the template has the words.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from services.conversation.quantities import grouped
from services.tools.loan import LEAST_OWN
from services.tools.papers.entries import Entries, Printed, percent

Print = dict[str, Any]

QUORUM: Mapping[str, Fraction] = {
    "first": Fraction(1, 2),
    "second": Fraction(33, 100),
    "third": Fraction(0),
}
"""The least share of members or delegates at a first, second, third summons (Luật 17/2023/QH15,
Điều 59 khoản 7)."""
LARGE_MAJORITY = Fraction(65, 100)
"""Of all votes, at least, for what Điều 61 khoản 2 lists; for the rest it is more than a half."""
MOST_SHARE = Fraction(3, 10)
"""What one official member, and all associate members together, may hold at most of a cooperative's
capital (Luật 17/2023/QH15, Điều 74 khoản 1 và 2)."""


class Reckoning(NamedTuple):
    """What is worked out, and the names under which it is printed."""

    needs: tuple[str, ...]
    """The fields that it is worked out of."""
    names: tuple[str, ...]
    work_out: Callable[[Entries, Print], Print]


def _meeting(entries: Entries, printed: Print) -> Print:
    """Count who takes part, and each matter's votes against the votes of all who take part."""
    whole = _whole_only(entries)
    called = whole.get("called", 0)
    ways = ("in_person", "online", "by_proxy")
    attending = sum(whole[way] for way in ways if way in whole) if called else 0
    least = QUORUM.get(entries.get("summons", ""))
    share = Fraction(attending, called or 1)
    _count(entries, printed)
    return {
        "attending": Printed(grouped(attending)) if attending else _NOTHING,
        "attending_share": Printed(percent(attending, called)) if attending else _NOTHING,
        "quorum": "" if least is None or not 0 < attending <= called else _verdict(share >= least),
        "quorum_least": _NOTHING if least is None else _whole(least),
    }


def _count(entries: Entries, printed: Print) -> None:
    """Print beside each matter its share of the votes, and whether it is passed."""
    for row in printed["motions"]:
        row.update(share=_EMPTY, passed="")
    for row, motion in zip(printed["motions"], entries.get("motions", []), strict=False):
        row.update(_vote(_whole_only(motion), _whole_only(entries).get("votes")))


def _whole_only(entries: Entries) -> Entries:
    """Return what may count people and votes: nothing is told of half of one."""
    return {name: value for name, value in entries.items() if not isinstance(value, Decimal)}


def _founding(entries: Entries, printed: Print) -> Print:
    """Count the votes of a founding conference: a majority decides, one vote each (Điều 39)."""
    _count(entries, printed)
    return {}


def _vote(motion: Entries, votes: int | None) -> Print:
    """Return the share of a matter and whether it is passed; of votes that don't add up nothing."""
    agreed = motion.get("votes_for")
    cast = sum(motion.get(name, 0) for name in ("votes_for", "votes_against", "votes_none"))
    if not votes or agreed is None or cast > votes:
        return {}
    share = Fraction(agreed, votes)
    large = motion.get("majority") == "large"
    return {
        "share": Printed(percent(agreed, votes)),
        "passed": _verdict(share >= LARGE_MAJORITY if large else share > Fraction(1, 2)),
    }


def _members(entries: Entries, printed: Print) -> Print:
    """Add up what members bring in, and tell each one's share of it."""
    members = entries.get("members", [])
    total = sum(member.get("capital", 0) for member in members)
    for row in printed["members"]:
        row["share"] = _EMPTY
    for row, member in zip(printed["members"], members, strict=False):
        if total and "capital" in member:
            row["share"] = Printed(percent(member["capital"], total))
    over = [
        str(number)
        for number, member in enumerate(members, 1)
        if total and Fraction(member.get("capital", 0), total) > MOST_SHARE
    ]
    return {
        "members_count": Printed(grouped(len(members))) if members else _NOTHING,
        "members_capital": Printed(grouped(total)) if total else _NOTHING,
        "members_over": Printed(", ".join(over), holds=bool(over)),
    }


def _loan(entries: Entries, _: Print) -> Print:
    """Add up what the plan costs, and tell whether own capital is enough of it."""
    costs = sum(cost.get("amount", 0) for cost in entries.get("costs", []))
    own = entries.get("own_capital")
    known = costs and own is not None
    own = own or 0
    return {
        "costs_total": Printed(grouped(costs)) if costs else _NOTHING,
        "own_share": Printed(percent(own, costs)) if known else _NOTHING,
        "own_enough": _verdict(Fraction(own, costs) >= LEAST_OWN) if known else "",
        "own_least": _whole(LEAST_OWN),
    }


_NOTHING = Printed("……", holds=False)
_EMPTY = Printed("", holds=False)


def _whole(share: Fraction) -> str:
    return percent(share.numerator, share.denominator)


def _verdict(holds: bool) -> str:  # noqa: FBT001  # because it is what is told
    return "yes" if holds else "no"


_VOTES = ("votes", "motions.votes_for", "motions.votes_against", "motions.votes_none")
_COUNTED = ("motions.share", "motions.passed")

FIGURES: Mapping[str, Reckoning] = {
    "founding": Reckoning(_VOTES, _COUNTED, _founding),
    "meeting": Reckoning(
        ("summons", "called", "in_person", "online", "by_proxy", "motions.majority", *_VOTES),
        ("attending", "attending_share", "quorum", "quorum_least", *_COUNTED),
        _meeting,
    ),
    "members": Reckoning(
        ("members.capital",),
        ("members_count", "members_capital", "members_over", "members.share"),
        _members,
    ),
    "loan": Reckoning(
        ("costs.amount", "own_capital"),
        ("costs_total", "own_share", "own_enough", "own_least"),
        _loan,
    ),
}
"""By the name that a paper's description bears."""
