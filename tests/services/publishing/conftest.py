"""A publisher over sound content and the real check; tests steer its training and servers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.commands.content import all_faults
from services.bootstrap import Services
from services.knowledge.library import Library
from services.publishing.editions import BuiltEdition, recorded
from services.publishing.holding import hold_back
from services.publishing.publisher import Publisher
from services.publishing.status import Publishing, record_path
from services.settings import Settings
from services.understanding.model import model_path
from services.understanding.switchboard import Switchboard
from tests.doubles.backend import FakeBackend, FakeTraining, Saved
from tests.doubles.checked_content import edit, write_checked


@dataclass
class House:
    """A publisher and all that it acts on."""

    publisher: Publisher
    training: FakeTraining
    saved: Saved
    first: FakeBackend
    lines: list[str] = field(default_factory=list)
    published: list[Library] = field(default_factory=list)

    @property
    def article(self) -> Path:
        """The file that tests change."""
        return self.publisher.settings.content_dir / "articles/founding/so-thanh-vien.md"

    @property
    def short(self) -> str:
        """The short answer that is served now."""
        return self.publisher.current.library.articles["founding/so-thanh-vien"].short

    def write(self, before: str, after: str) -> None:
        """Change the article."""
        text = self.article.read_text(encoding="utf-8")
        self.article.write_text(text.replace(before, after), encoding="utf-8")


async def sift(_settings: Settings, folder: Path, before: Path | None) -> tuple[str, ...]:
    """Hold back what the whole check finds, as the process of its own does."""
    return tuple(map(str, await asyncio.to_thread(hold_back, folder, before, all_faults)))


@pytest.fixture
def content(content: Path) -> Path:
    """Return sound content, whose facts allow the figures that tests write."""
    write_checked(content)
    edit(
        content,
        "facts.yml",
        "- 05 thành viên",
        "- 05 thành viên\n  - 06 thành viên\n  - 07 thành viên",
    )
    return content


@pytest.fixture
async def built(settings: Settings) -> BuiltEdition:
    """Return the content as the first edition, its model trained."""
    model = model_path(settings)
    await FakeTraining()(settings, model)
    return recorded(settings)


@pytest.fixture
async def house(
    settings: Settings, services: Services, built: BuiltEdition
) -> AsyncIterator[House]:
    """Return a product that serves the small content, whole."""
    training, saved = FakeTraining(), Saved()
    board = Switchboard(settings.nlu_port, drain=0)
    status = Publishing(record_path(settings), built.fingerprint)
    lines: list[str] = []
    published: list[Library] = []

    async def keep(library: Library) -> None:
        published.append(library)

    publisher = Publisher(
        settings,
        built,
        services.current,
        board,
        status,
        lines.append,
        on_published=keep,
        changes=saved,
        sift=sift,
        train=training,
        open_backend=FakeBackend,
        retries=(0.0,),
    )
    await publisher.open()
    await publisher.publish()
    assert isinstance(board.live, FakeBackend)
    lines.clear()
    published.clear()
    yield House(publisher, training, saved, board.live, lines, published)
    await board.stop()
