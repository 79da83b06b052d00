"""What a form says in a chat: a question with its buttons, all answers, a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from services.conversation.plain import capital, literal
from services.conversation.rates import WORDS
from services.conversation.reply import Button, Payload, Reply
from services.knowledge.library import Library
from services.knowledge.tool_forms import FormChoice, FormQuestion, ToolForm
from services.storage.models import FormRun
from services.tools.form_keeping import keep_button
from services.tools.forms import path, runs
from services.tools.forms.bounds import Answers, choices_of
from services.tools.forms.cells import Cell, cell_of
from services.tools.forms.paper_questions import form_name
from services.tools.forms.values import YES_NO, cells_of, rows_of, write_answer
from services.tools.result import ToolResult

_LABEL, _LABELS = 40, 7
"""Signs of a label, and how many labels, that make buttons; else they are numbered in the text."""
_NUMBERS_A_ROW = 5
_SHOWN = 200
"""Signs of an answer where all are looked over: a phone shows no more of one at a glance."""


def choices_in(
    form: ToolForm, answers: Answers, question: FormQuestion, library: Library
) -> tuple[FormChoice, ...]:
    """Return what can be pressed as the answer to a question, yes and no among it."""
    if question.kind == "yes_no":
        labels = library.phrases.say("form_yes"), library.phrases.say("form_no")
        pairs = zip(YES_NO.values(), labels, strict=True)
        return tuple(FormChoice(id=name, label=label) for name, label in pairs)
    return choices_of(question, path.before(form, answers, question.id))


def choices_at(
    form: ToolForm, run: FormRun, question: FormQuestion, library: Library
) -> tuple[FormChoice, ...]:
    """Return what can be pressed now: of a list the choices of the cell that is asked for."""
    cell = cell_of(question, run.answers, run.cursor)
    return cell.column.choices if cell else choices_in(form, run.answers, question, library)


@dataclass(frozen=True)
class FormMessages:
    """Writes the messages of one run."""

    library: Library
    form: ToolForm
    run: FormRun

    def question(
        self, asked: FormQuestion, *, fault: str = "", noted: str = "", aside: bool = False
    ) -> Reply:
        """Ask a question; above it stands what was noted, or what was wrong."""
        steps, answers = path.path(self.form, self.run.answers), self.run.answers
        cell = cell_of(asked, answers, self.run.cursor)
        choices = choices_at(self.form, self.run, asked, self.library)
        held = asked.id in path.kept(self.form, answers)
        lead = self._say(
            "form_chat_ask",
            title=self.form.title,
            at=steps.index(asked) + 1,
            count=path.count(self.form, answers),
            section=asked.section,
            ask=asked.ask,
            help=asked.help,
            choices=choices,
            numbered=_are_numbered(choices) or asked.kind == "many",
            many=asked.kind == "many",
            columns=[one.named for one in asked.columns],
            rows=[literal(_short(row)) for row in rows_of(asked, answers)],
            cell=self._told_of(cell) if cell else None,
            example=asked.example,
            held=self._told(asked) if held and not asked.columns else "",
            noted=noted,
            fault=fault,
            aside=aside,
        )
        return Reply(
            "form",
            lead,
            buttons=tuple(self._buttons(asked, choices, cell)),
            columns=_NUMBERS_A_ROW if _are_numbered(choices) else 1,
            verdicts=tuple(self._ways(asked, cell, first=steps[0] is asked)),
            confidence=1.0,
        )

    def times(self) -> tuple[Button, ...]:
        """Return what tells of what time a rate is."""
        return tuple(self._to(time, capital(words)) for time, words in WORDS.items())

    def review(self, *, fault: str = "", noted: str = "") -> Reply:
        """Have all answers looked over before they are worked out."""
        steps = path.path(self.form, self.run.answers)
        rows = [{"name": one.named, "told": self._told(one)} for one in steps]
        done = self.form.early or self._say("form_chat_done")
        lead = self._say(
            "form_chat_review",
            title=self.form.title,
            rows=rows,
            fault=fault,
            noted=noted,
            done=done,
        )
        buttons = self._to("done", done), self._button("fix"), self._button("page")
        verdicts = tuple(self._button(what) for what in ("back", "later", "drop"))
        return Reply("form", lead, buttons=buttons, verdicts=verdicts, confidence=1.0)

    def resumes(self) -> Reply:
        """Ask whether a run that was left is gone on with."""
        held = len(path.kept(self.form, self.run.answers))
        lead = self._say("form_chat_resumes", title=self.form.title, count=held)
        return Reply("form", lead, buttons=(self._button("on"), self._anew()), confidence=1.0)

    def left(self) -> Reply:
        """Say that what was answered is kept."""
        days = max(runs.RESUMED_WITHIN.days, self.run.keep_days or 0)
        lead = self._say("form_chat_left", title=self.form.title, days=days)
        buttons = self._button("on"), self._button("page"), keep_button(self.form, self.library)
        return Reply("form", lead, buttons=buttons)

    def asks_to_drop(self) -> Reply:
        """Ask whether all answers are to go."""
        held = len(path.kept(self.form, self.run.answers))
        buttons = self._to("gone", self._say("form_chat_gone_yes")), self._button("on")
        return Reply("form", self._say("form_chat_drops", count=held), buttons=buttons)

    def link(self, address: str) -> Reply:
        """Give the address at which the form is gone on with, once."""
        return Reply("form", self._say("form_chat_link", address=address))

    def result(self, found: ToolResult) -> Reply:
        """Tell what the answers come to."""
        again = Button(self._say("form_chat_again"), str(Payload("q", self.form.name, 2)))
        anew = Button(self._say("form_chat_anew"), str(Payload("q", self.form.name)))
        keeps = keep_button(self.form, self.library)
        papers = found.papers.items()
        further = (Button(title, str(Payload("q", form_name(name)))) for name, title in papers)
        return Reply(
            "form",
            found.as_markdown(),
            buttons=(*self._reminds(found), again, anew, *further, keeps),
            confidence=1.0,
        )

    def _reminds(self, found: ToolResult) -> tuple[Button, ...]:
        """Return the button that asks to be told of one of its days; none where none is coming."""
        return (Button(self._say("button_remind"), found.remind),) if found.remind else ()

    def _told(self, asked: FormQuestion) -> str:
        value = path.kept(self.form, self.run.answers).get(asked.id)
        return literal(_short(write_answer(asked, value, self.library.phrases)))

    def _told_of(self, cell: Cell) -> dict[str, object]:
        """Return what is told of a cell that is asked for."""
        example = cells_of(cell.question, cell.question.example).get(cell.column.id, "")
        asked = {"ask": cell.column.ask, "help": cell.column.help, "held": literal(cell.held)}
        told = "" if cell.begins else literal(_short(cell.rows[-1]))
        return asked | {"row": cell.row, "begins": cell.begins, "told": told, "example": example}

    def _buttons(
        self, asked: FormQuestion, choices: Sequence[FormChoice], cell: Cell | None
    ) -> Sequence[Button]:
        """Return what answers a question: its choices, or of a row or a list that it is whole."""
        if asked.kind == "many":
            return []
        if cell is None or not cell.rows:
            return self._choices(choices)
        ends = [self._button("next"), self._button("less")]
        whole = self._to("next", self._say("form_chat_row"))
        return [*self._choices(choices), *(ends if cell.begins else [whole])]

    def _choices(self, choices: Sequence[FormChoice]) -> Sequence[Button]:
        numbered = _are_numbered(choices)
        return [
            self._to(str(place), str(place) if numbered else one.label)
            for place, one in enumerate(choices, 1)
        ]

    def _ways(self, asked: FormQuestion, cell: Cell | None, *, first: bool) -> list[Button]:
        """Return the ways on beside an answer; what ends early stands where else all is dropped."""
        skip = asked.optional and not (cell and cell.rows and cell.begins)
        first = first and not (cell and cell.before)
        names = ("skip" if skip else "", "page" if first else "back", "later")
        last = self._to("done", self.form.early) if self.form.early else self._button("drop")
        return [*(self._button(what) for what in names if what), last]

    def _button(self, what: str) -> Button:
        return self._to(what, self._say(f"form_chat_{what}"))

    def _to(self, what: str, label: str) -> Button:
        run = self.run
        return Button(label, str(Payload("q", f"{run.id}.{run.version}.{what}")))

    def _anew(self) -> Button:
        return Button(self._say("form_chat_anew"), str(Payload("q", self.form.name, 1)))

    def _say(self, phrase: str, **values: object) -> str:
        return self.library.phrases.say(phrase, **values)


def _short(text: str) -> str:
    return shorten(text, _SHOWN, placeholder="…")


def _are_numbered(choices: Sequence[FormChoice]) -> bool:
    """Say whether the choices stand in the text, and the buttons have their numbers alone."""
    return len(choices) > _LABELS or any(len(one.label) > _LABEL for one in choices)
