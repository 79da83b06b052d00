"""How a command speaks: results to stdout, progress and errors to stderr."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table


def progress(line: str) -> None:
    """Say what is going on."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # because this is the terminal's face


def result(line: str) -> None:
    """Print a result."""
    print(line, flush=True)  # noqa: T201  # because this is the terminal's face


def result_json(value: Any) -> None:
    """Print a result as one line of JSON."""
    result(json.dumps(value, ensure_ascii=False))


def result_table(table: Table) -> None:
    """Print a table with every cell as it is: what citizens and staff wrote is no markup."""
    Console(markup=False, emoji=False, highlight=False).print(table)
