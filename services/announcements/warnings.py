"""Warnings: what an announcement says that may be meant otherwise, told before it is sent.

They keep nothing from being sent: who writes and who approves read them and decide.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from services.clock import read_day, write_day
from services.conversation.plain import plain_markdown
from services.errors import AnnouncementError
from services.knowledge.phrases import Phrases
from services.storage.models import Announcement

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_DAY = (
    r"\d{1,2}\s*(?:[/.-]|\s+tháng\s+)\s*\d{1,2}(?:(?:[/.-]|\s+năm\s+)\d{4})?(?!\d)"
    r"|\d{4}-\d{1,2}-\d{1,2}(?!\d)"
)
_RELATIVE = re.compile(
    r"\b((?:sáng|trưa|chiều|tối)\s+(?:nay|mai)|hôm\s+(?:nay|qua)|ngày\s+(?:mai|mốt|kia)"
    r"|(?:tuần|tháng|năm)\s+(?:này|tới|sau)|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])\s+(?:này|tới|sau))"
    rf"\b(?!\s*[,(–-]?\s*(?:ngày\s+)?(?:{_DAY}))",
    re.IGNORECASE,
)
"""A day told from today, with no date behind it."""
_WEEKDAY = r"thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật"
_WEEKDAY_FIRST = re.compile(rf"\b({_WEEKDAY})\s*[,(–-]?\s*(?:ngày\s+)?({_DAY})", re.IGNORECASE)
_DATE_FIRST = re.compile(rf"(?<!\d)({_DAY})\s*[,(–-]\s*({_WEEKDAY})\b", re.IGNORECASE)
_NAMES = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_SHORTENERS = frozenset(
    ("bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "cutt.ly", "rebrand.ly", "shorturl.at")
)
_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#:]\S*)?", re.IGNORECASE)


def of_words(announcement: Announcement, phrases: Phrases, today: date) -> Iterator[str]:
    """Yield a sentence for each thing in the words that may mislead."""
    text = f"{announcement.title}\n{plain_markdown(announcement.body)}"
    for words in relative_days(text):
        yield phrases.say("announcement_notice_relative", words=words)
    yield from _days(text, phrases, today)
    yield from _links(announcement.body, phrases)


def relative_days(text: str) -> list[str]:
    """Return the days that a text tells from the day on which it is read, each once."""
    found = (" ".join(match[1].split()).lower() for match in _RELATIVE.finditer(text))
    return list(dict.fromkeys(found))


def wrong_weekdays(text: str, today: date) -> Iterator[tuple[str, date | None]]:
    """Yield each date beside which another weekday stands, with that day; None for no day at all.

    A date without a year is the nearest.
    """
    pairs = [(match[2], match[1]) for match in _WEEKDAY_FIRST.finditer(text)]
    pairs += [(match[1], match[2]) for match in _DATE_FIRST.finditer(text)]
    for written, weekday in dict.fromkeys(pairs):
        try:
            day = read_day(written, today)
        except AnnouncementError:
            yield f"{weekday} {written}", None
            continue
        if _number(weekday) != day.weekday():
            yield f"{weekday} {written}", day


def misleading_links(body: str) -> Iterator[tuple[str, str]]:
    """Yield the words of each link that look like another address than the one it opens."""
    for words, address in links(body):
        looks = _ADDRESS.fullmatch(words.strip())
        if looks and _host(f"https://{looks[1]}") != _host(address):
            yield words.strip(), address


def links(body: str) -> Iterator[tuple[str, str]]:
    """Yield the words and the address of each link of a text."""
    for block in _MARKDOWN.parse(body):
        address, words = "", ""
        for token in block.children or ():
            if token.type == "link_open":
                address, words = str(token.attrGet("href") or ""), ""
            elif token.type == "link_close":
                yield words, address
            else:
                words += token.content


def _days(text: str, phrases: Phrases, today: date) -> Iterator[str]:
    for written, day in wrong_weekdays(text, today):
        if day is None:
            yield phrases.say("announcement_notice_no_day", written=written)
            continue
        true = _NAMES[day.weekday()]
        yield phrases.say(
            "announcement_notice_weekday", written=written, day=write_day(day), weekday=true
        )


def _links(body: str, phrases: Phrases) -> Iterator[str]:
    for words, address in misleading_links(body):
        yield phrases.say("announcement_notice_link", words=words, address=address)
    hosts = (_host(address) for _, address in links(body))
    for host in dict.fromkeys(host for host in hosts if host in _SHORTENERS):
        yield phrases.say("announcement_notice_shortened", host=host)


def _number(weekday: str) -> int:
    """Return a weekday as Python counts them, from Monday."""
    name = " ".join(weekday.split()).lower()
    last = name.rpartition(" ")[2]
    return int(last) - 2 if last.isdigit() else _NAMES.index(name)


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return address
    return host.removeprefix("www.")
