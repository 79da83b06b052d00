"""The overview of a draft: the letter exactly as it is sent, then what sending it would mean."""

from services.announcements import trial
from services.announcements.audience import Audience
from services.announcements.authoring import words
from services.announcements.authoring.answer import Answer, Said
from services.announcements.authoring.duty import Duty
from services.announcements.rehearsal import Rehearsal, rehearse
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.storage.models import Announcement


async def overview(duty: Duty, number: int) -> Answer:
    """Show a draft to its author: the letter, the rehearsal in words, what can be done now.

    Raises:
        AnnouncementError: there is none of that number.

    """
    said = await duty.announcer.find(duty.session, number)
    played = await rehearse(duty.session, duty.announcer, said, duty.rate, duty.quiet)
    lead = duty.reply("preview", number=number)
    return Answer(
        (lead, *await letter(duty, said, duty.staff.name), _rehearsal(duty, said, played))
    )


async def letter(duty: Duty, said: Announcement, name: str) -> tuple[Said, ...]:
    """Return the letter as an account would get it; nothing where it can't be sent as it is."""
    try:
        _, written = await trial.letter_to(duty.session, duty.announcer, said, name)
    except AnnouncementError:
        return ()
    return (written,)


def _rehearsal(duty: Duty, said: Announcement, played: Rehearsal) -> Reply:
    ready = not played.faults
    return duty.reply(
        "rehearsal",
        *_ways(duty, said, ready=ready),
        columns=2,
        number=said.id,
        rule=words.rule(duty.library, Audience.model_validate(said.audience)),
        total=words.grouped(played.total),
        parts=words.grouped(played.parts),
        seconds=round(played.seconds),
        starts_at=words.clock(played.starts_at),
        ends_at=words.clock(played.ends_at),
        held=played.held,
        late=played.late,
        left_out=words.left_out(duty.library, played.left_out),
        faults=list(played.faults),
        notices=list(played.notices),
        reason=said.reason,
        approved=said.state == "approved",
    )


def _ways(duty: Duty, said: Announcement, *, ready: bool) -> list[Button]:
    """Return what can be done with a draft: to send it only once another approved it."""
    if ready and said.state == "approved":
        forward = [duty.button("send", said.id), duty.button("when", said.id)]
    elif ready:
        forward = [duty.button("ask", said.id)]
    else:
        forward = []
    return [*forward, duty.button("change", said.id), duty.button("later")]
