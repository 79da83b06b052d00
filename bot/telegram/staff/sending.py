"""Sending on its way what was approved, holding it, giving it up, and who got nothing."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.reaction import Reaction
from bot.telegram.staff.context import StepContext
from bot.telegram.staff.following import progress
from bot.telegram.staff.questions import Words
from services.announcements import deliveries, describe, report
from services.announcements.announcement import UNDER_WAY
from services.clock import read_moment, write_moment
from services.conversation.quantities import grouped
from services.conversation.reply import Reply
from services.errors import AnnouncementError

AT_ONCE = 0
"""The moment that a button names when it is now."""


async def confirm(context: StepContext, about: str) -> Reaction:
    """Ask whether to send now to as many as there are now."""
    return await _confirm(context, int(about), AT_ONCE)


async def schedule(context: StepContext, about: str) -> Reaction:
    """Ask when to send."""
    context.keep(awaits=f"time-{about}")
    asked = context.reply("ask_time", context.button("open", about), number=about)
    return context.react(asked)


async def write_time(context: StepContext, about: str, words: Words) -> Reaction:
    """Take the moment that was written, and ask whether to send then; another may be written.

    Raises:
        AnnouncementError: it is no moment, or is past or after the last day.

    """
    announcement = await context.announcer.find(context.session, int(about))
    at = read_moment(words.plain, context.now)
    context.announcer.require_moment(announcement, at)
    return await _confirm(context, announcement.id, int(at.timestamp()))


async def send(context: StepContext, about: str) -> Reaction:
    """Queue it, now or for a moment, and have its progress followed in this chat.

    Where it is refused, the sentence stands above a way to ask for another approval.
    """
    number, at = map(int, about.split("-"))
    moment = datetime.fromtimestamp(at, UTC) if at else None
    try:
        queued = await context.announcer.send(context.session, number, context.name, moment)
    except AnnouncementError as refused:
        buttons = (context.button("ask", number), context.button("open", number))
        return context.react(context.reply("refused_send", *buttons, why=str(refused)))
    context.rest()
    report.follow(queued, context.staff.chat or "")
    return context.react(context.reply("queued", number=number))


async def reschedule(context: StepContext, about: str) -> Reaction:
    """Ask for another hour of what is scheduled."""
    context.keep(awaits=f"hour-{about}")
    asked = context.reply("ask_time", context.button("open", about), number=about)
    return context.react(asked, beside=True)


async def write_hour(context: StepContext, about: str, words: Words) -> Reaction:
    """Take another moment for what is scheduled, and ask whether it is meant.

    Raises:
        AnnouncementError: it is no moment, or is past or after the last day.

    """
    announcement = await context.announcer.find(context.session, int(about))
    at = read_moment(words.plain, context.now)
    context.announcer.require_moment(announcement, at)
    held = context.announcer.quiet_for(announcement).ends_after(at)
    asked = context.reply(
        "reschedule",
        context.button("move", about, int(at.timestamp())),
        context.button("open", about),
        columns=2,
        number=about,
        title=announcement.title,
        at=write_moment(at),
        held=write_moment(held) if held else "",
    )
    return context.react(asked)


async def move(context: StepContext, about: str) -> Reaction:
    """Give what is scheduled another moment.

    Raises:
        AnnouncementError: it does not wait for a moment any more, or the new one is past.

    """
    number, at = map(int, about.split("-"))
    moment = datetime.fromtimestamp(at, UTC)
    await context.announcer.reschedule(context.session, number, context.name, moment)
    reply = context.reply(
        "rescheduled", context.button("open", number), number=number, at=write_moment(moment)
    )
    return context.react(reply)


async def pause(context: StepContext, about: str) -> Reaction:
    """Hold it until it is resumed."""
    await context.announcer.pause(context.session, int(about), context.name)
    return await show(context, int(about))


async def resume(context: StepContext, about: str) -> Reaction:
    """Go on with what was paused."""
    await context.announcer.resume(context.session, int(about), context.name)
    return await show(context, int(about))


async def cancel(context: StepContext, about: str) -> Reaction:
    """Ask once more whether to give up what was not sent yet."""
    number = int(about)
    announcement = await context.announcer.find(context.session, number)
    counted = await deliveries.tally(context.session, number)
    reply = context.reply(
        "cancelling",
        context.button("end", number),
        context.button("stay", number),
        columns=2,
        number=number,
        title=announcement.title,
        waiting=grouped(counted["pending"]),
    )
    return context.react(reply, beside=True)


async def cancel_for_good(context: StepContext, about: str) -> Reaction:
    """Give up what was not sent yet."""
    await context.announcer.cancel(context.session, int(about), context.name)
    return context.react(context.reply("cancelled", context.button("open", about), number=about))


async def stay(context: StepContext, about: str) -> Reaction:
    """Take it that nothing is to be given up."""
    return context.react(context.reply("stayed", number=about))


async def missed(context: StepContext, about: str) -> Reaction:
    """Tell how many got nothing and why; names stay in the house, at its own terminal."""
    number = int(about)
    found = await context.announcer.report(context.session, number, context.name)
    lines = describe.missed(context.library.phrases, found)
    told = context.say("missed", number=number, lines=lines)
    return context.react(Reply("smalltalk", told), beside=True)


async def show(context: StepContext, number: int) -> Reaction:
    """Show how far it is now; the message that is followed shows that by itself."""
    announcement = await context.announcer.find(context.session, number)
    if context.pressed and announcement.progress == [context.staff.chat, str(context.pressed)]:
        return replace(context.react(), instead_of=None)
    shown = await progress(
        context.session, context.announcer, announcement, controls=context.writes
    )
    again = (context.button("open", number),) if announcement.state in UNDER_WAY else ()
    return context.react(replace(shown, buttons=(*shown.buttons, *again)))


async def _confirm(context: StepContext, number: int, at: int) -> Reaction:
    announcement = await context.announcer.find(context.session, number)
    count = await context.announcer.count(context.session, announcement)
    moment = datetime.fromtimestamp(at, UTC) if at else None
    held = context.announcer.quiet_for(announcement).ends_after(moment or context.now)
    reply = context.reply(
        "confirm",
        context.button("go", number, at),
        context.button("open", number),
        columns=2,
        number=number,
        title=announcement.title,
        total=grouped(count.total),
        at=write_moment(moment) if moment else "",
        held=write_moment(held) if held else "",
    )
    return context.react(reply)
