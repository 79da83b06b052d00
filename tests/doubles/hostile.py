"""What nobody means well by: texts, bodies and updates, drawn by hypothesis.

HOSTILE_SHARE is the share of all that are tried: a tenth unless `make long` says all. A tenth is
the same each time, the whole is drawn anew.
"""

import os
from collections.abc import Iterator
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

SHARE = float(os.environ.get("HOSTILE_SHARE", "0.1"))
T = TypeVar("T")
_FIRST = 1_000_000

_PIECES = (
    *("{{7*7}}", "{% for a in range(9**9) %}", "{{ ''.__class__ }}", "${jndi:ldap://a}", "%s%n%x"),
    *("'; DROP TABLE turn; --", '" OR 1=1', "\\", "\x00", "\x1b[2J", "\r\nSet-Cookie: a=b\r\n"),
    *("<script>alert(1)</script>", "<img src=x onerror=a>", "</textarea>", "<!--", "]]>", "&#x3c;"),
    *("[a](javascript:alert(1))", "![](http://a)", "[[[[", "((((", "`" * 40, "> " * 40, "* " * 40),
    *("../" * 12, "file:///etc/passwd", "http://127.0.0.1:5005", "data:text/html,a"),
    *("\u202e", "\u200b" * 50, "a" + "\u0301" * 200, "\ufdfd" * 30, "\U0001f469\u200d\U0001f680"),
    *("\ud7ff", "\ufffe", "\U0010ffff", "\u0130", "\u1e9e", "\ufb03", "đ̣̂", "ﬀ"),
    *("0905 123 456 " * 9, "1.000.000.000.000 đồng " * 5, "1-" * 90, "0" * 300, "１２３４" * 30),
    *("30/02/2026 ", "ngày 99 tháng 99 ", "năm 0000 ", "-1 người ", "1e999 đồng ", "99999999999 %"),
    *("/xoa", "/dulieu", "/dulieu 99999999", "/start staff_" + "a" * 43, "/start", "/DỪNGTIN ocop"),
    *("a:founding/so-thanh-vien", "b:see:1", "p:file", "p:yes", "x:1:0", "f:", "-", ":" * 60),
    *("Thành lập hợp tác xã cần mấy người?", "hồ sơ", "tôi muốn chết", "cái thứ 99999999999"),
    *("còn ocop thì sao?", "À nhầm, ý tôi là ", "Ở Huế thì sao? ", "hợp tác xã " * 60, "? " * 200),
)
_signs = st.characters(exclude_categories=["Cs"])
texts = st.one_of(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3).map(" ".join),
    st.tuples(st.sampled_from(_PIECES), st.integers(1, 60)).map(lambda pair: pair[0] * pair[1]),
    st.text(_signs, max_size=300),
)
"""What people could write who mean no good, or whose keyboard went mad; up to some 20,000 signs."""


def drawn(strategy: st.SearchStrategy[T], whole: int) -> list[T]:
    """Return this run's share of so many examples."""
    made = list[T]()

    @given(strategy)
    @settings(
        max_examples=int(whole * SHARE),
        phases=[Phase.generate],
        derandomize=SHARE < 1,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def take(one: T) -> None:
        made.append(one)

    take()
    return made


def numbered(updates: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield updates as Telegram would: each has its number, which no other test's has."""
    for number, update in enumerate(updates, start=_FIRST):
        yield {"update_id": number, **update}


_entities = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(("bot_command", "mention", "text_link", "code", "new_one")),
            "offset": st.integers(0, 5_000),
            "length": st.integers(0, 5_000),
        }
    ),
    max_size=3,
)
_people = st.one_of(st.integers(101, 130), st.integers(1, 2**52)).map(
    lambda number: {"id": number, "is_bot": False, "first_name": "\u202e</b>"}
)


@st.composite
def _messages(draw: st.DrawFn) -> dict[str, Any]:
    person = draw(_people)
    private = draw(st.booleans())
    chat = {"id": person["id"], "type": "private"} if private else _GROUP
    text = draw(texts)[:4096] or "a"
    beside = draw(st.sampled_from(_BESIDE))
    body = {"text": text} if draw(st.integers(0, 4)) else {"caption": text[:1024], **beside}
    marks = "entities" if "text" in body else "caption_entities"
    command = {"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}
    body[marks] = [command] if text.startswith("/") and draw(st.booleans()) else draw(_entities)
    number = draw(st.integers(1, 2**31 - 1))
    return {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": person, **body}


_GROUP = {"id": -1_001_234_567_890, "type": "supergroup", "title": "<b>", "is_forum": True}
_FILE = {"file_id": "a", "file_unique_id": "b", "file_size": 2**40, "file_name": "../../a.exe"}
_BESIDE: tuple[dict[str, Any], ...] = (
    {"document": _FILE},
    {"photo": [{**_FILE, "width": 0, "height": 2**31 - 1}], "media_group_id": "1"},
    {"voice": {**_FILE, "duration": 0}},
    {"contact": {"phone_number": "0905123456", "first_name": "\x00", "user_id": 1}},
    {"location": {"latitude": 90.0, "longitude": 180.0}},
    {"dice": {"value": 64, "emoji": "🎰"}},
    {"new_chat_members": [{"id": 1, "is_bot": True, "first_name": "a"}]},
    {"migrate_to_chat_id": -1},
    {"web_app_data": {"data": "{{7*7}}", "button_text": "<a>"}},
    {},
)
_pressed = st.builds(
    lambda message, data: {
        "id": str(message["message_id"]),
        "from": message["from"],
        "chat_instance": "1",
        "message": message,
        "data": data,
    },
    _messages(),
    texts.map(lambda text: text[:64] or "-"),
)
updates = st.one_of(
    _messages().map(lambda message: {"message": message}),
    _messages().map(lambda message: {"message": message}),
    _pressed.map(lambda query: {"callback_query": query}),
    _messages().map(lambda message: {"edited_message": message}),
    st.just({"my_chat_member": {}}),
)
"""What Telegram could hand on: it checks the shape, and nothing of what people put into it."""
