"""Drafts: what an author does with an announcement before anything of it is sent.

Each step checks before it changes anything; what it refuses leaves the announcement as it is, and
what it does is noted with who did it. A rehearsal is everything that sending would do, but for the
sending. Faces call these and translate; the caller commits.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval
from services.announcements.announcement import BEFORE, DELETED, AnnouncementForm
from services.announcements.attachments import keep_all
from services.announcements.audience_words import Naming
from services.announcements.checks import Inspector
from services.announcements.draft_file import Draft, read_draft
from services.announcements.letter import Letter, Reader
from services.announcements.quiet import Quiet
from services.clock import day_of, iso
from services.errors import AnnouncementError
from services.people import person as people
from services.people.person import TELEGRAM, Identity
from services.staff import account, audit
from services.storage.models import Announcement, Person

_TOGETHER = 1000
_AT_A_TIME = 5
"""Letters until others have their turn: a rehearsal in the bot's process may delay no reply."""


@dataclass(frozen=True)
class Rehearsal:
    """What would happen if it were sent now."""

    total: int
    parts: int
    """Messages to all recipients together."""
    left_out: dict[str, int]
    seconds: float
    """At the set rate, quiet hours not counted; 0 when the rate is 0."""
    starts_at: datetime
    ends_at: datetime
    """Quiet hours counted."""
    held: bool
    """Whether quiet hours hold now."""
    late: bool
    """Whether it ends after the announcement's last day."""
    faults: tuple[AnnouncementError, ...]
    notices: tuple[str, ...]
    approved: bool
    """Whether another person has approved exactly this."""
    hash: str
    """Of what was rehearsed, as an approval names it."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine, times as in Việt Nam."""
        written = {"starts_at": iso(self.starts_at), "ends_at": iso(self.ends_at)}
        lists = {"faults": list(map(str, self.faults)), "notices": list(self.notices)}
        return vars(self) | written | lists


@dataclass(frozen=True)
class Drafts(Inspector):
    """Writes, shows and rehearses drafts, beside looking at what there is."""

    identity: Identity
    """What turns single chats into hashes."""
    quiet: Quiet
    rate: float
    """Messages a second; 0 is unpaced."""

    def quiet_for(self, announcement: Announcement) -> Quiet:
        """Return the hours in which an announcement rests: never, where two say it is urgent."""
        return Quiet() if announcement.urgent else self.quiet

    def read(self, path: Path) -> Draft:
        """Read an announcement file.

        Raises:
            AnnouncementError: it can't be read, or a field is missing, unknown or wrong.

        """
        return read_draft(path, Naming.of(self.library, self.identity), day_of(self.now()))

    async def draft(self, session: AsyncSession, draft: Draft, by: str) -> Announcement:
        """Keep a new draft. Whether it can be sent, `inspect` says.

        Raises:
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        author = await account.require(session, by, account.WRITERS)
        columns = self._columns(draft)
        made = Announcement(**columns, author=author.name, created_at=self.now())
        session.add(made)
        await session.flush()
        self._note(session, by, "draft", made, hash=approval.fingerprint(made))
        return made

    async def change(
        self, session: AsyncSession, number: int, draft: Draft, by: str
    ) -> Announcement:
        """Put another text in a draft's place; an approval of the old one no longer counts.

        Whoever writes it is its author from now on.

        Raises:
            AnnouncementError: there is no such draft, or it is on its way.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        author = await account.require(session, by, account.WRITERS)
        kept = await self._held(session, number)
        self.require_state(kept, BEFORE, "change")
        for name, value in self._columns(draft).items():
            setattr(kept, name, value)
        kept.author, kept.state, kept.reason, kept.starts_at = author.name, "draft", "", None
        self._note(session, by, "redraft", kept, hash=approval.fingerprint(kept))
        return kept

    async def copy(self, session: AsyncSession, number: int, by: str) -> Announcement:
        """Begin a new draft from what an announcement says, whatever became of that one.

        Raises:
            AnnouncementError: there is none of that number.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        copied = await self.find(session, number)
        form = AnnouncementForm.of(copied).with_(urgent=False)  # that was of another hour
        return await self.draft(session, Draft(form), by)

    async def delete(self, session: AsyncSession, number: int, by: str) -> None:
        """Delete a draft of one's own: its text goes, its number is never another's.

        Raises:
            AnnouncementError: there is no such draft, another wrote it, or it is on its way.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        kept = await self.own(session, number, by)
        self.require_state(kept, BEFORE, "delete")
        empty = AnnouncementForm(audience={}).columns()
        for name, value in {**empty, "file": "", "reason": "", "asked": "", "progress": []}.items():
            setattr(kept, name, value)
        kept.state, kept.finished_at = DELETED, self.now()
        self._note(session, by, "delete", kept)

    async def own(self, session: AsyncSession, number: int, by: str) -> Announcement:
        """Return an announcement that this account wrote.

        Raises:
            AnnouncementError: there is none, or another wrote it.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        author = await account.require(session, by, account.WRITERS)
        kept = await self._held(session, number)
        if kept.author != author.name:
            raise AnnouncementError("announcement_of_another", number=number, author=kept.author)
        return kept

    async def preview(
        self, session: AsyncSession, number: int, reader: Reader | None = None
    ) -> Letter:
        """Return the letter as a recipient gets it; without a reader, as one without a name.

        Raises:
            AnnouncementError: there is none of that number, or its text is no template of ours.

        """
        announcement = await self.find(session, number)
        return self.writer(announcement).letter(reader or Reader())

    async def trial(self, session: AsyncSession, number: int, by: str) -> tuple[str, Letter]:
        """Return the chat that an account is linked to, and the letter for whoever is met there.

        Raises:
            AnnouncementError: the account is not linked, or the letter can't be sent as it is.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        staff = await account.require(session, by, account.WRITERS)
        if staff.chat is None:
            raise AnnouncementError("staff_not_linked", name=staff.name)
        announcement = await self.find(session, number)
        if faults := self.faults(announcement):
            raise faults[0]
        met = await people.find(session, TELEGRAM, staff.chat)
        reader = Reader(met.name, met.place, met.role) if met else Reader()
        return staff.chat, self.writer(announcement).letter(reader)

    async def note_trial(self, session: AsyncSession, number: int, by: str) -> None:
        """Note that somebody was sent a trial."""
        self._note(session, by, "test", await self.find(session, number))

    async def rehearse(
        self, session: AsyncSession, number: int, by: str = audit.SYSTEM
    ) -> Rehearsal:
        """Write every recipient's letter and check it by its channel's rules; nothing is sent.

        Raises:
            AnnouncementError: there is none of that number.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        announcement = await self.find(session, number)
        found = await self.inspect(session, announcement)
        parts, refused = 0, list[AnnouncementError]()
        if not found.faults:
            parts, refused = await self._write_all(session, announcement)
        now, seconds = self.now(), parts / self.rate if self.rate else 0.0
        quiet = self.quiet_for(announcement)
        ends_at, held_until = quiet.finish(now, seconds), quiet.ends_after(now)
        until = announcement.valid_until
        return Rehearsal(
            total=found.people.total,
            parts=parts,
            left_out=found.people.left_out,
            seconds=round(seconds, 1),
            starts_at=held_until or now,
            ends_at=ends_at,
            held=held_until is not None,
            late=until is not None and day_of(ends_at) > until,
            faults=(*found.faults, *refused),
            notices=found.notices,
            approved=await approval.standing(session, announcement, now) is not None,
            hash=self.shown(announcement),
        )

    async def _write_all(
        self, session: AsyncSession, announcement: Announcement
    ) -> tuple[int, list[AnnouncementError]]:
        """Return how many messages there are, and what is refused of any, each fault once."""
        writer = self.writer(announcement)
        query = select(Person.channel, Person.name, Person.place, Person.role)
        meant = query.where(*self.receiving(announcement))
        rows = await session.stream(meant.execution_options(yield_per=_TOGETHER))
        parts, faults = 0, dict[str, None]()
        async for channel, name, place, role in rows:
            if parts % _AT_A_TIME == 0:
                await asyncio.sleep(0)
            letter, form = writer.letter(Reader(name, place, role)), self.forms[channel]
            parts += len(form.parts(letter))
            faults |= dict.fromkeys(form.faults(letter))
        return parts, [AnnouncementError(fault) for fault in faults]

    async def _held(self, session: AsyncSession, number: int) -> Announcement:
        """Return an announcement that nobody else changes until the caller's transaction ends.

        The update changes nothing: it takes the row's lock, on SQLite the whole database's, so
        that what is checked next is still so when it is written.
        """
        mine = update(Announcement).where(Announcement.id == number)
        await session.execute(mine.values(state=Announcement.state))
        return await self.find(session, number)

    @staticmethod
    async def _let_in(session: AsyncSession, by: str) -> None:
        """Let in who writes announcements, and the system, whose steps are noted as its own."""
        if by != audit.SYSTEM:
            await account.require(session, by, account.WRITERS)

    def _columns(self, draft: Draft) -> dict[str, Any]:
        """Return the columns that a draft fills; its attachments are kept."""
        near = draft.path.parent if draft.path else self.folder
        files = (*draft.form.attachments, *keep_all(draft.names, near, self.folder))
        columns = draft.form.with_(attachments=tuple(dict.fromkeys(files))).columns()
        return {**columns, "file": str(draft.path or ""), "file_hash": draft.sha256}

    def _note(
        self, session: AsyncSession, by: str, did: str, announcement: Announcement, **numbers: Any
    ) -> None:
        about, who = f"announcement {announcement.id}", account.plain_name(by)
        audit.note(session, self.now(), who, f"announce.{did}", about, **numbers)
