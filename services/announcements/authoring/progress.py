"""How far an announcement is: one message that changes until it is the report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import state
from services.announcements.authoring import words
from services.announcements.authoring.duty import press
from services.announcements.quiet import Quiet
from services.announcements.reasons import bracketed
from services.announcements.report import Report, report
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.knowledge.phrases import Phrases
from services.storage.models import Announcement

UNDER_WAY = (*state.GOING, "paused")
"""States in which there is something to follow."""
_BAR = 10
_LONGEST_TITLE = 100


@dataclass(frozen=True)
class Teller:
    """Tells how far announcements are, at a moment."""

    phrases: Phrases
    quiet: Quiet
    now: datetime
    controls: bool = True
    """Whether the reader may pause, resume and cancel, and see who got nothing."""

    async def tell(self, session: AsyncSession, said: Announcement) -> Reply:
        """Tell how far an announcement is; one that has ended is told of in its report."""
        found = await report(session, said)
        return self._going(said, found) if said.state in UNDER_WAY else self._ended(said, found)

    def _going(self, said: Announcement, found: Report) -> Reply:
        held_until = self.quiet.ends_after(self.now)
        lead = self.phrases.say(
            "staff_progress",
            number=said.id,
            title=literal(said.title[:_LONGEST_TITLE]),
            state=said.state,
            reason=literal(said.reason),
            starts_at=words.clock(said.starts_at) if said.starts_at else "",
            held_until=words.clock(held_until) if held_until else "",
            **_figures(found),
        )
        step = "resume" if said.state == "paused" else "pause"
        return self._reply(lead, said, step, "cancel")

    def _ended(self, said: Announcement, found: Report) -> Reply:
        lead = "\n".join(map(literal, found.as_text().splitlines()))
        open_ = ["open"] if said.state in state.BEFORE else []
        missed = ["missed"] if found.counted["sent"] < found.total else []
        return self._reply(lead, said, *open_, *missed)

    def _reply(self, lead: str, said: Announcement, *steps: str) -> Reply:
        buttons = tuple(
            press(self.phrases.say(f"staff_button_{word}"), word, said.id) for word in steps
        )
        return Reply("smalltalk", lead, buttons=buttons if self.controls else (), columns=2)


def _figures(found: Report) -> dict[str, Any]:
    """Return the numbers of an announcement under way; ends that nobody met are left out."""
    share = 1 - found.waiting / found.total if found.total else 0.0
    counted = {end: number for end, number in found.counted.items() if number}
    return {
        "percent": int(share * 100),
        "bar": "▓" * int(share * _BAR) + "░" * (_BAR - int(share * _BAR)),
        "total": words.grouped(found.total),
        "waiting": words.grouped(found.waiting),
        "sent": words.grouped(found.counted["sent"]),
        "counted": {end: words.grouped(number) for end, number in counted.items()},
        "why": {end: literal(bracketed(found.reasons.get(end, {}))) for end in counted},
    }
