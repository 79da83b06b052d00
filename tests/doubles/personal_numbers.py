"""Personal numbers of nobody, each in ten spellings, and messages whose numbers are nobody's."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parents[1] / "services" / "masking"
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "together": lambda groups: groups.replace(" ", ""),
    "spaces": lambda groups: groups,
    "dots": lambda groups: groups.replace(" ", "."),
    "dots and spaces": lambda groups: groups.replace(" ", " . "),
    "dashes": lambda groups: groups.replace(" ", "–"),
    "slashes": lambda groups: groups.replace(" ", "/"),
    "brackets": lambda groups: "({}) {}".format(*groups.partition(" ")[::2]),
    "full width": lambda groups: groups.replace(" ", "").translate(_WIDE),
    "Arabic digits, unseen signs": lambda groups: "\u200b".join(groups.translate(_ARABIC)),
    "letters for noughts": lambda groups: groups.replace("0", "o").replace(" ", "_"),
}
"""How people write a number that is given in groups."""


@dataclass(frozen=True)
class Personal:
    """A message with a personal number in it."""

    kind: str
    spelling: str
    text: str
    number: str

    def is_left_in(self, text: str) -> bool:
        """Say whether a text still tells a piece of the number, however it is spelled."""
        left, sought = _told(text), _told(self.number)
        return any(sought[at : at + 4] in left for at in range(len(sought) - 3))


def personal() -> Iterator[Personal]:
    """Yield every kind in ten spellings."""
    for row in _read("personal_numbers.yml"):
        written = row.get("written") or [spell(row["number"]) for spell in SPELLINGS.values()]
        for at, number in enumerate(written):
            text = row["in"][at % len(row["in"])].format(number)
            spelling = "own" if "written" in row else list(SPELLINGS)[at]
            yield Personal(row["kind"], spelling, text, row["number"])


def plain() -> list[str]:
    """Return messages with sums, days, laws, quantities and codes."""
    return [text for texts in _read("plain_numbers.yml").values() for text in texts]


def _read(name: str) -> Any:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


def _told(text: str) -> str:
    """Return the digits of a text, or its letters where it is an address."""
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[^a-z]" if "@" in text else r"\D", "", plain)


def _digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)
