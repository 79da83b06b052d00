"""A reply as Telegram messages: the first short, the rest a button away.

Blocks are laid out in messages: cut when too long, never torn apart without need.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.telegram.markup import (
    LINE,
    PARAGRAPH,
    QUOTE,
    Block,
    Run,
    Runs,
    html,
    joined,
    markdown,
    plain,
    units,
)
from services.conversation.reply import Button, Payload, Reply, is_to_part, is_to_tool
from services.knowledge.phrases import Phrases

FIRST = 900
"""Characters of a reply's first message, as the reader sees them."""
UNCUT = 1500
"""Characters up to which a short answer, or a part alone, is told whole: it is what was asked."""
WHOLE = 4096
"""Characters of any message (https://core.telegram.org/bots/api#sendmessage)."""
LABEL = 60
"""Characters of a button's label; phones cut longer ones."""
_MOST_ROWS = 6
_PARTS_A_ROW = 2
"""Two names of at most 24 characters stand side by side on a narrow phone."""
_GAP = units(PARAGRAPH)
"""What a block costs beside its own length."""
_BREAKS = (" ", "\n")
_PIECE = 400
_LEAD = 700
"""Longer than a short answer with the words that may open it: it stays one paragraph, as it is in
the article alone, of which the rest is asked for by the number of paragraphs shown."""
_SHORT = ("a", "d")
"""What asks for an answer that is short: what an article says first, or a part."""
_ABOVE = 380
"""Characters of a part under which its sources are still on the screen."""
_NOTICE = 240
_SOURCES = 260
"""Characters of sources in a first message: short answer and source fit a screen together."""


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent: as HTML, as plain text should Telegram refuse that, its buttons."""

    html: str
    plain: str
    buttons: tuple[Button, ...] = ()
    columns: int = 1
    """How many buttons stand in a row."""
    verdicts: tuple[Button, ...] = ()
    """Side by side, below the others."""

    @property
    def rows(self) -> list[tuple[Button, ...]]:
        """The buttons in rows, those to parts two a row, verdicts in one row at the end."""
        rows: list[tuple[Button, ...]] = []
        for narrow, buttons in groupby(self.buttons, key=is_to_part):
            run, columns = tuple(buttons), _PARTS_A_ROW if narrow else self.columns
            rows += (run[at : at + columns] for at in range(0, len(run), columns))
        return [*rows, self.verdicts] if self.verdicts else rows


@dataclass(frozen=True)
class Renderer:
    """Renders replies with the words of the library."""

    phrases: Phrases

    def first(self, reply: Reply) -> list[Outgoing]:
        """Return what is said at once; of what a button brings again, one message and that button.

        Of any other reply the rest follows at once.
        """
        if reply.again is None:
            blocks = [*_body(reply), *self._ending(reply)]
            return _messages(_pages(blocks, FIRST, WHOLE), reply)
        uncut = self._uncut(reply)
        if reply.again.verb in _SHORT and _size(uncut) <= UNCUT:
            return _messages([uncut], reply)
        opening, seen, whole = self._opening(reply)
        more = () if whole else (self._more(reply.again, seen),)
        return _messages([opening], replace(reply, buttons=(*more, *reply.buttons)))

    def fitting(self, reply: Reply) -> Reply:
        """Return an answer with as many buttons as have a row under it: a number counts these.

        What leads to a tool or to other articles gives way, the last first.
        """
        elsewhere = [b for b in reply.buttons if b.payload.startswith("a:") or is_to_tool(b)]
        while reply.verdicts and elsewhere and len(self.first(reply)[-1].rows) > _MOST_ROWS:
            left_out = elsewhere.pop()
            buttons = tuple(button for button in reply.buttons if button is not left_out)
            reply = replace(reply, buttons=buttons)
        return reply

    @staticmethod
    def whole(reply: Reply) -> Outgoing:
        """Return a reply that has no sources and fits one message as that message."""
        [message] = _messages([_body(reply)], reply)
        return message

    def rest(self, reply: Reply, seen: int) -> list[Outgoing]:
        """Return what comes after the blocks that were shown already."""
        blocks = [*_body(reply)[seen:], *self._ending(reply)]
        return _messages(_pages(blocks, WHOLE, WHOLE), reply)

    def _uncut(self, reply: Reply) -> list[Block]:
        """Return all of a reply; the sources of a long list stand above it, still on the screen."""
        body = _body(reply)
        above = 1 if reply.part and _size(_lead(reply)) > _ABOVE else len(body)
        rest = [*body[above:], *self._step(reply), *_notices(reply)]
        return [*body[:above], *self._sources(reply), *rest]

    def _opening(self, reply: Reply) -> tuple[list[Block], int, bool]:
        """Return a first message, how many blocks of the body it holds, and whether it holds all.

        The sources stand right under the short answer.
        """
        lead = _lead(reply)
        room = FIRST - _size(lead) - _GAP
        notices, _ = _take(_notices(reply), room // 2)
        sources, unnamed = _take(self._sources(reply), min(room - _size(notices) - _GAP, _SOURCES))
        ending = [*self._step(reply), *notices]
        stepped = _size([*lead, *sources, *ending]) <= FIRST
        if not stepped:
            ending = notices
        shown, hidden = _take(_body(reply), FIRST - _size([*sources, *ending]) - _GAP)
        opening = [*shown[: len(lead)], *sources, *shown[len(lead) :], *ending]
        return opening, len(shown), stepped and not (hidden or unnamed)

    def _ending(self, reply: Reply) -> list[Block]:
        return [*self._sources(reply), *self._step(reply), *_notices(reply)]

    def _sources(self, reply: Reply) -> list[Block]:
        """Return the source block: its name, then a line each; what is in force comes first."""
        if not reply.source_lines:
            return []
        named = Block((Run(f"{self.phrases.say('sources')}:", (QUOTE, "b")),))
        told = zip(reply.citations, reply.source_lines, strict=True)
        ordered = sorted(told, key=lambda pair: not pair[0].in_force)
        lines = [Block(plain(f"• {line}", QUOTE).runs, LINE) for _, line in ordered]
        return cut([named, *lines], _NOTICE)

    def _step(self, reply: Reply) -> list[Block]:
        """Return the next step as one paragraph, after its name."""
        blocks = markdown(reply.next_step)
        if not blocks:
            return []
        named = (Run(f"{self.phrases.say('next_step')}:", ("b",)), Run(" "))
        return cut([Block((*named, *blocks[0].runs)), *blocks[1:]], _PIECE)

    def _more(self, again: Payload, seen: int) -> Button:
        return Button(self.phrases.say("button_more"), str(replace(again, seen=seen)))


def shorten(label: str, most: int = LABEL) -> str:
    """Return a label of at most `most` characters, cut at a word's end."""
    if len(label) <= most:
        return label
    kept = label[:most].rpartition(" ")[0] or label[: most - 1]
    return f"{kept.rstrip(' ,;:.')}…"


def cut(blocks: Iterable[Block], most: int) -> list[Block]:
    """Return the blocks with those longer than `most` cut at spaces, where there are any."""
    return [piece for block in blocks for piece in _pieces(block, most)]


def _body(reply: Reply) -> list[Block]:
    """Return the answer in blocks that are counted the same whenever it is rendered."""
    return [*_lead(reply), *cut(markdown(reply.detail), _PIECE)]


def _lead(reply: Reply) -> list[Block]:
    return cut(markdown(reply.lead), _LEAD)


def _notices(reply: Reply) -> list[Block]:
    return cut((plain(notice, "i") for notice in reply.notices), _NOTICE)


def _messages(groups: Iterable[Sequence[Block]], reply: Reply) -> list[Outgoing]:
    """Write each group of blocks as a message; the reply's buttons stand under the last."""
    texts = [runs for runs in map(joined, groups) if any(run.text.strip() for run in runs)]
    messages = [Outgoing(html(runs), "".join(run.text for run in runs)) for runs in texts]
    return [*messages[:-1], *(_with_buttons(message, reply) for message in messages[-1:])]


def _with_buttons(message: Outgoing, reply: Reply) -> Outgoing:
    return replace(message, buttons=reply.buttons, columns=reply.columns, verdicts=reply.verdicts)


def _size(blocks: Sequence[Block]) -> int:
    """Return the length of blocks together, as Telegram counts it."""
    return units("".join(run.text for run in joined(blocks)))


def _take(blocks: Sequence[Block], room: int) -> tuple[list[Block], list[Block]]:
    """Return the first blocks that fit together into `room`, and those that do not.

    A block that only leads to the next one is not left standing at the end.
    """
    count = _fitting(blocks, room)
    while 1 < count < len(blocks) and blocks[count - 1].introduces:
        count -= 1
    return list(blocks[:count]), list(blocks[count:])


def _pages(blocks: Sequence[Block], first: int, others: int) -> Iterator[list[Block]]:
    """Yield the blocks of each message: at most `first` long, then at most `others`."""
    rest, room = list(blocks), first
    while rest:
        page, rest = _take(rest, room)
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
