"""A question: what a person wrote or pressed, whatever the channel."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from nlu.text import normalise
from services.conversation.masking import mask

Channel = Literal["telegram", "web", "terminal"]


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
