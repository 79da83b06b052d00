"""People with dossiers, on the page and in a chat: each sees only what their face tells them.

Whatever they do is answered: no fault, and a way on from everywhere.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Protocol, TypeVar

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from bot.runner import Runner
from bot.web.app import make_app
from bot.web.guests import COOKIE
from services.bootstrap import Services, bootstrap
from services.clock import day_of
from services.conversation.reply import Reply, read_payload
from services.dossiers.chat import DossierChat, DossierTurn
from services.knowledge.library import Library
from services.reminders.reminder_chat import ReminderChat
from services.settings import Settings, load_settings
from services.storage.models import Chat
from tests.conftest import BARS, NOON
from tests.doubles.nlu import FakeNlu
from tests.doubles.procedure import PROCEDURE
from tests.doubles.web import Probe

SITE = "http://htx.test"
_T = TypeVar("_T")
_TICKED = re.compile(r'name="item" value="([ps]\.[\w-]+)">\s*<button name="on" value=""')
_DATED = re.compile(
    r'name="item" value="(d\.[\w-]+)">(?:(?!</form>).)*? name="day"[^>]* value="([\d/]+)"',
    re.DOTALL,
)
_OFFERED = re.compile(r'action="/nhac"><button name="line" value="([^"]+)"')
_ROW = re.compile(r"^(\d+)\. .*tính từ (\d+/\d+/\d+)", re.MULTILINE)
_ASKS = re.compile(r"new\.[\w-]+|\d+\.d\.[\w-]+")
_HARMLESS = re.compile(r"|new(\.[\w-]+)?|\d+(\.(open|[psd]|d\.[\w-]+|ics|share|give|drop))?")


class House:
    """The product over one database, stopped and started as often as one likes."""

    def __init__(self, settings: Settings, library: Library) -> None:
        """Let nobody be counted: a walk is faster than any person."""
        settings.own_addresses = load_settings(own_addresses="127.0.0.0/8").own_addresses
        self._settings, self._library = settings, library
        self._loop, self._stack = asyncio.Runner(), AsyncExitStack()
        self._numbers = count(700)
        self.services: Services
        self.transport: httpx.ASGITransport

    def run(self, work: Coroutine[None, None, _T]) -> _T:
        """Do something to its end."""
        return self._loop.run(work)

    def start(self) -> None:
        """Start."""
        self.run(self._start())

    def stop(self) -> None:
        """Stop; nothing but the database outlives it."""
        self.run(self._stack.aclose())

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._loop.close()

    def new_chat(self) -> Chat:
        """Return a chat that nobody had."""
        return "telegram", str(next(self._numbers))

    async def _start(self) -> None:
        made = bootstrap(
            settings=self._settings,
            library=self._library,
            nlu=FakeNlu(),
            thresholds=BARS,
            now=lambda: NOON,
        )
        self.services = await self._stack.enter_async_context(made)
        app = make_app(Runner(self.services), nlu_ready=Probe())
        self.transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))


class Person(Protocol):
    """Somebody who may have dossiers; what is none of theirs is told to be none."""

    chat: Chat

    def begin(self, name: str) -> int:
        """Begin a dossier; return its number."""

    def held(self, number: int) -> dict[str, date] | None:
        """Return what is marked of a dossier; None where it is not theirs."""

    def tick(self, number: int, item: str, *, on: bool) -> bool:
        """Tick a thing, or untick it; return whether it was theirs."""

    def date(self, number: int, item: str, day: str) -> bool:
        """Tell from which day a deadline counts; return whether that was taken."""

    def clear(self, number: int, item: str) -> None:
        """Take the day of a deadline away."""

    def remind(self, number: int, item: str) -> None:
        """Ask to be told of a deadline that has a day."""

    def link(self, number: int, act: str) -> str:
        """Share a dossier, or give it away; return the secret of the link."""

    def end(self, number: int, act: str) -> None:
        """End such a link."""

    def take(self, secret: str) -> int | None:
        """Take a dossier; None where the link leads nowhere."""

    def erase(self, number: int) -> None:
        """Erase a dossier."""


class PagePerson:
    """A browser."""

    def __init__(self, house: House) -> None:
        """Open one that has no past."""
        self._house, self._key = house, secrets.token_urlsafe(16)
        self.chat: Chat = ("web", self._key)

    def begin(self, name: str) -> int:
        """Begin a dossier; return its number."""
        led = self._post("", procedure=PROCEDURE, cooperative=name)
        return int(led.rpartition("/")[2])

    def held(self, number: int) -> dict[str, date] | None:
        """Return what the page shows as marked."""
        page = self._send("GET", f"/hoso/{number}")
        if page.status_code == httpx.codes.NOT_FOUND:
            return None
        ticked = dict.fromkeys(_TICKED.findall(page.text), day_of(NOON))
        return ticked | {item: read_day(day) for item, day in _DATED.findall(page.text)}

    def tick(self, number: int, item: str, *, on: bool) -> bool:
        """Press a box."""
        return self._post(f"/{number}", item=item, on="1" if on else "") != ""

    def date(self, number: int, item: str, day: str) -> bool:
        """Fill in the field of a deadline."""
        return self._post(f"/{number}", item=item, on="1", day=day) != ""

    def clear(self, number: int, item: str) -> None:
        """Press what takes the day away."""
        assert self._post(f"/{number}", item=item, on="")

    def remind(self, number: int, item: str) -> None:
        """Press the button below a deadline, where it was not pressed before."""
        page = self._send("GET", f"/hoso/{number}").text
        name = item.removeprefix("d.")
        line = next((one for one in _OFFERED.findall(page) if one.split(".")[1] == name), None)
        if line is None:
            assert "Đã nhờ nhắc" in page
        else:
            assert self._send("POST", "/nhac", line=line).headers["location"] == "/nhac"

    def link(self, number: int, act: str) -> str:
        """Press the button; the link is told this one time."""
        return secret_in(self._send("POST", f"/hoso/{number}/{act}").text)

    def end(self, number: int, act: str) -> None:
        """Press what ends the link."""
        assert self._post(f"/{number}/un{act}")

    def take(self, secret: str) -> int | None:
        """Open the link, and press the button if there is one."""
        offered = self._send("GET", f"/hoso/nhan/{secret}").status_code
        led = self._post(f"/nhan/{secret}")
        assert (offered == httpx.codes.OK) == (led != "")
        return int(led.rpartition("/")[2]) if led else None

    def erase(self, number: int) -> None:
        """Press the button."""
        assert self._post(f"/{number}/erase") == "/hoso"

    def look(self, secret: str) -> int | None:
        """Open a link to look by; return how much is ticked, None where it leads nowhere."""
        page = self._send("GET", f"/hoso/xem/{secret}")
        return page.text.count("☑") if page.status_code == httpx.codes.OK else None

    def _post(self, path: str, **fields: str) -> str:
        """Send a form; return where it leads, nothing where it is refused."""
        answer = self._send("POST", f"/hoso{path}", **fields)
        led = str(answer.headers.get("location", "")).partition("#")[0]
        assert not led or self._send("GET", led).status_code == httpx.codes.OK
        return led

    def _send(self, method: str, path: str, **fields: str) -> httpx.Response:
        answer = self._house.run(self._ask(method, path, fields))
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, path
        assert answer.is_redirect or 'href="/' in answer.text, f"no way on from {path}"
        return answer

    async def _ask(self, method: str, path: str, fields: dict[str, str]) -> httpx.Response:
        cookies = {COOKIE: self._key}
        async with httpx.AsyncClient(
            transport=self._house.transport, base_url=SITE, cookies=cookies
        ) as client:
            return await client.request(method, path, data=fields or None)


@dataclass
class ChatPerson:
    """A chat in Telegram, as its buttons and texts reach the product."""

    house: House
    chat: Chat = field(init=False)
    offered: list[str] = field(default_factory=list)
    """What a button said that changes nothing by itself: messages stay, and so do theirs."""
    asked: str = ""
    """What was pressed last that asks for an answer; nothing where none is waited for."""

    def __post_init__(self) -> None:
        """Open a chat that has no past."""
        self.chat = self.house.new_chat()

    def begin(self, name: str) -> int:
        """Press what begins a dossier, and tell a name, or press that there is none."""
        self.press(f"new.{PROCEDURE}")
        begun = self.write(name) if name else self.press(f"skip.{PROCEDURE}")
        assert begun is not None
        return number_in(begun)

    def held(self, number: int) -> dict[str, date] | None:
        """Look at papers, steps and days."""
        opened = self.press(str(number))
        if "không còn ở đây" in opened.lead:
            return None
        payloads = [one.payload for kind in "ps" for one in self.press(f"{number}.{kind}").buttons]
        found = (re.fullmatch(rf"o:{number}\.([ps]\.[\w-]+)\.0", one) for one in payloads)
        days = self.press(f"{number}.d")
        at = {one.label: one.payload.removeprefix(f"o:{number}.") for one in days.buttons}
        dated = {at[label]: read_day(day) for label, day in _ROW.findall(days.lead)}
        return {one[1]: day_of(NOON) for one in found if one} | dated

    def tick(self, number: int, item: str, *, on: bool) -> bool:
        """Press a box."""
        return "không còn ở đây" not in self.press(f"{number}.{item}.{int(on)}").lead

    def date(self, number: int, item: str, day: str) -> bool:
        """Press a deadline, and tell a day."""
        if "không còn ở đây" in self.press(f"{number}.{item}").lead:
            return False
        told = self.write(day)
        return told is not None and not self.asked

    def clear(self, number: int, item: str) -> None:
        """Press what takes the day away, which stands where the day is asked."""
        offered = [one.payload for one in self.press(f"{number}.{item}").buttons]
        assert f"o:{number}.{item}.0" in offered
        self.press(f"{number}.{item}.0")

    def remind(self, number: int, item: str) -> None:
        """Press the button that stands where a deadline is opened."""
        offered = [one.payload for one in self.press(f"{number}.{item}").buttons]
        [line] = (one for one in offered if one.startswith("e:"))
        told = self.house.run(self._remind(line.removeprefix("e:")))
        assert "Đã ghi" in told.lead

    def link(self, number: int, act: str) -> str:
        """Press the button, and again where it is asked whether that is wanted."""
        asked = self.press(f"{number}.{act}")
        assert f"o:{number}.{act}.1" in [one.payload for one in asked.buttons]
        return secret_in(self.press(f"{number}.{act}.1").lead)

    def end(self, number: int, act: str) -> None:
        """Press what ends the link, which stands where the dossier is opened."""
        name = f"{number}.{'end' if act == 'share' else 'back'}"
        assert f"o:{name}" in [one.payload for one in self.press(str(number)).buttons]
        self.press(name)

    def take(self, secret: str) -> int | None:
        """Open the link, and press the button if there is one."""
        offer = self.house.run(self._do(lambda chat: chat.offer(secret)))
        offers = f"o:take.{secret}" in [one.payload for one in offer.replies[-1].buttons]
        taken = self.press(f"take.{secret}")
        assert offers == ("nay là của" in taken.lead)
        return number_in(taken) if offers else None

    def erase(self, number: int) -> None:
        """Press the button, and again where it is asked whether that is wanted."""
        self.press(f"{number}.drop")
        assert "Đã xóa" in self.press(f"{number}.drop.1").lead

    def press(self, name: str) -> Reply:
        """Press a button; return what is told last."""
        self.asked = name if _ASKS.fullmatch(name) else ""
        told = self.house.run(self._do(lambda chat: chat.press(name)))
        return told.replies[-1] if told.replies else Reply("form", told.files[-1].name)

    def write(self, text: str) -> Reply | None:
        """Tell an answer; None where it is taken for none."""
        told = self.house.run(self._write(text))
        return told.replies[-1] if told else None

    async def _write(self, text: str) -> DossierTurn | None:
        async with self.house.services.sessions.begin() as session:
            chat = self._dossiers(session)
            told = await chat.write(text) if await chat.waits() else None
            self.asked = self.asked if await chat.waits() else ""
        return self._seen(told) if told else None

    async def _do(self, act: "Act") -> DossierTurn:
        async with self.house.services.sessions.begin() as session:
            told = await act(self._dossiers(session))
        return self._seen(told)

    async def _remind(self, name: str) -> Reply:
        async with self.house.services.sessions.begin() as session:
            chat = ReminderChat(session, self.chat, self.house.services.library, NOON)
            return await chat.press(name)

    def _dossiers(self, session: AsyncSession) -> DossierChat:
        services, bot = self.house.services, "https://t.me/bot?start="
        return DossierChat(session, self.chat, services.library, NOON, SITE, bot)

    def _seen(self, told: DossierTurn) -> DossierTurn:
        assert all(reply.lead.strip() for reply in told.replies)
        buttons = [one for reply in told.replies for one in (*reply.buttons, *reply.verdicts)]
        assert buttons or told.files, f"no way on from {told.replies}"
        names = [one.name for one in map(read_payload, (b.payload for b in buttons)) if one]
        self.offered += [name for name in names if _HARMLESS.fullmatch(name)]
        return told


class Act(Protocol):
    """What is done with the dossiers of a chat."""

    def __call__(self, chat: DossierChat, /) -> Awaitable[DossierTurn]:
        """Do it."""


def secret_in(told: str) -> str:
    """Return the secret of the link that is told."""
    found = re.search(r"/hoso/(?:xem|nhan)/([\w-]{32})", told.replace("\\", ""))
    assert found is not None, told
    return found[1]


def number_in(shown: Reply) -> int:
    """Return the number of the dossier that a chat is shown."""
    found = re.search(r"o:(\d+)\.p", " ".join(one.payload for one in shown.buttons))
    assert found is not None, shown
    return int(found[1])


def read_day(told: str) -> date:
    """Return the day that is told."""
    return datetime.strptime(told, "%d/%m/%Y").date()  # noqa: DTZ007  # because a day has no zone
