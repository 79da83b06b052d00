"""Whom an announcement is for: lists that are ticked, the count of people after each tick."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from nlu.text import fold
from services.announcements.audience import Audience
from services.announcements.authoring import words as told
from services.announcements.authoring.duty import Duty, key
from services.announcements.authoring.step import Ask, Step, Words, Write
from services.announcements.authoring.typed import names
from services.conversation.plain import capital
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.people import groups
from services.people.person import ROLES
from services.people.places import find_place, places, places_like

_PARTS = ("roles", "places", "topics", "groups")
"""The lists of a rule, each with a screen of its own."""
_STAY = "audience"
_NEAR = 5
_DIGITS = 8
_MOST_GROUPS = 80
"""Telegram takes a hundred buttons; a group without one is written by its name."""


async def _ask(duty: Duty) -> Reply:
    """Show the rule and its count, with the way to each list."""
    audience = duty.sketch.audience
    everybody = audience is not None and not set(audience).difference({"exclude"})
    buttons = [
        key(duty.say("ticked", on=everybody, label=duty.say("button_all")), "all"),
        *(_way(duty, part) for part in _PARTS),
        *([duty.button("done")] if audience is not None else []),
    ]
    meant = [] if audience is None else [Audience.model_validate(audience)]
    rule = [part for rule in meant for part in told.rule(duty.library, rule)]
    asked = duty.reply("ask_audience", *buttons, columns=2, rule=rule)
    return await _counted(duty, asked)


async def _ask_roles(duty: Duty) -> Reply:
    labels: dict[str, str] = {
        role: capital(duty.library.phrases.say(f"role_{role}")) for role in ROLES
    }
    return await _list(duty, "roles", labels)


async def _ask_places(duty: Duty) -> Reply:
    """Show the places that are chosen; others are written by their names."""
    known = places()
    labels = {code: known[code].short for code in _chosen(duty, "places") if code in known}
    return await _list(duty, "places", labels, columns=2)


async def _ask_topics(duty: Duty) -> Reply:
    topics = duty.library.topics.items()
    return await _list(duty, "topics", {name: capital(topic.label) for name, topic in topics})


async def _ask_groups(duty: Duty) -> Reply:
    sizes = await groups.sizes(duty.session)
    shown = list(sizes.items())[:_MOST_GROUPS]
    labels = {name: f"{name} ({told.grouped(size)})" for name, size in shown}
    return await _list(duty, "groups", labels, there_are=bool(sizes))


async def _list(
    duty: Duty, part: str, labels: Mapping[str, str], columns: int = 1, **values: Any
) -> Reply:
    """Show a list, what is chosen of it ticked."""
    chosen = _chosen(duty, part)
    buttons = [
        key(duty.say("ticked", on=name in chosen, label=label), part, _short(part, name))
        for name, label in labels.items()
    ]
    buttons.append(duty.button("back"))
    asked = duty.reply(f"ask_{part}", *buttons, columns=columns, **values)
    return await _counted(duty, asked)


async def _counted(duty: Duty, asked: Reply) -> Reply:
    """Say below a question how many get it as it is chosen now, who is left out and why."""
    sketch = duty.sketch
    if sketch.audience is None:
        counted = duty.reply("nobody_chosen")
    else:
        count = await duty.announcer.count(duty.session, sketch.announcement(duty.now))
        left_out = told.left_out(duty.library, count.left_out)
        counted = duty.reply("counted", total=told.grouped(count.total), left_out=left_out)
    return replace(asked, lead=f"{asked.lead}\n\n{counted.lead}")


async def _everybody(duty: Duty, _about: str) -> str | None:
    """Mean everybody who agreed, but for those who are left out by name."""
    audience = duty.sketch.audience or {}
    kept = {"exclude": audience["exclude"]} if "exclude" in audience else {}
    duty.draw(audience=kept)
    return _STAY


async def _open(_duty: Duty, part: str) -> str | None:
    return part if part in _PARTS else _STAY


async def _close(_duty: Duty, _about: str) -> str | None:
    return _STAY


async def _done(duty: Duty, _about: str) -> str | None:
    return _STAY if duty.sketch.audience is None else None


async def _toggle(duty: Duty, about: str, part: str) -> str | None:
    """Tick a name of a list, or untick it; what there is no more stays as it is."""
    known = {_short(part, name): name for name in await _known(duty, part)}
    if about in known:
        _choose(duty, part, {known[about]}.symmetric_difference)
    return part


async def _known(duty: Duty, part: str) -> Iterable[str]:
    """Return the names that a list may hold."""
    if part == "groups":
        return await groups.sizes(duty.session)
    return {"roles": ROLES, "places": places(), "topics": duty.library.topics}[part]


async def _write_places(duty: Duty, words: Words) -> str | None:
    """Add places by their names; none of them when one is unknown."""
    codes = set()
    for name in names(words.plain):
        place = find_place(name)
        if place is None:
            near = [place.name for place in places_like(name)[:_NEAR]]
            raise AnnouncementError(duty.say("bad_place", name=name, near=near))
        codes.add(place.code)
    _choose(duty, "places", codes.union)
    return "places"


async def _write_groups(duty: Duty, words: Words) -> str | None:
    """Add saved groups by their names; none of them when one is unknown."""
    known = {fold(name): name for name in await groups.sizes(duty.session)}
    wanted = names(words.plain)
    for name in wanted:
        if fold(name) not in known:
            raise AnnouncementError(duty.say("bad_group", name=name))
    _choose(duty, "groups", {known[fold(name)] for name in wanted}.union)
    return "groups"


def _choose(duty: Duty, part: str, change: Callable[[Iterable[str]], set[str]]) -> None:
    """Change a list of the rule; an empty one is left out, and a fault of the old rule too.

    When nothing is chosen any more, nobody is meant: everybody is said in so many words.
    """
    audience = duty.sketch.audience or {}
    rest = {name: value for name, value in audience.items() if name not in (part, "fault")}
    chosen = sorted(change(audience.get(part, ())))
    duty.draw(audience=(rest | ({part: chosen} if chosen else {})) or None)


def _chosen(duty: Duty, part: str) -> list[str]:
    """Return what is chosen of a list."""
    chosen: list[str] = (duty.sketch.audience or {}).get(part, [])
    return chosen


def _way(duty: Duty, part: str) -> Button:
    """Return the button that opens a list, with how much of it is chosen."""
    return key(duty.say(f"button_{part}", number=len(_chosen(duty, part))), "who", part)


def _short(part: str, name: str) -> str:
    """Return a name as a button carries it; a group's may be too long for that."""
    return hashlib.sha256(name.encode()).hexdigest()[:_DIGITS] if part == "groups" else name


def _screen(part: str, ask: Ask, write: Write | None = None) -> Step:
    return Step(ask, write, {part: partial(_toggle, part=part), "back": _close})


AUDIENCE = Step(_ask, presses={"all": _everybody, "who": _open, "done": _done})
SCREENS = {
    "roles": _screen("roles", _ask_roles),
    "places": _screen("places", _ask_places, _write_places),
    "topics": _screen("topics", _ask_topics),
    "groups": _screen("groups", _ask_groups, _write_groups),
}
"""The lists below the question, by part of the rule."""
