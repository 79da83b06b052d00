"""A citizen who writes and presses, over the whole product but for a channel's own face."""

from dataclasses import dataclass, replace

from bot.runner import Runner
from services.bootstrap import Services
from services.conversation.question import Channel, Question
from services.conversation.reply import Reply
from services.conversation.state import TurnResult
from services.edition import Edition


@dataclass(frozen=True)
class Citizen:
    """One conversation."""

    services: Services
    conversation: str = "a"
    channel: Channel = "web"

    async def say(self, text: str) -> Reply:
        """Write a message and return the reply."""
        return (await self.take(text)).reply

    async def press(self, payload: str) -> Reply:
        """Press a button and return the reply."""
        return (await self.take(payload=payload)).reply

    async def take(self, text: str = "", payload: str = "") -> TurnResult:
        """Write or press, and return all that comes of it."""
        question = Question(self.channel, self.conversation, text, payload)
        return await Runner(self.services).ask(question)


def withdraw(services: Services, *names: str) -> None:
    """Serve an edition without these articles from now on."""
    served = services.current.edition
    left = {name: one for name, one in served.library.articles.items() if name not in names}
    services.current.edition = Edition(replace(served.library, articles=left), served.interpreter)
