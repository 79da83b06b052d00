"""`htx db upgrade | backup | restore`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.terminal import progress, result
from services.clock import utc_now
from services.people import forgotten
from services.people.person import identity_of
from services.settings import Settings, load_settings
from services.staff import audit
from services.storage import backup as copies
from services.storage.migrate import upgrade as migrate
from services.storage.restoring import Restored
from services.storage.restoring import restore as put_back
from services.storage.session import Sessions, make_engine, make_sessions
from services.storage.wiping import Wiper

_NEW = (
    "Chưa có dữ liệu ở {}: tạo mới, còn trống. Nếu trước đây đã có thì đang chạy nhầm thư mục; "
    "xem HTX_DATA_DIR."
)
"""So that a wrong folder does not look as if everything was lost."""
_CARRIED = (
    "Giữ theo dữ liệu mới nhất: tin đã gửi cho ai, ai đã thôi nhận, tài khoản cán bộ, sổ kiểm tra."
)
_NOT_CARRIED = (
    "Không nối được dữ liệu mới hơn (mất, hỏng, hay của nơi khác): ai nhận tin, ai thôi nhận, cán "
    "bộ nào bị khóa sau lúc sao lưu thì máy không còn biết; xem lại trước khi gửi tiếp."
)

_LEFT_OUT = "Bỏ ra khỏi dữ liệu, vì không phải của chương trình này: {}; cần thì tạo lại."
_OLD = (
    "Bản sao lưu này cũ hơn {} ngày (HTX_BACKUP_DAYS): ai đã xóa dữ liệu từ trước đó thì máy có "
    "thể không còn biết; đối chiếu với giấy tờ của cơ quan trước khi dùng."
)


def tell_when_new(settings: Settings) -> None:
    """Say that a database begins here, where none was."""
    if settings.sqlite_path and not settings.sqlite_path.exists():
        progress(_NEW.format(settings.sqlite_path))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Sessions]:
    """Give sessions on the migrated database.

    Raises:
        StorageError: the database can't be opened.

    """
    tell_when_new(settings)
    await migrate(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        yield make_sessions(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AsyncSession]:
    """Give a session on the migrated database to a command that only reads.

    Raises:
        StorageError: the database can't be opened.

    """
    async with opened(settings) as sessions, sessions() as session:
        yield session


@asynccontextmanager
async def writing(settings: Settings) -> AsyncIterator[AsyncSession]:
    """Give a session on the migrated database; what was done is committed when all ends well.

    Raises:
        StorageError: the database can't be opened.

    """
    async with opened(settings) as sessions, sessions.begin() as session:
        yield session


def upgrade() -> None:
    """Nâng cơ sở dữ liệu lên bản mới nhất."""
    settings = load_settings()
    asyncio.run(migrate(settings.database_url))
    result("Cơ sở dữ liệu đã ở bản mới nhất.")


def backup() -> None:
    """Sao lưu cơ sở dữ liệu, kể cả khi đang chạy; in đường dẫn bản sao, xóa bản đã quá hạn."""
    settings = load_settings()
    asyncio.run(migrate(settings.database_url))
    result(str(copies.backup(settings)))
    expired = copies.expire(settings, utc_now())
    if expired:
        progress(f"Đã xóa {expired} bản sao lưu cũ hơn {settings.backup_days} ngày.")


def restore(copy: Annotated[Path, typer.Argument(help="Tệp sao lưu")]) -> None:
    """Khôi phục từ bản sao lưu; dừng “htx run” trước. Dữ liệu đang có được sao lưu lại.

    Ai đã xóa, đã thôi nhận, tin đã gửi, cán bộ đã khóa sau lúc sao lưu thì vẫn như vậy.
    """
    settings = load_settings()
    restored, gone = asyncio.run(_restore(settings, copy))
    result(f"Đã khôi phục từ {copy}. Dữ liệu trước đó: {restored.kept}")
    if gone:
        progress(f"{gone} cuộc trò chuyện đã xóa sau lúc sao lưu nên không đưa trở lại.")
    progress(_CARRIED if restored.carried else _NOT_CARRIED)
    if restored.left_out:
        progress(_LEFT_OUT.format(", ".join(restored.left_out)))
    if copies.is_old(settings, copy, utc_now()):
        progress(_OLD.format(settings.backup_days))


async def _restore(settings: Settings, copy: Path) -> tuple[Restored, int]:
    """Restore a backup; return what came of it, and how many it brought back and were let go."""
    restored = await put_back(settings, copy)
    async with opened(settings) as sessions:
        identity = identity_of(settings)
        gone = await forgotten.replay(sessions, settings.data_dir, identity, restored.erased)
        await Wiper(sessions).insist()
        async with sessions.begin() as session:
            now, numbers = utc_now(), {"carried": restored.carried, "erased": gone}
            audit.note(session, now, audit.SYSTEM, "db.restore", "", **numbers)
    return restored, gone
