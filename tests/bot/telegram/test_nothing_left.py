"""A person who stands in every table is told all of it, and erased from all of it for good."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url, select

from bot.runner import Runner
from bot.telegram.application import build, running
from services.bootstrap import Services, bootstrap
from services.conversation.pending import LINK
from services.knowledge.library import Library
from services.people import forgotten
from services.people.person import Identity, identity_of
from services.settings import Settings
from services.storage.backup import backup
from services.storage.models import Base
from services.storage.restoring import restore
from tests.conftest import BARS, NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.nlu import FakeNlu

CHAT = 7_345_678_901
ME = ("telegram", str(CHAT))
LATER = NOON + timedelta(days=1)
NUMBER = 1000
"""Above every number that the database gives by itself."""
WORDS = {
    "person": "Nguyễn Thị Ẩn Danh",
    "consent": "Phiếu số 7 của bà Ẩn",
    "group_member": "tổ trồng quế",
    "conversation": "quế Trà My trồng ra sao",
    "turn": "Chuyện riêng của tui",
    "inbox": "tin đang chờ của tui",
    "notice": "Câu tui hỏi nay đã có",
    "ticket": "Hồ sơ tui nộp tới đâu",
    "ticket_message": "Số biên nhận tui quên rồi",
    "ticket_file": "anh-bien-nhan-cua-tui.jpg",
    "notice_consent": "Có gì mới thì báo tui",
    "reminder": "Nộp thay đổi giùm tui",
    "gap_question": "Nuôi dúi thì xin ở đâu",
    "awaited": "Nuôi cầy hương thì xin ở đâu",
    "form_run": "mắm dì Ẩn",
    "dossier": "HTX quế dì Ẩn",
    "authoring": "bản nháp của riêng tui",
}
"""What of the person's stands in a table and nowhere else."""
TOLD = {
    **WORDS,
    "topic_choice": "đăng ký sản phẩm OCOP",
    "pending": "founding/so-thanh-vien",
    "turn_article": "Hồ sơ OCOP",
    "dossier_mark": "p.giay-rieng: 24/11/2026",
    "feedback": "Khó hiểu",
    "staff": "Tài khoản cán bộ: Lan",
    "announcement": "Tin nêu đích danh",
    "delivery": "Tin đã xong",
    "press": "Bấm nút số read dưới tin “Tin đang gửi”",
    "suppression": "danh sách của văn phòng không đưa bà con vào lại",
}
"""By what a table is known in the person's file."""
OTHERS = {
    "approval": "what staff did, under the name of their account",
    "article_version": "what articles said",
    "audit": "what staff did; of citizens numbers alone",
    "daily_count": "numbers alone",
    "day_usage": "numbers alone",
    "event": "what staff made",
    "forgotten": "a time",
    "gap": "what staff did with questions, which stand beside it",
    "proposal": "what staff write of an article",
    "proposal_text": "what staff write of an article",
    "proposal_verdict": "what staff said to a text, under the name of their account",
    "passkey": "keys of staff",
    "rate_lane": "a time",
    "recovery_code": "a hash and the number of an account of staff",
    "sign_in_link": "a hash and the number of an account of staff",
    "sign_in_try": "keyed hashes of names of staff and of addresses, for a day",
    "staff_password": "a hash and the number of an account of staff",
    "staff_session": "accounts of staff and their browsers",
    "stopped": "what an administrator wrote for everybody",
    "upload": "files of announcements",
    "uploaded_list": "a list that staff are about to take in, sealed; dropped after an hour",
    "used_challenge": "a hash and a time",
}
"""Tables in which nobody stands, and what does."""


def planted_letters(who: str, chat: str) -> list[dict[str, Any]]:
    """Return an announcement that is over, one under way, and one that names the person."""
    letter: dict[str, Any] = {"topic": "ocop", "body": "Mời.", "author": "Lan", "created_at": NOON}
    states = ("done", "sending", "approved")
    titles = ("Tin đã xong", "Tin đang gửi", "Tin nêu đích danh")
    letters = [
        {**letter, "id": NUMBER + at, "title": title, "state": state}
        for at, (title, state) in enumerate(zip(titles, states, strict=True))
    ]
    for row in letters:
        row |= {"audience": {}, "progress": [], "queued_at": NOON, "attachments": []}
        row |= {"left_out": {}}
    letters[1] |= {"progress": [chat, "5"]}
    letters[2] |= {"audience": {"who": [who, "b" * 64], "exclude": {"who": [who]}}}
    return letters


def planted(identity: Identity) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a person by table: by id, by hash, by conversation, as staff."""
    who, channel, chat = identity.of(*ME), *ME
    talk = {"channel": channel, "key": chat}
    common: dict[str, Any] = {"announcement_id": NUMBER, "batch": 0, "reason": "", "parts_sent": 1}
    letters = planted_letters(who, chat)
    return {
        "person": [
            {"id": NUMBER, "channel": channel, "chat": chat, "who": who, "created_at": NOON}
            | {"name": WORDS["person"], "agreed": True, "seen_at": NOON}
        ],
        "consent": [
            {"person_id": NUMBER, "purpose": "announcements", "given": True, "at": NOON}
            | {"wording": WORDS["consent"], "source": "import"}
        ],
        "topic_choice": [{"person_id": NUMBER, "topic": "founding", "wanted": False}],
        "group_member": [{"person_id": NUMBER, "name": WORDS["group_member"]}],
        "suppression": [{"who": who, "at": NOON - timedelta(days=9)}],
        "conversation": [
            {**talk, "updated_at": NOON, "article": "ocop/ho-so", "declines": 0, "cared": 0}
            | {"question": WORDS["conversation"], "choices": ["a:ocop/hang-sao"], "trail": []}
        ],
        "pending": [
            {**talk, "kind": "offer", "asked": {"articles": [TOLD["pending"]]}, "until": LATER},
            {"channel": LINK, "key": chat, "kind": "code", "asked": {"link": "c" * 64}}
            | {"until": LATER},
        ],
        "turn": [
            {**talk, "id": NUMBER, "at": NOON, "text": WORDS["turn"], "payload": ""}
            | {"outcome": "answered", "confidence": 1.0, "degraded": False, "ms": 1}
            | {"offered": [], "step": "", "told": []}
        ],
        "turn_article": [{"turn_id": NUMBER, "place": 0, "article": "ocop/ho-so", "hash": "0"}],
        "feedback": [
            {**talk, "at": NOON, "article": "ocop/ho-so", "hash": "0", "useful": False}
            | {"reason": "unclear", "part": ""}
        ],
        "inbox": [
            {"channel": channel, "update": "1", "at": NOON, "conversation": chat, "tries": 0}
            | {"content": {"message": {"text": WORDS["inbox"]}}, "worker": ""}
        ],
        "ticket": [
            {**talk, "id": NUMBER, "opened_at": NOON, "about": WORDS["ticket"], "subject": ""}
            | {"reopened": 0, "phone": "", "owner_id": NUMBER}
        ],
        "ticket_message": [
            {"id": NUMBER, "ticket_id": NUMBER, "at": NOON, "kind": "citizen", "article": ""}
            | {"text": WORDS["ticket_message"]}
        ],
        "ticket_file": [
            {"message_id": NUMBER, "sha256": "0" * 64, "name": WORDS["ticket_file"], "size": 3}
            | {"kind": "image/jpeg", "content": b"tui"}
        ],
        "notice": [
            {**talk, "cause": "gap 1", "text": WORDS["notice"], "created_at": NOON, "buttons": []}
            | {"due_at": NOON, "urgent": False, "state": "sent", "reason": "", "parts_sent": 1}
        ],
        "notice_consent": [
            {**talk, "purpose": "answers", "given": True, "at": NOON}
            | {"wording": WORDS["notice_consent"]}
        ],
        "reminder": [
            {**talk, "name": "dang-ky-thay-doi", "deadline": "nop-ho-so", "event": NOON.date()}
            | {"day": LATER.date(), "what": WORDS["reminder"], "before": [7, 1]}
            | {"created_at": NOON, "due_at": LATER}
        ],
        "gap": [
            {"id": NUMBER, "created_at": NOON, "state": "open", "reason": "", "before": ""}
            | {"told": 0}
        ],
        "gap_question": [
            {**talk, "gap_id": NUMBER, "source": "turn 1", "at": NOON, "kind": "declined"}
            | {"text": WORDS["gap_question"], "asked": "0"}
        ],
        "form_run": [
            {**talk, "form": "ocop", "form_hash": "0", "answers": {"product": WORDS["form_run"]}}
            | {"cursor": "product", "version": 1, "created_at": NOON, "updated_at": NOON}
            | {"until": LATER}
        ],
        "dossier": [
            {**talk, "id": NUMBER, "procedure": "giai-the", "cooperative": WORDS["dossier"]}
            | {"began": NOON.date(), "updated_at": NOON, "until": LATER}
        ],
        "dossier_mark": [{"dossier_id": NUMBER, "item": "p.giay-rieng", "day": NOON.date()}],
        "awaited": [{**talk, "asked": "0", "text": WORDS["awaited"], "at": NOON}],
        "staff": [
            {"id": NUMBER, "name": "Lan", "role": "author", "created_at": NOON, "chat": chat}
            | {"linked_at": NOON}
        ],
        "authoring": [{"staff_id": NUMBER, "fields": {"body": WORDS["authoring"]}}],
        "announcement": letters,
        "delivery": [
            {**common, "person_id": NUMBER, "who": who, "state": "sent", "at": NOON},
            {**common, "person_id": None, "who": who, "state": "sent", "at": NOON}
            | {"announcement_id": NUMBER + 1},
        ],
        "press": [{"announcement_id": NUMBER + 1, "who": who, "button": "read", "at": NOON}],
    }


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


@asynccontextmanager
async def product(settings: Settings, library: Library) -> AsyncIterator[Services]:
    """Run the product but for its faces."""
    async with bootstrap(
        settings=settings, library=library, nlu=FakeNlu(), thresholds=BARS, now=lambda: NOON
    ) as made:
        yield made


async def plant(services: Services) -> None:
    """Write the person into every table, each after those that it leans on."""
    rows = planted(identity_of(services.settings))
    async with services.sessions.begin() as session:
        for table in Base.metadata.sorted_tables:
            for row in rows.get(table.name, ()):
                await session.execute(insert(table), row)


async def left_in_tables(services: Services) -> list[str]:
    """Name every table in which something of the person stands."""
    async with services.sessions() as session:
        rows = [
            (table.name, json.dumps([*map(str, row)], ensure_ascii=False))
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
        ]
    signs = signs_of(services.settings)
    return sorted({name for name, words in rows if any(sign in words for sign in signs)})


def left_in_files(settings: Settings, *but: Path) -> list[str]:
    """Name every file of the data folder in which something of the person stands, as bytes."""
    files = [path for path in settings.data_dir.rglob("*") if path.is_file() and path not in but]
    signs = signs_of(settings)
    return [path.name for path in files for sign in signs if sign.encode() in path.read_bytes()]


def signs_of(settings: Settings) -> tuple[str, ...]:
    """Return what would name the person: chat, hash, words."""
    return str(CHAT), identity_of(settings).of(*ME), *WORDS.values()


@contextmanager
def copied(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Path | str]:
    """Give a copy of the database as its own tools make it: a file of SQLite, or an address."""
    if settings.sqlite_path:
        yield backup(settings)
        return
    name = make_url(settings.database_url).database or ""
    with request.getfixturevalue("postgres_server").database(name) as address:
        yield address


async def put_back(settings: Settings, copy: Path | str) -> tuple[Settings, dict[str, datetime]]:
    """Have the copy be the database again; return where it is, and who is told to be gone."""
    if isinstance(copy, Path):
        return settings, (await restore(settings, copy)).erased
    return settings.model_copy(update={"database_url": copy}), {}


async def file_of(api: BotApi) -> str:
    """Ask for what is held; return the file. How far announcements are may be told meanwhile."""

    def files() -> list[str]:
        sent = [one.message for one in api.chats.sent.get(CHAT, [])]
        return [message["document"]["file_id"] for message in sent if "document" in message]

    api.say(CHAT, "/dulieu")
    await api.until(lambda: bool(files()))
    return api.chats.read[files()[0]].decode()


async def erase(api: BotApi) -> None:
    """Say /xoa, and wait until it is said that all is gone."""
    api.say(CHAT, "/xoa")
    await api.until(lambda: any("Đã xóa hết" in one.text for one in api.chats.sent[CHAT]))


def test_every_table_has_its_planter() -> None:
    """A new table is planted, or it is said why nobody stands in it."""
    tables = {table.name for table in Base.metadata.sorted_tables}

    assert {*planted(Identity("k")), *OTHERS} == tables
    assert {*TOLD, *OTHERS} == tables


async def test_all_is_told_and_all_is_erased_for_good(
    migrated: Settings,
    library: Library,
    api: BotApi,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By id and by hash: in the file every row; after /xoa nothing, nor after a restore."""
    async with product(migrated, library) as services:
        await plant(services)
    with copied(migrated, request) as copy:
        async with product(migrated, library) as services:
            planted_in = await left_in_tables(services)
            capsys.readouterr()
            async with running(build(Runner(services))):
                told = await file_of(api)
                await erase(api)
            left = await left_in_tables(services)
        logged = "".join(capsys.readouterr())
        again = backup(migrated) if migrated.sqlite_path else None
        in_files = left_in_files(migrated, Path(copy))
        restored, gone = await put_back(migrated, copy)
        async with product(restored, library) as services:
            identity = identity_of(restored)
            await forgotten.replay(services.sessions, restored.data_dir, identity, gone)
            left_again = await left_in_tables(services)

    assert len(planted_in) == 24
    assert [table for table, sign in TOLD.items() if sign not in told] == []
    assert left == []
    assert [sign for sign in signs_of(migrated) if sign in logged] == []
    assert again is None or again.exists()
    assert in_files == []
    assert left_again == []
