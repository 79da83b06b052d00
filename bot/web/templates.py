"""The templates of the page: Jinja2, everything escaped, an unknown name is an error."""

import base64
import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


class Templates:
    """Renders templates, which say phrases with `say` and name static files with `asset`."""

    def __init__(self, say: Callable[..., str], *, alone: bool = False) -> None:
        """Read templates as they are asked for; `alone` puts static files into the page."""
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        address = _inside if alone else _address
        assets = {path.name: address(path) for path in STATIC.iterdir()}
        self._environment.globals |= {"say": say, "asset": assets.__getitem__}

    def render(self, name: str, **values: Any) -> str:
        """Render a template.

        Raises:
            jinja2.UndefinedError: the template uses a value that was not given.

        """
        return self._environment.get_template(name).render(**values)


def _address(path: Path) -> str:
    """Return an address on the site that changes with the file's content."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


def _inside(path: Path) -> str:
    """Return the whole file as an address, for a page that is opened from a disk."""
    kind, _ = mimetypes.guess_type(path.name)
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
