"""Proposals and the files that they become: one winner, nothing lost, nothing written over."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.preview import fit
from services.bootstrap import Services
from services.editing import article_files, proposals
from services.editing.committing import commit_approved
from services.editing.editor import Editor
from services.editing.proposals import Hand
from services.errors import ProposalError
from services.staff import account
from services.storage.models import Proposal

ARTICLE = "ocop/ho-so"
RACES = 100


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: each test runs once on both."""
    return any_database


@pytest.fixture
def editor(services: Services) -> Editor:
    """Return the editor over the small content."""
    return Editor(services.settings, services.current, services.now, fit)


async def test_of_a_hundred_races_each_has_one_winner(services: Services) -> None:
    """Two approve, one writes on, one drops it, all at once: what one does the others can't."""
    base = article_files.written(services.settings.content_dir, ARTICLE)
    async with services.sessions.begin() as session:
        made = await proposals.begin(
            session, ARTICLE, base, f"{base}\n", Hand("Lan", services.now())
        )
        number, text = made.id, made.text
    for race in range(RACES):
        async with services.sessions.begin() as session:
            fresh = {"state": "submitted", "closed_at": None, "text": text}
            fresh["hash"] = proposals.hash_of(base, text)
            await session.execute(update(Proposal).values(**fresh))
        later = partial(_save, text=f"{text}{race}\n")
        steps = (proposals.approve, proposals.approve, later, proposals.withdraw)
        hand = Hand("Hùng", services.now(), proposals.hash_of(base, text))
        done = await asyncio.gather(*(_step(services, number, one, hand) for one in steps))
        assert sum(done) == 1, f"race {race}: {done}"


async def _save(session: AsyncSession, proposal: Proposal, hand: Hand, *, text: str) -> None:
    await proposals.save(session, proposal, text, (), hand)


Step = Callable[[AsyncSession, Proposal, Hand], Awaitable[None]]


async def _step(services: Services, number: int, step: Step, hand: Hand) -> bool:
    """Say whether a step was the one that counted."""
    try:
        async with services.sessions.begin() as session:
            await step(session, await proposals.find(session, number), hand)
    except ProposalError:
        return False
    return True


async def test_two_begin_at_once_and_share_one(services: Services, editor: Editor) -> None:
    """Of an article one proposal is open at a time."""
    async with services.sessions.begin() as session:
        for name in ("Lan", "Mai"):
            await account.add(session, name, "content", services.now(), "system")

    async def begin(name: str) -> int:
        async with services.sessions.begin() as session:
            return (await editor.begin(session, ARTICLE, name)).id

    assert len(set(await asyncio.gather(*map(begin, ("Lan", "Mai"))))) == 1


async def _submitted(services: Services, editor: Editor) -> Proposal:
    """Return a proposal that waits for Hùng."""
    async with services.sessions.begin() as session:
        await account.add(session, "Lan", "content", services.now(), "system")
        await account.add(session, "Hùng", "approver", services.now(), "system")
        made = await editor.begin(session, ARTICLE, "Lan")
        text = made.text.replace("Nộp một bộ giấy.", "Nộp hai bộ giấy.")
        await editor.save(session, made.id, made.hash, text, "Lan")
        return await editor.submit(session, made.id, made.hash, "Xã đổi", "Lan")


async def test_a_process_that_ends_between_file_and_database_comes_again(
    services: Services, editor: Editor
) -> None:
    """The file is written, the rest is undone: approving again finds it there and counts."""
    waiting = await _submitted(services, editor)
    async with services.sessions() as session:  # nothing of it is kept
        await editor.approve(session, waiting.id, waiting.hash, "Hùng")
    assert "hai bộ giấy" in editor.written(ARTICLE)

    async with services.sessions.begin() as session:
        done = await editor.approve(session, waiting.id, waiting.hash, "Hùng")

    assert done.state == "published"
    assert editor.written(ARTICLE) == done.text


async def test_another_file_is_never_written_over(services: Services, editor: Editor) -> None:
    """Neither changed nor deleted under the proposal; nothing half-written stays beside it."""
    waiting = await _submitted(services, editor)
    path = editor.root / f"articles/{ARTICLE}.md"
    for stands in (path.read_text("utf-8").replace("một bộ", "ba bộ"), None):
        path.unlink() if stands is None else path.write_text(stands, "utf-8")
        async with services.sessions() as session:
            with pytest.raises(ProposalError, match="đã được sửa"):
                await editor.approve(session, waiting.id, waiting.hash, "Hùng")
        assert (path.read_text("utf-8") if path.exists() else None) == stands
    assert [one.name for one in path.parent.iterdir()] == ["hang-sao.md"]


async def test_a_folder_that_is_a_git_tree_keeps_each_change(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One commit with both names, of that file alone; a tree above the folder is left alone."""
    root = editor.root
    assert not article_files.keeps_history(root)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "first")
    path = root / f"articles/{ARTICLE}.md"
    path.write_text(path.read_text("utf-8").replace("một bộ", "hai bộ"), "utf-8")
    (root / "topics.yml").write_text((root / "topics.yml").read_text("utf-8") + "\n", "utf-8")

    refused = await article_files.commit(root, ARTICLE, f"{ARTICLE}: Xã đổi", "Lan")

    assert refused == ""
    assert article_files.keeps_history(root)
    assert _git(root, "log", "-1", "--format=%an %s") == f"Lan {ARTICLE}: Xã đổi"
    assert _git(root, "show", "--name-only", "--format=") == f"articles/{ARTICLE}.md"
    assert "topics.yml" in _git(root, "status", "--short")


async def test_approvals_at_once_are_each_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git lets one in at a time: the others wait instead of being left out of the history."""
    names = [f"ocop/bai-{number}" for number in range(6)]
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "articles/ocop").mkdir(parents=True)
    _git(tmp_path, "init", "-q")
    for name in names:
        (tmp_path / f"articles/{name}.md").write_text(name)

    refused = await asyncio.gather(
        *(article_files.commit(tmp_path, name, f"{name}: Mới", "Lan") for name in names)
    )

    assert set(refused) == {""}
    assert _git(tmp_path, "rev-list", "--count", "HEAD") == f"{len(names)}"


async def test_what_a_dead_process_left_out_is_committed(
    services: Services, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own words and names, once; what somebody changed by hand is theirs to commit."""
    root, by_hand = editor.root, editor.root / "articles/ocop/hang-sao.md"
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert await commit_approved(services.sessions, root) == 0
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "first")
    by_hand.write_text(by_hand.read_text("utf-8") + "\n", "utf-8")
    async with services.sessions.begin() as session:
        for name, role in (("Lan", "content"), ("Hùng", "approver")):
            await account.add(session, name, role, services.now(), "system")
    async with services.sessions.begin() as session:
        text = editor.written(ARTICLE).replace("một bộ", "hai bộ")
        begun = await editor.begin(session, ARTICLE, "Lan", text)
        waiting = await editor.submit(session, begun.id, begun.hash, "Xã đổi", "Lan")
        await editor.approve(session, waiting.id, waiting.hash, "Hùng")
    _git(root, "add", f"articles/{ARTICLE}.md")  # it died in the middle

    done = [await commit_approved(services.sessions, root) for _ in range(2)]

    assert done == [1, 0]
    assert _git(root, "log", "-1", "--format=%an %B") == f"Lan {ARTICLE}: Xã đổi\n\nDuyệt: Hùng"
    assert _git(root, "show", "--name-only", "--format=") == f"articles/{ARTICLE}.md"
    assert "hang-sao.md" in _git(root, "status", "--short")


def _git(root: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), *words], check=True, capture_output=True, text=True
    ).stdout.strip()
