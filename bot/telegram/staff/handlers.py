"""What staff do in Telegram, message by message: in private chats, and told to nobody else."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction
from bot.telegram.letter import announcer_of, attachments
from bot.telegram.staff import commands, writing
from bot.telegram.staff import menu as menus
from bot.telegram.staff.attachments import fetch, file_of
from bot.telegram.staff.context import StepContext, command, context_of, expects
from bot.telegram.staff.from_entities import words_of
from bot.telegram.visit import Visit
from services.announcements.announcer import Announcer
from services.bootstrap import Services
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.errors import HtxError, StaffError
from services.staff import account
from services.storage.models import Staff

Act: TypeAlias = Callable[[StepContext], Awaitable[Reaction]]

_REMEDIES = {"announcement_lapsed": "cancel", "announcement_not_scheduled": "open"}
"""The button below an error, by its code: a command about the announcement that it names."""


async def start(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Link a chat to an account by a one-time link."""
    composer = app.composer()
    if not visit.private:
        return Reaction((composer.sentence("people_private"),))
    token = visit.text.split()[-1].removeprefix(account.LINK_PREFIX)
    try:
        staff = await account.take_link(session, token, visit.conversation, app.now())
    except StaffError:
        await session.rollback()
        return Reaction((composer.sentence("staff_link_refused"),))
    return Reaction((_linked(staff, app),))


async def menu(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Show staff what they can do; others are told that the command is not for them."""
    shown = await _act(visit, session, app, menus.menu)
    return shown or Reaction((app.composer().sentence("staff_only"),))


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Do what a button of staff says; in any other chat it is an old button."""
    done = await _act(visit, session, app, partial(commands.press, payload=visit.payload))
    return done or Reaction((app.composer().stale(),))


async def write(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take words for what staff were asked; None where nothing was."""
    if visit.message is None or not await _expects(visit, session, app, files=False):
        return None
    words = words_of(visit.message)
    if words.plain.startswith("/"):
        return None
    return await _act(visit, session, app, partial(commands.write, words=words))


async def attach(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take a picture or a file for what staff are writing; None where nobody writes."""
    held = file_of(visit.message) if visit.message else None
    if visit.message is None or held is None:
        return None
    if not await _expects(visit, session, app, files=True):
        return None
    await session.commit()  # gives the connection to others while the file is brought
    try:
        file = await fetch(held, attachments(app.settings))
    except HtxError as refused:
        return Reaction((refusal(refused, _announcer(app)),))
    album, words = visit.message.media_group_id or "", words_of(visit.message)
    add = partial(writing.attach, file=file, words=words, album=album)
    return await _act(visit, session, app, add)


async def _expects(visit: Visit, session: AsyncSession, app: Services, *, files: bool) -> bool:
    if not visit.private:
        return False
    return await expects(session, visit.conversation, app.now(), files=files)


async def _act(visit: Visit, session: AsyncSession, app: Services, act: Act) -> Reaction | None:
    """Do a step; None in a chat that is nobody's of staff."""
    if not visit.private:
        return None
    announcer = _announcer(app)
    context = await context_of(session, announcer, visit.conversation, visit.pressed)
    return await react(context, act) if context else None


async def react(context: StepContext, act: Act) -> Reaction:
    """Do a step; of what is refused nothing stays but the sentence."""
    try:
        return await act(context)
    except HtxError as refused:
        await context.session.rollback()
        return Reaction((refusal(refused, context.announcer),))


def refusal(refused: HtxError, announcer: Announcer) -> Reply:
    """Return the sentence of an error, above the button that helps where one does."""
    word, number = _REMEDIES.get(refused.code), refused.values.get("number")
    label = announcer.library.phrases.say(f"staff_button_{word}") if word else ""
    buttons = (command(label, word, number),) if word and number else ()
    return Reply("declined", literal(str(refused)), buttons=buttons)


def _announcer(app: Services) -> Announcer:
    """Return an announcer over what is served now."""
    return announcer_of(app.settings, app.library, app.now)


def _linked(staff: Staff, app: Services) -> Reply:
    """Say who is linked now, and what they may do."""
    say = app.library.phrases.say
    lead = say(
        "staff_linked",
        name=literal(staff.name),
        writes=staff.role in account.WRITERS,
        approves=staff.role in account.APPROVERS,
    )
    return Reply("smalltalk", lead, buttons=(command(say("staff_button_menu"), "menu"),))
