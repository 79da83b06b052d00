"""The desk: what each word of a button does, who may press it, and what words answer."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from services.announcements.authoring import approving, going, menu, writing
from services.announcements.authoring.answer import Act, View, told
from services.announcements.authoring.duty import Duty
from services.announcements.authoring.step import Words
from services.conversation.payloads import read_payload
from services.staff import account

_ALL = frozenset(account.STAFF_ROLES)
_ONE, _SEEN, _PAGE = "[0-9]{1,9}", "[0-9]{1,9}-[0-9a-f]{12}", "[0-9]{0,3}"


@dataclass(frozen=True)
class _Deed:
    """What a word does."""

    act: Act
    about: str = _ONE
    """What the word must be about."""
    roles: frozenset[str] = account.WRITERS


_DEEDS: Mapping[str, _Deed] = {
    "menu": _Deed(menu.menu, "", _ALL),
    "drafts": _Deed(partial(menu.listed, name="drafts"), _PAGE),
    "asked": _Deed(partial(menu.listed, name="asked"), _PAGE, account.APPROVERS),
    "going": _Deed(partial(menu.listed, name="going"), _PAGE, _ALL),
    "ended": _Deed(partial(menu.listed, name="ended"), _PAGE, _ALL),
    "open": _Deed(menu.open_one, _ONE, _ALL),
    "later": _Deed(menu.later, ""),
    "new": _Deed(writing.begin, ""),
    "goon": _Deed(writing.go_on, ""),
    "drop": _Deed(writing.leave, ""),
    "return": _Deed(writing.leave, ""),
    "change": _Deed(writing.change),
    "ask": _Deed(approving.ask),
    "approve": _Deed(approving.approve, _SEEN, account.APPROVERS),
    "refuse": _Deed(approving.refuse, _SEEN, account.APPROVERS),
    "noreason": _Deed(approving.refuse_silently, _SEEN, account.APPROVERS),
    "send": _Deed(going.confirm),
    "when": _Deed(going.schedule),
    "go": _Deed(going.send, "[0-9]{1,9}-[0-9]{1,11}"),
    "pause": _Deed(going.pause),
    "resume": _Deed(going.resume),
    "cancel": _Deed(going.cancel),
    "end": _Deed(going.cancel_for_good),
    "stay": _Deed(going.stay),
    "missed": _Deed(going.missed),
}
_AWAITED: Mapping[str, Callable[[Duty, str, Words], Awaitable[View]]] = {
    "reason": approving.explain,
    "time": going.write_time,
}


async def press(duty: Duty, payload: str) -> View:
    """Do what a button says; one that none of these words names answers the open question.

    Raises:
        HtxError: it is refused; the sentence says why.

    """
    read = read_payload(payload)
    word, _, about = (read.name if read else "").partition("-")
    deed = _DEEDS.get(word) or _Deed(partial(writing.answer, word=word), ".*")
    if duty.staff.role not in deed.roles:
        return partial(told, reply=duty.reply("not_allowed"))
    if not re.fullmatch(deed.about, about):
        return writing.stale
    if duty.row.awaits:
        duty.keep()
    return await deed.act(duty, about)


async def write(duty: Duty, words: Words) -> View:
    """Take words for what was asked.

    Raises:
        HtxError: they are no answer; the sentence says what would be one.

    """
    awaited, _, about = duty.row.awaits.partition("-")
    if awaited in _AWAITED:
        duty.keep()
        return await _AWAITED[awaited](duty, about, words)
    return await writing.write(duty, words)
