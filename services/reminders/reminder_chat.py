"""Reminders asked for in a chat: by a button under days that were counted, a wish, /nhac."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.composer import Composer
from services.conversation.question import Question
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.conversation.state import ConversationState, TurnResult
from services.errors import ToolError, sentence
from services.knowledge.library import Library
from services.reminders import reminders
from services.reminders.words import OFF, Telling
from services.storage.models import Chat
from services.tools.due import DatedLine, dated, due_from, read_event, yearly
from services.tools.forms.catalogue import forms_of

LIST = "/nhac"
"""Written as a message: what is one to be told of?"""
_PLAN = re.compile(r"\d{1,3}(?:-\d{1,3}){0,3}")
_DUE = "due"


@dataclass(frozen=True)
class ReminderChat:
    """The reminders of one chat."""

    session: AsyncSession
    chat: Chat
    library: Library
    now: datetime

    async def press(self, name: str) -> Reply:
        """Do what a button says that carries this; what is none of ours leads nowhere."""
        named, *rest = name.split(".")
        line = DatedLine.read(".".join((named, *rest[:2])))
        match rest:
            case [] if name in {"", OFF}:
                return await self._all(ends=name == OFF)
            case [day, *event] if (start := read_event(day)) and named in self.library.deadlines:
                return self._which(named, start, ".".join(event))
            case [_, _] if line:
                return await self.ask(line)
            case [_, _, what] if line and what == OFF:
                await reminders.end_shown(self.session, self.chat, line, self.library)
                return self._telling.ended()
            case [_, _, plan] if line and _PLAN.fullmatch(plan):
                return await self.ask(line, [int(days) for days in plan.split("-")])
            case _:
                return Composer(self.library, self._today).stale()

    async def ask(self, line: DatedLine, before: Sequence[int] = ()) -> Reply:
        """Note a reminder, and say so; what can't be reminded of is told in words."""
        try:
            row = await reminders.ask(self.session, self.chat, line, self.library, self.now, before)
        except ToolError as refused:
            return Reply("smalltalk", sentence(refused), buttons=self._offers(), confidence=1.0)
        found = dated(self.library, line, self._today)
        return self._telling.noted(row, found) if found else self._telling.ended()

    def _which(self, name: str, start: date, event: str) -> Reply:
        try:
            return self._telling.which(due_from(self.library, name, event, start, self._today))
        except ToolError as refused:
            return Reply("smalltalk", sentence(refused), buttons=self._offers(), confidence=1.0)

    async def _all(self, *, ends: bool) -> Reply:
        """Tell all of them, or end them; where there is none, what may be asked for."""
        if ends:
            await reminders.end_all(self.session, self.chat)
        rows = await reminders.of_chat(self.session, self.chat)
        told = self._telling.listed(rows, self._today)
        return told if rows else replace(told, buttons=self._offers())

    def _offers(self) -> tuple[Button, ...]:
        return offers(self.library, self._today)

    @property
    def _telling(self) -> Telling:
        return Telling(self.library)

    @property
    def _today(self) -> date:
        return day_of(self.now)


def offers(library: Library, today: date) -> tuple[Button, ...]:
    """Return what may be asked for unseen: what comes each year, and the days of a procedure."""
    telling, form = Telling(library), forms_of(library).get(_DUE)
    each = (
        telling.to_ask(line, one) for line, one in yearly(library, library.reminding.offered, today)
    )
    counted = (Button(form.begin, str(Payload("q", _DUE))),) if form else ()
    return (*each, *counted)


def offered(question: Question, result: TurnResult, now: datetime) -> TurnResult:
    """Return the reply to a wish to be reminded with what may be asked for under it."""
    if result.reply.act != "reminder" or not question.is_alone:
        return result
    asked = (Button(label, payload) for label, payload in Telling(result.library).to_list())
    buttons = (*offers(result.library, day_of(now)), *asked, *result.reply.buttons)
    return replace(result, reply=replace(result.reply, buttons=buttons))


async def press(
    session: AsyncSession,
    question: Question,
    state: ConversationState,
    library: Library,
    now: datetime,
) -> TurnResult | None:
    """Do what such a button or /nhac says, and say so; None for any other message."""
    pressed = read_payload(question.payload)
    lists = question.text.strip().lower() == LIST
    if not lists and (pressed is None or pressed.verb != "e"):
        return None
    if not question.is_alone:
        phrase = "reminder_nowhere" if question.channel == "terminal" else "people_private"
        return TurnResult(Composer(library, day_of(now)).sentence(phrase), library, state)
    chat = ReminderChat(session, question.chat, library, now)
    reply = await chat.press(pressed.name if pressed else "")
    asked = LIST if lists else ""
    return TurnResult(reply, library, state, asked=asked)
