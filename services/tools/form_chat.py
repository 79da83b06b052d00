"""A form in a chat: one question a message, with buttons; what is typed counts as what is pressed.

A button carries its run and the version that it was shown with, so that one pressed late changes
nothing. Whatever else is asked meanwhile is answered, and the form goes on behind it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from nlu.text import fold
from services.conversation import pending
from services.conversation.acts import acts_in
from services.conversation.enquiries import asks
from services.conversation.plain import literal
from services.conversation.rates import WORDS, time_alone
from services.conversation.reply import Payload, Reply
from services.errors import ToolError, sentence
from services.knowledge.beginnings import ToolValue
from services.knowledge.library import Library
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.storage.models import Chat, FormRun
from services.tools import form_keeping
from services.tools.form_keeping import KEEP
from services.tools.form_messages import FormMessages, choices_at
from services.tools.forms import path, runs
from services.tools.forms.beginning import begin_again, begin_with
from services.tools.forms.bounds import Value, require
from services.tools.forms.catalogue import forms_of
from services.tools.forms.cells import Cell, cell_of, question_at, tells_rows
from services.tools.forms.paper_questions import paper_name
from services.tools.forms.values import (
    BETWEEN,
    Typed,
    as_typed,
    read_answer,
    rows_of,
    write_answer,
)
from services.tools.papers import scored
from services.tools.result import Sources, ToolFile
from services.tools.results import result_of

ANEW, AGAIN, FILE = 1, 2, 3
"""Pages of a button of a tool: from the start, with the answers of the last time, its file."""
_STEP = re.compile(r"(?P<run>\d{1,12})\.(?P<version>\d{1,9})\.(?P<what>[a-z]{2,5}|\d{1,3})")
_SHORT = 4
"""Words from which on a message that asks is a question, not an answer."""
_OWN_ACTS = frozenset({"yes", "no", "nth", "back"})
"""What people say of a talk and may mean of a form."""


@dataclass(frozen=True)
class FormTurn:
    """What a form says, in order."""

    replies: tuple[Reply, ...]
    noted: bool = False
    """Whether the first tells what was answered: it takes the place of the pressed message."""
    files: tuple[ToolFile, ...] = ()
    then: str = ""
    """The button whose file follows, for it takes a moment to be made."""


@dataclass(frozen=True)
class FormChat:
    """The forms of one chat."""

    session: AsyncSession
    chat: Chat
    library: Library
    by: Typed
    now: datetime
    site: str
    """The address of the pages on which a form may be gone on with."""

    async def begin(
        self, tool: str, values: Mapping[str, ToolValue] | None = None, page: int = 0
    ) -> FormTurn | None:
        """Begin a tool with what was told, or ask whether an open run is gone on with.

        None where the tool has no form.
        """
        form = forms_of(self.library).get(tool)
        if form is None:
            return None
        made = await self._begun(form, values or {}, page)
        if made is not None and values and path.is_told(form, made.answers):
            return await self._finish(form, made)
        if made is not None:
            return FormTurn((await self._ask(form, made),))
        held = await runs.find(self.session, self.chat, tool, self.now)
        return FormTurn((self._messages(form, held).resumes(),)) if held else None

    async def _begun(
        self, form: ToolForm, told: Mapping[str, ToolValue], page: int
    ) -> FormRun | None:
        """Begin a run; None where an open one has answers to lose."""
        if page == AGAIN:
            return await begin_again(self.session, self.chat, form, self.now)
        known = await scored.known(self.session, self.chat, form, self.library)
        held = await runs.find(self.session, self.chat, form.name, self.now)
        if page == ANEW or (known and held is None):
            return await runs.begin(self.session, self.chat, form, known, self.now)
        return await begin_with(self.session, self.chat, form, told, self.by, self.now)

    async def press(self, payload: Payload) -> FormTurn | None:
        """Do what a button says; None for what is no button of a form."""
        if payload.page == KEEP:
            told = await form_keeping.press(
                self.session, self.chat, self.library, payload, self.now
            )
            return FormTurn((told,), noted=payload.seen > 0) if told else None
        found = _STEP.fullmatch(payload.name)
        if found is None:
            return await self.begin(payload.name, page=payload.page)
        held = await self._held(int(found["run"]))
        if held is None:
            return FormTurn((Reply("form", self._say("form_chat_gone")),))
        run, form = held
        if run.version != int(found["version"]):
            late = Reply("form", self._say("form_chat_late"))
            return FormTurn((late, await self._ask(form, run)))
        if (time := WORDS.get(found["what"])) is not None:
            return await self._time(form, run, time)
        return await self._step(form, run, found["what"])

    async def write(self, text: str) -> FormTurn | None:
        """Take what was typed as an answer; None where it is none, or no form waits for one."""
        held = await self.waiting()
        if held is None:
            return None
        form, run = held
        if (what := self._word_in(text)) is not None:
            return await self._step(form, run, what)
        question = self._asked(form, run)
        if question is None:
            return await self._change(form, run, text)
        cell = cell_of(question, run.answers, run.cursor) if not tells_rows(text) else None
        if self._is_aside(text, cell.column if cell else question):
            return None
        try:
            return await self._answer(form, run, cell or question, text)
        except ToolError as error:
            wants_person = "person" in self._acts_in(text)
            return None if wants_person else await self._refused(form, run, error, text)

    async def _answer(
        self, form: ToolForm, run: FormRun, question: FormQuestion | Cell, text: str
    ) -> FormTurn:
        """Keep what was typed: `tháng` alone belongs to the rate before; raises `ToolError`."""
        if isinstance(question, Cell):
            return await self._fill(form, run, question, text)
        asked = await pending.find(self.session, self.chat, "form", self.now) or {}
        rate = asked.get("rate", "") if asked.get("run") == run.id else ""
        time = time_alone(text) if rate else None
        told = f"{rate} {WORDS[time]}" if time else text
        return await self._keep(form, run, question, self._read(form, run, question, told))

    async def _refused(
        self, form: ToolForm, run: FormRun, error: ToolError, text: str = ""
    ) -> FormTurn:
        """Ask again and say what was wrong; a rate that lacks its time is remembered."""
        rate = text if error.code == "answer_rate_time" else ""
        return FormTurn((await self._ask(form, run, fault=sentence(error), rate=rate),))

    async def _time(self, form: ToolForm, run: FormRun, time: str) -> FormTurn:
        """Take the time of the rate that was typed."""
        question = self._asked(form, run)
        if question is None or not question.yearly_from:
            return FormTurn((await self._ask(form, run),))
        try:
            return await self._answer(form, run, question, time)
        except ToolError as error:
            return await self._refused(form, run, error)

    async def waiting(self) -> tuple[ToolForm, FormRun] | None:
        """Return the form that waits for an answer in this chat."""
        asked = await pending.find(self.session, self.chat, "form", self.now)
        held = await self._held(asked["run"]) if asked else None
        return (held[1], held[0]) if held else None

    async def go_on(self, form: ToolForm, run: FormRun) -> Reply:
        """Ask again what a form waits for, behind what was answered in between."""
        return await self._ask(form, run, aside=True)

    async def _held(self, number: int) -> tuple[FormRun, ToolForm] | None:
        opened = await runs.opened(self.session, self.chat, self.now)
        run = next((run for run in opened if run.id == number), None)
        form = forms_of(self.library).get(run.form) if run else None
        return (run, form) if run and form else None

    async def _step(  # noqa: PLR0911  # because each step has its own reply
        self, form: ToolForm, run: FormRun, what: str
    ) -> FormTurn:
        """Do what a button or a word says; without sense here, the question is asked again."""
        question, messages = self._asked(form, run), self._messages(form, run)
        match what:
            case "later":
                await pending.clear(self.session, self.chat, "form", self.now)
                return FormTurn((messages.left(),))
            case "drop":
                return FormTurn((messages.asks_to_drop(),))
            case "gone":
                await runs.discard(self.session, run)
                await pending.clear(self.session, self.chat, "form", self.now)
                return FormTurn((Reply("form", self._say("form_chat_dropped")),))
            case "page":
                secret = await runs.make_link(self.session, run, self.now)
                return FormTurn((messages.link(f"{self.site}/tools/resume/{secret}"),))
            case "done" if question is None or form.early:
                return await self._finish(form, run)
            case "back":
                return await self._back(form, run, question)
            case "skip" | "next" | "less" if question and question.optional:
                return await self._pass(form, run, question, what)
            case "fix" if question is None:
                return FormTurn((await self._ask(form, run, fault=self._say("form_chat_which")),))
            case _ if question and what.isdecimal():
                return await self._choose(form, run, question, int(what))
            case _:
                return FormTurn((await self._ask(form, run),))

    async def _choose(
        self, form: ToolForm, run: FormRun, question: FormQuestion, place: int
    ) -> FormTurn:
        choices = choices_at(form, run, question, self.library)
        if not 0 < place <= len(choices):
            return FormTurn((await self._ask(form, run),))
        if cell := cell_of(question, run.answers, run.cursor):
            return await self._fill(form, run, cell, choices[place - 1].id)
        value = self._read(form, run, question, choices[place - 1].id)
        kept = await self._keep(form, run, question, value, pressed=True)
        return FormTurn(kept.replies, noted=True)

    async def _keep(
        self,
        form: ToolForm,
        run: FormRun,
        question: FormQuestion,
        value: Value,
        *,
        pressed: bool = False,
    ) -> FormTurn:
        """Keep an answer and ask what comes next; what was noted is told above it, or apart."""
        told = literal(write_answer(question, value, self.library.phrases))
        if question.kind == "rows" and isinstance(value, list):
            return await self._add(form, run, question, value)
        await self._save(form, run, {question.id: value})
        if form.single:
            return await self._finish(form, run)
        if not pressed:
            return FormTurn((await self._ask(form, run, noted=told),))
        noted = self._say("form_chat_noted", name=question.named, told=told)
        return FormTurn((Reply("form", noted), await self._ask(form, run)))

    async def _add(
        self, form: ToolForm, run: FormRun, question: FormQuestion, rows: list[str]
    ) -> FormTurn:
        """Put rows below those that are there, and wait for more; raises `ToolError`."""
        every = [*rows_of(question, run.answers), *rows]
        require(question, every, {})
        await self._save(form, run, {question.id: every}, cursor=question.id)
        return FormTurn((await self._ask(form, run),))

    async def _fill(self, form: ToolForm, run: FormRun, cell: Cell, raw: str) -> FormTurn:
        """Note what is told for a cell, and ask the next one; raises `ToolError`."""
        told = as_typed(cell.column, read_answer(cell.column, raw, {}, self.by)) if raw else ""
        rows, cursor = cell.filled(told)
        require(cell.question, rows, {})
        await self._save(form, run, {cell.question.id: rows}, cursor=cursor)
        return FormTurn((await self._ask(form, run),))

    async def _pass(
        self, form: ToolForm, run: FormRun, question: FormQuestion, what: str
    ) -> FormTurn:
        """Leave a question or cell out; leave a row or list as it is, or drop its last row."""
        rows, cell = rows_of(question, run.answers), cell_of(question, run.answers, run.cursor)
        in_row = cell is not None and not cell.begins
        if what != "skip" and cell is None:
            return FormTurn((await self._ask(form, run),))
        if cell and in_row and what == "skip":
            return await self._fill(form, run, cell, "")
        if in_row or what == "less":
            rows = rows[:-1] if what == "less" else rows
            await self._save(form, run, {question.id: rows}, cursor=question.id)
            return FormTurn((await self._ask(form, run),))
        if not rows:
            return await self._keep(form, run, question, None)
        await self._save(form, run, {})
        return FormTurn((await self._ask(form, run),))

    async def _back(self, form: ToolForm, run: FormRun, question: FormQuestion | None) -> FormTurn:
        """Ask the cell or question before; before the first that is asked again."""
        cell = cell_of(question, run.answers, run.cursor) if question else None
        before = (
            path.previous_question(form, run.answers, question.id)
            if question
            else path.path(form, run.answers)[-1]
        )
        if cursor := (cell and cell.before) or (before and before.id):
            await self._save(form, run, {}, cursor=cursor)
        return FormTurn((await self._ask(form, run),))

    async def _change(self, form: ToolForm, run: FormRun, text: str) -> FormTurn | None:
        """Ask the question again whose number was typed, where all are looked over."""
        steps = path.path(form, run.answers)
        if not text.strip().isdecimal() or not 0 < int(text) <= len(steps):
            return None
        await self._save(form, run, {}, cursor=steps[int(text) - 1].id)
        return FormTurn((await self._ask(form, run),))

    async def _finish(self, form: ToolForm, run: FormRun) -> FormTurn:
        """End a form and tell what it comes to."""
        before = await runs.finished(self.session, self.chat, form.name, 1)
        last = before[0].answers if before else {}
        try:
            found = result_of(run.answers, Sources(self.library, form, self.now, last))
        except ToolError as error:
            return FormTurn((await self._ask(form, run, fault=sentence(error)),))
        if form.single and not found.sections:
            return FormTurn((await self._ask(form, run, fault=literal(found.lead)),))
        open_ = path.left_out(form, run.answers) if form.early else {}
        await runs.save(self.session, run, form, run.version, open_, now=self.now, ended=True)
        await pending.clear(self.session, self.chat, "form", self.now)
        told = self._messages(form, run).result(found)
        file = str(Payload("q", form.name, FILE)) if paper_name(form.name) else ""
        return FormTurn((told,), files=found.files(form.name), then=file)

    async def _ask(  # noqa: PLR0913  # because each is another thing that is told
        self,
        form: ToolForm,
        run: FormRun,
        fault: str = "",
        noted: str = "",
        *,
        rate: str = "",
        aside: bool = False,
    ) -> Reply:
        """Ask what the form asks now, or have all looked over; its answer is waited for."""
        waits = {"run": run.id, **({"rate": rate} if rate else {})}
        await pending.ask(self.session, self.chat, "form", waits, self.now + runs.RESUMED_WITHIN)
        question, messages = self._asked(form, run), self._messages(form, run)
        if question is None:
            return messages.review(fault=fault, noted=noted)
        asks = messages.question(question, fault=fault, noted=noted, aside=aside)
        return replace(asks, buttons=messages.times()) if rate else asks

    async def _save(
        self, form: ToolForm, run: FormRun, changed: Mapping[str, Value], cursor: str = ""
    ) -> None:
        await runs.save(self.session, run, form, run.version, changed, now=self.now, cursor=cursor)

    def _asked(self, form: ToolForm, run: FormRun) -> FormQuestion | None:
        """Return the question that is asked now; None where all have an answer."""
        again = question_at(form, run.cursor)
        if again and path.can_visit(form, run.answers, again.id):
            return again
        return path.asks_next(form, run.answers)

    def _read(self, form: ToolForm, run: FormRun, question: FormQuestion, raw: str) -> Value:
        """Read an answer; raises `ToolError`."""
        return read_answer(question, raw, path.before(form, run.answers, question.id), self.by)

    def _word_in(self, text: str) -> str | None:
        """Return the step that a word means: `quay lại`, `để sau`; None for any other text."""
        told = fold(text).strip(" .!")
        for what in ("back", "skip", "later", "drop", "page", "next", "less"):
            if told in re.split(r"\s*\|\s*", fold(self._say(f"form_chat_{what}_words"))):
                return what
        return None

    def _is_aside(self, text: str, question: FormQuestion) -> bool:
        """Say whether a text asks or says something else, and is no answer."""
        if question.kind == "rows" and BETWEEN in text:
            return False
        if "?" in text or (len(text.split()) >= _SHORT and asks(self.library.cues, text)):
            return True
        if question.kind not in {"text", "long", "rows", "place"}:
            return False
        return not self._acts_in(text) <= _OWN_ACTS

    def _acts_in(self, text: str) -> set[str]:
        """Return what a text surely does to the talk."""
        return {act.name for act in acts_in(self.library.acts, text) if act.sure}

    def _messages(self, form: ToolForm, run: FormRun) -> FormMessages:
        return FormMessages(self.library, form, run)

    def _say(self, phrase: str, **values: object) -> str:
        return self.library.phrases.say(phrase, **values)
