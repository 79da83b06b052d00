"""Numbers, moments, audiences and counts as staff read them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from services.announcements.audience import Audience, Rule
from services.clock import VIETNAM
from services.knowledge.library import Library
from services.people.places import place_name


def grouped(number: int) -> str:
    """Write a number as people do: 1.234."""
    return f"{number:,}".replace(",", ".")


def clock(moment: datetime) -> str:
    """Write a moment as people in Việt Nam do."""
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m}"


def left_out(library: Library, left_out: Mapping[str, int]) -> list[str]:
    """Say how many of those meant are not told, a line per reason."""
    return [
        library.phrases.say(f"staff_left_out_{reason}", number=grouped(number))
        for reason, number in left_out.items()
    ]


def rule(library: Library, audience: Audience) -> list[str]:
    """Say who is meant, a line per part of the rule."""
    if audience.fault:
        return [audience.fault]
    lines = list(_parts(library, audience))
    if audience.active_days:
        lines.append(library.phrases.say("staff_rule_active", days=audience.active_days))
    lines = lines or [library.phrases.say("staff_rule_everybody")]
    out = list(_parts(library, audience.exclude))
    if out:
        lines.append(library.phrases.say("staff_rule_exclude", parts=out))
    return lines


def _parts(library: Library, named: Rule) -> Iterator[str]:
    """Yield a line per list; who is meant is in each of them."""
    phrases, topics = library.phrases, library.topics
    lists = {
        "roles": [phrases.say(f"role_{role}") for role in named.roles],
        "places": list(map(place_name, named.places)),
        "topics": [topics[name].label if name in topics else name for name in named.topics],
        "groups": list(named.groups),
    }
    for name, words in lists.items():
        if words:
            yield phrases.say(f"staff_rule_{name}", words=words)
    if named.who:
        yield phrases.say("staff_rule_who", number=grouped(len(named.who)))
