"""The composition root: every part of the product, made and wired in one place."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from services.clock import day_of, utc_now
from services.conversation.composer import Composer
from services.edition import CurrentEdition
from services.insight.versions import keep_versions
from services.knowledge.library import Library
from services.publishing.editions import BuiltEdition, made_ready, recorded
from services.settings import Settings, load_settings
from services.storage.batch_writer import BatchWriter
from services.storage.lines import Lines
from services.storage.migrate import upgrade
from services.storage.session import Sessions, make_engine, make_sessions
from services.storage.wiping import Wiper
from services.telemetry import Meters
from services.understanding.client import client_of
from services.understanding.interpretation import Nlu
from services.understanding.thresholds import Thresholds


@dataclass(frozen=True)
class Services:
    """The parts that faces use."""

    settings: Settings
    current: CurrentEdition
    sessions: Sessions
    writer: BatchWriter
    """The one of the process."""
    lines: Lines
    """Those of all faces of the process."""
    wiper: Wiper
    nlu: Nlu
    now: Callable[[], datetime] = utc_now
    meters: Meters = field(default_factory=Meters)

    @property
    def library(self) -> Library:
        """The content served now."""
        return self.current.library

    def composer(self) -> Composer:
        """Return a writer of replies out of what is served now, as of today in Việt Nam."""
        today = day_of(self.now())
        return Composer(self.library.served(today), today)


@asynccontextmanager
async def bootstrap(  # noqa: PLR0913  # because each part may be given
    *,
    settings: Settings | None = None,
    edition: BuiltEdition | None = None,
    library: Library | None = None,
    nlu: Nlu | None = None,
    thresholds: Thresholds | None = None,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Services]:
    """Wire the product; each part has its real default, and tests give fakes at the edges.

    The content and the bars are the recorded edition's. The database is migrated first, and what
    the articles say is kept by its hash. Raises what its parts raise: `SettingsError`,
    `ContentError`, `ModelError` (thresholds), `StorageError`.
    """
    settings = settings or load_settings()
    if library is None or thresholds is None:
        edition = edition or recorded(settings)
        library = library or edition.library
        thresholds = thresholds or edition.manifest.thresholds
    await upgrade(settings.database_url)
    client = client_of(settings)
    engine = make_engine(settings.database_url)
    sessions, reader = make_sessions(engine), nlu or client
    writer, lines = BatchWriter(sessions), Lines(make_engine(settings.database_url, connections=1))
    wiper = Wiper(sessions)
    try:
        async with sessions.begin() as session:
            await keep_versions(session, library, now())
        fingerprint = edition.fingerprint if edition else ""
        current = CurrentEdition(made_ready(settings, library, reader, thresholds, fingerprint))
        yield Services(settings, current, sessions, writer, lines, wiper, reader, now)
    finally:
        await writer.settle()
        await wiper.settle()
        await client.close()
        await lines.close()
        await engine.dispose()
