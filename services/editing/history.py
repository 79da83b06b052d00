"""The history of an article's file: each text that it had, whose it was, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Proposal, ProposalText, ProposalVerdict

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
    published = list(await session.scalars(query))
    numbers = [proposal.id for proposal in published]
    writers, approvers = await _writers(session, numbers), await _approvers(session, numbers)
    found: list[Version] = []
    text = stands
    for proposal in published:
        if proposal.text != text:
            found.append(Version(f"{proposal.id}-after", proposal.text, text))
        found.append(
            Version(
                key=str(proposal.id),
                before=proposal.base,
                text=proposal.text,
                at=proposal.closed_at,
                why=proposal.why,
                writers=tuple(writers.get(proposal.id, ())),
                approver=approvers.get(proposal.id, ""),
            )
        )
        text = proposal.base
    if text:
        found.append(Version("first", "", text))
    return found


async def _writers(session: AsyncSession, numbers: Sequence[int]) -> dict[int, dict[str, None]]:
    """Return who wrote any text of each proposal, in their order, each once."""
    query = select(ProposalText.proposal_id, ProposalText.by).order_by(ProposalText.id)
    found: dict[int, dict[str, None]] = {}
    for number, by in await session.execute(query.where(ProposalText.proposal_id.in_(numbers))):
        found.setdefault(number, {})[by] = None
    return found


async def _approvers(session: AsyncSession, numbers: Sequence[int]) -> dict[int, str]:
    """Return who said yes to each proposal."""
    query = select(ProposalVerdict.proposal_id, ProposalVerdict.by)
    yes = query.where(ProposalVerdict.proposal_id.in_(numbers), ProposalVerdict.approved)
    return {row[0]: row[1] for row in await session.execute(yes)}
