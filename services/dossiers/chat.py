"""Dossiers in a chat: what a pressed button or a typed answer does, and what is told then."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation import pending
from services.conversation.acts import acts_in
from services.conversation.enquiries import asks
from services.conversation.plain import literal
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.state import TurnResult
from services.dossiers import dossiers, reminded, sharing
from services.dossiers.messages import DossierMessages
from services.dossiers.printed import as_pdf, qr_png
from services.dossiers.view import DossierDate, DossierView, name_of, view_of
from services.errors import ToolError, sentence
from services.knowledge.library import Library
from services.knowledge.schema import DAY, PAPER, STEP
from services.people.person import TELEGRAM
from services.storage.models import Chat, Dossier
from services.tools.result import ToolFile

GIVEN = "nhan-"
"""Before the secret by which a link opens the bot to take a dossier."""
_ASKED_FOR = timedelta(hours=6)
_SHORT = 4
"""Words from which on a message that asks is a question, not an answer."""
_ON = "1"


@dataclass(frozen=True)
class DossierTurn:
    """What is told, in order."""

    replies: tuple[Reply, ...]
    files: tuple[ToolFile, ...] = ()
    in_place: bool = False
    """Whether the first takes the place of the message whose button was pressed."""
    erases: bool = False


@dataclass(frozen=True)
class DossierChat:
    """The dossiers of one chat."""

    session: AsyncSession
    chat: Chat
    library: Library
    now: datetime
    site: str
    """The address of the pages on which links are opened."""
    bot: str = ""
    """The address that opens the bot, up to what it is handed."""

    async def all(self) -> DossierTurn:
        """List the dossiers."""
        return _told(self._messages.listed(await dossiers.every(self.session, self.chat)))

    async def offer(self, secret: str) -> DossierTurn:
        """Ask whoever came by a link whether they take the dossier that it offers."""
        found = await sharing.given(self.session, secret, self.now)
        if found is None:
            return _told(self._messages.sentence("dossier_link_over"))
        return _told(self._messages.offer(found, secret))

    async def press(  # noqa: PLR0911  # because each button has its own reply
        self, name: str
    ) -> DossierTurn:
        """Do what a button says."""
        await pending.clear(self.session, self.chat, "dossier", self.now)
        first, *rest = name.split(".")
        try:
            match first, rest:
                case "", []:
                    return replace(await self.all(), in_place=True)
                case "new", []:
                    return DossierTurn((self._messages.procedures(),), in_place=True)
                case "new", [procedure] if procedure in self.library.procedures:
                    return await self._ask_cooperative(procedure)
                case "skip", [procedure] if procedure in self.library.procedures:
                    return await self._begin(procedure, "")
                case "take", [secret]:
                    return await self._take(secret)
                case number, _ if number.isdecimal():
                    return await self._with(int(number), rest)
        except ToolError as error:
            return _told(self._messages.fault(sentence(error)))
        return self._gone()

    async def waits(self) -> bool:
        """Say whether something was asked of a dossier, and an answer is waited for."""
        return bool(await pending.find(self.session, self.chat, "dossier", self.now))

    async def write(self, text: str) -> DossierTurn | None:
        """Take what was typed as the answer that is waited for; None where it is none."""
        asked = await pending.find(self.session, self.chat, "dossier", self.now) or {}
        if self._is_aside(text):
            await pending.clear(self.session, self.chat, "dossier", self.now)
            return None
        if "procedure" in asked:
            return await self._named(asked["procedure"], text)
        return await self._dated(asked, text) if "item" in asked else None

    async def _named(self, procedure: str, text: str) -> DossierTurn:
        if procedure not in self.library.procedures:
            return self._gone()
        try:
            return await self._begin(procedure, text)
        except ToolError as error:
            return await self._ask_cooperative(procedure, sentence(error))

    async def _dated(self, asked: Mapping[str, Any], text: str) -> DossierTurn:
        """Count a deadline from the day that was typed, or ask for it again."""
        found = await self._found(asked["dossier"], asked["item"])
        if found is None:
            return self._gone()
        dossier, item = found
        try:
            day = dossiers.typed_day(text, day_of(self.now))
        except ToolError as error:
            return await self._ask_day(dossier, item, sentence(error))
        await pending.clear(self.session, self.chat, "dossier", self.now)
        await reminded.set_mark(self.session, dossier, self.library, item, day, self.now)
        return await self._counted(dossier, item)

    async def _begin(self, procedure: str, cooperative: str) -> DossierTurn:
        """Begin a dossier and show it; raises `ToolError`."""
        begun = dossiers.begin(self.session, self.chat, procedure, cooperative, self.now)
        dossier = await begun
        await pending.clear(self.session, self.chat, "dossier", self.now)
        return _told(self._messages.one(await self._view(dossier)))

    async def _take(self, secret: str) -> DossierTurn:
        """Have the dossier that a link offers; raises `ToolError`."""
        taken = await sharing.take(self.session, secret, self.chat, self.now)
        if taken is None:
            return _told(self._messages.sentence("dossier_link_over"))
        name = literal(name_of(taken, self.library))
        told = self.library.phrases.say("dossier_taken", name=name)
        return _told(self._messages.one(await self._view(taken), told))

    async def _with(  # noqa: PLR0911  # because each button has its own reply
        self, number: int, rest: Sequence[str]
    ) -> DossierTurn:
        """Do what a button says of one dossier; raises `ToolError`."""
        dossier = await dossiers.find(self.session, self.chat, number, locked=True)
        if dossier is None:
            return self._gone()
        messages = self._messages
        match rest:
            case []:
                shown = messages.one(await self._view(dossier))
                return DossierTurn((shown,), in_place=True)
            case ["open"]:
                return _told(messages.one(await self._view(dossier)))
            case ["p" | "s" as kind]:
                shown = messages.items(await self._view(dossier), f"{kind}.")
                return DossierTurn((shown,), in_place=True)
            case ["d"]:
                return _told(messages.dates(await self._view(dossier)))
            case [kind, name, wanted] if f"{kind}." in {PAPER, STEP, DAY}:
                return await self._mark(dossier, f"{kind}.{name}", wanted)
            case [kind, name] if f"{kind}." == DAY:
                return await self._ask_day(dossier, f"{DAY}{name}")
            case [act]:
                return await self._act(dossier, act)
            case [act, "1"]:
                return await self._surely(dossier, act)
        return self._gone()

    async def _mark(self, dossier: Dossier, item: str, wanted: str) -> DossierTurn:
        """Mark a thing with today, or take its mark away; raises `ToolError`."""
        dossiers.require_item(self.library, dossier, item)
        day = day_of(self.now) if wanted == _ON else None
        await reminded.set_mark(self.session, dossier, self.library, item, day, self.now)
        if item.startswith(DAY):
            return await self._counted(dossier, item)
        kind = PAPER if item.startswith(PAPER) else STEP
        shown = self._messages.items(await self._view(dossier), kind)
        return DossierTurn((shown,), in_place=True)

    async def _act(self, dossier: Dossier, act: str) -> DossierTurn:
        """Give a file, end a link, or ask whether what can't be taken back is wanted."""
        view, phrases = await self._view(dossier), self.library.phrases
        match act:
            case "ics" if made := view.as_calendar(self.now):
                caption = phrases.say("dossier_calendar_caption", name=view.name)
                return DossierTurn((), (ToolFile("ho-so.ics", made, caption),))
            case "pdf":
                made = await asyncio.to_thread(as_pdf, view, day_of(self.now))
                caption = phrases.say("dossier_pdf_caption", name=view.name)
                return DossierTurn((), (ToolFile("ho-so.pdf", made, caption),))
            case "end":
                await sharing.end_sharing(self.session, dossier)
                return _told(self._messages.done(view, "dossier_ended"))
            case "back":
                await sharing.take_back(self.session, dossier)
                return _told(self._messages.done(view, "dossier_give_kept"))
            case "share" | "give" | "drop":
                return _told(self._messages.asks(view, act))
        return self._gone()

    async def _surely(self, dossier: Dossier, act: str) -> DossierTurn:
        """Share, give away or erase a dossier."""
        match act:
            case "share":
                secret = await sharing.share(self.session, dossier, self.now)
                address = f"{self.site}/hoso/xem/{secret}"
                told = self._messages.link(await self._view(dossier), address)
                caption = self.library.phrases.say("dossier_qr_caption")
                return DossierTurn((told,), (ToolFile("ma-qr.png", qr_png(address), caption),))
            case "give":
                secret = await sharing.give(self.session, dossier, self.now)
                view, address = await self._view(dossier), f"{self.site}/hoso/nhan/{secret}"
                return _told(self._messages.link(view, address, f"{self.bot}{GIVEN}{secret}"))
            case "drop":
                await reminded.erase(self.session, dossier)
                return DossierTurn((self._messages.sentence("dossier_erased"),), erases=True)
        return self._gone()

    async def _ask_cooperative(self, procedure: str, fault: str = "") -> DossierTurn:
        await self._wait_for({"procedure": procedure})
        return _told(self._messages.asks_cooperative(procedure, fault))

    async def _ask_day(self, dossier: Dossier, item: str, fault: str = "") -> DossierTurn:
        """Ask from which day a deadline counts; raises `ToolError` where it counts from none."""
        dossiers.require_item(self.library, dossier, item)
        await self._wait_for({"dossier": dossier.id, "item": item})
        view = await self._view(dossier)
        return _told(self._messages.asks_day(view, _date_of(view, item), fault))

    async def _counted(self, dossier: Dossier, item: str) -> DossierTurn:
        view = await self._view(dossier)
        return _told(self._messages.counted(view, _date_of(view, item)))

    async def _wait_for(self, values: Mapping[str, Any]) -> None:
        until = self.now + _ASKED_FOR
        await pending.ask(self.session, self.chat, "dossier", values, until)

    async def _found(self, number: int, item: str) -> tuple[Dossier, str] | None:
        dossier = await dossiers.find(self.session, self.chat, number, locked=True)
        if dossier is None or item not in self.library.marks_in(dossier.procedure):
            return None
        return dossier, item

    async def _view(self, dossier: Dossier) -> DossierView:
        return await view_of(self.session, dossier, self.library, self.now)

    def _is_aside(self, text: str) -> bool:
        """Say whether a text asks or says something else, and is no answer."""
        if "?" in text or (len(text.split()) >= _SHORT and asks(self.library.cues, text)):
            return True
        return any(act.sure for act in acts_in(self.library.acts, text))

    def _gone(self) -> DossierTurn:
        return _told(self._messages.sentence("dossier_chat_gone"))

    @property
    def _messages(self) -> DossierMessages:
        return DossierMessages(self.library)


def offered(question: Question, result: TurnResult) -> TurnResult:
    """Return the reply to whoever asks for their dossiers with the button that lists them."""
    if result.reply.act != "dossier" or question.channel != TELEGRAM or not question.is_alone:
        return result
    listing = DossierMessages(result.library).to_list()
    reply = replace(result.reply, buttons=(listing, *result.reply.buttons))
    return replace(result, reply=reply)


def _told(*replies: Reply) -> DossierTurn:
    return DossierTurn(replies)


def _date_of(view: DossierView, item: str) -> DossierDate:
    return next(one for one in view.dates if one.id == item)
