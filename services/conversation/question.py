"""A question: what a person wrote or pressed, whatever the channel.

Personal numbers in it are masked before anything is stored, logged or read by the NLU: phone
numbers, twelve-digit identity numbers, and account or identity numbers of 8 to 15 digits that are
named as such. Sums of money never are.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from nlu.text import normalise

Channel = Literal["telegram", "web", "terminal"]

MASK = "[đã ẩn]"

_SEP = r"[ .\-]?"
_MONEY = r"(?!\d)(?!\s*(?:đ|d|đồng|dong|vnđ|vnd|triệu|trieu|tr|tỷ|tỉ|ty|ti)\b)"
_NOT_SUM = (
    r"(?<!\d)(?<![\d][.,])"
    r"(?<!vay )(?<!vốn )(?<!von )(?<!góp )(?<!gop )(?<!vay: )(?<!vốn: )(?<!góp: )"
)
_NAMED = (
    r"(?:cmnd|cccd|cmt|căn cước|can cuoc|stk|số tài khoản|so tai khoan|tài khoản|tai khoan)"
    r"[^\d\n]{0,20}?"
)
_PHONE = re.compile(rf"{_NOT_SUM}(?:\+84|84|0)(?:{_SEP}\d){{9,10}}{_MONEY}", re.IGNORECASE)
_IDENTITY = re.compile(rf"{_NOT_SUM}\d(?:{_SEP}\d){{11}}{_MONEY}", re.IGNORECASE)
_ACCOUNT = re.compile(rf"({_NAMED})(\d(?:{_SEP}\d){{7,14}}){_MONEY}", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A text or a pressed button, from one conversation on one channel."""

    channel: Channel
    conversation: str
    """The channel's own name of the conversation: a chat's id, a page's key."""
    text: str = ""
    payload: str = ""
    """The payload of a pressed button; then `text` is empty."""

    @cached_property
    def masked(self) -> str:
        """The text as it is read, logged and kept: one spelling, personal numbers hidden."""
        return mask(self._clean)

    @property
    def holds_numbers(self) -> bool:
        """Whether the text held personal numbers."""
        return self.masked != self._clean

    @cached_property
    def _clean(self) -> str:
        return normalise(self.text)


def mask(text: str) -> str:
    """Return the text with every personal number replaced by a mark."""
    text = _ACCOUNT.sub(rf"\g<1>{MASK}", text)
    text = _PHONE.sub(MASK, text)
    return _IDENTITY.sub(MASK, text)
