"""An officer: a member of staff with a phone, who writes, presses, and reads what comes back."""

from dataclasses import dataclass, field
from typing import Any

from tests.doubles.bot_api_chats import Sent
from tests.doubles.phone import Phone


@dataclass(frozen=True)
class Officer(Phone):
    """Reads only what came after the last thing they did: new messages, and edited ones."""

    _read: list[object] = field(default_factory=list)
    """What the chat showed before that, message by message."""

    async def write(self, text: str, words: str, **fields: Any) -> Sent:
        """Write, and wait for words that come of it."""
        self._look()
        self.api.say(self.chat, text, **fields)
        return await self.reads(words)

    async def press(self, label: str, words: str) -> Sent:
        """Press the last button of that label, and wait for words that come of it."""
        message = next(sent for sent in reversed(self._sent) if label in sent.buttons)
        self._look()
        self.api.press(self.chat, message, message.buttons[label])
        return await self.reads(words)

    async def reads(self, words: str) -> Sent:
        """Wait for words that were not there before; return the last message that holds them."""
        await self.api.until(lambda: self._news(words))
        return self._news(words)[-1]

    def _news(self, words: str) -> list[Sent]:
        old = dict(enumerate(self._read))
        return [
            sent
            for place, sent in enumerate(self._sent)
            if words in sent.text and old.get(place) != _shown(sent)
        ]

    def _look(self) -> None:
        self._read[:] = map(_shown, self._sent)

    @property
    def _sent(self) -> list[Sent]:
        return self.api.chats.sent.get(self.chat, [])


def _shown(sent: Sent) -> object:
    return sent.text, sent.buttons
