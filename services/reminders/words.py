"""What is said of reminders, and the buttons that ask for them and end them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from services.clock import day_of
from services.conversation.days import write_day
from services.conversation.plain import literal
from services.conversation.reply import Button, Payload, Reply
from services.knowledge.library import Library
from services.people.person import TELEGRAM
from services.storage.models import Reminder
from services.tools.due import DatedLine, Due, DueDates, dated

OFF = "off"
"""Behind what a button names: not to be told of it any more; alone, of nothing."""
_LABEL = 48
"""Signs of a button that a phone shows on two lines."""


def line_of(row: Reminder) -> DatedLine:
    """Return by what the deadline of a reminder is known."""
    return DatedLine(row.name, row.deadline, row.event)


@dataclass(frozen=True)
class Telling:
    """Writes them out of the content."""

    library: Library

    def told(self, found: DueDates) -> str:
        """Say that a deadline is near; of one that is over, that it was told late."""
        one = found.dates[0]
        return self._say("reminder_told", **self._of(found), over=one.day < found.today)

    def lapsed(self, found: DueDates) -> str:
        """Say that what a deadline rests on is over, and no day."""
        return self._say("reminder_lapsed", **self._of(found), office=found.office)

    def gone(self, what: str) -> str:
        """Say that the content has a deadline no more."""
        return self._say("reminder_gone", what=literal(what))

    def noted(self, row: Reminder, found: DueDates) -> Reply:
        """Say what was noted and when it is told; offer other times, and to end it."""
        here = row.channel == TELEGRAM
        line, plans = line_of(row), self.library.reminding.plans
        left, told = (row.day - found.today).days, set(_still(row, found))
        others = [plan for plan in plans if max(plan) < left and set(plan) != told]
        lead = self._say(
            "reminder_noted" if here else "reminder_noted_page",
            **self._of(found),
            plan=self._plan(_still(row, found)),
            hour=self.library.reminding.hour,
            yearly=found.dates[0].deadline.each is not None,
            next=row.due_at is not None,
        )
        picks = (self._pick(line, plan) for plan in others if here)
        ends = self._buttons(self.to_end(line), self.to_list())
        return Reply("smalltalk", lead, buttons=(*picks, *ends), confidence=1.0)

    def which(self, found: DueDates) -> Reply:
        """Ask of which deadlines somebody wants to be told: of those whose day is still to come."""
        phrase = "reminder_which" if found.coming else "reminder_none_coming"
        lead = self._say(phrase, title=found.title)
        buttons = tuple(self.to_ask(line, one) for line, one in found.coming)
        return Reply("smalltalk", lead, buttons=buttons, confidence=1.0)

    def listed(self, rows: Sequence[Reminder], today: date) -> Reply:
        """Tell what somebody is to be told, each with a button that ends it."""
        lead = self._say("reminder_list", rows=[self.line(row, today) for row in rows])
        each = (
            Button(self._short("button_remind_not_of", row), str(_ending(line_of(row))))
            for row in rows
        )
        all_of_them = Button(self._say("button_remind_none"), str(Payload("e", OFF)))
        buttons = (*each, *((all_of_them,) if len(rows) > 1 else ()))
        return Reply("smalltalk", lead, buttons=buttons, confidence=1.0)

    def line(self, row: Reminder, today: date) -> str:
        """Tell a reminder in a line: no day where its document is over, or the content has none."""
        found = dated(self.library, line_of(row), today)
        known = self._of(found) if found else {"what": literal(row.what)}
        plan = self._plan(row.before) if row.channel == TELEGRAM else ""
        lapsed, office = found and found.lapsed(found.dates[0]), found.office if found else ""
        kind = "gone" if found is None else "lapsed" if lapsed else "coming"
        return self._say("reminder_line", kind=kind, plan=plan, office=office, **known)

    def ended(self) -> Reply:
        """Say that nobody is told of it any more."""
        buttons = self._buttons(self.to_list())
        return Reply("smalltalk", self._say("reminder_ended"), buttons=buttons, confidence=1.0)

    def to_ask(self, line: DatedLine, one: Due) -> Button:
        """Return the button by which somebody asks to be told of a deadline."""
        return Button(self._short("button_remind_of", one), str(_asking(line)))

    def to_end(self, line: DatedLine) -> tuple[tuple[str, str], ...]:
        """Return label and payload of what ends a reminder."""
        return ((self._say("button_remind_not"), str(_ending(line))),)

    def to_list(self) -> tuple[tuple[str, str], ...]:
        """Return label and payload of what lists all reminders."""
        return ((self._say("button_reminders"), str(Payload("e"))),)

    @staticmethod
    def _buttons(*pairs: tuple[tuple[str, str], ...]) -> tuple[Button, ...]:
        return tuple(Button(label, payload) for each in pairs for label, payload in each)

    def _of(self, found: DueDates) -> dict[str, object]:
        one = found.dates[0]
        return {
            "what": one.deadline.what,
            "term": one.deadline.term,
            "weekday": self._weekday(one.day),
            "day": write_day(one.day),
            "clause": found.clause(one.deadline),
            "note": found.note(one),
        }

    def _short(self, phrase: str, of: Reminder | Due) -> str:
        what = of.what if isinstance(of, Reminder) else of.deadline.what
        label = self._say(phrase, day=write_day(of.day), what=what)
        return shorten(label, _LABEL, placeholder=" …")

    def _weekday(self, day: date) -> str:
        return self._say("reminder_weekdays").split("|")[day.weekday()]

    def _pick(self, line: DatedLine, plan: Sequence[int]) -> Button:
        label = self._say("button_remind_plan", plan=self._plan(plan))
        return Button(label, str(_asking(line, plan)))

    def _plan(self, plan: Sequence[int]) -> str:
        return self._say("reminder_plan", days=sorted(plan, reverse=True))

    def _say(self, phrase: str, **values: object) -> str:
        return self.library.phrases.say(phrase, **values)


def _still(row: Reminder, found: DueDates) -> Sequence[int]:
    """Return how many days before a deadline is still to be told; of a yearly one in any year."""
    if row.due_at is None or found.dates[0].deadline.each:
        return row.before
    return [days for days in row.before if days <= (row.day - day_of(row.due_at)).days]


def _asking(line: DatedLine, plan: Sequence[int] = ()) -> Payload:
    behind = f".{'-'.join(map(str, plan))}" if plan else ""
    return Payload("e", f"{line.written()}{behind}")


def _ending(line: DatedLine) -> Payload:
    return Payload("e", f"{line.written()}.{OFF}")
