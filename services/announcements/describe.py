"""What staff are told of announcements, on every face: states, audiences, counts, reasons.

All words are phrases of the content. What is told in several lines is Markdown of the content's
kind, texts of people made literal; a face without Markdown shows it as plain text.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from markdown_it import MarkdownIt

from services.announcements import deliveries
from services.announcements.announcement import ENDED
from services.announcements.audience import Audience, Rule
from services.announcements.drafts import Rehearsal
from services.announcements.report import Report
from services.clock import write_moment
from services.conversation.plain import literal
from services.conversation.quantities import grouped
from services.knowledge.library import Library
from services.knowledge.phrases import Phrases
from services.people.places import place_name
from services.storage.models import Announcement

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_BAR = 10
_LONGEST_TITLE = 100
_REASONS = ("blocked", "deactivated", "not_found", "withdrawn", "erased", "interrupted")
"""Why a delivery did not arrive, as far as there are words of ours for it."""
_MISSED = ("stopped", "failed", "cancelled", "uncertain")


def state(phrases: Phrases, name: str) -> str:
    """Tell the state of an announcement."""
    return phrases.say(f"announcement_state_{name}")


def audited(phrases: Phrases, did: str) -> str:
    """Tell what the audit says was done; what there are no words for, by its name."""
    return phrases.say("announcement_did", did=did)


def why(phrases: Phrases, reason: str) -> str:
    """Tell why a delivery did not arrive; what a channel said stays as it is."""
    return phrases.say(f"delivery_{reason}") if reason in _REASONS else reason


def reasons(phrases: Phrases, counted: Mapping[str, int]) -> str:
    """Tell in brackets how many for which reason; nothing without any."""
    if not counted:
        return ""
    parts = (f"{number} {why(phrases, reason)}" for reason, number in counted.items())
    return f"({', '.join(parts)})"


def left_out(phrases: Phrases, counted: Mapping[str, int]) -> list[str]:
    """Tell how many of those meant are not told, a line per reason."""
    return [
        phrases.say(f"staff_left_out_{reason}", number=grouped(number))
        for reason, number in counted.items()
    ]


def people(phrases: Phrases, total: int, not_told: Mapping[str, int]) -> str:
    """Tell how many get it, and how many do not and why."""
    lines = left_out(phrases, not_told)
    return phrases.say("staff_counted", total=grouped(total), left_out=lines)


def audience(library: Library, meant: Audience) -> list[str]:
    """Tell who is meant, a line per part of the rule."""
    if meant.fault:
        return [meant.fault]
    say = library.phrases.say
    lines = list(_parts(library, meant))
    if meant.active_days:
        lines.append(say("staff_rule_active", days=meant.active_days))
    lines = lines or [say("staff_rule_everybody")]
    out = list(_parts(library, meant.exclude))
    return [*lines, say("staff_rule_exclude", parts=out)] if out else lines


def rehearsal(library: Library, announcement: Announcement, played: Rehearsal) -> str:
    """Tell what sending would mean now."""
    return library.phrases.say(
        "staff_rehearsal",
        number=announcement.id,
        urgent=announcement.urgent,
        rule=literally(audience(library, Audience.stored(announcement.audience))),
        total=grouped(played.total),
        parts=grouped(played.parts),
        seconds=round(played.seconds),
        starts_at=write_moment(played.starts_at),
        ends_at=write_moment(played.ends_at),
        held=played.held,
        late=played.late,
        left_out=left_out(library.phrases, played.left_out),
        faults=literally(list(map(str, played.faults))),
        notices=literally(list(played.notices)),
        reason=literal(announcement.reason),
        approved=announcement.state == "approved",
    )


def progress(  # noqa: PLR0913  # because each is another thing
    phrases: Phrases,
    announcement: Announcement,
    counted: Mapping[str, int],
    why_not: Mapping[str, Mapping[str, int]],
    held_until: datetime | None,
    *,
    drawn: bool = True,
) -> str:
    """Tell how far an announcement is that is under way, by the counts of its deliveries.

    `drawn` says whether a bar of letters stands in it: a page has one of its own.
    """
    total, waiting = sum(counted.values()), sum(counted[name] for name in deliveries.OPEN)
    done, whole = total - waiting, max(total, 1)
    met = {end: number for end, number in counted.items() if number}
    full = done * _BAR // whole
    return phrases.say(
        "staff_progress",
        **named(announcement),
        state=announcement.state,
        starts_at=write_moment(announcement.starts_at) if announcement.starts_at else "",
        held_until=write_moment(held_until) if held_until else "",
        percent=done * 100 // whole,
        bar="▓" * full + "░" * (_BAR - full) if drawn else "",
        total=grouped(total),
        waiting=grouped(waiting),
        sent=grouped(counted["sent"]),
        counted={end: grouped(number) for end, number in met.items()},
        why={end: literal(reasons(phrases, why_not.get(end, {}))) for end in met},
    )


def missed(phrases: Phrases, found: Report) -> list[str]:
    """Tell how many an announcement did not reach and why, a line for each way it ended."""
    return [
        phrases.say(
            f"staff_report_{end}",
            number=grouped(found.counted[end]),
            why=literal(reasons(phrases, found.reasons.get(end, {}))),
        )
        for end in _MISSED
        if found.counted[end]
    ]


def links(body: str) -> list[str]:
    """Return where the links of a text lead, each once: their words may say anything."""
    tokens = (child for token in _MARKDOWN.parse(body) for child in token.children or ())
    found = (token.attrs.get("href") for token in tokens if token.type == "link_open")
    return list(dict.fromkeys(str(address) for address in found if address))


def report(phrases: Phrases, found: Report) -> str:
    """Tell how an announcement went, or goes, a line for each thing that is to be known."""
    pressed = [
        phrases.say(f"staff_report_pressed_{button}", number=grouped(number))
        for button, number in found.pressed.items()
    ]
    waits_for = None if found.state in ENDED else found.starts_at
    return phrases.say(
        "staff_report",
        number=found.id,
        title=literal(found.title),
        state=state(phrases, found.state),
        reason=literal(found.reason),
        starts_at=write_moment(waits_for) if waits_for else "",
        total=grouped(found.total),
        sent=grouped(found.counted["sent"]),
        waiting=grouped(found.waiting),
        missed=missed(phrases, found),
        left_out=left_out(phrases, found.left_out),
        pressed=pressed,
        questions=grouped(found.questions),
    )


def named(announcement: Announcement) -> dict[str, Any]:
    """Return number, title and reason as phrases name them."""
    title = literal(announcement.title[:_LONGEST_TITLE])
    return {"number": announcement.id, "title": title, "reason": literal(announcement.reason)}


def literally(value: Any) -> Any:
    """Have Markdown show a text as it is, also each of a list; anything else stays."""
    if isinstance(value, str):
        return literal(value)
    return [literal(one) for one in value] if isinstance(value, list) else value


def _parts(library: Library, rule: Rule) -> Iterator[str]:
    """Yield a line per list; who is meant is in each of them."""
    phrases, topics = library.phrases, library.topics
    lists = {
        "roles": [phrases.say(f"role_{role}") for role in rule.roles],
        "places": list(map(place_name, rule.places)),
        "topics": [topics[name].label if name in topics else name for name in rule.topics],
        "groups": list(rule.groups),
    }
    for name, words in lists.items():
        if words:
            yield phrases.say(f"staff_rule_{name}", words=words)
    if rule.who:
        yield phrases.say("staff_rule_who", number=grouped(len(rule.who)))
