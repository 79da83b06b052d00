"""The files of articles as they stand, and how one is written: whole, and over no other's work."""

import asyncio
import os
import re
from pathlib import Path

from services.errors import MachineError, ProposalError, why_of
from services.knowledge.library import Library
from services.knowledge.schema import MOST_ID_BYTES
from services.private_files import share_as_its_folder
from services.processes import run_low_priority
from services.publishing.status import write_whole

_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_PART = re.compile("[a-z0-9]+([-._][a-z0-9]+)*")
"""Of the path of a file that there may be: it never leads out of its folder."""
_ONE_AT_A_TIME = asyncio.Lock()
"""Git refuses whoever comes while another is at work in a tree."""


def require_name(article: str, library: Library) -> None:
    """Refuse a name that no file of an article could bear.

    Raises:
        ProposalError: its topic is unknown, or it is longer or written otherwise than ids are.

    """
    topic, _, name = article.partition("/")
    if topic not in library.topics:
        raise ProposalError("article_topic_unknown", topic=topic)
    if not _NAME.fullmatch(name) or len(article) > MOST_ID_BYTES:
        raise ProposalError("article_name_bad", name=name, most=MOST_ID_BYTES - len(topic) - 1)


def written(root: Path, article: str) -> str:
    """Return an article's file as it stands; empty where there is none, or that is no name.

    Raises:
        MachineError: it can't be read.

    """
    if not all(map(_PART.fullmatch, article.split("/", 1))):
        return ""
    try:
        return _path(root, article).read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = why_of(error) if isinstance(error, OSError) else "UTF-8"
        raise MachineError("article_unread", article=article, why=why) from None


def write(root: Path, article: str, base: str, text: str) -> None:
    """Put a text in the place of an article's file, if that still is what it was written over.

    What is there already is left: a process that ended between writing and noting it comes again.

    Raises:
        ProposalError: somebody changed the file meanwhile.
        MachineError: the disk refuses it.

    """
    stands, path = written(root, article), _path(root, article)
    if stands == text:
        return
    if stands != base:
        raise ProposalError("proposal_conflict", article=article)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        share_as_its_folder(path)
    except OSError as error:
        raise MachineError("article_unwritten", article=article, why=why_of(error)) from None


def keeps_history(root: Path) -> bool:
    """Say whether the folder of the content is itself the root of a git tree."""
    return (root / ".git").exists()


async def commit(root: Path, article: str, message: str, author: str) -> str:
    """Commit an article's file, alone; return what git says where it refuses, nothing else.

    A tree above the folder is not touched: it is somebody's project, not the content's history.
    """
    file = _path(root, article).relative_to(root).as_posix()
    git = [*_git(root), "-c", "user.name=Tro ly HTX", "-c", "user.email=htx@localhost"]
    written_by = f"{author} <htx@localhost>"
    async with _ONE_AT_A_TIME:
        for command in (
            [*git, "add", "--", file],
            [*git, "commit", "-q", "--author", written_by, "-m", message, "--", file],
        ):
            done = await run_low_priority(command, _environment())
            if done.code:
                return done.last_line
    return ""


async def uncommitted(root: Path) -> list[str]:
    """Return the articles whose files are not in git as they stand; none where git refuses."""
    command = [*_git(root), "status", "--porcelain", "-z", "-uall", "--", "articles"]
    async with _ONE_AT_A_TIME:
        done = await run_low_priority(command, _environment())
    told = (line for line in done.output.split("\0") if line.endswith(".md"))
    return [line.partition("articles/")[2].removesuffix(".md") for line in told]


def _git(root: Path) -> list[str]:
    return ["git", "-C", str(root)]


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def _path(root: Path, article: str) -> Path:
    return root / f"articles/{article}.md"
