"""The composition root: every part of the product, made and wired in one place."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from services.clock import utc_now
from services.conversation.dialogue import Dialogue
from services.edition import CurrentEdition, Edition
from services.insight.versions import keep_versions
from services.knowledge.library import Library, load_library
from services.knowledge.search import LexicalIndex
from services.settings import Settings, load_settings
from services.storage.migrate import upgrade
from services.storage.session import Sessions, make_engine, make_sessions
from services.understanding.client import Nlu, NluClient
from services.understanding.interpreter import Interpreter
from services.understanding.thresholds import Thresholds, load_thresholds


@dataclass(frozen=True)
class Services:
    """The parts that faces use."""

    settings: Settings
    current: CurrentEdition
    sessions: Sessions
    nlu: Nlu
    dialogue: Dialogue

    @property
    def library(self) -> Library:
        """The content served now."""
        return self.current.library


@asynccontextmanager
async def bootstrap(
    *,
    settings: Settings | None = None,
    library: Library | None = None,
    nlu: Nlu | None = None,
    thresholds: Thresholds | None = None,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Services]:
    """Wire the product; each part has its real default, and tests give fakes at the edges.

    The database is migrated first, and what the articles say is kept by its hash. Raises what its
    parts raise: `SettingsError`, `ContentError`, `ModelError` (thresholds), `StorageError`.
    """
    settings = settings or load_settings()
    library = library or load_library(settings.content_dir)
    thresholds = thresholds or load_thresholds()
    await upgrade(settings.database_url)
    client = NluClient(
        settings.nlu_url, settings.nlu_token.get_secret_value(), settings.nlu_timeout
    )
    engine = make_engine(settings.database_url)
    sessions, reader = make_sessions(engine), nlu or client
    interpreter = Interpreter(reader, LexicalIndex(library.articles.values()), thresholds)
    try:
        async with sessions.begin() as session:
            await keep_versions(session, library, now())
        current = CurrentEdition(Edition(library, interpreter))
        yield Services(settings, current, sessions, reader, Dialogue(current, now))
    finally:
        await client.close()
        await engine.dispose()
