import json
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from services.settings import ROOT
from tests.doubles.content import edit_head, write_content
from tests.doubles.product import HTX, Product, ask_in_terminal, environment, open_page


def htx(variables: dict[str, str], *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HTX, *words],
        cwd=ROOT,
        env=variables,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("form", ["--json", "--jsonl"])
def test_first_question_is_answered_with_its_law(product: Product, form: str) -> None:
    """05 members, by the law of 2023; a stream of lines too answers what is asked with it."""
    question = "Thành lập hợp tác xã cần mấy người?"
    done = htx(dict(product.environment), "ask", question, form)

    assert is_answered_with_its_law(json.loads(done.stdout))


def test_first_question_may_be_bare_or_teencode(product: Product) -> None:
    """Without marks, and as people write on the phone."""
    questions = ("thanh lap hop tac xa can may nguoi", "htx can may ng moi lap dc")
    replies = ask_in_terminal(product.environment, [{"text": text} for text in questions])

    assert [is_answered_with_its_law(reply) for reply in replies] == [True, True]


def is_answered_with_its_law(reply: dict[str, Any]) -> bool:
    """Look for the figure and the law of today."""
    return (
        reply["outcome"] == "answered"
        and "05 thành viên" in reply["text"]
        and any("17/2023/QH15" in cited["title"] for cited in reply["citations"])
    )


def test_stream_keeps_order_ids_and_conversations(product: Product) -> None:
    """Lines come back in order with their ids; a conversation goes on; a bad line loses nothing."""
    lines = [
        {"id": "1", "conversation": "dòng", "text": "OCOP có mấy hạng sao?"},
        {"id": "2", "conversation": "dòng", "text": "hồ sơ gồm những gì?"},
        {"id": "3", "payload": "a:founding/so-thanh-vien"},
        {"id": "4", "text": ""},
    ]

    replies = ask_in_terminal(product.environment, lines)

    assert [reply["id"] for reply in replies] == ["1", "2", "3", "4"]
    assert replies[1]["article"].startswith("ocop/")
    assert replies[2]["article"] == "founding/so-thanh-vien"
    assert replies[3]["outcome"] == "declined"


def test_talk_goes_on_from_line_to_line(product: Product) -> None:
    """Without a question a talk begins: the menu, then answers; a number opens its line."""
    typed = "thanh lap hop tac xa can may nguoi\n1\n"

    done = htx(dict(product.environment), "ask", text=typed)

    assert done.stdout.startswith("Chào bà con!")
    subject, part = re.findall(r"^  1\. (.+)$", done.stdout, re.MULTILINE)[:2]

    assert subject == "Chính sách, cơ quan"
    assert "05 thành viên" in done.stdout
    assert f"Số thành viên · {part}" in done.stdout
    assert done.returncode == 0


def test_bad_line_is_answered_with_a_sentence(product: Product) -> None:
    """A line that is no JSON gets a line that says so; the next one is answered."""
    text = 'không phải JSON\n{"id": "2", "payload": "m:"}\n'

    done = htx(dict(product.environment), "ask", "--jsonl", text=text)

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["outcome"], second["id"]) == (None, "declined", "2")


def test_busy_port_is_one_sentence(tmp_path: Path) -> None:
    """A port that another program holds stops the start with what to do, and no traceback."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        variables = environment(tmp_path / "var", HTX_WEB_PORT=str(holder.getsockname()[1]))

        done = htx(variables, "run")

    assert done.returncode == 1
    assert "HTX_WEB_PORT" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_broken_article_stops_nothing_and_is_told_with_its_place(tmp_path: Path) -> None:
    """The first start leaves a broken article out; its file, line, field and remedy are told."""
    content = write_content(tmp_path / "content")
    edit_head(content, "founding/so-thanh-vien", subject="lúa")
    variables = environment(tmp_path / "var", HTX_CONTENT_DIR=str(content))

    product = open_page(variables)
    reply = product.ask("xem", payload="a:founding/so-thanh-vien")
    told = htx(variables, "doctor").stdout

    assert product.stop() == 0
    assert reply["outcome"] != "answered"
    assert "content/articles/founding/so-thanh-vien.md:3: [subject]" in told
