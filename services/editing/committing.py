"""Approved texts go into git, where the content's folder is the root of a tree.

Git may take its time, so that a text is approved and served before it is committed: what a process
that died in between left out is made up for by the next that comes here.
"""

import asyncio
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy import select

from services.editing import article_files, proposals
from services.storage.models import Proposal
from services.storage.session import Sessions

_log = structlog.get_logger()
_ONE_AT_A_TIME = asyncio.Lock()
"""Of two who come at once the second finds nothing left."""


class _CommitWords(NamedTuple):
    """What the history says of a text."""

    message: str
    author: str


async def commit_approved(sessions: Sessions, root: Path) -> int:
    """Commit every article whose file is as it was approved last, and not yet so in git.

    What somebody wrote by hand is theirs to commit. Return how many were committed.
    """
    if not article_files.keeps_history(root):
        return 0
    count = 0
    async with _ONE_AT_A_TIME:
        for article in await article_files.uncommitted(root):
            entry = await _entry(sessions, article, article_files.written(root, article))
            if entry is None:
                continue
            refused = await article_files.commit(root, article, entry.message, entry.author)
            if refused:
                _log.warning("content.not_committed", article=article, reason=refused)
            else:
                count += 1
    return count


async def _entry(sessions: Sessions, article: str, stands: str) -> _CommitWords | None:
    """Return what is told of an article's file; None where that is no text as it was approved."""
    query = select(Proposal).where(Proposal.article == article, Proposal.state == "published")
    latest = query.order_by(Proposal.closed_at.desc(), Proposal.id.desc()).limit(1)
    async with sessions() as session:
        proposal = await session.scalar(latest)
        if proposal is None or proposal.text != stands:
            return None
        authors = await proposals.authors(session, proposal)
        by = [one.by for one in await proposals.verdicts(session, proposal) if one.approved]
    message = f"{article}: {proposal.why}\n\nDuyệt: {', '.join(by)}"
    return _CommitWords(message, ", ".join(authors))
