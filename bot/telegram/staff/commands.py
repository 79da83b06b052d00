"""The commands of staff's buttons: what each does, who may press it, and what words answer."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.reaction import Reaction
from bot.telegram.staff import menu, review, sending, writing
from bot.telegram.staff.context import Step, StepContext
from bot.telegram.staff.questions import Words
from services.conversation.reply import read_payload
from services.staff import account

_ALL = frozenset(account.STAFF_ROLES)
_ONE, _SEEN, _PAGE = "[0-9]{1,9}", "[0-9]{1,9}-[0-9a-f]{12}", "[0-9]{0,3}"
_AT = "[0-9]{1,9}-[0-9]{1,11}"


@dataclass(frozen=True)
class CommandSpec:
    """What a command does."""

    step: Step
    about: str = _ONE
    """What the command must be about."""
    roles: frozenset[str] = account.WRITERS


COMMANDS: Mapping[str, CommandSpec] = {
    "menu": CommandSpec(menu.menu, "", _ALL),
    "drafts": CommandSpec(menu.drafts, _PAGE),
    "asked": CommandSpec(menu.asked, _PAGE, account.APPROVERS),
    "going": CommandSpec(menu.going, _PAGE, _ALL),
    "ended": CommandSpec(menu.ended, _PAGE, _ALL),
    "open": CommandSpec(menu.open_one, _ONE, _ALL),
    "later": CommandSpec(menu.later, ""),
    "new": CommandSpec(writing.begin, ""),
    "goon": CommandSpec(writing.go_on, ""),
    "drop": CommandSpec(writing.leave, ""),
    "return": CommandSpec(writing.leave, ""),
    "answer": CommandSpec(writing.answer, "[a-z_]+-[a-z]+(-.*)?"),
    "change": CommandSpec(writing.change),
    "copy": CommandSpec(writing.copy),
    "delete": CommandSpec(writing.delete),
    "remove": CommandSpec(writing.remove),
    "see": CommandSpec(review.see),
    "ask": CommandSpec(review.ask),
    "approve": CommandSpec(review.approve, _SEEN, account.APPROVERS),
    "again": CommandSpec(review.approve_again, _SEEN, account.APPROVERS),
    "refuse": CommandSpec(review.refuse, _SEEN, account.APPROVERS),
    "noreason": CommandSpec(review.refuse_silently, _SEEN, account.APPROVERS),
    "send": CommandSpec(sending.confirm),
    "when": CommandSpec(sending.schedule),
    "go": CommandSpec(sending.send, _AT),
    "hour": CommandSpec(sending.reschedule),
    "move": CommandSpec(sending.move, _AT),
    "pause": CommandSpec(sending.pause),
    "resume": CommandSpec(sending.resume),
    "cancel": CommandSpec(sending.cancel),
    "end": CommandSpec(sending.cancel_for_good),
    "stay": CommandSpec(sending.stay),
    "missed": CommandSpec(sending.missed),
}
_AWAITED: Mapping[str, Callable[[StepContext, str, Words], Awaitable[Reaction]]] = {
    "reason": review.explain,
    "time": sending.write_time,
    "hour": sending.write_hour,
}
"""What takes words that were asked for beside the draft."""
_AWAITED_STILL = ("time", "hour")
"""Of those, what may be written anew until a button is pressed."""


async def press(context: StepContext, payload: str) -> Reaction:
    """Do what a button says.

    Raises:
        HtxError: it is refused; the sentence says why.

    """
    read = read_payload(payload)
    word, _, about = (read.name if read else "").partition("-")
    spec = COMMANDS.get(word)
    if spec is None or not re.fullmatch(spec.about, about):
        return writing.stale(context)
    if context.staff.role not in spec.roles:
        return context.react(context.reply("not_allowed"))
    if context.awaited:
        context.keep()
    return await spec.step(context, about)


async def write(context: StepContext, words: Words) -> Reaction:
    """Take words for what was asked.

    Raises:
        HtxError: they are no answer; the sentence says what would be one.

    """
    awaited, _, about = context.awaited.partition("-")
    if awaited not in _AWAITED:
        return await writing.write(context, words)
    context.keep(awaits=context.awaited if awaited in _AWAITED_STILL else "")
    return await _AWAITED[awaited](context, about, words)
