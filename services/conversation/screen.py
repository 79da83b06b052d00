"""Whether an answer stands on one screen of a phone, told by its lines."""

import math

from services.conversation.reply import Reply, is_to_part

_LINES = 20
"""Lines of a screen of 390 pixels beside what stands around every answer: its name, its line of
source, the ways on, and the longest notice there may be. Measured over all answers in a browser
(tests/browser/test_every_answer.py), as are the figures below."""
_WIDE = 44
"""Characters of a line."""
_ROW = 2
"""Lines of a row of buttons."""
_A_ROW = 2
"""Buttons to parts in a row."""


def fits(reply: Reply) -> bool:
    """Say whether a short answer is seen whole, buttons included, without scrolling."""
    told = (reply.lead, reply.detail, reply.next_step, " ".join(reply.notices))
    lapsed = sum(not cited.in_force for cited in reply.citations)
    rows = math.ceil(sum(map(is_to_part, reply.buttons)) / _A_ROW)
    return sum(map(_lines, told)) + lapsed + rows * _ROW <= _LINES


def _lines(text: str) -> int:
    """Count them by the marks alone: to take Markdown apart each time would cost more."""
    written = text.replace("**", "").splitlines()
    return sum(math.ceil(len(line) / _WIDE) for line in written)
