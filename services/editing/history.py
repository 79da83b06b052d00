"""The history of an article's file: each text that it had, whose it was, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.editing import proposals
from services.storage.models import Proposal, ProposalVerdict

_MOST = 50
"""Versions that are told; older ones stay in the database."""


@dataclass(frozen=True)
class Version:
    """A text that a file had, and the one before it."""

    key: str
    """By which it is asked for again."""
    before: str
    text: str
    at: datetime | None = None
    why: str = ""
    writers: tuple[str, ...] = ()
    approver: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether somebody changed the file past the console: nobody is named then."""
        return self.at is None


async def history(session: AsyncSession, article: str, stands: str) -> list[Version]:
    """Return the versions of an article, the newest first.

    What stands in the file, or stood there when a proposal began, and is no proposal's text was
    written by hand.
    """
    query = select(Proposal).where(Proposal.article == article, Proposal.state == "published")
    query = query.order_by(Proposal.closed_at.desc(), Proposal.id.desc()).limit(_MOST)
    found: list[Version] = []
    text = stands
    for proposal in await session.scalars(query):
        if proposal.text != text:
            found.append(Version(f"{proposal.id}-after", proposal.text, text))
        found.append(await _published(session, proposal))
        text = proposal.base
    if text:
        found.append(Version("first", "", text))
    return found


async def _published(session: AsyncSession, proposal: Proposal) -> Version:
    query = select(ProposalVerdict.by).where(
        ProposalVerdict.proposal_id == proposal.id, ProposalVerdict.approved
    )
    return Version(
        key=str(proposal.id),
        before=proposal.base,
        text=proposal.text,
        at=proposal.closed_at,
        why=proposal.why,
        writers=tuple(await proposals.authors(session, proposal)),
        approver=await session.scalar(query) or "",
    )
