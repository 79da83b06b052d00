"""Corrections: what a person sets right of what is held of them, beside the walk's own buttons.

Personal Data Protection Law 91/2025/QH15, article 4 (to correct one's data, to object). A name and
lists come from the office's tables alone; whoever they are of may change the one and leave the
others. The office's next table may bring them again, which is said.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.distress import hear
from services.conversation.plain import folded, literal, visible
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.masking.mask import mask
from services.people import groups
from services.storage.models import Person

_OWN = 60
"""Characters of a name that one gives oneself: no letter is too long for the sake of one name."""
_NONE = ("bo", "xoa")
"""What is written in place of a name by whoever wants none to be kept."""


def rename(person: Person, library: Library, written: str) -> Reply:
    """Take a name in place of the one that is kept; without one tell which it is, and how.

    What a person in distress writes is no name, and kept nowhere.
    """
    name = mask(" ".join(visible(written).split()), library.printed)[:_OWN]
    if not name or hear(library.distress, written):
        return _told(library, "name_kept", name=literal(person.name))
    person.name = "" if folded(name) in _NONE else name
    return _told(library, "name_noted", name=literal(person.name))


async def leave(session: AsyncSession, person: Person, library: Library, written: str) -> Reply:
    """Take a person out of a list that is named; without one that they are in, tell of which."""
    held = await groups.of_person(session, person.id)
    left = [name for name in held if folded(name) == folded(written)]
    for name in left:
        await groups.leave(session, name, person.id)
    rest = [literal(name) for name in held if name not in left]
    return _told(library, "group_left", left=[literal(name) for name in left], rest=rest)


def _told(library: Library, phrase: str, **values: object) -> Reply:
    return Reply("smalltalk", library.phrases.say(phrase, **values))
