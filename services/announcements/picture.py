"""A picture's size in pixels, out of the beginning of its file."""

import struct

_PNG = b"\x89PNG"
_PNG_SIZE = slice(16, 24)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame, which names the size (ITU-T T.81, table B.1)."""
_MARK = 0xFF


def pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG picture; None when its beginning names none."""
    try:
        return _png(content) if content.startswith(_PNG) else _jpeg(content)
    except (struct.error, IndexError):
        return None


def _png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[_PNG_SIZE])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the frame's."""
    at = 2
    while content[at] == _MARK:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 1 if marker == _MARK else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
