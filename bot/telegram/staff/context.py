"""The context of a step: a member of staff at work in a chat, what they write, the words to answer.

A step is `async def name(context, about) -> Reaction`: it does what a button asks, by what the
button names, and returns what is to be said then. Whoever calls it commits.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ToStaff, Wording
from services.announcements.announcement import AnnouncementForm
from services.announcements.announcer import Announcer
from services.announcements.describe import literally
from services.conversation import pending
from services.conversation.reply import Button, Payload, Reply
from services.knowledge.library import Library
from services.people.person import TELEGRAM
from services.staff import account
from services.storage.models import Authoring, Pending, Staff

STAYS_OPEN = timedelta(hours=6)
"""How long words are taken for an answer to the last question."""
_ALBUM = "album"
"""Where the form's row keeps Telegram's name of the pictures that came together last."""


@dataclass(frozen=True)
class StepContext:
    """What each step needs."""

    session: AsyncSession
    staff: Staff
    row: Authoring
    """What is kept of what they write."""
    pending: Pending
    """What their chat was asked last."""
    announcer: Announcer
    pressed: int | None = None
    """The message whose button was pressed; None when words were written."""

    @property
    def now(self) -> datetime:
        """The time it is."""
        return self.announcer.now()

    @property
    def library(self) -> Library:
        """The content that is served."""
        return self.announcer.library

    @property
    def name(self) -> str:
        """Whose steps these are."""
        return self.staff.name

    @property
    def form(self) -> AnnouncementForm:
        """What was said so far of what is being written."""
        return AnnouncementForm.model_validate(self.row.fields)

    @property
    def album(self) -> str:
        """Telegram's name of the pictures that came together last."""
        return str(self.row.fields.get(_ALBUM, ""))

    @property
    def step(self) -> str:
        """The question that is open; empty while nothing is being written."""
        return self.row.step

    @property
    def awaited(self) -> str:
        """What the next words answer beside the draft: a verb, a number, a hash; else empty."""
        asked = pending.values_of(self.pending, "step", self.now) or {}
        return str(asked.get("awaits", ""))

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

    def keep(self, *, awaits: str = "", **columns: Any) -> None:
        """Note where the writing stands, and what the next words answer; nothing else is awaited.

        While nothing is open, words are no answer: they are a question like anybody's.
        """
        for name, value in columns.items():
            setattr(self.row, name, value)
        self.session.add(self.row)
        writing = bool(self.row.step)
        if writing or awaits or self.pending.kind == "step":
            asked = {"awaits": awaits, "writing": writing}
            until = self.now + STAYS_OPEN if writing or awaits else self.now
            chat = (TELEGRAM, self.staff.chat or "")
            self.session.add(pending.asked(self.pending, chat, "step", asked, until))

    def fill(self, *, album: str | None = None, **fields: Any) -> None:
        """Note what was said of what is being written."""
        last = self.album if album is None else album
        row = self.form.with_(**fields).row()
        self.keep(fields=row | ({_ALBUM: last} if last else {}))

    def fill_one(self, field: str, value: Any) -> None:
        """Note what was said of one field."""
        self.fill(**{field: value})

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
        shown = {name: literally(value) for name, value in values.items()}
        return Reply("smalltalk", self.say(phrase, **shown), buttons=buttons, columns=columns)

    def button(self, word: str, *about: object, **values: Any) -> Button:
        """Return the button of a command; its label is the phrase of that name."""
        return command(self.say(f"button_{word}", **values), word, *about)

    def answer(self, label: str, word: str, *about: object) -> Button:
        """Return a button that answers the open question.

        It names the question, so that a second tap on it answers no other.
        """
        return command(label, "answer", self.step, word, *about)

    def react(
        self,
        *wordings: Wording,
        beside: bool = False,
        notices: tuple[ToStaff, ...] = (),
        then: Button | None = None,
    ) -> Reaction:
        """Say this; of a press, the first words stand in the pressed message's place, or beside."""
        return Reaction(
            wordings,
            instead_of=None if beside else self.pressed,
            notices=notices,
            then=then.payload if then else "",
            follows=True,
        )

    def see(self, number: int) -> Reaction:
        """Show a draft once what was done is kept: its rehearsal takes its time."""
        return self.react(then=command("", "see", number))


Step: TypeAlias = Callable[[StepContext, str], Awaitable[Reaction]]


def command(label: str, word: str, *about: object) -> Button:
    """Return a button of staff: a command and what it is about."""
    return Button(label, str(Payload("b", "-".join(map(str, (word, *about))))))


async def context_of(
    session: AsyncSession, announcer: Announcer, chat: str, pressed: int | None = None
) -> StepContext | None:
    """Return the context of whoever is linked to a chat; None for anybody else."""
    staff = await account.of_chat(session, chat)
    if staff is None:
        return None
    row = await session.get(Authoring, staff.id) or Authoring(staff_id=staff.id)
    asked = await session.get(Pending, (TELEGRAM, chat))
    asked = asked or Pending(
        channel=TELEGRAM, key=chat, kind="step", asked={}, until=announcer.now()
    )
    return StepContext(session, staff, row, asked, announcer, pressed)


async def expects(session: AsyncSession, chat: str, now: datetime, *, files: bool) -> bool:
    """Say whether words in a chat, or files, answer what staff were asked not long ago."""
    asked = await pending.find(session, (TELEGRAM, chat), "step", now)
    return asked is not None and bool(asked["writing"] or (asked["awaits"] and not files))
