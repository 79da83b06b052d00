"""An announcement file: what is understood of it, and what is refused with a sentence."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.announcements.audience import Audience
from services.announcements.audience_words import Naming
from services.announcements.draft_file import Draft, read_draft
from services.errors import AnnouncementError
from services.people.person import Identity
from tests.doubles.scene import HOA_TIEN

NAMING = Naming({}, {}, Identity("key"))
TODAY = date(2026, 11, 24)
HEAD = "title: Lớp tập huấn\ntopic: ocop\naudience: {roles: [farmer]}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the file stands."""
    return tmp_path / "tin.md"


def written(file: Path, head: str = HEAD, body: str = "Mời bà con.", ends: str = "\n") -> Path:
    """Write the file."""
    text = f"---\n{head}---\n{body}\n".replace("\n", ends)
    file.write_bytes(text.encode())
    return file


def read(file: Path) -> Draft:
    """Read the file."""
    return read_draft(file, NAMING, TODAY)


def chats(*named: str) -> tuple[str, ...]:
    """Return single chats as they are kept."""
    return tuple(map(NAMING.chat, named))


def audience(file: Path, text: str) -> Audience:
    """Return the audience of a file that says so."""
    head = f"title: Lớp\ntopic: ocop\n{text}\n"
    return Audience.stored(read(written(file, head)).form.audience)


def test_three_fields_are_enough(file: Path) -> None:
    """Title, topic and audience; everything else is empty."""
    draft = read(written(file))

    form = draft.form
    assert (form.title, form.topic, form.body) == ("Lớp tập huấn", "ocop", "Mời bà con.")
    assert (form.valid_until, form.source, draft.names) == (None, "", ())


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(file: Path, ends: str) -> None:
    """Windows' line ends change nothing of the text."""
    draft = read(written(file, body="Một.\n\nHai.", ends=ends))

    assert draft.form.body == "Một.\n\nHai."


def test_byte_order_mark_is_no_letter(file: Path) -> None:
    """Notepad's mark before the first line is passed over."""
    file.write_bytes(b"\xef\xbb\xbf" + written(file).read_bytes())

    assert read(file).form.title == "Lớp tập huấn"


@pytest.mark.parametrize(
    "text",
    ["2026-12-31", "'2026-12-31'", "31/12/2026", "'31-12-2026'", "31/12", "2026-12-31 00:00:00"],
)
def test_last_day_may_be_written_as_people_do(file: Path, text: str) -> None:
    """As YAML has it, as a text, and day first."""
    draft = read(written(file, f"{HEAD}valid_until: {text}\n"))

    assert draft.form.valid_until == date(2026, 12, 31)


def test_fields_left_empty_are_none(file: Path) -> None:
    """What a template names and nobody filled in says nothing."""
    draft = read(written(file, f"{HEAD}valid_until:\nsource:\nattachments:\n"))

    assert (draft.form.valid_until, draft.form.source, draft.names) == (None, "", ())


def test_one_attachment_needs_no_list(file: Path) -> None:
    """A name alone is a list of one."""
    draft = read(written(file, f"{HEAD}attachments: Thư mời.PDF\n"))

    assert draft.names == ("Thư mời.PDF",)


def test_title_may_be_a_number(file: Path) -> None:
    """YAML takes it for one; a title is words."""
    head = HEAD.replace("Lớp tập huấn", "2026")

    assert read(written(file, head)).form.title == "2026"


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (HEAD.replace("title: Lớp tập huấn\n", ""), "title phải có"),
        (HEAD.replace("Lớp tập huấn", ""), "title phải có"),
        (HEAD.replace("Lớp tập huấn", "x" * 201), "tối đa 200"),
        (HEAD.replace("topic: ocop\n", ""), "topic phải có"),
        (f"{HEAD}valid_until: 31/13/2026\n", "không có tháng 13"),
        (f"{HEAD}valid_until: 31/11/2026\n", "tháng 11 có 30 ngày"),
        (f"{HEAD}valid_until: 20261231\n", "valid_until phải là ngày"),
        (f"{HEAD}valid_until: [ngày]\n", "valid_until phải là ngày"),
        (f"{HEAD}source: [a, b]\n", "source phải là một dòng chữ"),
        (f"{HEAD}attachments: 5\n", "attachments phải là danh sách"),
        (f"{HEAD}colour: red\n", "không có mục “colour”"),
        (f"{HEAD}1: red\n", "không có mục “1”"),
        (f"{HEAD}content: red\n", "không có mục “content”"),
        (HEAD.replace("Lớp tập huấn", "Báo: lớp: hai"), "dòng 2, viết sai dạng"),
        (HEAD.replace("Lớp tập huấn", "**Lớp**"), "trong ngoặc kép"),
        ("- một\n- hai\n", "title phải có"),
        (f"{HEAD}valid_until: 2026-02-30\n", "có ngày không có thật"),
    ],
)
def test_wrong_field_is_one_sentence(file: Path, head: str, says: str) -> None:
    """It names the field or the line, and says how to write it."""
    with pytest.raises(AnnouncementError, match=r"\.$") as refused:
        read(written(file, head))

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_other_encoding_is_told(file: Path, encoding: str) -> None:
    """What is not UTF-8 would be garbled."""
    text = "---\ntitle: Hội\ntopic: ocop\naudience: all\n---\nMời bà con dự họp nhé, cô bác ạ."
    file.write_bytes(text.encode(encoding, "ignore"))
    with pytest.raises(AnnouncementError, match="không phải chữ UTF-8"):
        read(file)


def test_file_that_is_not_there_is_told(file: Path) -> None:
    """With its path."""
    with pytest.raises(AnnouncementError, match=r"Không đọc được tệp .*tin\.md"):
        read(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mời bà con.",
        "---\ntitle: Lớp\nMời bà con.",
        "Mời.\n---\ntitle: Lớp\n---\n",
        '{"title": "Lớp"\n}\nMời.',
        "+++\ntitle = [\n+++\nMời.",
    ],
)
def test_file_without_a_head_is_told(file: Path, text: str) -> None:
    """With where to begin."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AnnouncementError, match="thiếu phần đầu giữa hai dòng ---"):
        read(file)


def test_empty_lines_before_the_head_are_passed_over(file: Path) -> None:
    """An editor may leave some."""
    file.write_text(f"\n\n---\n{HEAD}---\n\nMời.", encoding="utf-8")

    assert read(file).form.body == "Mời."


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("audience: {roles: farmer}", {"roles": ("farmer",)}),
        ("audience: {places: [Hòa Tiến, 20332]}", {"places": (HOA_TIEN,)}),
        ("audience: {places: 20332}", {"places": (HOA_TIEN,)}),
        ("audience: {topics: [ocop, fund], roles: }", {"topics": ("ocop", "fund")}),
        ("audience: {active_days: '30'}", {"active_days": 30}),
        ("audience: {chats: [12, '-3', 12]}", {"who": chats("12", "-3")}),
    ],
)
def test_lists_of_an_audience_may_be_single_words(
    file: Path, text: str, fields: dict[str, Any]
) -> None:
    """A word is a list of one, names of places are codes, numbers are words."""
    assert audience(file, text) == Audience(**fields)


@pytest.mark.parametrize("word", ["all", "tất cả", "Mọi người"])
def test_everybody_is_said_in_a_word(file: Path, word: str) -> None:
    """Only who says so writes to everybody."""
    found = audience(file, f"audience: {word}")

    assert found == Audience()


@pytest.mark.parametrize(
    "text",
    ["", "audience:", "audience: {}", "audience: []", "audience: ''", "audience: {roles: []}"],
)
def test_audience_of_nothing_is_a_fault(file: Path, text: str) -> None:
    """A forgotten audience is not everybody."""
    found = audience(file, text)

    assert found.fault.startswith("Chưa ghi thông báo gửi cho ai; viết như")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("audience: [ocop, fund]", "viết chưa đúng dạng"),
        ("audience: ocop", "viết chưa đúng dạng"),
        ("audience: 5", "viết chưa đúng dạng"),
        ("audience: {places: Hòa Tiếng}", "Không có xã, phường nào của Đà Nẵng tên “Hòa Tiếng”"),
        ("audience: {places: 3.5}", "tên “3.5”"),
        ("audience: {places: {a: b}}", "mục places phải là danh sách chữ"),
        ("audience: {roles: nông dân}", "Không có vai trò “nông dân”; chỉ dùng farmer"),
        ("audience: {topics: 2026-01-01}", "mục topics phải là danh sách chữ"),
        ("audience: {topics: [[a]]}", "mục topics phải là danh sách chữ"),
        ("audience: {colour: red}", "không có mục “colour”; chỉ dùng topics, roles"),
        ("audience: {1: red}", "không có mục “1”"),
        ("audience: {active_days: 30 ngày}", "active_days phải là số ngày"),
        ("audience: {active_days: 0}", "active_days phải là số ngày"),
        ("audience: {active_days: 999999999}", "active_days phải là số ngày"),
        ("audience: {roles: [farmer], exclude: {colour: red}}", "không có mục “colour”"),
        ("audience: {roles: [farmer], exclude: {places: Xa}}", "tên “Xa”"),
        ("audience: {roles: [farmer], exclude: 2026-01-01}", "exclude phải là danh sách nhóm"),
    ],
)
def test_audience_that_cannot_be_read_is_kept_as_a_fault(file: Path, text: str, says: str) -> None:
    """The file is a draft all the same; the sentence says how to write it."""
    found = audience(file, text)

    assert says in found.fault
    assert found == Audience(fault=found.fault)


@pytest.mark.parametrize(
    "text",
    ["[12, bận, '-5']", "{chats: [12, -5], groups: [bận]}", "{chats: [12, -5], groups: bận}"],
)
def test_exclusion_may_be_a_list_or_a_rule(file: Path, text: str) -> None:
    """In a plain list numbers are chats, words are groups."""
    found = audience(file, f"audience: {{roles: [farmer], exclude: {text}}}")

    assert (found.exclude.who, found.exclude.groups) == (chats("12", "-5"), ("bận",))


@pytest.mark.parametrize("text", ["chat_id\n12\n\n'13\n12\n", "Name;Chat_ID\nA;12\nB;13\n"])
def test_csv_beside_the_file_names_chats(file: Path, text: str) -> None:
    """Each chat once, in Telegram where no channel is named, as Excel parts the cells."""
    (file.parent / "people.csv").write_text(text, encoding="utf-8-sig")
    found = audience(file, "audience: {csv: people.csv, chats: 9}")

    assert found.who == chats("9", "12", "13")


def test_csv_may_name_the_channel(file: Path) -> None:
    """A chat of the page has a name, no number."""
    (file.parent / "people.csv").write_text("channel,chat_id\nweb,ab-c\n,12\n", encoding="utf-8")

    assert audience(file, "audience: {csv: people.csv}").who == chats("web:ab-c", "12")


def test_csv_may_leave_people_out(file: Path) -> None:
    """An exclusion takes one too."""
    (file.parent / "people.csv").write_text("chat_id\n12\n", encoding="utf-8")
    found = audience(file, "audience: {roles: farmer, exclude: {csv: people.csv}}")

    assert found.exclude.who == chats("12")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("chat_id\nĐà Nẵng\n".encode("cp1258", "ignore"), "không phải chữ UTF-8"),
        ("chat_id\nĐà\n".encode("utf-16"), "dòng 2: chat_id “Đà” không phải số"),
        ("chat_id\n12\n".encode("utf-16-le"), "không phải chữ UTF-8"),
        (b"name\nLan\n", "thiếu cột chat_id"),
        (b"", "thiếu cột chat_id"),
        (b"chat_id\n\n", "không có ai"),
        (b"name,chat_id\nLan,\n", "dòng 2: chat_id “” không phải số"),
        (b"chat_id\n12\n1.23E+11\n", "dòng 3: chat_id “1.23E+11” không phải số"),
        (b'chat_id\n"' + b"x" * 200_000, "không khép sau dòng 1"),
    ],
)
def test_csv_that_cannot_be_used_is_a_fault(file: Path, content: bytes, says: str) -> None:
    """Nobody is left out in silence: the sentence names the line."""
    (file.parent / "people.csv").write_bytes(content)

    assert says in audience(file, "audience: {csv: people.csv}").fault


@pytest.mark.parametrize("name", ["../people.csv", "khong-co.csv", "/etc/passwd"])
def test_csv_stands_beside_the_file(file: Path, name: str) -> None:
    """No other folder is looked into."""
    assert "thông báo" in audience(file, f"audience: {{csv: {name}}}").fault
