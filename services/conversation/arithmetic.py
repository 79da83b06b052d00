"""Arithmetic of the law: what a rule makes of figures; pure, in whole đồng, votes and days.

Each function takes the rule's own figures and the person's by name, and returns what the rule's
sentence is filled with; None where the figures make no sense together. Which functions there are,
and what each takes, stands in `services.knowledge.rules`; what depends on the day that it is, in
`services.conversation.terms`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from services.conversation.loans import (
    late_interest,
    late_rate,
    lending,
    owed,
    own_share,
    two_limits,
)
from services.conversation.quantities import Term
from services.conversation.sizes import size
from services.knowledge.rules import ArithmeticName

Told = dict[str, Any]
"""What a sentence is filled with."""

_HUNDRED = 100
_STARS = ((90, 5), (70, 4), (50, 3), (30, 2), (0, 1))
"""The least points of each star: Quyết định 26/2026, Điều 3 khoản 3."""
_LEAST_STARS, _MOST_STARS = 3, 5
"""Fewer than three stars bear no certificate (Điều 3 khoản 3): nobody makes for two."""
_LEAST_TOTAL = 10
"""Fewer points are those of one box of the form, not of a product."""


def star(*, points: Decimal, wanted: int | None = None) -> Told | None:
    """Tell which star so many points of a hundred are, and how many more a wanted star takes.

    Where none is wanted that is the next one.
    """
    least = {stars: points for points, stars in _STARS}
    if not _LEAST_TOTAL <= points <= _HUNDRED or wanted not in {None, *least}:
        return None
    stars = next(stars for least, stars in _STARS if points >= least)
    above = wanted or min(max(stars + 1, _LEAST_STARS), _MOST_STARS)
    lacking = max(Decimal(0), least[above] - points)
    return {"points": points, "stars": stars, "wanted": wanted, "next": above, "lacking": lacking}


def reward(*, three: int, four: int, five: int, lower: int, upper: int) -> Told | None:
    """Tell the difference between the rewards of two stars, in đồng: of the same star none."""
    of_star = {3: three, 4: four, 5: five}
    if lower not in of_star or upper not in of_star or lower > upper:
        return None
    return {"lower": lower, "upper": upper, "more": of_star[upper] - of_star[lower]}


def rewards(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    three: int,
    four: int,
    five: int,
    products: int,
    stars: int,
    more_products: int = 0,
    more_stars: int = 0,
) -> Told | None:
    """Tell what products of one star, or of two, are rewarded with together, in đồng."""
    of_star = {3: three, 4: four, 5: five}
    each, more = of_star.get(stars), of_star.get(more_stars, 0)
    if each is None or products < 1 or bool(more_products) != bool(more) or stars == more_stars:
        return None
    return {
        "products": products,
        "stars": stars,
        "each": each,
        "more_products": more_products,
        "more_stars": more_stars,
        "more_each": more,
        "total": products * each + more_products * more,
    }


def votes(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    least: int,
    above: int,
    first: int = 0,
    second: int = 0,
    attending: int | None = None,
    online: int = 0,
    proxies: int = 0,
    members: int | None = None,
    agreed: int | None = None,
) -> Told | None:
    """Tell how many votes of those who attend and vote pass a matter, by both shares.

    Who takes part online or by proxy attends as well. Members alone tell nothing: then it is to be
    asked how many attend. Where the rule knows a quorum, it is told of them whether they may meet.
    """
    attending = None if attending is None else attending + online + proxies
    if attending is None:
        return {"asks": True, "members": members} if members else None
    if attending < 1 or (members or attending) < attending or (agreed or 0) > attending:
        return None
    called = (
        quorum(first=first, second=second, members=members, attending=attending)
        if first and members
        else None
    )
    return {
        "asks": False,
        "members": members,
        "first": called and called["first"],
        "second": called and called["second"],
        "meets": called and called["meets"],
        "attending": attending,
        "least": -(-attending * least // _HUNDRED),
        "above": attending * above // _HUNDRED + 1,
        "agreed": agreed,
        "passes_least": agreed is not None and agreed * _HUNDRED >= attending * least,
        "passes_above": agreed is not None and agreed * _HUNDRED > attending * above,
    }


def quorum(
    *,
    first: int,
    second: int,
    members: int,
    attending: int | None = None,
    absent: int | None = None,
) -> Told | None:
    """Tell how many must attend the first and the second general meeting.

    Who attends is told, or who is absent.
    """
    if attending is None and absent is not None:
        attending = members - absent
    if attending is not None and attending < 0:
        return None
    if members < 1 or (attending or 0) > members:
        return None
    needs = [-(-members * share // _HUNDRED) for share in (first, second)]
    return {
        "members": members,
        "first": needs[0],
        "second": needs[1],
        "attending": attending,
        "meets": None if attending is None else sum(attending >= need for need in needs),
    }


def fraction(*, of: int, members: int, asking: int | None = None) -> Told | None:
    """Tell how many members are one third, one fifth …: `of` is three, five."""
    if members < 1 or (asking or 0) > members:
        return None
    least = -(-members // of)
    return {"members": members, "least": least, "asking": asking, "enough": (asking or 0) >= least}


def delegates(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *, least: int, hundred: int, three_hundred: int, thousand: int, most: int, members: int
) -> Told | None:
    """Tell how many delegates so many members send at least: a share of them, or so many at most.

    Up to a hundred members one share holds, up to three hundred another, and so on; of exactly the
    `least` members that may send delegates the law tells no share.
    """
    if members < 1 or members == least:
        return None
    shares = ((100, hundred), (300, three_hundred), (1000, thousand))
    share = next((share for most_members, share in shares if members <= most_members), None)
    sent = most if share is None else -(-members * share // _HUNDRED)
    return {"members": members, "may": members > least, "share": share, "sent": sent}


def most_share(
    *, share: int, whole: int | None = None, part: int | None = None, percent: Decimal | None = None
) -> Told | None:
    """Tell the most that may be of a whole, and whether a part is; exactly that much may be."""
    if percent is not None and part is None:
        return {"percent": percent, "within": percent <= share} if percent <= _HUNDRED else None
    if not whole or (part or 0) > whole:
        return None
    return {
        "percent": None,
        "whole": whole,
        "exactly": part is not None and part * _HUNDRED == whole * share,
        "most": whole * share // _HUNDRED,
        "part": part,
        "over": max(0, (part or 0) - whole * share // _HUNDRED),
        "within": (part or 0) * _HUNDRED <= whole * share,
    }


def percent_of(*, percent: Decimal, whole: int) -> Told | None:
    """Tell how much a share of a sum is, in whole đồng."""
    if not 0 < percent <= _HUNDRED:
        return None
    return {"percent": percent, "whole": whole, "part": round(whole * percent / _HUNDRED)}


def change(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *, share: int, least: int, before: int, after: int | None = None, more: int = 0, less: int = 0
) -> Told | None:
    """Tell by how much a sum changes, and whether that is a share of it, or a sum, or more.

    What it changes to is told, or what is put to it or taken away.
    """
    after = before + more - less if after is None else after
    if not before or before == after or after < 0:
        return None
    by = abs(after - before)
    percent = round(Decimal(by * _HUNDRED) / before, 2).normalize()
    reached = by * _HUNDRED >= before * share or by >= least
    return {
        "before": before,
        "after": after,
        "difference": by,
        "percent": percent,
        "reached": reached,
    }


def wages(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    one: int,
    two: int,
    three: int,
    four: int,
    region: int,
    people: int = 1,
    term: Term | None = None,
) -> Told | None:
    """Tell what one is paid a month in a region, and so many people in so many months."""
    name, each = {1: ("I", one), 2: ("II", two), 3: ("III", three), 4: ("IV", four)}[region]
    months = term.months if term else 1
    if not months or not people:
        return None
    told = {"region": name, "each": each, "people": people, "months": months}
    return told | {"several": people * months > 1, "total": each * people * months}


def share_points(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    one: int,
    two: int,
    three: int,
    part: int | None = None,
    whole: int | None = None,
    percent: Decimal | None = None,
) -> Told | None:
    """Tell how many points a share is, which is told or a part of a whole."""
    if percent is None and whole and part is not None:
        percent = round(Decimal(part * _HUNDRED) / whole, 1).normalize()
    if percent is None or not 0 <= percent <= _HUNDRED:
        return None
    points = sum(percent >= least for least in (one, two, three))
    return {"part": part, "whole": whole, "percent": percent, "points": points}


def most_months(*, months: int, term: Term) -> Told | None:
    """Tell whether a term is at most so many months; days are not compared with months."""
    own = term.months
    if own is None:
        return None
    left = max(0, months - own)
    return {"own": own, "within": own <= months, "reached": own >= months, "left": left}


def least_count(*, least: int, count: int, lost: int = 0) -> Told | None:
    """Tell whether there are enough once some are lost, and how many are lacking."""
    count -= lost
    if count < 1:
        return None
    return {"count": count, "enough": count >= least, "lacking": max(0, least - count)}


FIGURED: Mapping[ArithmeticName, Callable[..., Told | None]] = {
    "star": star,
    "reward": reward,
    "rewards": rewards,
    "votes": votes,
    "quorum": quorum,
    "fraction": fraction,
    "delegates": delegates,
    "most_share": most_share,
    "size": size,
    "percent_of": percent_of,
    "change": change,
    "own_share": own_share,
    "two_limits": two_limits,
    "lending": lending,
    "owed": owed,
    "wages": wages,
    "late_rate": late_rate,
    "late_interest": late_interest,
    "share_points": share_points,
    "most_months": most_months,
    "least_count": least_count,
}
"""What is worked out from figures alone."""
