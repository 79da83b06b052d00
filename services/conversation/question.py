"""A question: what a person wrote or pressed, whatever the channel.

Personal numbers in it are masked before anything is stored, logged or read by the NLU.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from nlu.text import normalise
from services.masking.mask import mask
from services.masking.shadow import Printed
from services.storage.models import Chat

Channel = Literal["telegram", "web", "terminal"]

_MARKS = tuple(".?!;…,:")
_WRAPPED = 50
"""Characters from which on a line may go on in the next, where a program broke it."""
_SENTENCE = 3
"""Words of a line that may be a sentence though the next begins small."""


@dataclass(frozen=True)
class Question:
    """A text or a pressed button, from one conversation on one channel."""

    channel: Channel
    conversation: str
    """The channel's own name of the conversation: a chat's id, a page's key."""
    text: str = ""
    payload: str = ""
    """The payload of a pressed button; then `text` is empty."""

    @property
    def chat(self) -> Chat:
        """How rows name its conversation."""
        return self.channel, self.conversation

    @property
    def is_alone(self) -> bool:
        """Whether nobody else reads along, as in a group, and the person can be told later.

        A terminal is nobody's.
        """
        alone = self.channel == "web" or self.conversation.isdecimal()
        return alone and self.channel != "terminal"

    def masked(self, printed: Printed) -> str:
        """Return the text as it is read, logged and kept: one spelling, personal numbers hidden.

        Those that the content prints stay.
        """
        return mask(self.clean, printed)

    @cached_property
    def clean(self) -> str:
        """The text in one spelling and line, with all its numbers: to be kept nowhere."""
        return normalise(_in_one_line(self.text))


def _in_one_line(text: str) -> str:
    """Return the lines of a text behind one another; `;` ends one that is a sentence of its own."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    ended = (f"{line};" if _stands_alone(line, then) else line for line, then in pairwise(lines))
    return " ".join((*ended, *lines[-1:]))


def _stands_alone(line: str, then: str) -> bool:
    """Say whether a line without a mark at its end is a sentence: the next goes on with another."""
    if line.endswith(_MARKS):
        return False
    short = len(line) < _WRAPPED and min(len(line.split()), len(then.split())) >= _SENTENCE
    return short or not then[0].islower()
