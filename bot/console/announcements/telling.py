"""What colleagues hear in Telegram of what was done here: another's yes is asked for, or given."""

from collections.abc import Sequence

from bot.console.announcements import view
from bot.console.request import ConsoleRequest
from bot.telegram.staff.context import command
from services.announcements import approval
from services.announcements.describe import named
from services.conversation.plain import literal
from services.conversation.reply import Button
from services.notices import notices
from services.people.person import TELEGRAM
from services.storage.models import Announcement, Staff

_SHOWN = 12
"""Digits of a hash that tell one text from another."""


async def ask(desk: ConsoleRequest, one: Announcement, others: Sequence[Staff]) -> None:
    """Tell all who may say yes that this waits for them; asked again later, they hear it again."""
    text = view.phrases(desk).say("staff_asked_news", by=literal(desk.staff.name), **named(one))
    buttons, cause = _buttons(desk, one, ("open",)), _cause(desk, "ask", one)
    for staff in others:
        await _tell(desk, staff.chat, cause, text, buttons)


async def decided(desk: ConsoleRequest, one: Announcement, how: str, why: str = "") -> None:
    """Tell the author what was decided, and by whom."""
    held = one.state == "paused"
    about = {**named(one), "by": literal(desk.staff.name), "held": held, "reason": literal(why)}
    text = view.phrases(desk).say(f"staff_{how}_news", **about)
    words = ("resume",) if held else ("send", "when") if how == "approved" else ("change", "open")
    chat = await view.announcer(desk).chat_of(desk.session, one.author)
    await _tell(desk, chat, _cause(desk, how, one), text, _buttons(desk, one, words))


async def _tell(
    desk: ConsoleRequest, chat: str | None, cause: str, text: str, buttons: Sequence[Button]
) -> None:
    """Have a chat of staff told; who is not linked reads it on the first page alone."""
    if chat is None:
        return
    pressed = [(button.label, button.payload) for button in buttons]
    await notices.queue(
        desk.session, (TELEGRAM, chat), cause, text, desk.now, urgent=True, buttons=pressed
    )


def _cause(desk: ConsoleRequest, what: str, one: Announcement) -> str:
    """Name what is told: two presses of one button within a minute are one."""
    seen = approval.fingerprint(one)[:_SHOWN]
    return f"announce.{what} {one.id} {seen} {desk.now:%y%m%d%H%M}"


def _buttons(desk: ConsoleRequest, one: Announcement, words: Sequence[str]) -> list[Button]:
    say = view.phrases(desk).say
    return [command(say(f"staff_button_{word}"), word, one.id) for word in words]
