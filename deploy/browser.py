"""Finds a Chromium for the browser tests; as root on Debian it installs the package `chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "Chưa có Chromium cho các bài thử trình duyệt: "
    "cài gói “chromium” (hoặc Google Chrome) rồi chạy lại."
)


def main() -> None:
    """Make sure that a Chromium can be launched by its path, or say what to install."""
    if find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(MISSING, file=sys.stderr)
        raise SystemExit(1)
    print("Cài Chromium…", file=sys.stderr, flush=True)
    quiet = {
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
    }
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)
    if not find():
        print(MISSING, file=sys.stderr)
        raise SystemExit(1)


def find() -> str | None:
    """Return the path of an installed Chromium; `CHROMIUM` names one that stands elsewhere."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    main()
