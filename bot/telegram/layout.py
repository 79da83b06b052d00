"""How blocks are laid out in messages: cut when too long, never torn apart without need."""

from collections.abc import Iterable, Iterator, Sequence

from bot.telegram.markup import PARAGRAPH, Block, Run, Runs, joined, units

_BREAKS = (" ", "\n")


def cut(blocks: Iterable[Block], most: int) -> list[Block]:
    """Return the blocks with those longer than `most` cut at spaces, where there are any."""
    return [piece for block in blocks for piece in _pieces(block, most)]


def size(blocks: Sequence[Block]) -> int:
    """Return the length of blocks together, as Telegram counts it."""
    return units("".join(run.text for run in joined(blocks)))


def take(blocks: Sequence[Block], room: int) -> tuple[list[Block], list[Block]]:
    """Return the first blocks that fit together into `room`, and those that do not.

    A block that only leads to the next one is not left standing at the end.
    """
    count = _fitting(blocks, room)
    while 1 < count < len(blocks) and blocks[count - 1].introduces:
        count -= 1
    return list(blocks[:count]), list(blocks[count:])


def pages(blocks: Sequence[Block], first: int, others: int) -> Iterator[list[Block]]:
    """Yield the blocks of each message: at most `first` long, then at most `others`."""
    rest, room = list(blocks), first
    while rest:
        page, rest = take(rest, room)
        yield page or [rest.pop(0)]
        room = others


def _fitting(blocks: Sequence[Block], room: int) -> int:
    used = 0
    for count, block in enumerate(blocks):
        used += block.size + (units(block.gap) if count else 0)
        if used > room:
            return count
    return len(blocks)


def _pieces(block: Block, most: int) -> Iterator[Block]:
    """Yield a block in pieces; the space at which it was cut is the gap between two of them."""
    text, runs, gap = block.text, block.runs, block.gap
    while units(text) > most:
        end = _border(text, most)
        skip = text[end] in _BREAKS
        yield Block(_part(runs, 0, end), gap)
        gap = text[end] if skip else ""
        runs = _part(runs, end + skip, len(text))
        text = text[end + skip :]
    if runs:
        yield Block(runs, gap)


def _border(text: str, most: int) -> int:
    """Return where to cut a text so that its beginning is at most `most` long."""
    fit = text.encode("utf-16-le")[: most * 2].decode("utf-16-le", errors="ignore")
    if text[len(fit)] in _BREAKS:
        return len(fit)
    space = max(fit.rfind(sign) for sign in _BREAKS)
    return space if space > 0 else len(fit)


def _part(runs: Runs, start: int, end: int) -> Runs:
    """Return the runs of the text between two places."""
    kept, at = [], 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        at += len(run.text)
        if text:
            kept.append(Run(text, run.tags))
    return tuple(kept)


GAP = units(PARAGRAPH)
"""What a block costs beside its own length."""
