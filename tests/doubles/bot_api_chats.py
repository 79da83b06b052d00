"""The chats of the Bot API double: what was sent to each, checked as Telegram checks it."""

import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.doubles.bot_api_faults import ApiError, Limits
from tests.doubles.telegram_html import HtmlError, parse, units

TEXT, CAPTION, DATA = 4096, 1024, 64
Json = dict[str, Any]


@dataclass
class Sent:
    """A message that the bot sent, as the person sees it."""

    message: Json
    source: str
    """The text as it was sent, its HTML included."""

    @property
    def id(self) -> int:
        """The message's id."""
        return int(self.message["message_id"])

    @property
    def text(self) -> str:
        """What is read."""
        return str(self.message.get("text", self.message.get("caption", "")))

    @property
    def file(self) -> str:
        """The name of the file that it is, if it is one."""
        return str(self.message.get("document", {}).get("file_name", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """Payload by label."""
        rows = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data", "") for row in rows for button in row}


@dataclass
class Chats:
    """All chats the bot knows, and what it sent there."""

    bot: Json
    limits: Limits = field(default_factory=Limits)
    known: dict[int, Json] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    sent: dict[int, list[Sent]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """The names of the files that this bot may send again, by their ids; another bot's are none."""
    read: dict[str, bytes] = field(default_factory=dict)
    """What stands in the documents that were sent, by their ids."""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def open(self, chat: int) -> Json:
        """Return a chat, begun by its first mention: a person's, or a group's when negative."""
        if chat not in self.known:
            named = {"type": "private", "first_name": f"Bà con {chat}"}
            group = {"type": "supergroup", "title": f"Nhóm {chat}", "is_forum": False}
            self.known[chat] = {"id": chat, **(named if chat > 0 else group)}
        return self.known[chat]

    def describe(self, parameters: Json) -> Json:
        """Return what is known of a chat."""
        full = {"accent_color_id": 0, "max_reaction_count": 1}
        return {**self._reach(parameters), **full}

    def next_id(self) -> int:
        """Return the id of a new message."""
        return next(self._ids)

    def send(self, parameters: Json, kind: str) -> Json:
        """Send a message of a kind: `text`, `photo` or `document`.

        Raises:
            ApiError: Telegram would refuse it.

        """
        chat = self._reach(parameters)
        name, most = ("text", TEXT) if kind == "text" else ("caption", CAPTION)
        source = str(parameters.get(name, ""))
        content = self._content(parameters, name, most)
        self._check_reply(parameters, chat["id"])
        self.limits.count(chat["id"])
        message = {
            "message_id": self.next_id(),
            "date": int(time.time()),
            "chat": chat,
            "from": self.bot,
            **content,
            **self._file(parameters, kind),
        }
        self.sent.setdefault(chat["id"], []).append(Sent(message, source))
        return message

    def edit(self, parameters: Json, *, text: bool) -> Json:
        """Edit a message's text, or its buttons alone; buttons that are not given are gone."""
        sent = self._find(parameters)
        if text:
            sent.message.pop("reply_markup", None)
            sent.message.update(self._content(parameters, "text", TEXT))
            sent.source = str(parameters["text"])
        else:
            sent.message.update(_markup(parameters))
        return sent.message

    def delete(self, parameters: Json) -> bool:
        """Delete a message."""
        sent = self._find(parameters)
        self.sent[int(parameters["chat_id"])].remove(sent)
        return True

    def copy(self, parameters: Json) -> Json:
        """Copy a message of the bot's into another chat."""
        source = self._find({**parameters, "chat_id": parameters["from_chat_id"]})
        copied = self.send({"text": source.text, **parameters}, "text")
        return {"message_id": copied["message_id"]}

    def act(self, parameters: Json) -> bool:
        """Show a sign such as typing."""
        self._reach(parameters)
        return True

    def _reach(self, parameters: Json) -> Json:
        chat = self.known.get(int(parameters["chat_id"]))
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat["id"] in self.blocked:
            raise ApiError(403)
        return chat

    def _find(self, parameters: Json) -> Sent:
        wanted = int(parameters["message_id"])
        found = [
            sent for sent in self.sent.get(int(parameters["chat_id"]), []) if sent.id == wanted
        ]
        if not found:
            raise ApiError(400, "Bad Request: message to edit not found")
        return found[0]

    def _check_reply(self, parameters: Json, chat: int) -> None:
        """Refuse a reply to a message of another time, unless that was said to be no matter."""
        reply = json.loads(parameters.get("reply_parameters", "{}"))
        if reply and reply["message_id"] <= 0 and not reply.get("allow_sending_without_reply"):
            raise ApiError(400, f"Bad Request: message to be replied not found in {chat}")

    def _file(self, parameters: Json, kind: str) -> Json:
        """Return the file of a message, which has an id from its first time on."""
        if kind == "text":
            return {}
        given = parameters.get(kind)
        if given is None:
            raise ApiError(400, f"Bad Request: there is no {kind} in the request")
        if isinstance(given, str) and given not in self.files:
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        name = given if isinstance(given, str) else f"{self.bot['id']}-{len(self.files) + 1}"
        self.files.setdefault(name, "" if isinstance(given, str) else given["file_name"])
        file = {"file_id": name, "file_unique_id": name, "file_size": 1}
        if kind == "photo":
            return {kind: [{**file, "width": 1, "height": 1}]}
        self.read[name] = given.get("content", b"") if isinstance(given, dict) else b""
        return {kind: {**file, "file_name": self.files[name]}}

    @staticmethod
    def _content(parameters: Json, name: str, most: int) -> Json:
        text, entities = _parsed(parameters, str(parameters.get(name, "")))
        if name == "text" and not text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if units(text) > most:
            raise ApiError(400, f"Bad Request: message {name} is too long")
        marks = "entities" if name == "text" else "caption_entities"
        return {name: text, marks: entities, **_markup(parameters)}


def _parsed(parameters: Json, source: str) -> tuple[str, list[Json]]:
    mode = parameters.get("parse_mode")
    if mode is None:
        return source, []
    if mode != "HTML":
        raise ApiError(400, f"Bad Request: unsupported parse_mode {mode}")
    try:
        return parse(source)
    except HtmlError as error:
        raise ApiError(400, f"Bad Request: can't parse entities: {error}") from None


def _markup(parameters: Json) -> Json:
    """Return the buttons, each checked."""
    if "reply_markup" not in parameters:
        return {}
    markup: Json = json.loads(parameters["reply_markup"])
    for button in (button for row in markup.get("inline_keyboard", []) for button in row):
        if not button["text"].strip():
            raise ApiError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "-").encode()) <= DATA:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"reply_markup": markup}
