"""Presses under an announcement: each button of each recipient counts once."""

import re

from services.announcements.letter import BUTTONS
from services.conversation.payloads import Payload, read_payload
from services.conversation.reply import Reply
from services.people import subscription
from services.people.meeting import Meeting
from services.storage.models import Announcement, Press

_ID = re.compile("[0-9]{1,9}")


async def press(meeting: Meeting, payload: str) -> Reply | None:
    """Count a press and answer it; None when no announcement bears the button.

    Under a draft, which staff try on themselves, nothing is counted.
    """
    match read_payload(payload):
        case Payload("x", name, place) if _ID.fullmatch(name) and place < len(BUTTONS):
            return await _press(meeting, int(name), BUTTONS[place])
        case _:
            return None


async def _press(meeting: Meeting, announcement: int, button: str) -> Reply | None:
    said = await meeting.session.get(Announcement, announcement)
    if said is None:
        return None
    who = meeting.person.who
    if said.queued_at and await meeting.session.get(Press, (announcement, who, button)) is None:
        row = Press(announcement_id=announcement, who=who, button=button, at=meeting.now)
        meeting.session.add(row)
    if button == "stop":
        return await subscription.stop(meeting, "", meeting.say("announcement_button_stop"))
    return Reply("smalltalk", meeting.say(f"announcement_{button}"))
