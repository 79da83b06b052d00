"""Who speaks to the bot, and where the reply goes."""

import re
from dataclasses import dataclass

from telegram import MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType
from telegram.ext.filters import UpdateFilter

from nlu.text import fold


@dataclass(frozen=True)
class Visit:
    """One update of one person: whose conversation it belongs to and where it is answered."""

    update: int
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
    message: Message | None = None
    """What was written, whole."""

    @property
    def private(self) -> bool:
        """Whether the person is alone with the bot."""
        return self.conversation == str(self.chat)


def visit_of(update: Update) -> Visit | None:
    """Return whose update this is, or None when nobody waits for an answer to it."""
    pressed = update.callback_query.message if update.callback_query else None
    message = update.message or pressed
    person = update.effective_user
    if message is None or person is None or _is_other_bot(update):
        return None
    chat = message.chat
    if chat.type == ChatType.PRIVATE:
        return Visit(update.update_id, str(chat.id), chat.id)
    return Visit(
        update.update_id,
        f"{chat.id}:{person.id}",
        chat.id,
        _thread(message),
        update.message.message_id if update.message else None,
    )


def said(message: Message) -> str:
    """Return what a message says, the bot's own name taken out."""
    return _name_of_bot(message).sub(" ", message.text or "").strip()


class Spelled(UpdateFilter):
    """A command as a Vietnamese keyboard may write it; Telegram takes `/dừngtin` for no command."""

    def __init__(self, command: str) -> None:
        """Look for a command, named without its stroke."""
        super().__init__()
        self._command = f"/{command}"

    def filter(self, update: Update) -> bool:
        """Say whether the message begins with the command, whatever its diacritics."""
        text = said(update.message) if update.message else ""
        return fold(text).split()[:1] == [self._command]


class Opens(UpdateFilter):
    """The start of whoever comes by a link that begins in a certain way."""

    def __init__(self, beginning: str) -> None:
        """Look for what such links carry."""
        super().__init__()
        self._beginning = beginning

    def filter(self, update: Update) -> bool:
        """Say whether the message is such a start."""
        command, *rest = (said(update.message) if update.message else "").split() or [""]
        return command == "/start" and bool(rest) and rest[0].startswith(self._beginning)


class Says(UpdateFilter):
    """A message of certain words and nothing else, whatever their case and diacritics."""

    def __init__(self, *texts: str) -> None:
        """Look for texts, given folded."""
        super().__init__()
        self._texts = frozenset(texts)

    def filter(self, update: Update) -> bool:
        """Say whether the message is one of the texts."""
        text = said(update.message) if update.message else ""
        return fold(text.strip(" .!")) in self._texts


class Addressed(UpdateFilter):
    """New messages that are for the bot: in a group those that name it or reply to it."""

    def filter(self, update: Update) -> bool:
        """Say whether the update is such a message; edits and channel posts never are."""
        message = update.message
        if message is None:
            return False
        return message.chat.type == ChatType.PRIVATE or _is_for_bot(message)


def _is_other_bot(update: Update) -> bool:
    """Two bots must not talk to each other for ever; an admin who hides behind a bot may talk."""
    message = update.message
    if message is None or message.from_user is None:
        return False
    return message.from_user.is_bot and message.sender_chat is None


def _is_for_bot(message: Message) -> bool:
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == message.get_bot().id:
        return True
    return bool(_name_of_bot(message).search(message.text or message.caption or ""))


def _name_of_bot(message: Message) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(message.get_bot().username)}(?!\w)", re.IGNORECASE)


def _thread(message: MaybeInaccessibleMessage) -> int | None:
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None
