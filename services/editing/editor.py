"""The editor: what staff do with articles, from a first word to the file that is served.

Each step checks before it changes anything; what it refuses leaves the proposal as it is. Faces
call these and translate; the caller commits.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.editing import article_files, learning, proposals
from services.editing.differences import merged
from services.editing.history import Version, history
from services.editing.proposals import Hand
from services.edition import CurrentEdition
from services.errors import ContentError, ProposalError
from services.knowledge.article_file import ArticleFile, in_place
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.publishing.snapshot import digest
from services.settings import Settings
from services.staff import account
from services.storage.models import Proposal, ProposalText, Staff

EDITORS: frozenset[str] = frozenset({"content", "approver", "admin"})
"""Who may write articles."""
Fit: TypeAlias = Callable[[Library, date, Collection[str]], Iterator[Finding]]
"""Yields what of these articles does not fit a channel; only faces know that."""
_FINISHERS = frozenset({"content", "admin"})
"""Before whom a draft stands that was begun by somebody who writes no articles."""


@dataclass(frozen=True)
class Checked:
    """A text of an article, read in its place of the content."""

    file: ArticleFile | None
    """None where its front matter can't be read."""
    findings: tuple[Finding, ...]
    """What keeps it from being served, in the order of its lines."""


@dataclass(frozen=True)
class Editor:
    """Reads, checks, keeps and publishes what staff write."""

    settings: Settings
    current: CurrentEdition
    now: Callable[[], datetime]
    fit: Fit

    @property
    def root(self) -> Path:
        """The folder of the content."""
        return self.settings.content_dir

    async def library(self) -> Library:
        """Return the content as the folder holds it now; what is served, where that is the same."""
        stamp = await asyncio.to_thread(_stamp, self.root)
        fingerprint = await asyncio.to_thread(_digest, self.root, stamp)
        edition = self.current.edition
        if fingerprint == edition.fingerprint:
            return edition.library
        return await asyncio.to_thread(_folder, self.root, fingerprint)

    async def check(self, article: str, text: str) -> Checked:
        """Read a text in its place of the content, with everything that is wrong with it.

        What is served as it stands is not looked at again: it was checked when it was published.
        """
        served = self.current.library.articles.get(article)
        if served is not None and served.raw == text:
            return Checked(ArticleFile(served, self.current.library, ()), ())
        library, today = await self.library(), day_of(self.now())
        return await asyncio.to_thread(self._check, library, article, text, today)

    def _check(self, library: Library, article: str, text: str, today: date) -> Checked:
        try:
            read = in_place(library, article, text.encode(), today)
        except ContentError as error:
            return Checked(None, tuple(error.values["findings"]))
        unfit = self.fit(read.library, today, (article,))
        found = sorted({*read.findings, *unfit}, key=lambda one: (one.line, one))
        return Checked(read, tuple(found))

    def written(self, article: str) -> str:
        """Return an article's file as it stands; empty where there is none."""
        return article_files.written(self.root, article)

    def is_in_conflict(self, proposal: Proposal) -> bool:
        """Say whether somebody changed the file under a proposal that is open."""
        stands = self.written(proposal.article)
        return proposal.closed_at is None and stands not in {proposal.base, proposal.text}

    async def begin(
        self, session: AsyncSession, article: str, by: str, text: str | None = None
    ) -> Proposal:
        """Begin a proposal of an article, with another text than its file has where one is given.

        Where one is open, that one is returned as it is.

        Raises:
            ProposalError: there is no such article and no text, or its name is none.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        article_files.require_name(article, await self.library())
        base = self.written(article)
        if not base and text is None:
            raise ProposalError("article_unknown", article=article)
        begun = base if text is None else text
        return await proposals.begin(session, article, base, begun, self._hand(writer))

    async def begin_new(self, session: AsyncSession, article: str, text: str, by: str) -> Proposal:
        """Begin a proposal of an article that there is not yet.

        Raises:
            ProposalError: there is one of that name, or its name is none.
            StaffError: the account writes no articles.

        """
        if self.written(article):
            raise ProposalError("article_taken", article=article)
        return await self.begin(session, article, by, text)

    async def history(self, session: AsyncSession, article: str) -> list[Version]:
        """Return the versions of an article, the newest first."""
        return await history(session, article, self.written(article))

    async def bring_back(self, session: AsyncSession, article: str, key: str, by: str) -> Proposal:
        """Begin a proposal with the text of an earlier version.

        Raises:
            ProposalError: there is no such version, or a proposal of the article is open.
            StaffError: the account writes no articles.

        """
        past = {version.key: version for version in await self.history(session, article)}
        if key not in past:
            raise ProposalError("article_version_unknown", article=article)
        if await proposals.open_of(session, article) is not None:
            raise ProposalError("proposal_open_already", article=article)
        return await self.begin(session, article, by, past[key].text)

    async def save(
        self, session: AsyncSession, number: int, seen: str, text: str, by: str
    ) -> Proposal:
        """Keep a text, whatever is wrong with it, beside what the checks find.

        Raises:
            ProposalError: it is closed, or somebody saved another text than `seen` meanwhile.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        with session.no_autoflush:  # a check takes a second: nobody waits for a lock meanwhile
            proposal = await proposals.find(session, number)
            checked = await self.check(proposal.article, text)
        found = checked.findings
        await proposals.save(session, proposal, text, found, self._hand(writer, seen))
        return proposal

    def together(self, proposal: Proposal) -> str | None:
        """Return a proposal's text with what somebody did to the file; None where both clash."""
        return merged(proposal.base, self.written(proposal.article), proposal.text)

    async def rebase(
        self, session: AsyncSession, number: int, seen: str, by: str, *, merge: bool = False
    ) -> Proposal:
        """Let a proposal stand over the file as it is now, with what was done there or as it is.

        Raises:
            ProposalError: it is closed, somebody saved another text than `seen` meanwhile, or both
                sides changed the same lines.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        with session.no_autoflush:
            proposal = await proposals.find(session, number)
            text = self.together(proposal) if merge else proposal.text
            if text is None:
                raise ProposalError("proposal_clash", article=proposal.article)
            found = (await self.check(proposal.article, text)).findings
        stands = self.written(proposal.article)
        hand = self._hand(writer, seen)
        await proposals.rebase(session, proposal, stands, text, hand)
        await proposals.save(session, proposal, text, found, hand._replace(seen=proposal.hash))
        return proposal

    async def learn(self, session: AsyncSession, number: int, seen: str, by: str) -> Proposal:
        """Have a proposal learnt as it was seen, so that its writer sees what it changes.

        Raises:
            ProposalError: it is closed, is not as it was seen, or is being learnt.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        return await learning.ask(session, number, self._hand(writer, seen))

    async def submit(
        self, session: AsyncSession, number: int, seen: str, why: str, by: str
    ) -> Proposal:
        """Ask for another's approval.

        Raises:
            ProposalError: the checks find something, the file changed meanwhile, it is not said
                why, or it is not as it was seen.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        proposal = await self._sound(session, number)
        await proposals.submit(session, proposal, why, self._hand(writer, seen))
        return proposal

    async def approve(self, session: AsyncSession, number: int, seen: str, by: str) -> Proposal:
        """Approve exactly what was seen, and write it into the file; what serves takes it up.

        The file is written before the caller commits: where that fails, the proposal is submitted
        still, and approving it again finds its text in the file already.

        Raises:
            ProposalError: whoever approves wrote of it, the checks find something, the file
                changed meanwhile, or it is not as it was seen.
            StaffError: the account approves nothing.
            MachineError: the file can't be written.

        """
        approver = await account.require(session, by, account.APPROVERS)
        proposal = await self._sound(session, number)
        await proposals.require_another(session, proposal, approver.name)
        await proposals.approve(session, proposal, self._hand(approver, seen))
        article_files.write(self.root, proposal.article, proposal.base, proposal.text)
        return proposal

    async def give_back(
        self, session: AsyncSession, number: int, seen: str, comment: str, by: str
    ) -> Proposal:
        """Give a proposal back to its writers, with a reason.

        Raises:
            ProposalError: whoever does wrote of it, no reason is given, it is not submitted, or
                not as it was seen.
            StaffError: the account approves nothing.

        """
        approver = await account.require(session, by, account.APPROVERS)
        proposal = await proposals.find(session, number)
        await proposals.require_another(session, proposal, approver.name)
        await proposals.give_back(session, proposal, comment, self._hand(approver, seen))
        return proposal

    async def withdraw(self, session: AsyncSession, number: int, seen: str, by: str) -> Proposal:
        """Close a proposal without a change of the file.

        Raises:
            ProposalError: it is closed, or not as it was seen.
            StaffError: the account writes no articles.

        """
        writer = await account.require(session, by, EDITORS)
        proposal = await proposals.find(session, number)
        await proposals.withdraw(session, proposal, self._hand(writer, seen))
        return proposal

    async def waiting(self, session: AsyncSession, *states: str) -> list[Proposal]:
        """Return the proposals in these states, what waits longest first."""
        query = select(Proposal).where(Proposal.state.in_(states))
        return list(await session.scalars(query.order_by(Proposal.changed_at, Proposal.id)))

    async def waiting_for(self, session: AsyncSession, staff: Staff, most: int) -> list[Proposal]:
        """Return what waits for an account.

        Others' texts to approve, its own that came back; for a writer of articles also what was
        begun by somebody who writes none, and that no writer has put a hand to yet.
        """
        wrote = exists().where(
            ProposalText.proposal_id == Proposal.id, ProposalText.by == staff.name
        )
        mine = and_(Proposal.state == "returned", wrote)
        others = and_(Proposal.state == "submitted", ~wrote)
        meant = or_(mine, others) if staff.role in account.APPROVERS else mine
        if staff.role in _FINISHERS:
            meant = or_(meant, and_(Proposal.state == "draft", ~_by_an_editor()))
        query = select(Proposal).where(meant).order_by(Proposal.changed_at, Proposal.id)
        return list(await session.scalars(query.limit(most)))

    def _hand(self, staff: Staff, seen: str = "") -> Hand:
        return Hand(staff.name, self.now(), seen)

    async def _sound(self, session: AsyncSession, number: int) -> Proposal:
        """Return a proposal that nothing speaks against but its state.

        Raises:
            ProposalError: the checks find something in it, or the file changed meanwhile.

        """
        with session.no_autoflush:
            proposal = await proposals.find(session, number)
            checked = await self.check(proposal.article, proposal.text)
        if self.is_in_conflict(proposal):
            raise ProposalError("proposal_conflict", article=proposal.article)
        if checked.findings:
            raise ProposalError("proposal_findings", count=len(checked.findings))
        return proposal


def _by_an_editor() -> ColumnElement[bool]:
    """Return whether anybody who writes articles wrote any text of a proposal."""
    name = select(Staff.name).where(Staff.role.in_(EDITORS))
    wrote = exists().where(ProposalText.proposal_id == Proposal.id, ProposalText.by.in_(name))
    return or_(Proposal.begun_by.in_(name), wrote)


def _stamp(root: Path) -> int:
    """Return what changes when any file of a folder does: sizes and times, nothing is read."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            with contextlib.suppress(OSError):  # a file may go while it is looked at
                held = Path(folder, name).stat()
                found.append((folder, name, held.st_mtime_ns, held.st_size, held.st_ino))
    return hash(tuple(sorted(found)))


@lru_cache(maxsize=1)
def _digest(root: Path, _stamped: int) -> str:
    """Return the fingerprint of a folder, taken once for each state of it."""
    return digest(root)


@lru_cache(maxsize=1)
def _folder(root: Path, _fingerprint: str) -> Library:
    """Read the folder once for each state of it."""
    return read_library(root)
