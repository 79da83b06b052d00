"""Lists what is inside, and tells what is known against it; standard library only.

Every package of both locks goes into a CycloneDX file below `dist/`. Then each is looked for in a
source of advisories (OSV, https://osv.dev), where one can be reached; without a network that is
said, and nothing else: a check must not depend on it. Nor does a new advisory turn a check red
whose code is as it was; `make audit` refuses it. uv does both, so that nothing is installed for it.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".tools/bin/uv"
LOCKS = {"product": ROOT, "nlu": ROOT / "nlu"}
EXPERIMENTAL = ("--preview-features", "audit-command,json-output,sbom-export")
WITHIN = 10
"""Seconds that a list, or the source of advisories, may take for one lock."""
UNANSWERED = (subprocess.TimeoutExpired, ValueError, LookupError, TypeError)
"""Nothing came in time, or nothing of the form that we know: to uv both commands are a preview."""
ONCE = {"UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "5", "UV_HTTP_CONNECT_TIMEOUT": "3"}
FOUND = 1
"""How uv ends where something is known; otherwise, but for nought, it could not ask."""


def main() -> None:
    """List, look up, tell; end with 1 where that is wanted and something is known."""
    options = argparse.ArgumentParser()
    options.add_argument("--strict", action="store_true", help="end with 1 when something is known")
    options.add_argument("--source", default="", help="another source of advisories, as OSV is")
    options.add_argument("--into", type=Path, default=ROOT / "dist", help="where the lists go")
    asked = options.parse_args()
    asked.into.mkdir(exist_ok=True)
    known = 0
    for name, folder in LOCKS.items():
        file = asked.into / f"inside-{name}.cdx.json"
        number = listed(folder, file)
        many = "could not be listed" if number is None else f"{number} packages, see {file}"
        print(f"{name}: {many}")
        found = advisories(folder, asked.source)
        if found is None:
            print(f"{name}: no source of advisories could be reached; nothing was looked up")
            continue
        for one in found:
            print(f"{name}: {told(one)}")
        known += len(found)
        print(f"{name}: advisories: {len(found)}")
    sys.exit(bool(known) and asked.strict)


def listed(folder: Path, file: Path) -> int | None:
    """Write the list of a lock's packages; return how many there are, None where none was made."""
    try:
        written = uv("export", "--format", "cyclonedx1.5", "--quiet", folder=folder)
        if written.returncode:
            sys.exit(f"uv export failed for {folder}:\n{written.stderr}")
        number = len(json.loads(written.stdout)["components"])
    except UNANSWERED:
        return None
    file.write_text(written.stdout, encoding="utf-8")
    return number


def advisories(folder: Path, source: str) -> list[dict[str, Any]] | None:
    """Return what is known against a lock's packages; None where nobody could be asked."""
    other = ("--service-url", source) if source else ()
    try:
        asked = uv("audit", "--output-format", "json", *other, folder=folder)
        found: list[dict[str, Any]] = json.loads(asked.stdout)["vulnerabilities"]
    except UNANSWERED:
        return None
    return found if asked.returncode in {0, FOUND} else None


def told(known: dict[str, Any]) -> str:
    """Tell one advisory in a line."""
    package, mended = known["dependency"], ", ".join(known["fix_versions"]) or "nothing yet"
    about = f"{package['name']} {package['version']}: {known['display_id']}"
    return f"{about}, {known['summary']} (mended in {mended}; {known['link']})"


def uv(command: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run uv on what is installed of a lock where the product runs.

    Raises:
        subprocess.TimeoutExpired: it took too long.

    """
    return subprocess.run(
        [UV, command, "--frozen", "--no-dev", "--directory", folder, *EXPERIMENTAL, *words],
        env=os.environ | ONCE,
        capture_output=True,
        check=False,
        text=True,
        timeout=WITHIN,
    )


if __name__ == "__main__":
    main()
