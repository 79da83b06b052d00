"""A visit: one update of one person, what it says, and where it is answered."""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType

from services.conversation.question import Channel
from services.storage.models import Person

CHANNEL: Channel = "telegram"


@dataclass(frozen=True)
class Visit:
    """One update of one person: whose conversation it belongs to and where it is answered."""

    conversation: str
    """The chat's id; in a group, where many speak, the chat's and the person's."""
    chat: int
    thread: int | None = None
    """The topic of a forum in which to answer."""
    replies_to: int | None = None
    """In a group, the message that is answered."""
    text: str = ""
    """What was written, the bot's own name taken out."""
    payload: str = ""
    """What the pressed button carries."""
    pressed: int | None = None
    """The message whose button was pressed."""
    shown: str = ""
    """The words above that button, empty where Telegram has them no more."""
    message: Message | None = None
    """What was written, whole."""
    query: CallbackQuery | None = None
    """What was pressed, whole."""
    row: int = 0
    """Its row in the inbox."""
    known: Person | None = None
    """The person as known before: nobody in a group, nobody at first."""
    later_in_album: bool = False
    """Whether it is one more picture of an album whose first came before."""

    @property
    def private(self) -> bool:
        """Whether the person is alone with the bot."""
        return self.conversation == str(self.chat)

    @property
    def argument(self) -> str:
        """What stands behind a command."""
        command, *rest = self.text.split(maxsplit=1) or [""]
        return rest[0] if rest and command.startswith("/") else ""


def visit_of(update: Update) -> Visit | None:
    """Return whose update this is, or None when nobody waits for an answer to it."""
    query, written = update.callback_query, update.message
    message = written or (query.message if query else None)
    person = update.effective_user
    if message is None or person is None or _is_other_bot(written):
        return None
    chat = message.chat
    alone = chat.type == ChatType.PRIVATE
    return Visit(
        conversation=str(chat.id) if alone else f"{chat.id}:{person.id}",
        chat=chat.id,
        thread=None if alone else _thread(message),
        replies_to=None if alone or written is None else written.message_id,
        text=text_of(written) if written else "",
        payload=(query.data or "-") if query else "",
        pressed=message.message_id if query else None,
        shown=message.text or "" if query and isinstance(message, Message) else "",
        message=written,
        query=query,
    )


def text_of(message: Message) -> str:
    """Return what a message says, the bot's own name taken out."""
    return name_of_bot(message).sub(" ", message.text or "").strip()


def name_of_bot(message: Message) -> re.Pattern[str]:
    """Return what finds the bot's name in a text."""
    return re.compile(rf"@{re.escape(message.get_bot().username)}(?!\w)", re.IGNORECASE)


def _is_other_bot(message: Message | None) -> bool:
    """Two bots must not talk to each other for ever; an admin who hides behind a bot may talk."""
    if message is None or message.from_user is None:
        return False
    return message.from_user.is_bot and message.sender_chat is None


def _thread(message: MaybeInaccessibleMessage) -> int | None:
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None
