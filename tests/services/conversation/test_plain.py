from hypothesis import given
from hypothesis import strategies as st

from services.conversation.plain import plain_markdown, plain_reply
from services.conversation.reply import Reply

SOURCE = """Có **hai** cách:

- nộp tại xã
- nộp qua mạng
  1. vào cổng
  2. ký số

| Ai | Mức |
|---|---|
| Hộ | 300 triệu |
"""
EXPECTED = """Có hai cách:

- nộp tại xã
- nộp qua mạng
  1. vào cổng
  2. ký số

Ai | Mức |
Hộ | 300 triệu |"""


def test_markdown_becomes_plain_text() -> None:
    """Marks go; lists, numbers and table rows stay readable."""
    assert plain_markdown(SOURCE) == EXPECTED


def test_whole_reply_has_its_parts_in_order() -> None:
    """Answer, detail, sources, next step, notices."""
    reply = Reply(
        "answered",
        "Có.",
        detail="Vì luật cho.",
        source_lines=("Luật A, Điều 1",),
        next_step="Đi xã.",
        notices=("Chưa chắc.",),
    )

    text = plain_reply(reply, sources="Nguồn", next_step="Tiếp")

    assert text.split("\n\n") == [
        "Có.",
        "Vì luật cho.",
        "Nguồn: Luật A, Điều 1.",
        "Tiếp: Đi xã.",
        "Chưa chắc.",
    ]


@given(st.text())
def test_any_text_is_rendered_without_an_error(text: str) -> None:
    """Whatever stands in Markdown, plain text comes out."""
    assert isinstance(plain_markdown(text), str)
