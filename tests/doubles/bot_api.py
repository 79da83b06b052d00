"""A Bot API of our own: a real HTTP server that a real python-telegram-bot talks to.

A test speaks for people (`say`, `press`), waits for what the bot sends them (`replies`) and breaks
what it wants to see broken (`fail`, `block`, `limits`). The server runs in the test's own loop.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import Any

import httpx

from tests.doubles.bot_api_chats import Chats, Json, Sent
from tests.doubles.bot_api_faults import ApiError, Fault, Faults
from tests.doubles.bot_api_server import bot_api, listening
from tests.doubles.waiting import PATIENCE

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
NAME = "htx_thu_bot"
BOT: Json = {"id": 123456789, "is_bot": True, "first_name": "HTX", "username": NAME}
_PUSH_AGAIN = 0.2
"""Seconds until an update that was not taken is sent to the webhook again."""
_COMMAND = re.compile(r"/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?")
_PROFILE = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}


@dataclass(frozen=True)
class Call:
    """A call that the bot made."""

    method: str
    parameters: Json
    at: float = field(default_factory=time.monotonic)

    @property
    def chat(self) -> int | None:
        """The chat it was about, if any."""
        chat = self.parameters.get("chat_id")
        return int(chat) if chat is not None else None


@dataclass
class BotApi:
    """The double: what people do, what the bot did, what goes wrong."""

    token: str = TOKEN
    first_update: int = 1000
    """The first update's id; two doubles of one product must not use the same ids."""
    base_url: str = ""
    """What the bot is to be given as the Bot API's address."""
    calls: list[Call] = field(default_factory=list)
    chats: Chats = field(default_factory=lambda: Chats({**BOT}))
    faults: Faults = field(default_factory=Faults)
    profile: Json = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    pushed: list[tuple[int, int]] = field(default_factory=list)
    """Of each update sent to the webhook: its id and the status that came back."""
    updates: dict[int, Json] = field(default_factory=dict)
    """Every update there was, by id."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What people have sent, by its id."""
    _pending: list[Json] = field(default_factory=list)
    _poll: int = 0
    _closing: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _pushing: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)

    def say(
        self,
        chat: int,
        text: str = "",
        *,
        person: int | None = None,
        sender: Json | None = None,
        **fields: Any,
    ) -> int:
        """Have a person, or any `sender`, write to a chat; `fields` are more of the message's."""
        written: Json = {"text": text} if text else {}
        command = _COMMAND.match(text)
        if command:
            entity = {"type": "bot_command", "offset": 0, "length": command.end()}
            written["entities"] = [entity]
        fields["from"] = sender or _user(person or chat)
        return self.put("message", {**self._message(chat), **written, **fields})

    def press(self, chat: int, message: Sent, payload: str, *, person: int | None = None) -> int:
        """Have a person press a button under a message."""
        query = {"id": str(len(self.updates) + 1), "from": _user(person or chat)}
        query |= {"message": message.message, "chat_instance": str(chat), "data": payload}
        return self.put("callback_query", query)

    def put(self, kind: str, content: Json) -> int:
        """Put an update of any kind into the queue; return its id."""
        number = self.first_update + len(self.updates)
        self.updates[number] = {"update_id": number, kind: content}
        self._deliver(self.updates[number])
        return number

    def repeat(self, update: int) -> None:
        """Deliver an update once more, confirmed or not."""
        self._deliver({**self.updates[update], "again": True})

    async def replies(self, chat: int, count: int) -> list[Sent]:
        """Wait until so many messages were sent to a chat; return all of them."""
        await self.until(lambda: len(self.chats.sent.get(chat, [])) >= count)
        return self.chats.sent[chat]

    async def until(self, done: Callable[[], object]) -> None:
        """Wait until something is so; it is looked at when a call comes, and when it is answered.

        Raises:
            TimeoutError: it does not become so.

        """
        async with asyncio.timeout(PATIENCE):
            while not done():
                await self._changed.wait()

    def called(self, method: str) -> list[Call]:
        """List the calls of a method."""
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, code: int | None = None, times: int = 1, **what: Any) -> Fault:
        """Have the next calls of a method fail; see `Fault` for what else may happen."""
        fault = Fault(method, times, code=code, **what)
        self.faults.waiting.append(fault)
        return fault

    def block(self, chat: int) -> None:
        """Have a person block the bot."""
        self.chats.blocked.add(chat)

    def close(self) -> None:
        """Let go of whoever waits for updates, and of updates that nobody takes."""
        self._closing = True
        for push in self._pushing.values():
            push.cancel()
        self._notify()

    async def answer(self, token: str, method: str, parameters: Json) -> Any:
        """Answer a call, as the HTTP server's one business.

        Raises:
            ApiError: Telegram says no.
            DroppedError: the connection is to be dropped.

        """
        if token != self.token:
            raise ApiError(401)
        call = Call(method, parameters)
        self.calls.append(call)
        self._notify()
        try:
            return await self._answer(call)
        finally:
            self._notify()

    async def _answer(self, call: Call) -> Any:
        fault = self.faults.next(call.method, call.chat)
        if fault and not fault.afterwards:
            await fault.happen()
        result = await self._work(call.method, call.parameters)
        if fault and fault.afterwards:
            await fault.happen()
        return result

    async def _work(self, method: str, parameters: Json) -> Any:
        if method not in self._methods:
            raise ApiError(404)
        result = self._methods[method](parameters)
        return await result if isawaitable(result) else result

    def __post_init__(self) -> None:
        """Lay out the table of methods."""
        chats = self.chats
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: BOT,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._set_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendMessage": lambda given: chats.send(given, "text"),
            "sendPhoto": lambda given: chats.send(given, "photo"),
            "sendDocument": lambda given: chats.send(given, "document"),
            "copyMessage": chats.copy,
            "editMessageText": lambda given: chats.edit(given, text=True),
            "editMessageReplyMarkup": lambda given: chats.edit(given, text=False),
            "deleteMessage": chats.delete,
            "sendChatAction": chats.act,
            "answerCallbackQuery": lambda _: True,
            "getChat": chats.describe,
            "getFile": self._tell_file,
            "getMyCommands": lambda _: self.profile.get("commands", []),
            "setMyCommands": lambda given: self._set("commands", json.loads(given["commands"])),
        }
        for name, part in _PROFILE.items():
            self._methods[f"getMy{name}"] = partial(self._tell, part)
            self._methods[f"setMy{name}"] = partial(self._keep, part)

    def hold(self, content: bytes) -> Json:
        """Hold what a person sends; return how a message names it."""
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {"file_id": name, "file_unique_id": name, "file_size": len(content)}

    def file(self, token: str, path: str) -> bytes | None:
        """Return what is held under a path that `getFile` gave; None for anything else."""
        return self.files.get(path) if token == self.token else None

    def _tell_file(self, given: Json) -> Json:
        name = given["file_id"]
        if name not in self.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[name])
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": name}

    def _tell(self, part: str, _: Json) -> Json:
        return {part: self.profile.get(part, "")}

    def _keep(self, part: str, given: Json) -> bool:
        return self._set(part, given[part])

    def _set(self, part: str, value: Any) -> bool:
        self.profile[part] = value
        return True

    def _set_webhook(self, parameters: Json) -> bool:
        self.webhook = parameters if parameters.get("url") else {}
        waiting, self._pending = self._pending, []
        for update in waiting:
            self._deliver(update)
        return True

    def _webhook_info(self, _: Json) -> Json:
        waiting = {"pending_update_count": len(self._pending), "has_custom_certificate": False}
        return {"url": self.webhook.get("url", ""), **waiting}

    async def _get_updates(self, parameters: Json) -> list[Json]:
        """Give what waits, or wait for it; a later poll ends an earlier one."""
        if self.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine, offset = self._poll, int(parameters.get("offset", 0))
        self._pending = [u for u in self._pending if u["update_id"] >= offset or u.get("again")]
        self._notify()
        deadline = asyncio.get_running_loop().time() + float(parameters.get("timeout", 0))
        try:
            async with asyncio.timeout_at(deadline):
                while not (self._pending or self._closing or mine != self._poll):
                    await self._changed.wait()
        except TimeoutError:
            return []
        if mine != self._poll:
            raise ApiError(409)
        given = self._pending[: int(parameters.get("limit", 100))]
        self._pending = [update for update in self._pending if not update.pop("again", False)]
        return given

    def _deliver(self, update: Json) -> None:
        if not self.webhook:
            self._pending.append(update)
            self._notify()
            return
        chat = _chat_of(update)
        before = self._pushing.get(chat)
        self._pushing[chat] = asyncio.create_task(self._push(update, before))

    async def _push(self, update: Json, before: "asyncio.Task[None] | None") -> None:
        """Send an update to the webhook until it is taken, after the one before in its chat.

        Telegram too tries again what was answered by anything but 2xx
        (https://core.telegram.org/bots/api#setwebhook).
        """
        if before:
            await before
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        body = {name: value for name, value in update.items() if name != "again"}
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            while not self._closing:
                with suppress(httpx.HTTPError):
                    answer = await client.post(self.webhook["url"], json=body, headers=headers)
                    self.pushed.append((update["update_id"], answer.status_code))
                    self._notify()
                    if answer.is_success:
                        return
                await asyncio.sleep(_PUSH_AGAIN)

    def _message(self, chat: int) -> Json:
        number = self.chats.next_id()
        return {"message_id": number, "date": 1_700_000_000, "chat": self.chats.open(chat)}

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@asynccontextmanager
async def running_bot_api() -> AsyncIterator[BotApi]:
    """Run a double until the block ends."""
    double = BotApi()
    async with listening(bot_api(double.answer, double.file)) as port:
        double.base_url = f"http://127.0.0.1:{port}/bot"
        try:
            yield double
        finally:
            double.close()


def _user(person: int) -> Json:
    return {"id": abs(person), "is_bot": False, "first_name": f"Bà con {person}"}


def _chat_of(update: Json) -> int:
    message = update.get("message") or update.get("callback_query", {}).get("message") or {}
    return int(message.get("chat", {}).get("id", 0))
