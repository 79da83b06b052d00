"""What a button carries: a verb and an id, never text; at most 64 bytes (Telegram's limit)."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Verb = Literal["a", "v", "c", "s", "t", "m", "h", "u", "n", "w", "x", "p", "b"]
"""What a button does.

a: an article · v: what it says to one kind of reader, the page tells which · c: its checklist ·
s: a subject's topics · t: a topic's articles · m: the menu · h: a person · u: this article was
useful · n: it was not · w: why it was not, the page tells the reason · x: a button under an
announcement, the page tells which · p: what a person says of himself · b: a step of staff with
announcements.
"""

VERDICTS: tuple[Verb, ...] = ("u", "n", "w")
"""Verbs that judge an answer and ask for nothing."""

_VERBS = "|".join(get_args(Verb))
_NUMBER = "[0-9]{1,3}"
_FORM = re.compile(
    rf"(?P<verb>{_VERBS}):(?P<name>[^:\0]*)(?::(?P<page>{_NUMBER})(?::(?P<seen>{_NUMBER}))?)?"
)


@dataclass(frozen=True)
class Payload:
    """A verb and what it acts on."""

    verb: Verb
    name: str = ""
    page: int = 0
    seen: int = 0
    """How much of the reply was shown before, in blocks; only the rest is asked for then."""

    def __str__(self) -> str:
        """Encode as `verb:name:page:seen`; noughts at the end are left out."""
        text = f"{self.verb}:{self.name}"
        if self.seen:
            return f"{text}:{self.page}:{self.seen}"
        return f"{text}:{self.page}" if self.page else text


def read_payload(text: str) -> Payload | None:
    """Decode what came back from a button, or return None when it is not ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    verb: Verb = found["verb"]  # type: ignore[assignment]  # because the pattern holds the verbs alone
    return Payload(verb, found["name"], int(found["page"] or 0), int(found["seen"] or 0))
