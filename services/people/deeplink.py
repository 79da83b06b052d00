"""A deep link's payload: what brings a person in with place, topic and event filled."""

import re
from dataclasses import dataclass

from services.errors import PeopleError

_PART = re.compile(r"[A-Za-z0-9-]+")
_LONGEST = 64
"""Telegram's limit (https://core.telegram.org/bots/features#deep-linking)."""


@dataclass(frozen=True)
class Deeplink:
    """What a link says of whoever follows it."""

    place: str | None = None
    """The code of a ward or commune."""
    topic: str | None = None
    event: str | None = None

    def encode(self) -> str:
        """Return the payload, `p20332_tocop_ehoi-cho`; empty when the link says nothing.

        Raises:
            PeopleError: a part has other characters, or all together are too long.

        """
        parts = [f"{mark}{part}" for mark, part in self._marked() if part]
        payload = "_".join(parts)
        if len(payload) <= _LONGEST and all(map(_PART.fullmatch, parts)):
            return payload
        msg = (
            "Liên kết mời chỉ chứa được chữ không dấu, số và “-”, "
            f"cả thảy tới {_LONGEST} ký tự; đặt tên sự kiện hay chủ đề khác."
        )
        raise PeopleError(msg)

    @classmethod
    def decode(cls, payload: str) -> "Deeplink":
        """Return what a payload says; what is not understood is passed over."""
        marked = {part[0]: part[1:] for part in payload.split("_") if _PART.fullmatch(part)}
        return cls(*(marked.get(mark) or None for mark in "pte"))

    def _marked(self) -> tuple[tuple[str, str | None], ...]:
        return (("p", self.place), ("t", self.topic), ("e", self.event))
