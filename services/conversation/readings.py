"""The readings of one message, each once, two at a time; and what is made of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from services.conversation.distress import louder, without_idioms
from services.conversation.policy import Decision
from services.conversation.state import ConversationState
from services.knowledge.distress_cues import DistressCues
from services.understanding.interpretation import Distress, Interpretation, PartsMeant

_AT_ONCE = 2
"""Readings of a message that are under way together: the server reads as many side by side, and
more would only look like a crowd to it."""

Read = Callable[[str, str | None], Awaitable[Interpretation]]
"""Reads a text beside the open article, if any."""


@dataclass
class Readings:
    """What is read of one message; what will surely be needed is begun before it is.

    Within `async with`: at its end nothing is read that nobody waits for. `needed` are the texts
    that somebody waited for, each with its reading: those alone tell anything of the message, for
    how many others were read in the meantime is chance.
    """

    read: Read
    needed: list[tuple[str, Interpretation]] = field(default_factory=list)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _begun: dict[tuple[str, str | None], asyncio.Task[Interpretation]] = field(default_factory=dict)

    async def of(self, text: str, opened: str | None) -> Interpretation:
        """Read a text beside the open article, if any, unless that was begun before."""
        reading = await self.begin(text, opened)
        self.needed.append((text, reading))
        return reading

    def begin(self, text: str, opened: str | None) -> asyncio.Task[Interpretation]:
        """Have a text read after those that were begun before it."""
        task = self._begun.get((text, opened))
        if task is None:
            task = self._begun[text, opened] = asyncio.create_task(self._one(text, opened))
        return task

    def near(self, text: str) -> bool | None:
        """Say whether a text came near distress; None where nobody could say."""
        return next((reading.near for read, reading in self.needed if read == text), None)

    def heard(self, message: str) -> Distress | None:
        """Return what was heard of distress where it and its parts were read, by their meaning.

        A part by itself is only heard where it is clear, and the whole is not calm: half of a
        sentence sounds sad soon.
        """
        heard: Distress | None = None
        calm = self.near(message) is False
        for text, reading in self.needed:
            if reading.distress and (text == message or (reading.distress.likely and not calm)):
                heard = louder(heard, reading.distress)
        return heard

    async def heard_calmly(self, cues: DistressCues, message: str) -> Distress | None:
        """Return what was heard; an idiom in it is taken out, and the rest read once more.

        “Nóng muốn chết” means nothing of the kind, but is like what does. Raises NluError.
        """
        heard = self.heard(message)
        if heard is None or (rest := without_idioms(cues, message)) is None:
            return heard
        return (await self.begin(rest, None)).distress

    async def __aenter__(self) -> Self:
        """Begin with none."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what is under way."""
        tasks = self._begun.values()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, text: str, opened: str | None) -> Interpretation:
        async with self._gate:
            return await self.read(text, opened)


class Asked(NamedTuple):
    """A question of a message, and how much it asks for each part of the article it led to."""

    text: str
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Understood:
    """What to do, and whether it was read by words alone."""

    decision: Decision
    degraded: bool = False
    named: bool = False
    """Whether it was chosen by its name, of what a wish may mean: nothing more is asked."""
    parts: PartsMeant = field(default_factory=dict)
    """By article, how much the whole message asks for each part of it."""
    step: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The part of an article that tells the step that was asked for, where that is sure."""
    questions: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    """Which questions of the message led to which article, where it asks more than once."""
    returned: str | None = None
    """What was told before what is open, where it is read beside that: it is open again."""
    distress: Distress | None = None
    """What was heard of distress where the message was read."""
    near: bool | None = None
    """Whether something like distress was found where it was read; None where nobody could say."""

    def beside(self, state: ConversationState) -> ConversationState:
        """Return the state in which it was read."""
        return replace(state, article=self.returned) if self.returned else state
