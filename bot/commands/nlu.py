"""`htx nlu train | serve | evaluate`, and a server for a command that needs one for a while."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import progress, result
from services.clock import VIETNAM, utc_now
from services.errors import MachineError
from services.insight.evaluation import Made, page, read_evaluation, table
from services.knowledge.loader import load_library, read_content
from services.processes import free_port
from services.publishing.editions import BuiltEdition, recorded
from services.publishing.snapshot import taken
from services.settings import ROOT, Settings, load_settings
from services.understanding.client import client_of
from services.understanding.model import ensure_model, nlu_environment, nlu_python
from services.understanding.server import NluServer


def train() -> None:
    """Huấn luyện mô hình khi nội dung hay tệp NLU đã đổi; nếu chưa đổi thì dùng lại."""
    settings = load_settings()
    with taken(settings) as folder:
        load_library(folder)
        frozen = settings.model_copy(update={"content_dir": folder})
        progress(f"Mô hình: {asyncio.run(ensure_model(frozen, progress))}")


def serve() -> None:
    """Chạy riêng máy hiểu câu hỏi trên loopback, ở HTX_NLU_URL."""
    settings = load_settings()
    model = asyncio.run(_model_of(recorded(settings), settings))
    command = ["-m", "nlu.serve", "--model", str(model), "--port", str(settings.nlu_port)]
    raise typer.Exit(_run_in_room(settings, command))


def evaluate(
    context: typer.Context,
    report: Annotated[Path | None, typer.Option(help="Ghi báo cáo có hình ra tệp HTML")] = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="In bảng tóm tắt")] = False,
) -> None:
    """Đo bằng kiểm chứng chéo và ghi ngưỡng vào nlu/thresholds.json; thêm --json thì in số đo."""
    settings, command = load_settings(), ["-m", "nlu.evaluate", *context.args]
    if not (report or markdown):
        raise typer.Exit(_run_in_room(settings, command))
    _refuse_unwritable(report)
    made = Made(utc_now().astimezone(VIETNAM), _commit())  # before the thresholds are written
    figures = _measured(settings, [*command, "--json"])
    if "--json" in context.args:
        result(figures.strip())
    evaluation, library = read_evaluation(figures), read_content(settings.content_dir)
    if markdown:
        result(table(evaluation, library, made))
    if report:
        report.write_text(page(evaluation, library, made), encoding="utf-8")
        progress(f"Đã ghi báo cáo vào {report}; mở tệp này bằng trình duyệt để xem.")


@asynccontextmanager
async def nlu_at_hand(settings: Settings, edition: BuiltEdition) -> AsyncIterator[Settings]:
    """Give settings whose NLU server answers: the one that runs, or one of our own, ended after."""
    client = client_of(settings)
    if await client.ping():
        await client.close()
        yield settings
        return
    await client.close()
    model = await _model_of(edition, settings)
    own = settings.model_copy(update={"nlu_url": f"http://127.0.0.1:{free_port()}"})
    client = client_of(own)
    server = NluServer(own, model, client)
    progress("Khởi động máy hiểu câu hỏi…")
    try:
        await server.start()
        yield own
    finally:
        await server.stop()
        await client.close()


async def _model_of(edition: BuiltEdition, settings: Settings) -> Path:
    """Return an edition's model, trained when there is none.

    Raises:
        ModelError: training failed.
        MachineError: the NLU room is not installed, or the disk is full.

    """
    frozen = settings.model_copy(update={"content_dir": edition.content})
    return edition.model(settings) or await ensure_model(frozen, progress)


def _refuse_unwritable(report: Path | None) -> None:
    """Refuse before the minutes of measuring, not after."""
    if report and not os.access(report.parent, os.W_OK):
        msg = f"Không ghi được báo cáo vào thư mục {report.parent}; chọn thư mục khác."
        raise MachineError(msg)


def _measured(settings: Settings, arguments: list[str]) -> str:
    done = _in_room(settings, arguments, subprocess.PIPE)
    if done.returncode:
        raise typer.Exit(done.returncode)
    return done.stdout


def _commit() -> str:
    """Return the commit of the project, with a mark when files differ from it."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # because the words are ours
    except (OSError, subprocess.CalledProcessError):
        return "không rõ"
    return done.stdout.strip()


def _run_in_room(settings: Settings, arguments: list[str]) -> int:
    return _in_room(settings, arguments).returncode


def _in_room(
    settings: Settings, arguments: list[str], out: int | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # because the command is our own interpreter and module
        [str(nlu_python()), *arguments],
        cwd=ROOT,
        env=nlu_environment(settings),
        check=False,
        text=True,
        stdout=out,
    )
