"""Jobs on DBOS Transact (https://docs.dbos.dev): one per batch, resumed when a worker dies.

A job's input is two numbers. What it has done stands in the deliveries, so that a job may be run
again from its beginning at any time; DBOS sees to it that one process at a time runs it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dbos import DBOS, DBOSConfig, SetEnqueueOptions
from dbos import error as dbos_error
from sqlalchemy.engine import make_url

from services.settings import Settings

QUEUE = "announcements"
VERSION = "1"
"""Pinned, so that a job outlives an update of the code; raised when a job's input changes."""
_WORKER = "worker-"
_SIDE_BY_SIDE = 3
_POLL = 0.1
_MOST_LIVES = 1000
"""How often a job may be taken up again; a worker that dies often must not lose it."""

Send = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True)
class Jobs:
    """The jobs of this process."""

    send: Send

    async def enqueue(self, number: int, batch: int) -> None:
        """Give out a job unless one of the same batch is given out already."""
        with (
            contextlib.suppress(dbos_error.DBOSQueueDeduplicatedError),
            SetEnqueueOptions(deduplication_id=f"{number}.{batch}"),
        ):
            await DBOS.enqueue_workflow_async(QUEUE, self.send, number, batch)  # type: ignore[arg-type]  # because a workflow keeps its function's signature


@asynccontextmanager
async def running(settings: Settings, lease: int, send: Send) -> AsyncIterator[Jobs]:
    """Run jobs as the worker of a lease for as long as the block lasts.

    Raises whatever DBOS raises when its database can't be opened.
    """
    DBOS(config=_config(settings, lease))

    @DBOS.workflow(name="send_batch", max_recovery_attempts=_MOST_LIVES)
    async def workflow(number: int, batch: int) -> None:
        """Send a batch; run again from its beginning when a worker died over it."""
        await send(number, batch)

    DBOS.launch()  # here, so that jobs run in this loop: what they use belongs to it
    try:
        await DBOS.register_queue_async(
            QUEUE, worker_concurrency=_SIDE_BY_SIDE, polling_interval_sec=_POLL
        )
        yield Jobs(workflow)
    finally:
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=10)


async def leases_at_work() -> set[int]:
    """Return the leases whose workers began jobs that are not done, the dead ones among them."""
    begun = await DBOS.list_workflows_async(status="PENDING", load_input=False)
    return {int(str(job.executor_id).removeprefix(_WORKER)) for job in begun}


async def adopt(lease: int) -> None:
    """Take up the jobs that a dead worker left; nobody else may hold its lease."""
    left = await DBOS.list_workflows_async(
        status="PENDING", executor_id=f"{_WORKER}{lease}", load_input=False
    )
    for job in left:
        await DBOS.resume_workflow_async(job.workflow_id)


def _config(settings: Settings, lease: int) -> DBOSConfig:
    return DBOSConfig(
        name="htx",
        system_database_url=_database(settings),
        application_version=VERSION,
        executor_id=f"{_WORKER}{lease}",
        log_level="ERROR",
    )


def _database(settings: Settings) -> str:
    """Return where jobs are kept: beside the product's SQLite file, or in its PostgreSQL."""
    if settings.sqlite_path is not None:
        return f"sqlite:///{settings.data_dir}/jobs.db"
    return (
        make_url(settings.database_url)
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )
