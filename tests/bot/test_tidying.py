from datetime import UTC, datetime, timedelta

from bot.tidying import tidy
from services.bootstrap import Services
from tests.doubles.log import turn


async def test_what_is_old_is_gone_from_the_disk(services: Services) -> None:
    """Words of old turns become counts, old backups are deleted, the log is cut."""
    settings, now = services.settings, datetime.now(UTC)
    folder = settings.data_dir / "backups"
    folder.mkdir()
    for days in (settings.backup_days - 1, settings.backup_days + 1):
        (folder / f"htx-{now - timedelta(days=days):%Y%m%d-%H%M%S-%f}.db").touch()
    async with services.sessions.begin() as session:
        old = now - timedelta(days=settings.keep_days + 1)
        session.add_all((turn("lời đã cũ", start=old), turn("lời còn mới", start=now)))

    await tidy(services)

    left = b"".join(path.read_bytes() for path in settings.data_dir.glob("htx.db*"))
    assert "lời còn mới".encode() in left
    assert "lời đã cũ".encode() not in left
    assert len(list(folder.iterdir())) == 1
