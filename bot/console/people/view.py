"""What the pages of people share: who may see them, how roles are called."""

from bot.console.request import HOME, ConsoleRequest
from services.people.person import ROLES

ADMINS = frozenset({"admin"})
PEOPLE = f"{HOME}/people"


def role_labels(desk: ConsoleRequest) -> dict[str, str]:
    """Return how people's roles are called; nothing for those who never said."""
    say = desk.services.current.say
    return {role: say(f"role_{role}") for role in ROLES} | {"": "chưa nói"}
