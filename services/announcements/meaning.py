"""The meaning of an audience rule in words, for whoever is to approve it."""

from collections.abc import Iterator

from services.announcements.audience import Audience, Rule
from services.people.places import place_name


def in_words(audience: Audience) -> str:
    """Say who is meant, the single chats by their number alone."""
    if audience.fault:
        return audience.fault.rstrip(".")
    meant = list(_parts(audience))
    if audience.active_days:
        meant.append(f"có nhắn bot trong {audience.active_days} ngày qua")
    out = " hoặc ".join(_parts(audience.exclude))
    return f"{' và '.join(meant) or 'mọi người'}{f'; trừ {out}' if out else ''}"


def _parts(rule: Rule) -> Iterator[str]:
    named = {
        "chọn chủ đề": rule.topics,
        "vai trò": rule.roles,
        "ở": list(map(place_name, rule.places)),
        "trong nhóm": rule.groups,
    }
    yield from (f"{name} {', '.join(words)}" for name, words in named.items() if words)
    if rule.who:
        yield f"{len(rule.who)} người nêu riêng"
