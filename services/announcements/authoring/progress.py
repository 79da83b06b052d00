"""How far an announcement is: one message that changes until it is the report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import deliveries, state
from services.announcements.authoring import words
from services.announcements.authoring.duty import key
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
        if said.state in UNDER_WAY:
            return await self._going(session, said)
        if said.state in state.BEFORE:
            return self._reply(self._say("held", said), said, "open")
        return self._ended(said, await report(session, said))

    async def _going(self, session: AsyncSession, said: Announcement) -> Reply:
        held_until = self.quiet.ends_after(self.now)
        counted = await deliveries.tally(session, said.id)
        reasons = await deliveries.reasons(session, said.id)
        lead = self._say(
            "progress",
            said,
            state=said.state,
            starts_at=words.clock(said.starts_at) if said.starts_at else "",
            held_until=words.clock(held_until) if held_until else "",
            **_figures(counted, reasons),
        )
        step = "resume" if said.state == "paused" else "pause"
        return self._reply(lead, said, step, "cancel")

    def _ended(self, said: Announcement, found: Report) -> Reply:
        lead = "\n".join(map(literal, found.as_text().splitlines()))
        missed = ["missed"] if found.counted["sent"] < found.total else []
        return self._reply(lead, said, *missed)

    def _say(self, phrase: str, said: Announcement, **values: Any) -> str:
        """Say something of an announcement."""
        title, reason = literal(said.title[:_LONGEST_TITLE]), literal(said.reason)
        named = {"number": said.id, "title": title, "reason": reason}
        return self.phrases.say(f"staff_{phrase}", **named, **values)

    def _reply(self, lead: str, said: Announcement, *steps: str) -> Reply:
        buttons = tuple(
            key(self.phrases.say(f"staff_button_{word}"), word, said.id) for word in steps
        )
        return Reply("smalltalk", lead, buttons=buttons if self.controls else (), columns=2)


def _figures(counted: dict[str, int], reasons: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Return the numbers of an announcement under way; ends that nobody met are left out."""
    total, waiting = sum(counted.values()), sum(counted[state] for state in deliveries.OPEN)
    done, steps = total - waiting, max(total, 1)
    met = {end: number for end, number in counted.items() if number}
    return {
        "percent": done * 100 // steps,
        "bar": "▓" * (done * _BAR // steps) + "░" * (_BAR - done * _BAR // steps),
        "total": words.grouped(total),
        "waiting": words.grouped(waiting),
        "sent": words.grouped(counted["sent"]),
        "counted": {end: words.grouped(number) for end, number in met.items()},
        "why": {end: literal(bracketed(reasons.get(end, {}))).strip() for end in met},
    }
