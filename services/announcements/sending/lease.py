"""A lease: the number of one living worker, which whoever starts after its death gets again.

The jobs of a dead worker are resumed only under the number that it had. The system frees a lock
when its holder dies, however that comes: a lock on a file beside an SQLite database, on PostgreSQL
a lock of one connection that is kept open.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import cast

import psycopg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.errors import MachineError, StorageError
from services.processes import locked
from services.settings import Settings
from services.storage.session import make_engine

LEASES = 16

_WORKERS = 2651
"""Sets these locks apart from others in the same PostgreSQL database."""
_KEEPALIVE = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
"""The server lets go of a machine that vanished after 25 seconds; by default it takes hours."""
_LOST = (
    "PostgreSQL đã ngắt kết nối giữ chỗ của tiến trình gửi này; nó dừng để không làm trùng việc "
    "của tiến trình khác. Xem máy chủ cơ sở dữ liệu rồi chạy lại."
)


@asynccontextmanager
async def hold(settings: Settings) -> AsyncIterator[int]:
    """Hold the lowest free number while the block runs, and give its number.

    Raises:
        MachineError: living workers hold all of them.
        SQLAlchemyError: the database can't be reached.
        StorageError: it let go of the lease; the block is cancelled first, for another worker may
            bear its number by now.

    """
    for number in range(LEASES):
        async with borrow(settings, number) as held:
            if held:
                yield number
                return
    msg = f"Đã có {LEASES} tiến trình gửi đang chạy; tắt bớt một tiến trình rồi chạy lại."
    raise MachineError(msg)


@asynccontextmanager
async def borrow(settings: Settings, number: int) -> AsyncIterator[bool]:
    """Hold this number while the block runs, unless a living worker does; give whether it is held.

    Raises:
        SQLAlchemyError: as `hold` does.
        StorageError: the same.

    """
    if settings.database_url.startswith("sqlite"):
        with locked(settings.data_dir / f"worker-{number}.lock") as held:
            yield held
    else:
        async with _advisory(settings.database_url, number) as held:
            yield held


@asynccontextmanager
async def _advisory(url: str, number: int) -> AsyncIterator[bool]:
    engine = make_engine(url, connections=1)
    try:
        async with engine.connect() as connection:
            held = await _lock(connection, number)
            async with _while_alive(connection) if held else nullcontext():
                yield held
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection, number: int) -> bool:
    """Lock for as long as the connection lives, outside of any transaction."""
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    for setting in _KEEPALIVE:
        await connection.exec_driver_sql(setting)
    query = select(func.pg_try_advisory_lock(_WORKERS, number))
    return bool(await connection.scalar(query))


@asynccontextmanager
async def _while_alive(connection: AsyncConnection) -> AsyncIterator[None]:
    """Run the block; once the connection ends, cancel the block and raise StorageError."""
    try:
        async with asyncio.timeout(None) as life:
            watch = asyncio.create_task(_end_with(connection, life))
            try:
                yield
            finally:
                watch.cancel()
                await asyncio.wait((watch,))
    except TimeoutError:
        if life.expired():
            raise StorageError(_LOST) from None
        raise


async def _end_with(connection: AsyncConnection, life: asyncio.Timeout) -> None:
    """Listen, which nobody speaks to, until the connection ends; then end a life too."""
    raw = await connection.get_raw_connection()
    driver = cast("psycopg.AsyncConnection", raw.driver_connection)
    try:
        async for _ in driver.notifies():
            pass
    except psycopg.OperationalError:
        await connection.invalidate()
        life.reschedule(asyncio.get_running_loop().time())
