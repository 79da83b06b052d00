"""Brings the database to the newest shape, by Alembic."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.errors import StorageError

_MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


async def upgrade(url: str) -> None:
    """Migrate the database to the newest version.

    Raises:
        StorageError: it can't be opened or migrated.

    """
    try:
        _make_folder(url)
        await asyncio.to_thread(command.upgrade, alembic_config(url), "head")
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
        msg = (
            f"Không mở được cơ sở dữ liệu ({reason}); "
            "xem HTX_DATABASE_URL và quyền ghi của thư mục dữ liệu."
        )
        raise StorageError(msg) from None


def _make_folder(url: str) -> None:
    """Make the folder of an SQLite file; other databases have their own."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
