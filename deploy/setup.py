"""Sets up both environments on a bare machine; standard library only.

Run by `make`: its own uv in `.tools/`, the root environment in `.venv/`, the NLU room's in
`nlu/.venv/`. Each long step says what it does; each failure is one sentence that says what to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".tools/bin/uv"
UV_VERSION = "uv==0.13.9"
NEEDED_GB = 6
MISLEADING = {"VIRTUAL_ENV", "PYENV_VERSION", "PYENV_DIR"}
"""Variables of the caller's Python that would hide the one an environment needs."""

CAUSES = (
    ("No space left", "Ổ đĩa đầy: giải phóng ít nhất 6 GB rồi chạy lại."),
    ("No interpreter found", "Không có Python 3.10 cho máy hiểu: cài python3.10 rồi chạy lại."),
    (
        "python-build-standalone",
        "Không tải được Python 3.10: cài python3.10 (hoặc mở mạng) rồi chạy lại.",
    ),
    ("dns error", "Không có mạng: nối mạng rồi chạy lại."),
    ("error sending request", "Không có mạng: nối mạng rồi chạy lại."),
    ("Failed to establish a new connection", "Không có mạng: nối mạng rồi chạy lại."),
    ("No matching distribution", "Không tải được gói cài đặt: kiểm tra mạng rồi chạy lại."),
)


def main() -> None:
    """Install what is missing; quick when nothing is."""
    if sys.version_info < (3, 11):
        version = sys.version.split()[0]
        fail(f"Cần Python 3.11 trở lên, đang là {version}: chạy “make PYTHON=python3.12 …”.")
    steps = (
        ("công cụ cài đặt (uv)", ROOT / ".tools", tools_mark(), install_uv),
        ("môi trường chính", ROOT / ".venv", mark("pyproject.toml", "uv.lock"), sync_root),
        (
            "môi trường máy hiểu (khoảng 2,5 GB)",
            ROOT / "nlu/.venv",
            mark("nlu/pyproject.toml", "nlu/uv.lock"),
            sync_nlu,
        ),
    )
    for name, folder, want, install in steps:
        done = folder / ".installed"
        if done.exists() and done.read_text(encoding="ascii") == want:
            continue
        require_disk()
        print(f"Cài {name}…", file=sys.stderr, flush=True)
        install()
        done.write_text(want, encoding="ascii")


def tools_mark() -> str:
    """Return what the tools were installed for."""
    return f"{UV_VERSION} {sys.version_info[:2]}"


def mark(*names: str) -> str:
    """Return a digest over the files that an environment is made from."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install_uv() -> None:
    """Make `.tools/` and put uv into it."""
    venv.create(ROOT / ".tools", with_pip=True, clear=True)
    run([str(ROOT / ".tools/bin/python"), "-m", "pip", "install", "--quiet", UV_VERSION])


def sync_root() -> None:
    """Make `.venv/` as locked."""
    run([str(UV), "sync", "--frozen", "--quiet", "--python", sys.executable])


def sync_nlu() -> None:
    """Make `nlu/.venv/` as locked, on Python 3.10."""
    run([str(UV), "sync", "--frozen", "--quiet", "--directory", "nlu"])


def run(command: list[str]) -> None:
    """Run a step; its failure ends the set-up with one sentence."""
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    log = ROOT / ".tools/setup.log"
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    for sign, sentence in CAUSES:
        if sign in done.stderr:
            fail(f"{sentence} (chi tiết: {log})")
    fail(f"Cài đặt không xong; xem {log}.")


def require_disk() -> None:
    """Refuse to begin what would fill the disk."""
    free = shutil.disk_usage(ROOT).free / 1024**3
    if free < NEEDED_GB:
        fail(f"Ổ đĩa còn {free:.1f} GB, cần {NEEDED_GB} GB: giải phóng rồi chạy lại.")


def fail(sentence: str) -> None:
    """Say the sentence and end."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
