"""What a chat is told of a dossier: the words and the buttons of each message.

A button carries the dossier's number and the ids of the content, never a place in a list; and what
is to be, so that one pressed twice or late does no harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from services.conversation.days import write_day
from services.conversation.plain import literal
from services.conversation.reply import NEW, Button, Payload, Reply
from services.dossiers import sharing
from services.dossiers.view import DossierDate, DossierItem, DossierView, name_of
from services.knowledge.library import Library
from services.knowledge.schema import PAPER
from services.reminders.words import Telling
from services.storage.models import Dossier

_ROOM = 750
"""Signs of a list that is ticked: it stays one message, which is changed in place."""
_NEXT = 4
"""Dates that stand where a dossier is opened."""
_LINE = 90
_A_ROW = 5


@dataclass(frozen=True)
class DossierMessages:
    """Writes the messages about dossiers."""

    library: Library

    def listed(self, held: Sequence[Dossier]) -> Reply:
        """List the dossiers of a chat."""
        names = [name_of(one, self.library) for one in held]
        buttons = [_to(str(place), str(one.id)) for place, one in enumerate(held, 1)]
        rows = [literal(shorten(name, _LINE, placeholder="…")) for name in names]
        lead = self._say("dossier_chat_list", rows=rows)
        anew = self._button("dossier_new", "new")
        return Reply("form", lead, buttons=tuple(buttons), columns=_A_ROW, verdicts=(anew,))

    def procedures(self) -> Reply:
        """Ask of which procedure a dossier is begun."""
        known = self.library.procedures
        buttons = [_to(str(at), f"{NEW}{name}") for at, name in enumerate(known, 1)]
        rows = [literal(one.title) for one in known.values()]
        lead = self._say("dossier_chat_procedures", rows=rows)
        back = (self._everything,)
        return Reply("form", lead, buttons=tuple(buttons), columns=_A_ROW, verdicts=back)

    def asks_cooperative(self, procedure: str, fault: str = "") -> Reply:
        """Ask whose the dossier is."""
        title = literal(self.library.procedures[procedure].title)
        lead = self._say("dossier_chat_cooperative", title=title, fault=fault)
        skip = self._button("dossier_chat_skip", f"skip.{procedure}")
        return Reply("form", lead, buttons=(skip,), verdicts=(self._everything,))

    def one(self, view: DossierView, told: str = "") -> Reply:
        """Show how a dossier stands: how much is done, the next dates, what can be done with it."""
        dated = sorted((one for one in view.dates if one.due), key=_by_day)
        lead = self._say(
            "dossier_chat_one",
            told=told,
            name=literal(view.name),
            progress=view.progress,
            days=[self._short(one) for one in dated[:_NEXT]],
            began=view.kept,
        )
        number = view.dossier.id
        names = {
            "p": "dossier_papers" if view.papers else "",
            "s": "dossier_steps" if view.steps else "",
            "d": "dossier_chat_days_button" if view.dates else "",
            "ics": "dossier_chat_calendar" if view.counted.dates else "",
            "pdf": "dossier_chat_pdf",
            "share": "dossier_share",
            "give": "dossier_give",
            "end": "dossier_share_end" if view.shared_until else "",
            "back": "dossier_give_back" if view.offered_until else "",
            "drop": "dossier_chat_drop",
        }
        buttons = [self._button(name, f"{number}.{act}") for act, name in names.items() if name]
        return Reply("form", lead, buttons=tuple(buttons), columns=2, verdicts=(self._everything,))

    def items(self, view: DossierView, kind: str) -> Reply:
        """List papers or steps, each with a button that ticks it, or unticks it."""
        all_ = view.papers if kind == PAPER else view.steps
        heading = "dossier_papers" if kind == PAPER else "dossier_steps"
        room = _ROOM // max(len(all_), 1)
        lead = self._say(
            "dossier_chat_items",
            name=literal(view.name),
            heading=self._say(heading),
            rows=[self._ticked(one, room) for one in all_],
        )
        buttons = [
            _to(f"{one.sign} {at}", f"{view.dossier.id}.{one.id}.{int(one.marked is None)}")
            for at, one in enumerate(all_, 1)
            if one.id
        ]
        back = self._button("dossier_chat_back", str(view.dossier.id))
        return Reply("form", lead, buttons=tuple(buttons), columns=_A_ROW, verdicts=(back,))

    def dates(self, view: DossierView) -> Reply:
        """List the deadlines, each with a button that asks from which day it counts."""
        lead = self._say(
            "dossier_chat_days",
            name=literal(view.name),
            rows=[self.dated(one) for one in view.dates],
            counting=self._say("due_counting"),
        )
        buttons = [
            _to(str(at), f"{view.dossier.id}.{one.id}")
            for at, one in enumerate(view.dates, 1)
            if one.id
        ]
        return self._of(view, lead, buttons)

    def dated(self, one: DossierDate) -> str:
        """Tell a deadline with its clause, and its day where that is known."""
        told = one.deadline
        values = {"what": told.what, "term": told.term, "clause": one.clause, "note": one.note}
        start = write_day(one.start) if one.start else ""
        return self._say("dossier_chat_due", day=one.day, start=start, past=one.past, **values)

    def asks_day(self, view: DossierView, one: DossierDate, fault: str = "") -> Reply:
        """Ask from which day a deadline counts."""
        lead = self._say(
            "dossier_chat_asks_day",
            what=one.deadline.what,
            term=one.deadline.term,
            clause=one.clause,
            event=one.event,
            held=write_day(one.start) if one.start else "",
            fault=fault,
        )
        at = f"{view.dossier.id}.{one.id}"
        today = self._button("dossier_chat_today", f"{at}.1")
        clear = (self._button("dossier_day_clear", f"{at}.0"),) if one.start else ()
        return self._of(view, lead, [today, *clear, *self._reminds(one)], columns=2)

    def counted(self, view: DossierView, one: DossierDate) -> Reply:
        """Tell what came of a day that was told."""
        days = self._button("dossier_chat_days_button", f"{view.dossier.id}.d")
        return self._of(view, self.dated(one), [*self._reminds(one), days], columns=1)

    def asks(self, view: DossierView, act: str) -> Reply:
        """Tell what sharing, giving away or erasing does, before it is done."""
        name, number = literal(view.name), view.dossier.id
        told = {
            "share": self._say("dossier_share_told", days=sharing.SHOWN_FOR.days),
            "give": self._say("dossier_give_told", days=sharing.GIVEN_FOR.days),
            "drop": self._say("dossier_erase_sure"),
        }[act]
        lead = self._say(f"dossier_chat_asks_{act}", name=name, told=told)
        yes = "dossier_erase" if act == "drop" else f"dossier_{act}"
        return self._of(view, lead, [self._button(yes, f"{number}.{act}.1")])

    def link(self, view: DossierView, address: str, bot: str = "") -> Reply:
        """Give a link, the one time that it is known; to take a dossier one of the bot too."""
        name, day = literal(view.name), view.offered_until if bot else view.shared_until
        phrase = "dossier_give_chat" if bot else "dossier_share_chat"
        links = {"address": literal(address), "bot": literal(bot)}
        return self._of(view, self._say(phrase, name=name, day=day, **links), [])

    def offer(self, dossier: Dossier, secret: str) -> Reply:
        """Ask whoever has the link whether they take a dossier."""
        name = literal(name_of(dossier, self.library))
        take = self._button("dossier_offer", f"take.{secret}")
        return Reply("form", self._say("dossier_offer_told", name=name), buttons=(take,))

    def done(self, view: DossierView, phrase: str) -> Reply:
        """Say that something is done with a dossier."""
        return self._of(view, self._say(phrase), [])

    def sentence(self, phrase: str) -> Reply:
        """Say one sentence, with the way to all dossiers."""
        return self.fault(self._say(phrase))

    def fault(self, sentence: str) -> Reply:
        """Say what is refused, with the way to all dossiers."""
        return Reply("form", sentence, buttons=(self._everything,))

    def to_list(self) -> Button:
        """Return the button that lists all dossiers, for who is at none of them."""
        return self._button("dossiers", "")

    @property
    def _everything(self) -> Button:
        return self._button("dossier_chat_all", "")

    def _reminds(self, one: DossierDate) -> tuple[Button, ...]:
        """Return the button by which somebody asks to be told of a deadline that has a day."""
        if one.due is None or one.asked_as is None:
            return ()
        asks = Telling(self.library).to_ask(one.asked_as, one.due)
        return (replace(asks, label=self._say("button_remind")),)

    def _of(
        self, view: DossierView, lead: str, buttons: Iterable[Button], columns: int = _A_ROW
    ) -> Reply:
        """Write a message that stays where its dossier is opened from it."""
        back = self._button("dossier_chat_back", f"{view.dossier.id}.open")
        return Reply("form", lead, buttons=tuple(buttons), columns=columns, verdicts=(back,))

    def _ticked(self, item: DossierItem, room: int) -> str:
        return literal(f"{item.sign} {shorten(item.plain, room, placeholder='…')}")

    def _short(self, one: DossierDate) -> str:
        what = shorten(one.deadline.what, _LINE, placeholder="…")
        return self._say("dossier_chat_next", day=one.day, what=literal(what), past=one.past)

    def _button(self, phrase: str, name: str) -> Button:
        return _to(self._say(phrase), name)

    def _say(self, phrase: str, **values: object) -> str:
        return self.library.phrases.say(phrase, **values)


def _by_day(one: DossierDate) -> str:
    return one.due.day.isoformat() if one.due else ""


def _to(label: str, name: str) -> Button:
    return Button(label, str(Payload("o", name)))
