"""Whether an answer stands on one screen of a phone, told by its lines."""

import math

from services.conversation.reply import Reply, is_to_part, is_to_tool

_LINES = 20
"""Lines of a screen of 390 pixels beside what stands around every answer: its name, its line of
source, the ways on, and the longest notice there may be. Measured over all answers in a browser
(tests/browser/test_every_answer.py), as are the figures below."""
_BRIEF = 420
"""Characters of what was just said, told again with the part that is nearest to it."""
_LINE = 300
"""Characters of an answer to a follow-up that tells more than what was asked: 350 with its source.
With 420 half of the follow-ups in talks are over 380, with 300 over 350."""
_WIDE = 44
"""Characters of a line."""
_ROW = 2
"""Lines of a row of buttons."""
_A_ROW = 2
"""Buttons to parts in a row."""
_TOOL = 1
"""Lines by which a button to a tool is more than that to a neighbour, whose place it takes."""
_ITEM, _CELLS = 0.75, 0.5
"""Lines that an item of a list with its box, and a row of a table, take beside their text."""


def fits(reply: Reply) -> bool:
    """Say whether a short answer is seen whole, buttons included, without scrolling."""
    told = (reply.lead, reply.detail, reply.next_step, " ".join(reply.notices))
    lapsed = sum(not cited.in_force for cited in reply.citations)
    rows = math.ceil(sum(map(is_to_part, reply.buttons)) / _A_ROW)
    tools = sum(map(is_to_tool, reply.buttons)) * _TOOL
    return sum(map(_lines, told)) + lapsed + rows * _ROW + tools <= _LINES


def is_line(reply: Reply) -> bool:
    """Say whether a short answer is no more than whoever asks on wants to read at once."""
    return _length(reply) <= _LINE


def is_brief(reply: Reply) -> bool:
    """Say whether what was just said and the nearest part stand together."""
    return _length(reply) <= _BRIEF


def _length(reply: Reply) -> int:
    return len(reply.lead) + len(reply.detail) + len(reply.next_step)


def _lines(text: str) -> float:
    """Count them by the marks alone: to take Markdown apart each time would cost more."""
    return sum(map(_height, text.replace("**", "").splitlines()))


def _height(line: str) -> float:
    """Return the lines that one of Markdown takes; cells of a table share its width."""
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        return max(math.ceil(len(cell) * len(cells) / _WIDE) for cell in cells) + _CELLS
    return math.ceil(len(line) / _WIDE) + (_ITEM if line.startswith("- ") else 0)
