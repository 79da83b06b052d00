"""Approving: the author asks, all others who may are shown exactly what, one says yes or no.

A button names the draft and the beginning of its hash: it is a yes to what was shown, or to none.
"""

from functools import partial

from sqlalchemy import select

from services.announcements import approval, state
from services.announcements.audience import Audience
from services.announcements.authoring import words
from services.announcements.authoring.answer import Answer, Notice, Said, View, told
from services.announcements.authoring.duty import Duty
from services.announcements.authoring.overview import letter, overview
from services.announcements.authoring.step import Words
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.staff import account, audit
from services.storage.models import Announcement, Staff

SEEN = 12
"""Digits of a hash that a button carries."""
_LONGEST_REASON = 1000


async def ask(duty: Duty, about: str) -> View:
    """Ask all others who may approve; what is approved as it stands needs no asking.

    Raises:
        AnnouncementError: there is no such draft, or it can't be sent as it is.

    """
    said = await duty.announcer.find(duty.session, int(about))
    people = await duty.announcer.require_sendable(duty.session, said)
    if await _holds(duty, said, people.total):
        return partial(overview, number=said.id)
    if not await duty.announcer.move(duty.session, said, state.BEFORE, "draft"):
        state.require(said, state.BEFORE, "xin duyệt")
    said.asked = approval.fingerprint(said)
    _note(duty, "ask", said)
    duty.rest()
    return partial(_asked, number=said.id)


async def approve(duty: Duty, about: str) -> View:
    """Approve what was shown; the author is told.

    Raises:
        AnnouncementError: it is the approver's own, can't be sent, or is on its way.

    """
    said, shown = await _shown(duty, about)
    if shown is not None:
        return shown
    await duty.announcer.approve(duty.session, said.id, duty.staff.name, about.partition("-")[2])
    return partial(_approved, number=said.id)


async def refuse(duty: Duty, about: str) -> View:
    """Ask why what was shown is not approved.

    Raises:
        AnnouncementError: it is the approver's own.

    """
    said, shown = await _shown(duty, about)
    if shown is not None:
        return shown
    duty.keep(awaits=f"reason-{about}")
    buttons = (duty.button("noreason", about), duty.button("open", said.id))
    return partial(told, reply=duty.reply("ask_reason", *buttons, number=said.id))


async def refuse_silently(duty: Duty, about: str) -> View:
    """Refuse without saying why."""
    return await explain(duty, about, Words("", ""))


async def explain(duty: Duty, about: str, reason: Words) -> View:
    """Refuse for a reason, which the author is told and nobody else; it is kept nowhere.

    Raises:
        AnnouncementError: it is the approver's own.

    """
    said, shown = await _shown(duty, about)
    if shown is not None:
        return shown
    said.asked = ""
    _note(duty, "refuse", said)
    return partial(_refused, number=said.id, reason=reason.plain[:_LONGEST_REASON])


async def request(duty: Duty, said: Announcement, name: str) -> tuple[Said, ...]:
    """Return what an approver is shown: the letter, the rule in words, the count, yes and no."""
    count = await duty.announcer.count(duty.session, said)
    seen = approval.fingerprint(said)[:SEEN]
    lead = duty.reply("request_lead", author=said.author, number=said.id)
    asked = duty.reply(
        "request",
        duty.button("approve", said.id, seen),
        duty.button("refuse", said.id, seen),
        columns=2,
        number=said.id,
        rule=words.rule(duty.library, Audience.model_validate(said.audience)),
        total=words.grouped(count.total),
        left_out=words.left_out(duty.library, count.left_out),
    )
    return (lead, *await letter(duty, said, name), asked)


async def requested(duty: Duty, number: int, *, changed: bool = False) -> Answer:
    """Show an approver what is asked; first, where that is so, that it is another text now."""
    said = await duty.announcer.find(duty.session, number)
    first = (duty.reply("changed", number=number),) if changed else ()
    return Answer((*first, *await request(duty, said, duty.staff.name)))


async def _shown(duty: Duty, about: str) -> tuple[Announcement, View | None]:
    """Return the announcement of a button, and what to show where its yes or no has no use."""
    number, _, seen = about.partition("-")
    said = await duty.announcer.find(duty.session, int(number))
    approval.require_another(said, duty.staff.name)
    state.require(said, state.BEFORE, "duyệt")
    if approval.fingerprint(said)[:SEEN] != seen:
        return said, partial(requested, number=said.id, changed=True)
    if said.state == "approved":
        return said, partial(told, reply=duty.reply("approved_already", number=said.id))
    return said, None


async def _holds(duty: Duty, said: Announcement, count: int) -> bool:
    """Say whether an approval of exactly this stands."""
    if said.state != "approved":
        return False
    try:
        await approval.require(duty.session, said, count)
    except AnnouncementError:
        return False
    return True


async def _asked(duty: Duty, number: int) -> Answer:
    """Show the draft to all who may approve it; tell the author who they are."""
    said = await duty.announcer.find(duty.session, number)
    others = select(Staff).where(
        Staff.role.in_(account.APPROVERS),
        ~Staff.disabled,
        Staff.chat.is_not(None),
        Staff.name != said.author,
    )
    notices = [
        Notice(one.name, one.chat or "", await request(duty, said, one.name))
        for one in await duty.session.scalars(others.order_by(Staff.name))
    ]
    names = [notice.name for notice in notices]
    return Answer((duty.reply("asked", number=number, names=names),), tuple(notices))


async def _approved(duty: Duty, number: int) -> Answer:
    buttons = (duty.button("send", number), duty.button("when", number), duty.button("later"))
    return await _decided(duty, number, "approved", *buttons)


async def _refused(duty: Duty, number: int, reason: str) -> Answer:
    buttons = (duty.button("change", number), duty.button("open", number))
    return await _decided(duty, number, "refused", *buttons, reason=reason)


async def _decided(duty: Duty, number: int, phrase: str, *buttons: Button, **values: str) -> Answer:
    """Tell the author what was decided and by whom; tell whoever did so whether that arrives."""
    said = await duty.announcer.find(duty.session, number)
    told_of = {"by": duty.staff.name, "number": number, "title": said.title, **values}
    news = duty.reply(f"{phrase}_news", *buttons, columns=2, **told_of)
    notices = await _to_author(duty, said, news)
    reply = duty.reply(phrase, number=number, author=said.author, reached=bool(notices))
    return Answer((reply,), notices)


async def _to_author(duty: Duty, said: Announcement, news: Reply) -> tuple[Notice, ...]:
    """Return what the author is told; nothing where they are not linked."""
    theirs = select(Staff.chat).where(Staff.name == said.author, ~Staff.disabled)
    chat = await duty.session.scalar(theirs)
    return (Notice(said.author, chat, (news,)),) if chat else ()


def _note(duty: Duty, did: str, said: Announcement) -> None:
    about, seen = f"announcement {said.id}", approval.fingerprint(said)
    audit.note(duty.session, duty.now, duty.staff.name, f"announce.{did}", about, hash=seen)
