"""What is worked out of a piece of content once, and kept while it is served."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

Content = TypeVar("Content")
Given = ParamSpec("Given")
Made = TypeVar("Made")

_KEPT = 8
"""Editions change rarely, and the one before is answered with for some seconds more."""


def once(
    make: Callable[Concatenate[Content, Given], Made],
) -> Callable[Concatenate[Content, Given], Made]:
    """Return what makes something out of a piece of content, once for each object.

    Content is never changed, so it is told by its identity: to hash or compare its long lists
    costs more than most uses of what is made of them.
    """

    @lru_cache(maxsize=_KEPT)
    def _kept(same: _Same[Content], *given: Given.args, **named: Given.kwargs) -> Made:
        return make(same.content, *given, **named)

    @wraps(make)
    def _made(content: Content, /, *given: Given.args, **named: Given.kwargs) -> Made:
        # typed for lru_cache, which wants what a ParamSpec can't promise: things to hash
        return _kept(_Same(content), *given, **named)  # type: ignore[arg-type]

    return _made


@dataclass(frozen=True, eq=False)
class _Same(Generic[Content]):
    """An object by its identity; it is held, so that no other takes its place."""

    content: Content

    def __hash__(self) -> int:
        """Return what tells this object from others."""
        return id(self.content)

    def __eq__(self, other: object) -> bool:
        """Say whether they are the same object."""
        return isinstance(other, _Same) and self.content is other.content
