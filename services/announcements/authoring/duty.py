"""A duty: a member of staff at work in a chat, what keeps their words, the words to answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.announcer import Announcer
from services.announcements.authoring.sketch import Sketch
from services.announcements.quiet import Quiet
from services.conversation.payloads import Payload
from services.conversation.plain import literal
from services.conversation.reply import Button, Reply
from services.knowledge.library import Library
from services.staff import account, link
from services.storage.models import Authoring, Staff

STAYS_OPEN = timedelta(hours=6)
"""How long words are taken for an answer to the last question."""


@dataclass(frozen=True)
class Duty:
    """What each step of staff needs; the caller commits."""

    session: AsyncSession
    staff: Staff
    row: Authoring
    announcer: Announcer
    rate: float
    """Messages a second."""
    quiet: Quiet
    place: str = ""
    """The message that was pressed, by the channel's own name; empty when words were written."""

    @property
    def now(self) -> datetime:
        """The time it is."""
        return self.announcer.now()

    @property
    def library(self) -> Library:
        """The content that is served."""
        return self.announcer.library

    @property
    def sketch(self) -> Sketch:
        """What was said so far of what is being written."""
        return Sketch.model_validate(self.row.fields)

    @property
    def writes(self) -> bool:
        """Whether they may write, send, pause and cancel."""
        return self.staff.role in account.WRITERS

    @property
    def approves(self) -> bool:
        """Whether they may approve what another wrote."""
        return self.staff.role in account.APPROVERS

    @property
    def unsaved(self) -> bool:
        """Whether something is being written that is no draft yet."""
        return bool(self.row.step) and self.row.announcement_id is None

    def keep(self, **columns: Any) -> None:
        """Note where the writing stands: columns of its row; what was awaited is no more."""
        for name, value in {"awaits": "", **columns, "at": self.now}.items():
            setattr(self.row, name, value)
        self.session.add(self.row)

    def draw(self, **fields: Any) -> None:
        """Note what was said of what is being written."""
        self.keep(fields=self.sketch.with_(**fields).row())

    def close(self) -> None:
        """Forget what was being written."""
        self.keep(step="", announcement_id=None, fields={})

    def rest(self) -> None:
        """Close a draft that is kept; what is half written stays open."""
        if not self.unsaved:
            self.close()

    def say(self, phrase: str, /, **values: Any) -> str:
        """Render a phrase of staff as it is."""
        return self.library.phrases.say(f"staff_{phrase}", **values)

    def reply(self, phrase: str, *buttons: Button, columns: int = 1, **values: Any) -> Reply:
        """Reply with a phrase, the texts among its values shown as they are."""
        shown = {name: _literal(value) for name, value in values.items()}
        return Reply("smalltalk", self.say(phrase, **shown), buttons=buttons, columns=columns)

    def button(self, word: str, *about: object, **values: Any) -> Button:
        """Return the button of a word; its label is the phrase of that name."""
        return key(self.say(f"button_{word}", **values), word, *about)


@dataclass(frozen=True)
class Office:
    """Where staff work: knows whose chat a chat is."""

    announcer: Announcer
    rate: float
    quiet: Quiet

    async def duty(self, session: AsyncSession, chat: str, place: str = "") -> Duty | None:
        """Return the duty of whoever is linked to a chat; None for anybody else."""
        staff = await link.of_chat(session, chat)
        if staff is None:
            return None
        row = await session.get(Authoring, staff.id)
        row = row or Authoring(staff_id=staff.id, at=self.announcer.now())
        return Duty(session, staff, row, self.announcer, self.rate, self.quiet, place)

    async def expects(self, session: AsyncSession, chat: str, *, files: bool = False) -> bool:
        """Say whether words in a chat, or files, answer what staff were asked not long ago."""
        writing = Authoring.step != ""
        open_ = (
            writing if files else or_(writing, Authoring.awaits != ""),
            Authoring.at > self.announcer.now() - STAYS_OPEN,
        )
        theirs = select(Authoring.staff_id).join(Staff, Staff.id == Authoring.staff_id)
        query = theirs.where(Staff.chat == chat, ~Staff.disabled, *open_)
        return await session.scalar(query) is not None


def key(label: str, word: str, *about: object) -> Button:
    """Return a button of staff: a word and what it is about."""
    return Button(label, str(Payload("b", "-".join(map(str, (word, *about))))))


def _literal(value: Any) -> Any:
    """Have Markdown show a text as it is, also each of a list."""
    if isinstance(value, str):
        return literal(value)
    return [literal(one) for one in value] if isinstance(value, list) else value
