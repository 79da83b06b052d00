"""The NLU server as a child process, of a Python that only ends."""

import os
import tarfile
from pathlib import Path

import pytest

from services.errors import ModelError
from services.processes import free_port
from services.settings import Settings
from services.understanding import server
from services.understanding.client import client_of
from services.understanding.server import NluServer


def packed(path: Path) -> Path:
    """Write a model of one part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name("part")
    part.write_bytes(os.urandom(1000))
    with tarfile.open(path, "w:gz") as model:
        model.add(part, "part")
    return path


@pytest.mark.parametrize("cut", [False, True])
async def test_model_of_which_a_part_is_lost_goes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *, cut: bool
) -> None:
    """A whole one stays where it is: that a server can't start is not always the model's fault."""
    monkeypatch.setattr(server, "nlu_python", lambda: Path("/bin/false"))
    model = packed(settings.model_dir / "0123456789abcdef.tar.gz")
    if cut:
        model.write_bytes(model.read_bytes()[:-100])
    own = settings.model_copy(update={"nlu_url": f"http://127.0.0.1:{free_port()}"})
    client = client_of(own)
    started = NluServer(own, model, client)

    with pytest.raises(ModelError, match="không khởi động được"):
        await started.start()
    await started.stop()
    await client.close()

    assert model.exists() is not cut
