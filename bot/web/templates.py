"""The templates of the page: Jinja2, everything escaped, an unknown name is an error."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


class Templates:
    """Renders templates, which say phrases with `say` and name static files with `asset`."""

    def __init__(self, say: Callable[..., str]) -> None:
        """Read templates as they are asked for."""
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"say": say, "asset": _asset_addresses().__getitem__}

    def render(self, name: str, **values: Any) -> str:
        """Render a template.

        Raises:
            jinja2.UndefinedError: the template uses a value that was not given.

        """
        return self._environment.get_template(name).render(**values)


def _asset_addresses() -> dict[str, str]:
    """Map each static file to an address that changes with its content."""
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
        for path in STATIC.iterdir()
    }
