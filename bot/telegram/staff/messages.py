"""What a message of staff holds: its words as Markdown, its picture or file kept.

The Markdown is of the content's kind and shows the words as they were written. Telegram tells
beside a text where it is bold, italic or a link
(https://core.telegram.org/bots/api#messageentity). All else is plain, also what Markdown would take
for more; fields in double braces are left to be filled in.
"""

import asyncio
import mimetypes
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from telegram import Document, Message, MessageEntity, PhotoSize

from bot.telegram.markup import UNSENDABLE, Run, joined, markdown, units
from bot.telegram.staff.questions import Words
from services.announcements.attachments import Attachment, keep_bytes
from services.errors import AnnouncementError, TicketError

_FIELD = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
_SIGNS = re.compile(
    r"[\\`*]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\](?=[(\[:])"  # a link, or its address
    r"|<(?=[A-Za-z])|&(?=#?\w+;)"
)
_IN_LINK = re.compile(r"[\\`*_\[\]<]")
_OPENING = re.compile(r"^(\d{1,9}(?=[.)])|)([#+\-=>|:~.)])")
"""What opens a heading, a list, a quote or a table where a line begins with it."""
_UNSAFE = str.maketrans({"<": "%3C", ">": "%3E", " ": "%20", "\n": "", "\\": "%5C"})
_TAGS = {MessageEntity.BOLD: "b", MessageEntity.ITALIC: "i"}
_MARKS = {"b": "**", "i": "*"}
_LINKS = ("https://", "http://")
_MOST = 20
"""Megabytes that a bot may bring from Telegram (https://core.telegram.org/bots/api#getfile)."""
_MEGABYTE = 1024 * 1024
_PHOTO = "anh.jpg"
"""Telegram gives pictures no names; they are all JPEG."""
File: TypeAlias = PhotoSize | Document


def file_of(message: Message) -> File | None:
    """Return the picture, in its largest size, or the file of a message."""
    return message.photo[-1] if message.photo else message.document


async def brought(held: File, most: int) -> tuple[str, bytes]:
    """Bring a picture or a file here: its name and its bytes, none of it where it is bigger.

    Raises:
        TicketError: it is bigger than that.
        TelegramError: Telegram does not give it.

    """
    name = _name(held) if isinstance(held, Document) else _PHOTO
    if (held.file_size or 0) > most:
        raise TicketError("ticket_file_big", most=most // _MEGABYTE)
    file = await held.get_file()
    return name, bytes(await file.download_as_bytearray())


async def fetch(held: File, folder: Path) -> Attachment:
    """Bring a picture or a file here and keep it.

    Raises:
        AnnouncementError: it is too big, or can't be an attachment.
        TelegramError: Telegram does not give it.

    """
    megabytes = (held.file_size or 0) / _MEGABYTE
    if megabytes > _MOST:
        raise AnnouncementError("attachment_big_here", megabytes=f"{megabytes:.0f}", most=_MOST)
    name, content = await brought(held, _MOST * _MEGABYTE)
    return await asyncio.to_thread(keep_bytes, name, content, folder)


def words_of(message: Message) -> Words:
    """Return what a message says, or what stands under its picture or file."""
    text = message.text or message.caption or ""
    return Words(text, as_markdown(text, message.entities or message.caption_entities))


def as_markdown(text: str, entities: Sequence[MessageEntity] = ()) -> str:
    """Return a text as Markdown; where its marks can't be told in Markdown, without them."""
    readable = UNSENDABLE.sub(" ", text)  # before what they may hide is looked for
    lines = [list(_runs(line, start, entities)) for line, start in _lines(readable)]
    marked = "\n".join(map(_line, lines))
    if _seen(joined(markdown(marked))) == _seen(run for line in lines for run in line):
        return marked
    return "\n".join(_line([Run("".join(run.text for run in line))]) for line in lines)


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield each line without the spaces around it, and where it begins in UTF-16 units."""
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        yield bare, start + units(line[: len(line) - len(line.lstrip())])
        start += units(line) + 1


def _runs(line: str, start: int, entities: Iterable[MessageEntity]) -> Iterator[Run]:
    """Yield a line in runs; spaces at the edges of a mark stand outside of it."""
    tagged = _tagged(entities)
    spans = [(tag, e.offset - start, e.offset + e.length - start) for e, tag in tagged]
    at, run, tags = 0, "", tuple[str, ...]()
    for sign in line:
        now = tuple(tag for tag, begins, ends in spans if begins <= at < ends)
        at += units(sign)
        if now != tags:
            yield from _trimmed(run, tags)
            run, tags = "", now
        run += sign
    yield from _trimmed(run, tags)


def _tagged(entities: Iterable[MessageEntity]) -> list[tuple[MessageEntity, str]]:
    """Return what is marked, with its tag: links around all else, bold around italic."""
    known = ((entity, _tag(entity)) for entity in entities)
    return sorted(((e, tag) for e, tag in known if tag), key=lambda pair: pair[1])


def _tag(entity: MessageEntity) -> str:
    if entity.type == MessageEntity.TEXT_LINK and (entity.url or "").startswith(_LINKS):
        return f"a {entity.url}"
    return _TAGS.get(entity.type, "")


def _trimmed(run: str, tags: tuple[str, ...]) -> Iterator[Run]:
    core = run.strip()
    before, _, after = run.partition(core) if core else (run, "", "")
    yield from (Run(text, t) for text, t in ((before, ()), (core, tags), (after, ())) if text)


def _line(runs: Sequence[Run]) -> str:
    """Write a line: marks are opened and closed around its runs, the outermost first."""
    written, opened = "", tuple[str, ...]()
    for run in (*runs, Run("")):
        pairs = zip(opened, run.tags, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        written += "".join(_closing(tag) for tag in reversed(opened[shared:]))
        written += "".join(_MARKS.get(tag, "[") for tag in run.tags[shared:])
        written += _escaped(run, opens=not written)
        opened = run.tags
    return written


def _closing(tag: str) -> str:
    """Return what ends a mark; of a link, with the address."""
    if tag in _MARKS:
        return _MARKS[tag]
    address = tag.removeprefix("a ").translate(_UNSAFE)
    return f"](<{address}>)"


def _escaped(run: Run, *, opens: bool) -> str:
    """Return a run as Markdown takes it for plain text; `opens` says that it begins a line."""
    signs = _SIGNS if all(tag in _MARKS for tag in run.tags) else _IN_LINK
    parts = _FIELD.split(run.text)
    parts[::2] = [signs.sub(r"\\\g<0>", part) for part in parts[::2]]
    text = "".join(parts)
    return _OPENING.sub(r"\1\\\2", text, count=1) if opens else text


def _seen(runs: Iterable[Run]) -> list[tuple[str, frozenset[str]]]:
    """Return each sign that is read, with how it is shown."""
    kinds = ((run.text, frozenset(tag.partition(" ")[0] for tag in run.tags)) for run in runs)
    return [(sign, shown) for text, shown in kinds for sign in text if not sign.isspace()]


def _name(document: Document) -> str:
    """Return a name with an ending."""
    given = Path((document.file_name or "").replace("\0", "")).name or "tep"
    ending = Path(given).suffix or mimetypes.guess_extension(document.mime_type or "") or ""
    return f"{Path(given).stem}{ending}"
