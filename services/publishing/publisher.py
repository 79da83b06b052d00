"""The publisher: brings each change of the content into service while the product runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import structlog
from watchfiles import awatch

from services.clock import utc_now
from services.edition import CurrentEdition
from services.errors import ContentError, HtxError, MachineError, why_of
from services.knowledge.library import Library
from services.publishing import editions
from services.publishing.editions import BuiltEdition, Manifest
from services.publishing.holding import sift
from services.publishing.lapses import carry_lapses
from services.publishing.rehearsal import rehearsed
from services.publishing.snapshot import copied, digest, taken
from services.publishing.status import Publishing
from services.settings import Settings
from services.understanding.model import Progress, model_path, train
from services.understanding.switchboard import Backend, Switchboard
from services.understanding.thresholds import load_thresholds

_log = structlog.get_logger()

_QUIET_MS = 1000
"""How long the folder must rest before a change is looked at."""
_AT_MOST_MS = 5000
"""After which it is looked at though it does not rest."""
_WATCH_AGAIN = 10.0
"""Seconds until a folder that can't be watched is tried again."""
RETRIES = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds until a change that the machine failed at is tried again; the last one repeats."""

T = TypeVar("T")

Changes = Callable[[Path], AsyncIterator[object]]
Sift = Callable[[Settings, Path, Path | None], Coroutine[Any, Any, tuple[str, ...]]]
Train = Callable[[Settings, Path, Progress], Coroutine[Any, Any, None]]
OnPublished = Callable[[Library], Awaitable[None]]
InUse = Callable[[], Awaitable[frozenset[str]]]


class _SupersededError(Exception):
    """The content changed again: what was being made of it is of no use."""


def changes_of(folder: Path) -> AsyncIterator[object]:
    """Yield whenever the folder changed and rests again."""
    return awatch(folder, debounce=_AT_MOST_MS, step=_QUIET_MS)


async def nothing(_library: Library) -> None:
    """Do nothing when an edition is served."""


async def none() -> frozenset[str]:
    """Say that nobody but the product itself uses an edition."""
    return frozenset()


@dataclass
class Publisher:
    """Checks, learns and serves what is written; holds back what is wrong and says why.

    The last change wins. Questions are answered all the while, each out of one edition.
    """

    settings: Settings
    served: BuiltEdition
    """What is served now, as it stands on disk."""
    current: CurrentEdition
    board: Switchboard
    status: Publishing
    progress: Progress
    on_published: OnPublished = nothing
    """Called with the content once it is served."""
    in_use: InUse = none
    """Returns the fingerprints of editions that others still read."""
    changes: Changes = changes_of
    sift: Sift = sift
    train: Train = train
    open_backend: Callable[[Settings, Path], Backend] = Backend
    retries: Sequence[float] = RETRIES
    doubts: tuple[str, ...] = ()
    """What the edition that is served could not answer when it was rehearsed."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _untold: bool = field(default=False, init=False)
    """Whether others could not be told of what is served."""

    async def run(self) -> None:
        """Serve what is recorded, then publish every change, for as long as it is let.

        Where the settings say that nothing is published, nothing is trained either: the recorded
        edition only gets the model that it lacks, once somebody has trained it.
        """
        await self.open()
        watching = asyncio.create_task(self._watch())
        failures = 0
        try:
            while True:
                self._changed.clear()
                failures = 0 if await self._attempt() else failures + 1
                await self._next_change(failures)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def open(self) -> None:
        """Start the NLU server of the recorded edition, as it is: nothing is trained or checked."""
        model = self.served.model(self.settings)
        if model is None:
            return
        self.current.begin()
        try:
            backend = self.open_backend(self.settings, model)
            await backend.start()
            await self._serve(self.served, backend, self.status.record.findings)
            self.progress("Máy hiểu câu hỏi đã sẵn sàng.")
        except (
            HtxError,
            OSError,
        ) as error:  # until another is trained, questions are read by their words
            _log.warning("publishing.model_not_opened", model=str(model), reason=str(error))
        finally:
            self.current.opened()

    async def _watch(self) -> None:
        """Hear of changes; a folder that is gone for a while is looked for again."""
        while self.settings.publish:
            try:
                async for _ in self.changes(self.settings.content_dir):
                    self._changed.set()
            except OSError as error:
                _log.warning("publishing.not_watched", reason=str(error))
            await asyncio.sleep(_WATCH_AGAIN)
            self._changed.set()

    async def _next_change(self, failures: int) -> None:
        """Wait for a change; after a failure of the machine for a while at most."""
        pause = self.retries[min(failures, len(self.retries)) - 1] if failures else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._changed.wait()

    async def _attempt(self) -> bool:
        """Publish; say whether it came to an end, or must be tried again: the machine failed."""
        try:
            if self._untold:
                await self._tell()
            await self.publish()
        except HtxError as error:
            self._put_off(str(error))
        except OSError as error:
            self._put_off(f"Máy không ghi được ({why_of(error)}); kiểm tra ổ đĩa.")
        except Exception:  # noqa: BLE001  # because the next change must be tried whatever failed
            _log.exception("publishing.failed")
            self._put_off("Chương trình gặp lỗi khi đưa nội dung lên; xem nhật ký.")
        else:
            return not self._untold
        return False

    async def publish(self) -> None:
        """Serve what is written now, but for what is broken; nothing to do when it is served.

        Raises:
            HtxError: the machine lacks something, or training failed; to be tried again.
            OSError: the disk does.

        """
        self.status.enter("checking")
        with ExitStack() as stack:
            try:
                folder = await self._folder(stack)
                await self._publish(folder)
            except _SupersededError:
                self.progress("Nội dung lại vừa đổi, xem lại từ đầu.")
            except ContentError as error:
                self._hold_back(tuple(str(error).splitlines()))
                self.status.refuse(tuple(str(error).splitlines()))

    async def _folder(self, stack: ExitStack) -> Path:
        """Return a copy of what is to be served: the folder, or the edition where none is read."""
        if self.settings.publish:
            taking = taken(self.settings)
        else:
            taking = copied(self.settings, self.served.content)
        return await asyncio.to_thread(stack.enter_context, taking)

    async def _publish(self, folder: Path) -> None:
        if await asyncio.to_thread(self._is_served, folder):
            known = () if self.settings.publish else self.status.record.findings
            self._record(known)
            return
        self._require_model(folder)
        await self._serve_lapses(folder)
        # of an edition that is not whole some checks were never made: nothing of it is vouched for
        before = self.served.content if self.served.manifest.whole else None
        findings = await self._unless_changed(self.sift(self.settings, folder, before))
        self._hold_back(findings)
        if await asyncio.to_thread(self._is_served, folder):
            self.status.refuse((*findings, *self.doubts))
            return
        frozen = self.settings.model_copy(update={"content_dir": folder})
        backend = await self._backend(frozen)
        try:
            await self._serve_change(folder, backend, findings)
        except BaseException:
            if backend is not self.board.live:
                await backend.stop()
            raise
        self.progress(f"Đã dùng bản nội dung mới {self.served.fingerprint}.")
        await self._tell()

    def _require_model(self, folder: Path) -> None:
        """Raise `MachineError` where nothing is published and what is recorded was never learnt."""
        frozen = self.settings.model_copy(update={"content_dir": folder})
        if not (self.settings.publish or model_path(frozen).exists()):
            raise MachineError("untrained")

    async def _serve_change(
        self, folder: Path, backend: Backend, findings: tuple[str, ...]
    ) -> None:
        """Keep a change and serve it.

        Raises:
            ContentError: it fails its rehearsal; what is served goes on.
            OSError: the disk takes it not.

        """
        manifest = Manifest(
            built_at=utc_now(),
            thresholds=load_thresholds(),
            model=backend.model.name,
            whole=True,
        )
        built = await asyncio.to_thread(editions.keep, self.settings, folder, manifest, self.served)
        await self._serve(built, backend, findings, held_to=True)

    def _is_served(self, folder: Path) -> bool:
        """Say whether this content is what is served, whole, with the model that it gives today."""
        manifest = self.served.manifest
        frozen = self.settings.model_copy(update={"content_dir": folder})
        return (
            manifest.whole
            and self.board.live is not None
            and digest(folder) == self.served.fingerprint
            and model_path(frozen).name == manifest.model
        )

    async def _serve_lapses(self, folder: Path) -> None:
        """Serve at once which documents are over: nothing of that is trained on or checked."""
        with copied(self.settings, self.served.content) as content:
            if not await asyncio.to_thread(carry_lapses, folder, content):
                return
            manifest = self.served.manifest
            built = await asyncio.to_thread(editions.keep, self.settings, content, manifest)
        await self._serve(built, self.board.live, self.status.record.findings)
        self.status.enter("checking")
        self.progress("Có văn bản hết hiệu lực: bài chỉ dựa vào nó không được đem ra trả lời nữa.")
        await self._tell()

    async def _serve(
        self,
        built: BuiltEdition,
        backend: Backend | None,
        findings: tuple[str, ...],
        *,
        held_to: bool = False,
    ) -> None:
        """Serve an edition from now on: one assignment for all who ask.

        Raises:
            ContentError: it is held to its rehearsal, and fails it.

        """
        nlu = backend.client if backend else self.current.edition.interpreter.nlu
        if built.library is self.served.library:
            edition = self.current.edition.read_by(nlu, built.manifest.thresholds)
        else:
            edition, doubts = await asyncio.to_thread(rehearsed, self.settings, built, nlu)
            if doubts and held_to:
                raise ContentError("\n".join((*findings, *doubts)))
            self.doubts = doubts
        if backend is not None and backend is not self.board.live:
            self.board.switch(backend)
        self.current.edition = edition
        self.served = built
        self._record(findings)
        _log.info("publishing.served", edition=built.fingerprint, model=built.manifest.model)
        await asyncio.to_thread(editions.touch, built)

    def _record(self, findings: tuple[str, ...]) -> None:
        """Say what is served, why something of the change is not, and what of it fails."""
        self.status.serve(self.served.fingerprint, tuple(dict.fromkeys((*findings, *self.doubts))))

    async def _tell(self) -> None:
        """Let others know what is served now, and let go of what nobody reads any more."""
        self._untold = True
        try:
            await self.on_published(self.served.library)
            editions.forget_old(self.settings, await self.in_use() | {self.served.fingerprint})
            self._untold = False
        except Exception:  # noqa: BLE001  # because what is served stays served, whoever fails at it
            _log.exception("publishing.not_told")

    async def _backend(self, frozen: Settings) -> Backend:
        """Return a server that reads as the folder teaches; the live one when it does already."""
        model = await asyncio.to_thread(model_path, frozen)
        if self.board.live is not None and model == self.board.live.model:
            return self.board.live
        if not model.exists():
            self.status.enter("training")
            self.progress("Nội dung đã đổi: huấn luyện lại, bản cũ vẫn trả lời…")
            await self._unless_changed(self.train(frozen, model, self.progress))
        self.status.enter("swapping")
        backend = self.open_backend(self.settings, model)
        await self._unless_changed(backend.start())
        return backend

    async def _unless_changed(self, work: Coroutine[Any, Any, T]) -> T:
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
        return task.result()

    def _hold_back(self, findings: tuple[str, ...]) -> None:
        if findings:
            _log.warning("publishing.refused", findings=findings)
            listed = "\n".join(findings)
            self.progress(f"Có chỗ chưa dùng được, chỗ đó giữ như bản trước:\n{listed}")

    def _put_off(self, reason: str) -> None:
        _log.warning("publishing.put_off", reason=reason)
        self.progress(f"Chưa đưa được nội dung vừa sửa lên, sẽ thử lại. {reason}")
        self.status.wait(tuple(reason.splitlines()))
