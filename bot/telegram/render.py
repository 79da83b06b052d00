"""A reply as Telegram messages: the first short, the rest a button away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.telegram.layout import GAP, cut, pages, size, take
from bot.telegram.markup import LINE, QUOTE, Block, Run, html, joined, markdown, plain
from services.conversation.reply import Button, Payload, Reply
from services.knowledge.phrases import Phrases

FIRST = 900
"""Characters of a reply's first message, as the reader sees them."""
WHOLE = 4096
"""Characters of any message (https://core.telegram.org/bots/api#sendmessage)."""
LABEL = 60
"""Characters of a button's label; phones cut longer ones."""
_PIECE = 400
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
            return _messages(pages(blocks, FIRST, WHOLE), reply)
        opening, seen, whole = self._opening(reply)
        more = () if whole else (self._more(reply.again, seen),)
        return _messages([opening], replace(reply, buttons=(*more, *reply.buttons)))

    @staticmethod
    def whole(reply: Reply) -> Outgoing:
        """Return a reply that has no sources and fits one message as that message."""
        [message] = _messages([_body(reply)], reply)
        return message

    def rest(self, reply: Reply, seen: int) -> list[Outgoing]:
        """Return what comes after the blocks that were shown already."""
        blocks = [*_body(reply)[seen:], *self._ending(reply)]
        return _messages(pages(blocks, WHOLE, WHOLE), reply)

    def _opening(self, reply: Reply) -> tuple[list[Block], int, bool]:
        """Return a first message, how many blocks of the body it holds, and whether it holds all.

        The sources stand right under the short answer.
        """
        lead = _lead(reply)
        room = FIRST - size(lead[:1]) - GAP
        notices, _ = take(_notices(reply), room // 2)
        sources, unnamed = take(self._sources(reply), min(room - size(notices) - GAP, _SOURCES))
        ending = [*self._step(reply), *notices]
        stepped = size([*lead, *sources, *ending]) <= FIRST
        if not stepped:
            ending = notices
        shown, hidden = take(_body(reply), FIRST - size([*sources, *ending]) - GAP)
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


def _body(reply: Reply) -> list[Block]:
    """Return the answer in blocks that are counted the same whenever it is rendered."""
    return [*_lead(reply), *cut(markdown(reply.detail), _PIECE)]


def _lead(reply: Reply) -> list[Block]:
    return cut(markdown(reply.lead), _PIECE)


def _notices(reply: Reply) -> list[Block]:
    return cut((plain(notice, "i") for notice in reply.notices), _NOTICE)


def _messages(groups: Iterable[Sequence[Block]], reply: Reply) -> list[Outgoing]:
    """Write each group of blocks as a message; the reply's buttons stand under the last."""
    texts = [runs for runs in map(joined, groups) if any(run.text.strip() for run in runs)]
    messages = [Outgoing(html(runs), "".join(run.text for run in runs)) for runs in texts]
    return [*messages[:-1], *(_with_buttons(message, reply) for message in messages[-1:])]


def _with_buttons(message: Outgoing, reply: Reply) -> Outgoing:
    return replace(message, buttons=reply.buttons, columns=reply.columns, verdicts=reply.verdicts)
