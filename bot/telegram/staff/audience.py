"""Whom an announcement is for: lists that are ticked, the count of people after each tick."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.telegram.staff.context import StepContext
from bot.telegram.staff.questions import StaffQuestion, Words
from services.announcements import describe
from services.announcements.audience import Audience
from services.conversation.plain import capital, folded
from services.conversation.quantities import grouped
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.people import groups
from services.people.person import ROLES
from services.people.places import find_place, places, places_like

PARTS = ("roles", "places", "topics", "groups")
"""The lists of a rule, each with a screen of its own."""
_STAY = "audience"
_NEAR = 5
_DIGITS = 8
_MOST_GROUPS = 80
"""Telegram takes a hundred buttons; a group without one is written by its name."""


async def _ask(context: StepContext) -> Reply:
    """Show the rule and its count, with the way to each list."""
    rule = context.form.audience
    everybody = rule is not None and not set(rule).difference({"exclude"})
    label = context.say("ticked", on=everybody, label=context.say("button_all"))
    buttons = [
        context.answer(label, "all"),
        *(_way(context, part) for part in PARTS),
        *([context.answer(context.say("button_done"), "done")] if rule is not None else []),
    ]
    told = [] if rule is None else describe.audience(context.library, Audience.stored(rule))
    return await _counted(context, context.reply("ask_audience", *buttons, columns=2, rule=told))


async def _ask_list(context: StepContext) -> Reply:
    """Show a list, what is chosen of it ticked."""
    part, chosen = context.step, _chosen(context, context.step)
    labels = await _labels(context, part)
    buttons = [
        context.answer(
            context.say("ticked", on=name in chosen, label=label), "tick", _short(part, name)
        )
        for name, label in labels.items()
    ]
    buttons.append(context.answer(context.say("button_back"), "back"))
    columns = 2 if part == "places" else 1
    asked = context.reply(f"ask_{part}", *buttons, columns=columns, there_are=bool(labels))
    return await _counted(context, asked)


async def _labels(context: StepContext, part: str) -> dict[str, str]:
    """Return what a list shows, by name; of places only what is chosen: others are written."""
    match part:
        case "roles":
            say = context.library.phrases.say
            return {role: capital(say(f"role_{role}")) for role in ROLES}
        case "places":
            known = places()
            return {c: known[c].short for c in _chosen(context, part) if c in known}
        case "topics":
            topics = context.library.topics.items()
            return {name: capital(topic.label) for name, topic in topics}
        case _:
            sizes = list((await groups.sizes(context.session)).items())[:_MOST_GROUPS]
            return {name: f"{name} ({grouped(size)})" for name, size in sizes}


async def _counted(context: StepContext, asked: Reply) -> Reply:
    """Say below a question how many get it as it is chosen now, who is left out and why."""
    if context.form.audience is None:
        counted = context.say("nobody_chosen")
    else:
        count = await context.announcer.count_form(context.session, context.form)
        counted = describe.people(context.library.phrases, count.total, count.left_out)
    return replace(asked, lead=f"{asked.lead}\n\n{counted}")


async def _everybody(context: StepContext, _about: str) -> str | None:
    """Mean everybody who agreed, but for those who are left out by name."""
    rule = context.form.audience or {}
    context.fill(audience={"exclude": rule["exclude"]} if "exclude" in rule else {})
    return _STAY


async def _open(_context: StepContext, part: str) -> str | None:
    return part if part in PARTS else _STAY


async def _close(_context: StepContext, _about: str) -> str | None:
    return _STAY


async def _done(context: StepContext, _about: str) -> str | None:
    return _STAY if context.form.audience is None else None


async def _tick(context: StepContext, about: str) -> str | None:
    """Tick a name of a list, or untick it; what there is no more stays as it is."""
    part = context.step
    known = {_short(part, name): name for name in await _known(context, part)}
    if about in known:
        _choose(context, part, {known[about]}.symmetric_difference)
    return part


async def _known(context: StepContext, part: str) -> Iterable[str]:
    """Return the names that a list may hold."""
    if part == "groups":
        return await groups.sizes(context.session)
    return {"roles": ROLES, "places": places(), "topics": context.library.topics}[part]


async def _write_places(context: StepContext, words: Words) -> str | None:
    """Add places by their names; none of them when one is unknown."""
    codes = set()
    for name in _names(words.plain):
        place = find_place(name)
        if place is None:
            near = [place.name for place in places_like(name)[:_NEAR]]
            raise AnnouncementError("place_near", place=name, near=near)
        codes.add(place.code)
    _choose(context, "places", codes.union)
    return "places"


async def _write_groups(context: StepContext, words: Words) -> str | None:
    """Add saved groups by their names; none of them when one is unknown."""
    known = {folded(name): name for name in await groups.sizes(context.session)}
    wanted = _names(words.plain)
    for name in wanted:
        if folded(name) not in known:
            raise AnnouncementError("group_unknown", name=name)
    _choose(context, "groups", {known[folded(name)] for name in wanted}.union)
    return "groups"


def _names(text: str) -> list[str]:
    """Return the names of a list, parted by commas, semicolons or lines."""
    parted = (" ".join(name.split()) for name in re.split(r"[,;\n]", text))
    return [name for name in parted if name]


def _choose(context: StepContext, part: str, change: Callable[[Iterable[str]], set[str]]) -> None:
    """Change a list of the rule; an empty one is left out, and a fault of the old rule too.

    When nothing is chosen any more, nobody is meant: everybody is said in so many words.
    """
    rule = context.form.audience or {}
    rest = {name: value for name, value in rule.items() if name not in (part, "fault")}
    chosen = sorted(change(rule.get(part, ())))
    context.fill(audience=(rest | ({part: chosen} if chosen else {})) or None)


def _chosen(context: StepContext, part: str) -> list[str]:
    """Return what is chosen of a list."""
    chosen: list[str] = (context.form.audience or {}).get(part, [])
    return chosen


def _way(context: StepContext, part: str) -> Button:
    """Return the button that opens a list, with how much of it is chosen."""
    number = len(_chosen(context, part))
    return context.answer(context.say(f"button_{part}", number=number), "who", part)


def _short(part: str, name: str) -> str:
    """Return a name as a button carries it; a group's may be too long for that."""
    return hashlib.sha256(name.encode()).hexdigest()[:_DIGITS] if part == "groups" else name


_PRESSES = {"tick": _tick, "back": _close}
AUDIENCE = StaffQuestion(_ask, presses={"all": _everybody, "who": _open, "done": _done})
SCREENS = {
    "roles": StaffQuestion(_ask_list, presses=_PRESSES),
    "places": StaffQuestion(_ask_list, _write_places, _PRESSES),
    "topics": StaffQuestion(_ask_list, presses=_PRESSES),
    "groups": StaffQuestion(_ask_list, _write_groups, _PRESSES),
}
"""The lists below the question, by part of the rule."""
