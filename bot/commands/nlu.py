"""`htx nlu train | serve | evaluate`, and a server for a command that needs one for a while."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from bot.commands.terminal import progress
from services.knowledge.library import load_library
from services.ports import free_port
from services.settings import ROOT, Settings, load_settings
from services.understanding.client import NluClient
from services.understanding.model import ensure_model, nlu_environment, nlu_python
from services.understanding.server import NluServer

app = typer.Typer(help="Máy hiểu câu hỏi: huấn luyện, chạy, đo.", no_args_is_help=True)


@app.command()
def train() -> None:
    """Huấn luyện mô hình khi nội dung hay tệp NLU đã đổi; nếu chưa đổi thì dùng lại."""
    settings = load_settings()
    load_library(settings.content_dir)
    model = ensure_model(settings, progress)
    progress(f"Mô hình: {model.path}")


@app.command()
def serve() -> None:
    """Chạy riêng máy hiểu câu hỏi trên loopback, ở HTX_NLU_URL."""
    settings = load_settings()
    model = ensure_model(settings, progress)
    command = ["-m", "nlu.serve", "--model", str(model.path), "--port", str(settings.nlu_port)]
    raise typer.Exit(_run_in_room(settings, command))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def evaluate(context: typer.Context) -> None:
    """Đo bằng kiểm chứng chéo và ghi ngưỡng vào nlu/thresholds.json."""
    raise typer.Exit(_run_in_room(load_settings(), ["-m", "nlu.evaluate", *context.args]))


@asynccontextmanager
async def nlu_at_hand(settings: Settings) -> AsyncIterator[Settings]:
    """Give settings whose NLU server answers: the one that runs, or one of our own, ended after."""
    client = client_of(settings)
    if await client.ping():
        await client.close()
        yield settings
        return
    await client.close()
    model = ensure_model(settings, progress)
    own = settings.model_copy(update={"nlu_url": f"http://127.0.0.1:{free_port()}"})
    client = client_of(own)
    server = NluServer(own, model.path, client)
    progress("Khởi động máy hiểu câu hỏi…")
    try:
        await server.start()
        yield own
    finally:
        await server.stop()
        await client.close()


def client_of(settings: Settings) -> NluClient:
    """Make a client of the server that the settings name."""
    return NluClient(settings.nlu_url, settings.nlu_token.get_secret_value(), settings.nlu_timeout)


def _run_in_room(settings: Settings, arguments: list[str]) -> int:
    command = [str(nlu_python()), *arguments]
    done = subprocess.run(  # noqa: S603  # because the command is our own interpreter and module
        command,
        cwd=ROOT,
        env=nlu_environment(settings),
        check=False,
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
    return done.returncode
