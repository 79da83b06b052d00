"""Learning a draft: what would be understood otherwise is told before it is published."""

import errno
import json
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.editing import learning, proposals
from services.editing.proposals import Hand
from services.errors import ModelError, ProposalError
from services.settings import Settings
from services.understanding.model import Progress, misfits_path, model_path

ARTICLE = "ocop/ho-so"


def misfit(article: str, question: str, taken_for: str) -> dict[str, object]:
    """Return a misfit as training writes it."""
    rest = {"taken_for": taken_for, "confidence": 0.8, "own": 0.01}
    return {"article": article, "question": question, **rest}


class School:
    """A training that finds what a test says."""

    def __init__(self, *found: dict[str, object], fails: Exception | None = None) -> None:
        """Find these misfits, or fail."""
        self.found, self.fails = found, fails
        self.learnt: list[str] = []

    async def __call__(self, settings: Settings, path: Path, _tell: Progress) -> None:
        """Write a model and what was found."""
        if self.fails:
            raise self.fails
        self._write(settings.content_dir / f"articles/{ARTICLE}.md", path)

    def _write(self, article: Path, model: Path) -> None:
        self.learnt.append(article.read_text("utf-8"))
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_bytes(b"model")
        misfits_path(model).write_text(json.dumps(self.found), encoding="utf-8")


async def proposed(services: Services, change: tuple[str, str]) -> int:
    """Propose a change of the article, and have it learnt; return its number."""
    base = (services.settings.content_dir / f"articles/{ARTICLE}.md").read_text("utf-8")
    async with services.sessions.begin() as session:
        hand = Hand("Lan", services.now())
        made = await proposals.begin(session, ARTICLE, base, base.replace(*change), hand)
        await learning.ask(session, made.id, Hand("Lan", services.now(), made.hash))
    return made.id


async def learnt(services: Services, number: int, school: School) -> learning.Learnt:
    """Learn what waits; return what is told of a proposal."""
    assert await learning.learn_next(services.settings, services.sessions, services.now, school)
    async with services.sessions() as session:
        found = learning.learnt(await proposals.find(session, number))
    assert found is not None
    return found


async def test_what_goes_elsewhere_is_told(services: Services) -> None:
    """Its own questions and those drawn to it; what was so before is not new."""
    old = misfit("founding/ho-so", "Câu cũ", ARTICLE)
    own = misfit(ARTICLE, "Hồ sơ OCOP câu hỏi số 1", "ocop/hang-sao")
    drawn = misfit("founding/ho-so", "Hồ sơ gồm gì?", ARTICLE)
    other = misfit("founding/ho-so", "Câu khác", "founding/so-thanh-vien")
    today = model_path(services.settings)
    await School(old)(services.settings, today, lambda _line: None)
    school = School(old, own, drawn, other)

    number = await proposed(services, ("câu hỏi số 9", "câu hỏi số chín"))
    found = await learnt(services, number, school)

    assert "câu hỏi số chín" in school.learnt[0]
    assert [one.question for one in found.own] == ["Hồ sơ OCOP câu hỏi số 1"]
    assert [one.question for one in found.drawn] == ["Hồ sơ gồm gì?"]
    assert (found.others, found.known) == (1, True)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ModelError("Huấn luyện không xong: hết chỗ"), "hết chỗ"),
        (OSError(errno.ENOSPC, "No space left on device"), "hết chỗ trên ổ đĩa"),
    ],
    ids=["training", "disk"],
)
async def test_what_fails_is_said(services: Services, error: Exception, told: str) -> None:
    """The draft stays, it may be asked for again."""
    number = await proposed(services, ("số 9", "số chín"))
    found = await learnt(services, number, School(fails=error))

    assert told in found.failed
    async with services.sessions.begin() as session:
        kept = await proposals.find(session, number)
        await learning.ask(session, number, Hand("Lan", services.now(), kept.hash))


async def test_one_is_learnt_once(services: Services) -> None:
    """Nobody starts it twice; nothing waits afterwards."""
    number = await proposed(services, ("số 9", "số chín"))
    async with services.sessions.begin() as session:
        kept = await proposals.find(session, number)
        with pytest.raises(ProposalError):
            await learning.ask(session, number, Hand("Mai", services.now(), kept.hash))
    await learnt(services, number, School())

    assert not await learning.learn_next(
        services.settings, services.sessions, services.now, School()
    )
