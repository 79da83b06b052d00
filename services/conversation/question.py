"""A question: what a person wrote or pressed, whatever the channel."""

from dataclasses import dataclass
from typing import Literal

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
