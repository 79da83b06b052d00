"""The shadow of a message: one spelling of every sign, each knowing where it stood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from services.masking import patterns

MASK = "[đã ẩn]"

Printed = frozenset[str]
"""Numbers, as `as_printed` writes them, and addresses that the content itself tells."""

_MASKED_BEFORE = "[da an]"
_DIGITS = str.maketrans("oil|", "0111")

Check = Callable[[str, str], bool]
"""Says of what was found, and of what stands behind it, whether it is personal."""


class Shadow:
    """A message as rules read it."""

    def __init__(self, text: str, printed: Printed) -> None:
        """Read a message; of its numbers those that are printed stay."""
        folded = text.translate(_FOLDED)
        self.text = folded.replace(_MASKED_BEFORE, patterns.HIDDEN * len(_MASKED_BEFORE))
        self._written, self._printed = text, printed

    def holds_any(self) -> bool:
        """Say whether there may be anything to hide, letters typed for digits read as digits."""
        if not patterns.MAY_HOLD.search(self.text):
            return bool(patterns.SPELLED.search(self.text))
        self.text = patterns.TYPED_FOR_DIGITS.sub(
            lambda found: found[0].translate(_DIGITS), self.text
        )
        return True

    def keep(self, pattern: re.Pattern[str]) -> None:
        """Let what is found stay, and be seen no more."""
        self.text = pattern.sub(lambda found: patterns.KEPT * len(found[0]), self.text)

    def hide(self, pattern: re.Pattern[str], check: Check = lambda _number, _behind: True) -> None:
        """Hide the numbers that are found and that a check lets be hidden."""

        def _taken(found: re.Match[str]) -> str:
            start, end = found.span("number")
            number = found["number"]
            if self._is_public(number) or not check(number, self.text[end:]):
                return found[0]
            before, behind = self.text[found.start() : start], self.text[end : found.end()]
            return f"{before}{patterns.HIDDEN * len(number)}{behind}"

        self.text = pattern.sub(_taken, self.text)

    def hide_first(self, pattern: re.Pattern[str], check: Check) -> None:
        """Hide as many whole groups of what is found, from its beginning, as a check takes."""

        def _taken(found: re.Match[str]) -> str:
            for number in _beginnings(found[0], self.text[found.end() : found.end() + 1]):
                behind = self.text[found.start() + len(number) :]
                if self._is_public(number):
                    return found[0]
                if check(number, behind):
                    return patterns.HIDDEN * len(number) + found[0][len(number) :]
            return found[0]

        self.text = pattern.sub(_taken, self.text)

    def masked(self) -> str:
        """Return the message as it was written, but for what is hidden."""
        if patterns.HIDDEN not in self.text:
            return self._written
        at_of = [at for at, sign in enumerate(self._written) for _ in _FOLDED[ord(sign)]]
        told, end, behind = [], 0, 0
        for hidden, run in groupby(sign == patterns.HIDDEN for sign in self.text):
            behind += len(list(run))
            stop = at_of[behind] if behind < len(at_of) else len(self._written)
            told.append(MASK if hidden else self._written[end:stop])
            end = stop
        return "".join(told)

    def _is_public(self, number: str) -> bool:
        """Say whether a number is printed, or one of a service for all."""
        digits = as_printed(number)
        return digits in self._printed or (
            digits.startswith(("1800", "1900")) and len(digits) in range(8, 11)
        )


class _Folding(dict[int, str]):
    """Each sign as a shadow has it: one spelling of digits, letters, dashes and spaces."""

    def __missing__(self, code: int) -> str:
        """Fold a sign that was not met before, and keep it if Vietnamese is written with it."""
        parts = unicodedata.normalize("NFKD", chr(code).lower())
        folded = "".join(map(_plain, parts))
        if code < _KEPT_BELOW:
            self[code] = folded
        return folded


def _plain(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(sign)
    if sign.isspace():
        return " "
    if kind == "Pd":
        return "-"
    return "" if kind in {"Cc", "Cf", "Cs", "Mn", "Me"} else _ALIKE.get(sign, sign)


_ALIKE = dict(zip("đοо∕⁄•∙‧−’‘“”", "doo//···-''\"\"", strict=True))
_KEPT_BELOW = 0x3000
"""Letters, digits, dashes and spaces of Vietnamese lie below; who sends every sign there is must
not fill the memory."""
_FOLDED = _Folding()


def as_printed(number: str) -> str:
    """Return a number's digits as they are dialled at home, an address in small letters."""
    if "@" in number:
        return number.lower()
    digits = re.sub(r"\D", "", number)
    for prefix in ("0084", "84"):
        if digits.startswith(prefix) and len(digits) > len(prefix) + 8:
            return f"0{digits.removeprefix(prefix).lstrip('0')}"
    return digits


def numbers_in(texts: Iterable[str]) -> Printed:
    """Return the numbers and addresses of texts that are printed: nobody need hide them."""
    found = set()
    for text in texts:
        for piece in patterns.LIKE_NUMBERS.findall(text):
            found.add(as_printed(piece))
    return frozenset(found)


def _beginnings(found: str, behind: str) -> Iterator[str]:
    """Yield what is found, then ever less of it, by whole groups of digits."""
    ends = [group.end() for group in re.finditer(r"\d+", found)]
    if behind.isdigit():
        ends.pop()
    yield from (found[:end] for end in reversed(ends))
