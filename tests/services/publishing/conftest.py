"""A publisher over the small content, with a training and servers that a test steers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.edition import Edition
from services.knowledge.library import Library, load_library
from services.publishing.publisher import Publisher
from services.publishing.snapshot import take
from services.publishing.status import Publishing, record_path
from services.settings import Settings
from services.understanding.model import model_path
from services.understanding.switchboard import Switchboard
from tests.doubles.backend import FakeBackend, FakeTraining, Saved


@dataclass
class House:
    """A publisher and all that it acts on."""

    publisher: Publisher
    training: FakeTraining
    saved: Saved
    first: FakeBackend
    said: list[str] = field(default_factory=list)
    sold: list[Library] = field(default_factory=list)

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


async def _sound(_settings: Settings) -> None:
    """Find nothing: the small content lacks much that real content has."""


@pytest.fixture
async def house(settings: Settings, services: Services) -> AsyncIterator[House]:
    """Return a product that serves the small content."""
    snapshot, training, saved = take(settings), FakeTraining(), Saved()
    frozen = settings.model_copy(update={"content_dir": snapshot.path})
    await training(frozen, model_path(frozen))
    training.asked.clear()
    first = FakeBackend(settings, model_path(frozen))
    interpreter = replace(services.current.edition.interpreter, nlu=first.client)
    services.current.edition = Edition(load_library(snapshot.path), interpreter)
    board = Switchboard(settings.nlu_port, first, drain=0)
    status = Publishing(record_path(settings), snapshot.fingerprint)
    said: list[str] = []
    sold: list[Library] = []

    async def sell(library: Library) -> None:
        sold.append(library)

    publisher = Publisher(
        settings,
        services.current,
        board,
        status,
        said.append,
        on_published=sell,
        changes=saved,
        check=_sound,
        train=training,
        open_backend=FakeBackend,
    )
    yield House(publisher, training, saved, first, said, sold)
    await board.stop()
