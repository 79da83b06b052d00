"""Sending on its way what was approved, following it, holding it, giving it up."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from services.announcements import deliveries
from services.announcements.authoring import words
from services.announcements.authoring.answer import Answer, Paper, View, told
from services.announcements.authoring.duty import Duty
from services.announcements.authoring.progress import UNDER_WAY, Teller
from services.announcements.authoring.step import Words
from services.announcements.authoring.typed import read_moment
from services.announcements.report import as_csv
from services.errors import AnnouncementError
from services.staff import audit
from services.storage.models import Announcement

AT_ONCE = 0
"""The moment that a button names when it is now."""


async def confirm(_duty: Duty, about: str) -> View:
    """Ask whether to send now."""
    return partial(_confirmed, number=int(about), at=AT_ONCE)


async def schedule(duty: Duty, about: str) -> View:
    """Ask when to send."""
    duty.keep(awaits=f"time-{about}")
    return partial(told, reply=duty.reply("ask_time", duty.button("open", about), number=about))


async def write_time(duty: Duty, about: str, written: Words) -> View:
    """Take the moment that was written, and ask whether to send then.

    Raises:
        AnnouncementError: it is no moment, or is past or after the last day.

    """
    at = read_moment(written.plain, duty.now)
    if at is None:
        raise AnnouncementError(duty.say("bad_time"))
    said = await duty.announcer.find(duty.session, int(about))
    duty.announcer.require_moment(said, at)
    return partial(_confirmed, number=said.id, at=int(at.timestamp()))


async def send(duty: Duty, about: str) -> View:
    """Queue it, now or for a moment, and have its progress followed in this chat.

    Where it is refused, the sentence stands above a way to ask for another approval.
    """
    number, at = map(int, about.split("-"))
    moment = datetime.fromtimestamp(at, UTC) if at else None
    try:
        said = await duty.announcer.send(duty.session, number, duty.staff.name, moment)
    except AnnouncementError as refused:
        buttons = (duty.button("ask", number), duty.button("open", number))
        return partial(told, reply=duty.reply("refused_send", *buttons, why=str(refused)))
    duty.rest()
    follow(duty, said)
    return partial(told, reply=duty.reply("queued", number=number))


async def pause(duty: Duty, about: str) -> View:
    """Hold it until it is resumed."""
    await duty.announcer.pause(duty.session, int(about), duty.staff.name)
    return partial(shown, number=int(about))


async def resume(duty: Duty, about: str) -> View:
    """Go on with what was paused."""
    await duty.announcer.resume(duty.session, int(about), duty.staff.name)
    return partial(shown, number=int(about))


async def cancel(_duty: Duty, about: str) -> View:
    """Ask once more whether to give up what was not sent yet."""
    return partial(_cancelling, number=int(about))


async def cancel_for_good(duty: Duty, about: str) -> View:
    """Give up what was not sent yet."""
    await duty.announcer.cancel(duty.session, int(about), duty.staff.name)
    return partial(told, reply=duty.reply("cancelled", duty.button("open", about), number=about))


async def stay(duty: Duty, about: str) -> View:
    """Take it that nothing is to be given up."""
    return partial(told, reply=duty.reply("stayed", number=about))


async def missed(duty: Duty, about: str) -> View:
    """Show who got nothing, and why; that names and chats were handed out stands in the audit."""
    audit.note(duty.session, duty.now, duty.staff.name, "announce.list", f"announcement {about}")
    return partial(_missed, number=int(about))


def follow(duty: Duty, said: Announcement) -> None:
    """Have the progress told in this chat from now on, in a new message."""
    said.progress = [duty.staff.chat or "", ""]


def is_free(duty: Duty, said: Announcement) -> bool:
    """Say whether nobody else follows it."""
    return not said.progress or said.progress[0] == duty.staff.chat


async def shown(duty: Duty, number: int) -> Answer:
    """Show how far it is now; the message that is followed shows that by itself."""
    said = await duty.announcer.find(duty.session, number)
    if duty.place and said.progress == [duty.staff.chat, duty.place]:
        return Answer()
    teller = Teller(duty.library.phrases, duty.quiet, duty.now, controls=duty.writes)
    found = await teller.tell(duty.session, said)
    again = [duty.button("open", number)] if said.state in UNDER_WAY else []
    return Answer((replace(found, buttons=(*found.buttons, *again)),))


async def _confirmed(duty: Duty, number: int, at: int) -> Answer:
    """Ask whether to send to as many as there are now."""
    said = await duty.announcer.find(duty.session, number)
    count = await duty.announcer.count(duty.session, said)
    moment = datetime.fromtimestamp(at, UTC) if at else None
    held = duty.quiet.ends_after(moment or duty.now)
    reply = duty.reply(
        "confirm",
        duty.button("go", number, at),
        duty.button("open", number),
        columns=2,
        number=number,
        title=said.title,
        total=words.grouped(count.total),
        at=words.clock(moment) if moment else "",
        held=words.clock(held) if held else "",
    )
    return Answer((reply,))


async def _cancelling(duty: Duty, number: int) -> Answer:
    said = await duty.announcer.find(duty.session, number)
    counted = await deliveries.tally(duty.session, number)
    buttons = (duty.button("end", number), duty.button("stay", number))
    waiting = words.grouped(counted["pending"])
    reply = duty.reply(
        "cancelling", *buttons, columns=2, number=number, title=said.title, waiting=waiting
    )
    return Answer((reply,), beside=True)


async def _missed(duty: Duty, number: int) -> Answer:
    lines = await as_csv(duty.session, number, missed=True)
    name, caption = duty.say("missed_file", number=number), duty.say("missed", number=number)
    return Answer((Paper(name, lines.encode("utf-8-sig"), caption),), beside=True)
