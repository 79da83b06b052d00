"""The publisher: brings each change of the content into service while the product runs."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog
from watchfiles import awatch

from services.edition import CurrentEdition, Edition
from services.errors import HtxError
from services.knowledge.library import Library, load_library
from services.knowledge.search import LexicalIndex
from services.publishing.checking import check_beside
from services.publishing.snapshot import Snapshot, editions_dir, keep_newest, take
from services.publishing.status import Publishing
from services.publishing.training import train_beside
from services.settings import Settings
from services.understanding.model import Progress, model_path
from services.understanding.switchboard import Backend, Switchboard

_log = structlog.get_logger()

_QUIET_MS = 1000
"""How long the folder must rest before a change is looked at."""
_AT_MOST_MS = 5000
"""After which it is looked at though it does not rest."""

_WATCH_AGAIN = 10.0
"""Seconds until a folder that can't be watched is tried again."""

Changes = Callable[[Path], AsyncIterator[object]]
Check = Callable[[Settings], Coroutine[Any, Any, None]]
Train = Callable[[Settings, Path], Coroutine[Any, Any, None]]
OnPublished = Callable[[Library], Awaitable[None]]


class _SupersededError(Exception):
    """The content changed again: what was being made of it is of no use."""


def changes_of(folder: Path) -> AsyncIterator[object]:
    """Yield whenever the folder changed and rests again."""
    return awatch(folder, debounce=_AT_MOST_MS, step=_QUIET_MS)


async def nothing(_library: Library) -> None:
    """Do nothing when an edition is served."""


@dataclass
class Publisher:
    """Checks, learns and serves what is written; refuses what is wrong and says why.

    The last change wins. Questions are answered all the while, each out of one edition.
    """

    settings: Settings
    current: CurrentEdition
    board: Switchboard
    status: Publishing
    progress: Progress
    on_published: OnPublished = nothing
    """Called with the content once it is served."""
    changes: Changes = changes_of
    check: Check = check_beside
    train: Train = train_beside
    open_backend: Callable[[Settings, Path], Backend] = Backend
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def run(self) -> None:
        """Publish every change, for as long as it is let."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                self._changed.clear()
                await self._attempt()
                await self._changed.wait()
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        """Hear of changes; a folder that is gone for a while is looked for again."""
        while True:
            try:
                async for _ in self.changes(self.settings.content_dir):
                    self._changed.set()
            except OSError as error:
                _log.warning("publishing.not_watched", reason=str(error))
            await asyncio.sleep(_WATCH_AGAIN)
            self._changed.set()

    async def _attempt(self) -> None:
        try:
            await self.publish()
        except Exception:  # noqa: BLE001  # because the next change must be tried whatever failed
            _log.exception("publishing.failed")
            self._refuse("Chương trình gặp lỗi khi đưa nội dung lên; xem nhật ký.")

    async def publish(self) -> None:
        """Serve the content as it is written now, or refuse it; nothing to do when it is served."""
        snapshot = None
        try:
            self.status.enter("checking")
            snapshot = await asyncio.to_thread(take, self.settings)
            if snapshot.fingerprint == self.status.record.edition:
                self.status.serve(snapshot.fingerprint)
            else:
                await self._serve(snapshot)
        except _SupersededError:
            self.progress("Nội dung lại vừa đổi, xem lại từ đầu.")
        except HtxError as error:
            self._refuse(str(error))
            if snapshot is not None:
                snapshot.drop()

    async def _serve(self, snapshot: Snapshot) -> None:
        frozen = self.settings.model_copy(update={"content_dir": snapshot.path})
        library = await asyncio.to_thread(load_library, snapshot.path)
        await self._unless_changed(self.check(frozen))
        index = await asyncio.to_thread(LexicalIndex, library.articles.values())
        backend = await self._backend(frozen)
        interpreter = replace(self.current.edition.interpreter, nlu=backend.client, index=index)
        if backend is not self.board.live:
            self.board.switch(backend)
        self.current.edition = Edition(library, interpreter)
        self.status.serve(snapshot.fingerprint)
        _log.info("publishing.served", edition=snapshot.fingerprint, model=backend.model.name)
        self.progress(f"Đã dùng bản nội dung mới {snapshot.fingerprint}.")
        self._clean(snapshot, backend)
        await self._tell(library)

    async def _tell(self, library: Library) -> None:
        try:
            await self.on_published(library)
        except Exception:  # noqa: BLE001  # because what is served stays served, whoever fails at it
            _log.exception("publishing.not_told")

    async def _backend(self, frozen: Settings) -> Backend:
        """Return a server that reads as the snapshot teaches; the live one when it does already."""
        model = await asyncio.to_thread(model_path, frozen)
        if model == self.board.live.model:
            return self.board.live
        if not model.exists():
            self.status.enter("training")
            self.progress("Nội dung đã đổi: huấn luyện lại, bản cũ vẫn trả lời…")
            await self._unless_changed(self.train(frozen, model))
        self.status.enter("swapping")
        backend = self.open_backend(self.settings, model)
        await self._unless_changed(backend.start())
        return backend

    async def _unless_changed(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work, given up as soon as the content changes again."""
        task, changed = asyncio.create_task(work), asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait((task, changed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
            given_up = not task.done()
            if given_up:
                task.cancel()
                await asyncio.wait((task,))
        if given_up:
            raise _SupersededError
        task.result()

    def _refuse(self, reason: str) -> None:
        findings = tuple(reason.splitlines())
        _log.warning("publishing.refused", findings=findings)
        self.progress(f"Chưa dùng nội dung vừa sửa, bản cũ vẫn trả lời. {reason}")
        self.status.refuse(findings)

    def _clean(self, snapshot: Snapshot, backend: Backend) -> None:
        """Keep the last three of snapshots and models, these two the last of all."""
        for used in (snapshot.path, backend.model):
            os.utime(used)
        keep_newest(editions_dir(self.settings), "[0-9a-f]*")
        keep_newest(self.settings.model_dir, f"{'?' * 16}.tar.gz")
