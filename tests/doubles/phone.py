"""A phone: one person in a private chat with the bot, message by message."""

from dataclasses import dataclass

from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_chats import Sent

ME = 7


@dataclass(frozen=True)
class Phone:
    """Writes, presses, and reads what comes back."""

    api: BotApi
    chat: int = ME

    async def say(self, text: str) -> Sent:
        """Write, and return the first message that comes back."""
        before = len(self.api.chats.sent.get(self.chat, []))
        self.api.say(self.chat, text)
        return (await self.api.replies(self.chat, before + 1))[before]

    async def start(self, text: str = "/start") -> Sent:
        """Start, and return the message below the greeting."""
        before = len(self.api.chats.sent.get(self.chat, []))
        self.api.say(self.chat, text)
        return (await self.api.replies(self.chat, before + 2))[-1]

    async def tap(self, message: Sent, label: str) -> str:
        """Press a button by its label, and return what its message says after that."""
        edited = len(self.api.called("editMessageText"))
        self.api.press(self.chat, message, message.buttons[label])
        await self.api.until(lambda: len(self.api.called("editMessageText")) > edited)
        return message.text

    async def settle(self) -> None:
        """Wait until what the last message left behind was kept: the next reply waits for that."""
        await self.say("/help")
