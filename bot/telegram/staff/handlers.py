"""What staff do in Telegram, message by message: in private chats, and told to nobody else.

What each button does, who may press it, and what words answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ToStaff
from bot.telegram.letter import announcer_of, attachments
from bot.telegram.staff import menu as menus
from bot.telegram.staff import review, sending, writing
from bot.telegram.staff.context import Step, StepContext, command, context_of, expects
from bot.telegram.staff.messages import fetch, file_of, words_of
from bot.telegram.staff.questions import Words
from bot.telegram.visit import Visit
from services.announcements.announcer import Announcer
from services.bootstrap import Services
from services.conversation.plain import literal
from services.conversation.reply import Reply, read_payload
from services.errors import HtxError, StaffError
from services.staff import account, link
from services.storage.models import Staff

Act: TypeAlias = Callable[[StepContext], Awaitable[Reaction]]

_ALL = frozenset(account.STAFF_ROLES)
_ONE, _SEEN, _PAGE = "[0-9]{1,9}", "[0-9]{1,9}-[0-9a-f]{12}", "[0-9]{0,3}"
_AT = "[0-9]{1,9}-[0-9]{1,11}"
_REMEDIES = {"announcement_lapsed": "cancel", "announcement_not_scheduled": "open"}
"""The button below an error, by its code: a command about the announcement that it names."""


@dataclass(frozen=True)
class CommandSpec:
    """What a command does."""

    step: Step
    about: str = _ONE
    """What the command must be about."""
    roles: frozenset[str] = account.WRITERS


COMMANDS: Mapping[str, CommandSpec] = {
    "menu": CommandSpec(menus.menu, "", _ALL),
    "drafts": CommandSpec(menus.drafts, _PAGE),
    "asked": CommandSpec(menus.asked, _PAGE, account.APPROVERS),
    "going": CommandSpec(menus.going, _PAGE, _ALL),
    "ended": CommandSpec(menus.ended, _PAGE, _ALL),
    "open": CommandSpec(menus.open_one, _ONE, _ALL),
    "later": CommandSpec(menus.later, ""),
    "new": CommandSpec(writing.begin, ""),
    "goon": CommandSpec(writing.go_on, ""),
    "drop": CommandSpec(writing.leave, ""),
    "return": CommandSpec(writing.leave, ""),
    "answer": CommandSpec(writing.answer, "[a-z_]+-[a-z]+(-.*)?"),
    "change": CommandSpec(writing.change),
    "copy": CommandSpec(writing.copy),
    "delete": CommandSpec(writing.delete),
    "remove": CommandSpec(writing.remove),
    "see": CommandSpec(review.see),
    "ask": CommandSpec(review.ask),
    "approve": CommandSpec(review.approve, _SEEN, account.APPROVERS),
    "again": CommandSpec(review.approve_again, _SEEN, account.APPROVERS),
    "refuse": CommandSpec(review.refuse, _SEEN, account.APPROVERS),
    "noreason": CommandSpec(review.refuse_silently, _SEEN, account.APPROVERS),
    "send": CommandSpec(sending.confirm),
    "when": CommandSpec(sending.schedule),
    "go": CommandSpec(sending.send, _AT),
    "hour": CommandSpec(sending.reschedule),
    "move": CommandSpec(sending.move, _AT),
    "pause": CommandSpec(sending.pause),
    "resume": CommandSpec(sending.resume),
    "cancel": CommandSpec(sending.cancel),
    "end": CommandSpec(sending.cancel_for_good),
    "stay": CommandSpec(sending.stay),
    "missed": CommandSpec(sending.missed),
}
_AWAITED: Mapping[str, Callable[[StepContext, str, Words], Awaitable[Reaction]]] = {
    "reason": review.explain,
    "time": sending.write_time,
    "hour": sending.write_hour,
}
"""What takes words that were asked for beside the draft."""
_AWAITED_STILL = ("time", "hour")
"""Of those, what may be written anew until a button is pressed."""


async def start(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Ask whoever opens a one-time link for its code; one that a group saw is void."""
    composer = app.composer()
    token = visit.text.split()[-1].removeprefix(link.PREFIX)
    if not visit.private:
        await link.void(session, token, app.now())
        return Reaction((composer.sentence("staff_link_shown"),))
    try:
        staff = await link.open_(session, token, visit.conversation, app.now())
    except StaffError:
        await session.rollback()
        return Reaction((composer.sentence("staff_link_refused"),))
    return Reaction((composer.sentence("staff_ask_code", name=literal(staff.name)),))


async def enter_code(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Link a chat to the account whose code this is; None for what is no code."""
    chat, now = visit.conversation, app.now()
    if not visit.private or not await link.asks(session, chat, visit.text, now):
        return None
    try:
        linked = await link.enter(session, chat, visit.text, now)
    except StaffError as refused:
        if refused.code != "staff_code_wrong":
            return Reaction((app.composer().sentence("staff_link_refused"),))
        left = refused.values["left"]
        return Reaction((app.composer().sentence("staff_code_wrong", left=left),))
    return Reaction((_linked(linked.staff, app),), notices=await _told_of(linked, session, app))


async def menu(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Show staff what they can do; others are told that the command is not for them."""
    shown = await _act(visit, session, app, menus.menu)
    return shown or Reaction((app.composer().sentence("staff_only"),))


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Do what a button of staff says; in any other chat it is an old button."""
    done = await _act(visit, session, app, partial(do, payload=visit.payload))
    return done or Reaction((app.composer().stale(),))


async def write(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take words for what staff were asked; None where nothing was."""
    if visit.message is None or not await _expects(visit, session, app, files=False):
        return None
    words = words_of(visit.message)
    if words.plain.startswith("/"):
        return None
    return await _act(visit, session, app, partial(take, words=words))


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


async def do(context: StepContext, payload: str) -> Reaction:
    """Do what a button says.

    Raises:
        HtxError: it is refused; the sentence says why.

    """
    read = read_payload(payload)
    word, _, about = (read.name if read else "").partition("-")
    spec = COMMANDS.get(word)
    if spec is None or not re.fullmatch(spec.about, about):
        return writing.stale(context)
    if context.staff.role not in spec.roles:
        return context.react(context.reply("not_allowed"))
    if context.awaited:
        context.keep()
    return await spec.step(context, about)


async def take(context: StepContext, words: Words) -> Reaction:
    """Take words for what was asked.

    Raises:
        HtxError: they are no answer; the sentence says what would be one.

    """
    awaited, _, about = context.awaited.partition("-")
    if awaited not in _AWAITED:
        return await writing.write(context, words)
    context.keep(awaits=context.awaited if awaited in _AWAITED_STILL else "")
    return await _AWAITED[awaited](context, about, words)


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


async def _told_of(
    linked: link.Linked, session: AsyncSession, app: Services
) -> tuple[ToStaff, ...]:
    """Return what others are told: the chat that was linked before, and administrators."""
    staff = linked.staff
    news = app.composer().sentence("staff_linked_news", name=literal(staff.name))
    told = {linked.before: staff.name} if linked.before else {}
    told |= {one.chat or "": one.name for one in await account.administrators(session)}
    others = ((chat, name) for chat, name in told.items() if chat != staff.chat)
    return tuple(ToStaff(name, chat, (news,)) for chat, name in others)


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
