"""The routes: which handler reacts to a visit. The first that fits has it alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.reaction import Reaction
from bot.runner import Handler
from bot.telegram import dossiers, forms, people, questions, reminders
from bot.telegram.staff import handlers as staff
from bot.telegram.visit import Visit, name_of_bot
from nlu.text import fold
from services.dossiers.chat import GIVEN
from services.staff import link

Fits: TypeAlias = Callable[[Visit], bool]

_STOP = ("dung nhan tin", "dung tin", "ngung nhan tin", "thoi nhan tin")
"""Words that stop announcements without a command; nothing starts them but a command or button."""


@dataclass(frozen=True)
class Route:
    """What fits a visit, and what reacts to it."""

    fits: Fits
    handler: Handler[Visit, Reaction]
    meets: bool = True
    """Whether who writes in a private chat is known from then on."""


def _is_command(message: Message | None, name: str) -> bool:
    """Say whether a message begins with a command, for this bot or for any."""
    if message is None or not message.entities:
        return False
    first = message.entities[0]
    if first.type != MessageEntity.BOT_COMMAND or first.offset:
        return False
    # A command has ASCII letters alone: of what does not, the mark may end within a sign.
    word, _, bot = (message.text or "")[: first.length].lower()[1:].partition("@")
    return word == name and bot in {"", message.get_bot().username.lower()}


def _for_bot(fits: Fits) -> Fits:
    """Fit new messages that are for the bot: in a group those that name it or reply to it."""

    def both(visit: Visit) -> bool:
        """Say whether a visit is for the bot, and fits."""
        return visit.message is not None and _is_for_bot(visit.message) and fits(visit)

    return both


def _is_for_bot(message: Message) -> bool:
    if message.chat.type == ChatType.PRIVATE:
        return True
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == message.get_bot().id:
        return True
    return bool(name_of_bot(message).search(message.text or message.caption or ""))


def pressed(beginning: str = "") -> Fits:
    """Fit a pressed button whose payload begins so."""
    return lambda visit: bool(visit.payload) and visit.payload.startswith(beginning)


def opens(beginning: str) -> Fits:
    """Fit the start of whoever comes by a link that begins so."""

    def fits(visit: Visit) -> bool:
        """Say whether a visit comes by such a link."""
        command, *rest = visit.text.split() or [""]
        return command == "/start" and bool(rest) and rest[0].startswith(beginning)

    return _for_bot(fits)


def spelled(name: str) -> Fits:
    """Fit a command as a Vietnamese keyboard may write it: Telegram takes `/dừngtin` for none."""
    return _for_bot(lambda visit: fold(visit.text).split()[:1] == [f"/{name}"])


def command(name: str) -> Fits:
    """Fit a command, as Telegram knows it or with its diacritics."""
    with_diacritics = spelled(name)
    return lambda visit: _is_command(visit.message, name) or with_diacritics(visit)


def says(*texts: str) -> Fits:
    """Fit a message of certain words, given folded, and nothing else, whatever their case."""
    return _for_bot(lambda visit: fold(visit.text.strip(" .!")) in texts)


def text(visit: Visit) -> bool:
    """Fit any text for the bot."""
    message = visit.message
    return message is not None and bool(message.text) and _is_for_bot(message)


def other(visit: Visit) -> bool:
    """Fit what else a person sends the bot; not what Telegram tells of a chat."""
    message = visit.message
    if message is None or not _is_for_bot(message):
        return False
    return not filters.StatusUpdate.ALL.check_update(Update(0, message=message))


ROUTES = (
    Route(pressed(people.FILE), people.give_file),
    Route(pressed("p:"), people.answer),
    Route(pressed("x:"), people.press),
    Route(pressed("b:"), staff.press),
    Route(pressed("q:"), forms.press),
    Route(pressed("o:"), dossiers.press),
    Route(pressed(), questions.press),
    Route(opens(link.PREFIX), staff.start),
    Route(opens(reminders.PREFIX), reminders.start),
    Route(opens(GIVEN), dossiers.arrive),
    Route(command("start"), people.start),
    Route(command("help"), questions.help_),
    Route(command("dulieu"), people.tell),
    Route(command("ten"), people.rename),
    Route(command("roi"), people.leave),
    Route(command("nhantin"), people.resume),
    Route(command("dungtin"), people.stop),
    Route(command("xoa"), people.erase, meets=False),
    Route(command("congcu"), forms.tools),
    Route(command("nhac"), reminders.tell),
    Route(command("hoso"), dossiers.all_),
    Route(spelled("thongbao"), staff.menu),
    Route(says(*_STOP), people.stop),
    Route(text, questions.hear),
    Route(other, questions.look),
)
"""In their order. What none fits is ignored: edits, channel posts, what a group says to others."""


def route_of(visit: Visit) -> Route | None:
    """Return the route of a visit."""
    return next((route for route in ROUTES if route.fits(visit)), None)
