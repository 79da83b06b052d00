"""Of what size a cooperative is by its members and its money."""

from typing import Any


def size(  # noqa: PLR0913  # because these are the figures of the rule, by name
    *,
    members: int,
    turnover: int | None = None,
    capital: int | None = None,
    money: int | None = None,
    heads_1: int,
    heads_2: int,
    heads_3: int,
    turnovers_1: int,
    turnovers_2: int,
    turnovers_3: int,
    capitals_1: int,
    capitals_2: int,
    capitals_3: int,
) -> dict[str, Any] | None:
    """Tell the size of a cooperative, from 0, the smallest, to 3: its members and money reach it.

    So many `heads`, and such a turnover or capital, each size takes. `money` is told as neither of
    the two: it is judged where both say the same. Where a sum that is not told may make it larger,
    that is `open`.
    """
    turnovers, capitals = (
        (turnovers_1, turnovers_2, turnovers_3),
        (capitals_1, capitals_2, capitals_3),
    )
    by_members = _reached(members, (heads_1, heads_2, heads_3))
    told = max(_reached(turnover, turnovers), _reached(capital, capitals))
    either = (max(told, _reached(money, least)) for least in (turnovers, capitals))
    sizes = {min(by_members, one) for one in either}
    untold = turnover is None and capital is None and money is None
    if members < 1 or len(sizes) > 1 or (by_members and untold):
        return None
    found = sizes.pop()
    more = found < by_members and (turnover is None or capital is None)
    return {"members": members, "size": found, "open": more, "untold": untold}


def _reached(figure: int | None, least: tuple[int, ...]) -> int:
    """Return how many of some least figures one reaches."""
    return sum((figure or 0) >= one for one in least)
