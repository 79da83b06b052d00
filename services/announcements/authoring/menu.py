"""The menu of staff: lists of announcements, and what opens when one is chosen."""

from functools import partial

from sqlalchemy import ColumnElement, select

from services.announcements import approval, state
from services.announcements.authoring import going
from services.announcements.authoring.answer import Answer, View, told
from services.announcements.authoring.approving import requested
from services.announcements.authoring.duty import Duty, key
from services.announcements.authoring.overview import overview
from services.announcements.authoring.progress import UNDER_WAY
from services.conversation.reply import Button
from services.storage.models import Announcement

_PAGE = 8
_ENDED = ("done", "cancelled", "failed")


async def menu(duty: Duty, _about: str = "") -> View:
    """Show what this member of staff may do."""
    duty.rest()
    return _menu


async def later(duty: Duty, _about: str) -> View:
    """Leave a draft for later."""
    duty.rest()
    return partial(told, reply=duty.reply("left", duty.button("menu")))


async def listed(_duty: Duty, about: str, name: str) -> View:
    """Show a page of a list."""
    return partial(_listed, name=name, page=int(about or 0))


async def open_one(duty: Duty, about: str) -> View:
    """Show an announcement as it concerns this member of staff.

    Its own draft with all it can become; another's to say yes or no to; its progress, followed in
    this chat where nobody else follows it; its report.

    Raises:
        AnnouncementError: there is none of that number.

    """
    said = await duty.announcer.find(duty.session, int(about))
    if said.state in state.BEFORE:
        return await _draft(duty, said)
    if said.state in UNDER_WAY and duty.writes and going.is_free(duty, said):
        going.follow(duty, said)
        return partial(told, reply=duty.reply("following", number=said.id))
    return partial(going.shown, number=said.id)


async def _draft(duty: Duty, said: Announcement) -> View:
    if said.author == duty.staff.name:
        return partial(overview, number=said.id)
    if duty.approves:
        return partial(requested, number=said.id)
    return partial(told, reply=duty.reply("others", number=said.id, author=said.author))


async def _menu(duty: Duty) -> Answer:
    """Show the lists with their lengths; those who do not write only see what is sent."""
    begin = [duty.button("goon" if duty.unsaved else "new")] if duty.writes else []
    lists = [await _button(duty, name) for name in _lists(duty)]
    return Answer((duty.reply("menu", *begin, *lists, name=duty.staff.name),))


def _lists(duty: Duty) -> list[str]:
    mine = ["drafts"] if duty.writes else []
    asked = ["asked"] if duty.approves else []
    return [*mine, *asked, "going", "ended"]


async def _button(duty: Duty, name: str) -> Button:
    if name == "ended":
        return duty.button(name)
    return duty.button(name, number=len(await _found(duty, name)))


async def _listed(duty: Duty, name: str, page: int) -> Answer:
    """Show a page of a list, the newest first."""
    found = await _found(duty, name)
    shown = found[page * _PAGE : (page + 1) * _PAGE]
    buttons = [key(_label(duty, said), "open", said.id) for said in shown]
    if len(found) > (page + 1) * _PAGE:
        buttons.append(key(duty.say("button_more"), name, page + 1))
    return Answer((duty.reply(f"list_{name}", *buttons, duty.button("menu"), any=bool(shown)),))


def _label(duty: Duty, said: Announcement) -> str:
    """Name an announcement; a mark says that it is approved, or that approval was asked."""
    approved, asked = said.state == "approved", said.state == "draft" and bool(said.asked)
    return duty.say("item", number=said.id, title=said.title, approved=approved, asked=asked)


async def _found(duty: Duty, name: str) -> list[Announcement]:
    """Return the announcements of a list."""
    rules: dict[str, tuple[ColumnElement[bool], ...]] = {
        "drafts": (Announcement.state.in_(state.BEFORE), Announcement.author == duty.staff.name),
        "asked": (
            Announcement.state == "draft",
            Announcement.asked != "",
            Announcement.author != duty.staff.name,
        ),
        "going": (Announcement.state.in_(UNDER_WAY),),
        "ended": (Announcement.state.in_(_ENDED),),
    }
    query = select(Announcement).where(*rules[name]).order_by(Announcement.id.desc())
    found = list(await duty.session.scalars(query))
    return [s for s in found if name != "asked" or s.asked == approval.fingerprint(s)]
