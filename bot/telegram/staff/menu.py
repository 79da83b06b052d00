"""The menu: lists of announcements, and what opens out of them."""

from bot.reaction import Reaction
from bot.telegram.staff import review, sending
from bot.telegram.staff.context import StepContext, command
from services.announcements import report
from services.announcements.announcement import BEFORE, UNDER_WAY
from services.announcements.announcer import Listing
from services.conversation.reply import Button
from services.storage.models import Announcement

_PAGE = 8


async def menu(context: StepContext, _about: str = "") -> Reaction:
    """Show the lists with their lengths; those who do not write only see what is sent."""
    context.rest()
    begin = [context.button("goon" if context.unsaved else "new")] if context.writes else []
    names: list[Listing] = ["drafts"] if context.writes else []
    names += ["asked"] if context.approves else []
    names += ["going", "ended"]
    lists = [await _button(context, name) for name in names]
    return context.react(context.reply("menu", *begin, *lists, name=context.name))


async def later(context: StepContext, _about: str) -> Reaction:
    """Leave a draft for later."""
    context.rest()
    return context.react(context.reply("left", context.button("menu")))


async def drafts(context: StepContext, about: str) -> Reaction:
    """Show a page of one's own drafts."""
    return await _list(context, "drafts", about)


async def asked(context: StepContext, about: str) -> Reaction:
    """Show a page of what waits for one's approval."""
    return await _list(context, "asked", about)


async def going(context: StepContext, about: str) -> Reaction:
    """Show a page of what is on its way."""
    return await _list(context, "going", about)


async def ended(context: StepContext, about: str) -> Reaction:
    """Show a page of what has ended."""
    return await _list(context, "ended", about)


async def open_one(context: StepContext, about: str) -> Reaction:
    """Show an announcement as it concerns this member of staff.

    Its own draft with all it can become; another's to say yes or no to, also once it is held for
    want of a yes; its progress, followed in this chat where nobody else follows it; its report.

    Raises:
        AnnouncementError: there is none of that number.

    """
    announcement = await context.announcer.find(context.session, int(about))
    if announcement.state in BEFORE:
        return await _draft(context, announcement)
    if announcement.state == "paused" and await _is_mine_to_approve(context, announcement):
        return await review.show(context, announcement)
    chat = context.staff.chat or ""
    if announcement.state in UNDER_WAY and context.writes and report.is_free(announcement, chat):
        report.follow(announcement, chat)
        return context.react(context.reply("following", number=announcement.id))
    return await sending.show(context, announcement.id)


async def _draft(context: StepContext, draft: Announcement) -> Reaction:
    if draft.author == context.name:
        return context.see(draft.id)
    if context.approves:
        return await review.show(context, draft)
    return context.react(context.reply("others", number=draft.id, author=draft.author))


async def _is_mine_to_approve(context: StepContext, announcement: Announcement) -> bool:
    if not context.approves or announcement.author == context.name:
        return False
    return await context.announcer.awaits_yes(context.session, announcement)


async def _button(context: StepContext, name: Listing) -> Button:
    if name == "ended":
        return context.button(name)
    found = await context.announcer.listed(context.session, name, context.name)
    return context.button(name, number=len(found))


async def _list(context: StepContext, name: Listing, about: str) -> Reaction:
    """Show a page of a list, the newest first."""
    page = int(about or 0)
    found = await context.announcer.listed(context.session, name, context.name)
    shown = found[page * _PAGE : (page + 1) * _PAGE]
    buttons = [command(_label(context, one), "open", one.id) for one in shown]
    if len(found) > (page + 1) * _PAGE:
        buttons.append(command(context.say("button_more"), name, page + 1))
    menu_button = context.button("menu")
    return context.react(context.reply(f"list_{name}", *buttons, menu_button, any=bool(shown)))


def _label(context: StepContext, one: Announcement) -> str:
    """Name an announcement; a mark says that it is approved, or that approval was asked."""
    approved, waits = one.state == "approved", one.state == "draft" and bool(one.asked)
    return context.say("item", number=one.id, title=one.title, approved=approved, asked=waits)
