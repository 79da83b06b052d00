"""Review: a draft as it is sent; the author asks, another who may says yes or no.

A button names the draft and the beginning of its hash: it is a yes to what was shown, or to none.
"""

from collections.abc import Sequence

from bot.reaction import Reaction, ToStaff, Wording
from bot.telegram.staff.context import StepContext
from bot.telegram.staff.questions import Words
from services.announcements import approval, describe
from services.announcements.announcement import BEFORE
from services.announcements.audience import Audience
from services.conversation.quantities import grouped
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.staff.link_makers import require_another_chat
from services.storage.models import Announcement

SEEN = 12
"""Digits of a hash that a button carries."""
_LONGEST_REASON = 1000


async def see(context: StepContext, about: str) -> Reaction:
    """Show a draft to its author: the letter exactly as it is sent, then what sending would mean.

    Raises:
        AnnouncementError: there is none of that number.

    """
    announcer, number = context.announcer, int(about)
    draft = await announcer.find(context.session, number)
    played = await announcer.rehearse(context.session, number, context.name)
    rehearsal = Reply(
        "smalltalk",
        describe.rehearsal(context.library, draft, played),
        buttons=_ways(context, draft, ready=not played.faults),
        columns=2,
    )
    letter = await _letter(context, draft, context.name)
    lead = (context.reply("preview", number=number),) if letter else ()
    return context.react(*lead, *letter, rehearsal)


async def ask(context: StepContext, about: str) -> Reaction:
    """Show a draft to all who may approve it; what is approved as it stands needs no asking.

    A second tap on the button shows it to nobody again.

    Raises:
        AnnouncementError: there is no such draft, or it can't be sent as it is.

    """
    announcer, number = context.announcer, int(about)
    twice = await announcer.asked_just_now(context.session, number)
    others = await announcer.ask(context.session, number, context.name)
    draft = await announcer.find(context.session, number)
    if draft.state == "approved":
        return context.see(number)
    context.rest()
    notices = [
        ToStaff(one.name, one.chat or "", await _request(context, draft, one.name))
        for one in others
        if not twice
    ]
    asked = context.reply("asked", number=number, names=[one.name for one in others])
    return context.react(asked, notices=tuple(notices))


async def show(context: StepContext, draft: Announcement, *, changed: bool = False) -> Reaction:
    """Show an approver what is asked; first, where that is so, that it is another text now."""
    first = (context.reply("changed", number=draft.id),) if changed else ()
    return context.react(*first, *await _request(context, draft, context.name))


async def approve(context: StepContext, about: str) -> Reaction:
    """Approve what was shown; the author is told. A twin of another is asked about first.

    Raises:
        AnnouncementError: it is the approver's own, can't be sent, or is on its way.
        StaffError: the author made the link that tied the chat of late.

    """
    try:
        return await _approve(context, about)
    except AnnouncementError as refused:
        if refused.code != "approval_twin":
            raise
        number, _, seen = about.partition("-")
        buttons = (context.button("again", number, seen), context.button("open", number))
        return context.react(context.reply("twin", *buttons, columns=2, why=str(refused)))


async def approve_again(context: StepContext, about: str) -> Reaction:
    """Approve what was shown though the same people were told the same before.

    Raises:
        AnnouncementError: it is the approver's own, can't be sent, or is on its way.

    """
    return await _approve(context, about, again=True)


async def refuse(context: StepContext, about: str) -> Reaction:
    """Ask why what was shown is not approved.

    Raises:
        AnnouncementError: it is the approver's own.

    """
    draft, outdated = await _shown(context, about)
    if outdated:
        return outdated
    context.keep(awaits=f"reason-{about}")
    buttons = (context.button("noreason", about), context.button("open", draft.id))
    return context.react(context.reply("ask_reason", *buttons, number=draft.id))


async def refuse_silently(context: StepContext, about: str) -> Reaction:
    """Refuse without saying why."""
    return await explain(context, about, Words("", ""))


async def explain(context: StepContext, about: str, reason: Words) -> Reaction:
    """Refuse for a reason, which the author is told; it stands with the draft until that changes.

    Raises:
        AnnouncementError: it is the approver's own.

    """
    draft, outdated = await _shown(context, about)
    if outdated:
        return outdated
    why = reason.plain[:_LONGEST_REASON]
    await context.announcer.refuse(context.session, draft.id, context.name, why=why)
    buttons = (context.button("change", draft.id), context.button("open", draft.id))
    return await _decided(context, draft, "refused", *buttons, reason=why)


async def _approve(context: StepContext, about: str, *, again: bool = False) -> Reaction:
    draft, outdated = await _shown(context, about, (*BEFORE, "paused"))
    if outdated:
        return outdated
    held = draft.state == "paused"
    if draft.state == "approved" or (
        held and not await context.announcer.awaits_yes(context.session, draft)
    ):
        return context.react(context.reply("approved_already", number=draft.id))
    seen = about.partition("-")[2]
    await require_another_chat(context.session, context.staff, draft.author, context.now)
    await context.announcer.approve(
        context.session, draft.id, context.name, seen, again=again, urgent=draft.urgent
    )
    buttons = (
        *(context.button(word, draft.id) for word in (("resume",) if held else ("send", "when"))),
        context.button("later"),
    )
    return await _decided(context, draft, "approved", *buttons)


async def _shown(
    context: StepContext, about: str, states: Sequence[str] = BEFORE
) -> tuple[Announcement, Reaction | None]:
    """Return the announcement of a button, and what to say where its yes or no has no use."""
    number, _, seen = about.partition("-")
    draft = await context.announcer.find(context.session, int(number))
    approval.require_another(draft, context.name)
    context.announcer.require_state(draft, states, "approve")
    if context.announcer.shown(draft)[:SEEN] != seen:
        return draft, await show(context, draft, changed=True)
    return draft, None


async def _letter(context: StepContext, draft: Announcement, name: str) -> tuple[Wording, ...]:
    """Return the letter as an account would get it; nothing where it can't be sent as it is."""
    try:
        _, letter = await context.announcer.trial(context.session, draft.id, name)
    except AnnouncementError:
        return ()
    return (letter,)


async def _request(context: StepContext, draft: Announcement, name: str) -> tuple[Wording, ...]:
    """Return what an approver is shown: the letter, the rule in words, the count, yes and no."""
    count = await context.announcer.count(context.session, draft)
    seen = context.announcer.shown(draft)[:SEEN]
    held = draft.state == "paused"
    lead = context.reply("request_lead", author=draft.author, number=draft.id, held=held)
    no = context.button("cancel", draft.id) if held else context.button("refuse", draft.id, seen)
    asked = context.reply(
        "request",
        context.button("approve", draft.id, seen, urgent=draft.urgent),
        no,
        columns=2,
        number=draft.id,
        urgent=draft.urgent,
        rule=describe.audience(context.library, Audience.stored(draft.audience)),
        total=grouped(count.total),
        left_out=describe.left_out(context.library.phrases, count.left_out),
        links=describe.links(draft.body),
    )
    return (lead, *await _letter(context, draft, name), asked)


async def _decided(
    context: StepContext, draft: Announcement, phrase: str, *buttons: Button, **values: str
) -> Reaction:
    """Tell the author what was decided and by whom; tell whoever did so whether that arrives."""
    held = draft.state == "paused"
    about = {"by": context.name, "number": draft.id, "title": draft.title, "held": held, **values}
    news = context.reply(f"{phrase}_news", *buttons, columns=2, **about)
    chat = await context.announcer.chat_of(context.session, draft.author)
    notices = (ToStaff(draft.author, chat, (news,)),) if chat else ()
    reply = context.reply(phrase, number=draft.id, author=draft.author, reached=bool(notices))
    return context.react(reply, notices=notices)


def _ways(context: StepContext, draft: Announcement, *, ready: bool) -> tuple[Button, ...]:
    """Return what can be done with a draft: to send it only once another approved it."""
    forward: tuple[str, ...] = ()
    if ready:
        forward = ("send", "when") if draft.state == "approved" else ("ask",)
    words = (*forward, "change", "delete")
    return (*(context.button(word, draft.id) for word in words), context.button("later"))
