"""How far an announcement is: one message that changes until it is the report."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.telegram.staff.context import command
from services.announcements import deliveries, describe
from services.announcements.announcement import BEFORE, UNDER_WAY
from services.announcements.announcer import Announcer
from services.conversation.reply import Reply
from services.storage.models import Announcement


async def show(
    session: AsyncSession,
    announcer: Announcer,
    announcement: Announcement,
    *,
    controls: bool = True,
) -> Reply:
    """Tell how far an announcement is; one that has ended is told of in its report.

    `controls` says whether the reader may pause, resume and cancel, and see who got nothing.
    """
    phrases, number = announcer.library.phrases, announcement.id
    if announcement.state in UNDER_WAY:
        lead = describe.progress(
            phrases,
            announcement,
            await deliveries.tally(session, number),
            await deliveries.reasons(session, number),
            announcer.quiet.ends_after(announcer.now()),
        )
        hour = ["hour"] if announcement.starts_at else []
        words = ["resume" if announcement.state == "paused" else "pause", *hour, "cancel"]
    elif announcement.state in BEFORE:
        lead, words = phrases.say("staff_held", **describe.named(announcement)), ["open"]
    else:
        report = await announcer.report(session, number)
        lead = describe.report(phrases, report)
        words = [*(["missed"] if report.counted["sent"] < report.total else []), "copy"]
    buttons = tuple(command(phrases.say(f"staff_button_{word}"), word, number) for word in words)
    return Reply("smalltalk", lead, buttons=buttons if controls else (), columns=2)
