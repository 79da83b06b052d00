"""What the tests of the command line share."""

from collections.abc import Callable

from typer.testing import Result

Run = Callable[..., Result]
"""Runs `htx` with these words; `typed` is what the person types."""
Keep = Callable[..., None]
"""Keeps these rows in the database that the commands read."""
