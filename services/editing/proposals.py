"""Proposals as they are kept: begun, saved, submitted, judged; each step once, by one person.

What a step is about is named by the hash of both texts: a text that was saved meanwhile, or a file
that is another's work, has another hash, so a step decides on exactly what its person saw.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import ProposalError
from services.knowledge.finding import Finding
from services.staff import account, audit
from services.storage.models import Proposal, ProposalText, ProposalVerdict


class Hand(NamedTuple):
    """Whose step it is, when, and the hash of what they saw."""

    by: str
    now: datetime
    seen: str = ""


_MOST_NUMBER = 2**31 - 1
"""Beyond it PostgreSQL takes no number for an id."""
OPEN = frozenset({"draft", "submitted", "returned"})
WRITABLE = frozenset({"draft", "returned"})


def hash_of(base: str, text: str) -> str:
    """Return the hash of a text in a file's place."""
    return hashlib.sha256(json.dumps([base, text]).encode()).hexdigest()


async def find(session: AsyncSession, number: int) -> Proposal:
    """Return a proposal.

    Raises:
        ProposalError: there is none of that number.

    """
    found = await session.get(Proposal, number) if 0 < number <= _MOST_NUMBER else None
    if found is None:
        raise ProposalError("proposal_unknown", number=number)
    return found


async def open_of(session: AsyncSession, article: str) -> Proposal | None:
    """Return the proposal of an article that is open, if any."""
    query = select(Proposal).where(Proposal.article == article, Proposal.closed_at.is_(None))
    return await session.scalar(query)


async def _open_now(session: AsyncSession, article: str) -> Proposal:
    found = await open_of(session, article)
    if found is None:
        raise ProposalError("proposal_just_closed", article=article)
    return found


async def authors(session: AsyncSession, proposal: Proposal) -> list[str]:
    """Return who wrote any text of it, in their order."""
    query = select(ProposalText.by).where(ProposalText.proposal_id == proposal.id)
    return list(dict.fromkeys(await session.scalars(query.order_by(ProposalText.id))))


async def verdicts(session: AsyncSession, proposal: Proposal) -> list[ProposalVerdict]:
    """Return what others said to it, the last first."""
    query = select(ProposalVerdict).where(ProposalVerdict.proposal_id == proposal.id)
    return list(await session.scalars(query.order_by(ProposalVerdict.id.desc())))


async def begin(session: AsyncSession, article: str, base: str, text: str, hand: Hand) -> Proposal:
    """Begin a proposal; where one of the article is open, return that one as it is."""
    found = await open_of(session, article)
    if found is not None:
        return found
    made = Proposal(
        article=article,
        base=base,
        text=text,
        hash=hash_of(base, text),
        begun_by=hand.by,
        begun_at=hand.now,
        changed_at=hand.now,
    )
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody began one at the same moment
        return await _open_now(session, article)
    if text != base:
        session.add(ProposalText(proposal_id=made.id, by=hand.by, at=hand.now, text=text))
    _note(session, made, hand, "begin", hash=made.hash)
    return made


async def save(
    session: AsyncSession, proposal: Proposal, text: str, findings: Sequence[Finding], hand: Hand
) -> None:
    """Put a text in the place of the one that its writer saw; one that was submitted is a draft.

    Raises:
        ProposalError: it is closed, or somebody saved another text meanwhile.

    """
    changed = text != proposal.text
    await step(
        session,
        proposal,
        hand,
        OPEN,
        **({"state": "draft"} if changed else {}),
        text=text,
        hash=hash_of(proposal.base, text),
        findings=[asdict(finding) for finding in findings],
    )
    if changed:
        session.add(ProposalText(proposal_id=proposal.id, by=hand.by, at=hand.now, text=text))
        _note(session, proposal, hand, "save", hash=proposal.hash)


async def rebase(
    session: AsyncSession, proposal: Proposal, base: str, text: str, hand: Hand
) -> None:
    """Let a text stand over another file: its writer has seen what was changed there.

    Raises:
        ProposalError: it is closed, or somebody saved another text meanwhile.

    """
    to = {"state": "draft", "base": base, "text": text, "hash": hash_of(base, text)}
    await step(session, proposal, hand, OPEN, **to)
    # who puts two texts together wrote of it too
    session.add(ProposalText(proposal_id=proposal.id, by=hand.by, at=hand.now, text=text))
    _note(session, proposal, hand, "rebase", hash=proposal.hash)


async def submit(session: AsyncSession, proposal: Proposal, why: str, hand: Hand) -> None:
    """Ask for another's approval of the text that its writer saw.

    Raises:
        ProposalError: it is closed or submitted, somebody saved another text meanwhile, it says
            nothing else than the file, or it is not said why.

    """
    if not why:
        raise ProposalError("proposal_why_missing")
    if proposal.text == proposal.base:
        raise ProposalError("proposal_unchanged")
    await step(session, proposal, hand, WRITABLE, state="submitted", why=why)
    _note(session, proposal, hand, "submit", hash=proposal.hash)


async def require_another(session: AsyncSession, proposal: Proposal, by: str) -> None:
    """Refuse a verdict by whoever wrote any text of it, whatever roles they have.

    Raises:
        ProposalError: they did.

    """
    if any(account.same_name(by, author) for author in await authors(session, proposal)):
        raise ProposalError("proposal_own", name=by)


async def approve(session: AsyncSession, proposal: Proposal, hand: Hand) -> None:
    """Count another's yes to exactly the text and the file that they saw, and close it.

    Raises:
        ProposalError: it is not submitted, or is not as they saw it.

    """
    await step(session, proposal, hand, {"submitted"}, state="published", closed_at=hand.now)
    session.add(
        ProposalVerdict(
            proposal_id=proposal.id, by=hand.by, at=hand.now, hash=proposal.hash, approved=True
        )
    )
    _note(session, proposal, hand, "approve", hash=proposal.hash)


async def give_back(session: AsyncSession, proposal: Proposal, comment: str, hand: Hand) -> None:
    """Give it back to its writers, with a reason.

    Raises:
        ProposalError: it is not submitted, is not as they saw it, or no reason is given.

    """
    if not comment:
        raise ProposalError("proposal_comment_missing")
    await step(session, proposal, hand, {"submitted"}, state="returned")
    verdict = ProposalVerdict(
        proposal_id=proposal.id,
        by=hand.by,
        at=hand.now,
        hash=proposal.hash,
        approved=False,
        comment=comment,
    )
    session.add(verdict)
    _note(session, proposal, hand, "return", hash=proposal.hash)


async def withdraw(session: AsyncSession, proposal: Proposal, hand: Hand) -> None:
    """Close it without a change of the file; its texts are kept.

    Raises:
        ProposalError: it is closed, or somebody saved another text meanwhile.

    """
    await step(session, proposal, hand, OPEN, state="withdrawn", closed_at=hand.now)
    _note(session, proposal, hand, "withdraw", hash=proposal.hash)


async def step(
    session: AsyncSession, proposal: Proposal, hand: Hand, of: frozenset[str] | set[str], **to: Any
) -> None:
    """Change a proposal that still is as its person saw it, and in one of these states.

    One UPDATE decides it: of two people that step at once one changes it, the other reads why not.

    Raises:
        ProposalError: it is not.

    """
    mine = update(Proposal).where(
        Proposal.id == proposal.id, Proposal.hash == hand.seen, Proposal.state.in_(of)
    )
    changing = mine.values(**to, changed_at=hand.now).returning(Proposal.id)
    done = await session.execute(changing.execution_options(synchronize_session=False))
    changed = done.first() is not None
    await session.refresh(proposal)
    if changed:
        return
    if proposal.state not in of:
        raise ProposalError("proposal_not_now", number=proposal.id, state=proposal.state)
    raise ProposalError("proposal_moved", number=proposal.id)


def _note(session: AsyncSession, proposal: Proposal, hand: Hand, did: str, **numbers: Any) -> None:
    about = f"article {proposal.article}"
    audit.note(session, hand.now, hand.by, f"content.{did}", about, proposal=proposal.id, **numbers)
