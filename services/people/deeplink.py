"""Deep links: what a poster or a QR picture says of whoever comes by it.

`p20242_tocop_ehop-xa-2611` is the start parameter of a link (https://core.telegram.org/bots/features#deep-linking):
the place, the topic and the event, each left out where it does not matter.
"""

import re
from dataclasses import dataclass

from services.errors import PeopleError

LONGEST = 64
"""Characters of a start parameter, of A-Z, a-z, 0-9, `_` and `-`."""

_LETTERS = {"p": "place", "t": "topic", "e": "event"}
_VALUES = {"place": "[0-9]{5}", "topic": "[a-z-]+", "event": "[A-Za-z0-9-]{1,56}"}


@dataclass(frozen=True)
class Deeplink:
    """What a link says; empty where it says nothing."""

    place: str = ""
    """The code of a ward."""
    topic: str = ""
    event: str = ""
    """The event's short name: letters without diacritics, digits, hyphens."""


def encode(link: Deeplink) -> str:
    """Return the start parameter.

    Raises:
        PeopleError: a part has signs that no link may hold, or all are too long together.

    """
    parts = {letter: getattr(link, name) for letter, name in _LETTERS.items()}
    payload = "_".join(f"{letter}{value}" for letter, value in parts.items() if value)
    if payload and decode(payload) != link:
        raise PeopleError("link_bad", most=LONGEST)
    return payload


def decode(payload: str) -> Deeplink | None:
    """Return what a start parameter says, or None when it is none of ours."""
    if len(payload) > LONGEST:
        return None
    parts = [(_LETTERS.get(part[:1], ""), part[1:]) for part in payload.split("_")]
    known = all(name and re.fullmatch(_VALUES[name], value) for name, value in parts)
    if not known or len(dict(parts)) < len(parts):
        return None
    return Deeplink(**dict(parts))
