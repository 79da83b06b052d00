"""What a button carries: a verb and an id, never text; at most 64 bytes (Telegram's limit)."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Verb = Literal["a", "d", "s", "t", "m", "h"]
"""What a button does.

a: an article · d: the rest of it · s: a subject's topics · t: a topic's articles · m: the menu ·
h: a person.
"""


_VERBS = "|".join(get_args(Verb))
_FORM = re.compile(rf"(?P<verb>{_VERBS}):(?P<name>[^:]*)(?::(?P<page>[0-9]{{1,3}}))?")


@dataclass(frozen=True)
class Payload:
    """A verb and what it acts on."""

    verb: Verb
    name: str = ""
    page: int = 0

    def __str__(self) -> str:
        """Encode as `verb:name` or `verb:name:page`."""
        text = f"{self.verb}:{self.name}"
        return f"{text}:{self.page}" if self.page else text


def read_payload(text: str) -> Payload | None:
    """Decode what came back from a button, or return None when it is not ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    verb: Verb = found["verb"]  # type: ignore[assignment]  # because the pattern holds the verbs alone
    return Payload(verb, found["name"], int(found["page"] or 0))
