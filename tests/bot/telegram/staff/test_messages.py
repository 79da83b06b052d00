"""A text that staff forward is shown to recipients as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.telegram.markup import html, joined, markdown, units
from bot.telegram.staff.messages import as_markdown

SIGNS = st.text() | st.text(alphabet="*_`[]()<>&|-#>1. \n\\!\"'🙂đ:~={}")


def shown(text: str, *entities: MessageEntity) -> str:
    """Return what recipients see of a text."""
    return html(joined(markdown(as_markdown(text, entities))))


def marked(kind: str, text: str, part: str, url: str | None = None) -> MessageEntity:
    """Mark a part of a text."""
    before, _, _ = text.partition(part)
    return MessageEntity(kind, units(before), units(part), url=url)


def read(text: str) -> str:
    """Return the signs of a text that take ink."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


@pytest.mark.parametrize(
    "text",
    [
        "- một\n- hai",
        "1. một\n2) hai",
        "# không phải tiêu đề",
        "> không phải trích",
        "dòng\n===\ndòng\n---",
        "| a | b |\n|---|---|",
        "*sao* _gạch_ `mã` **đậm** __0__ a_b",
        "[chữ](https://a.vn) [x]: y",
        "[x]: https://a.vn",
        "&amp; & &lt;",
        "https://a.vn/b_c_d?e=1&f=2",
        "~~~\nx",
        r"\* \\",
        "{{ name }} ở {{ place }}",
    ],
)
def test_plain_text_stays_plain(text: str) -> None:
    """Nothing that is typed turns into lists, headings, tables or links."""
    lines = [line.strip() for line in text.split("\n")]
    escaped = "\n".join(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert shown(text) == escaped


@pytest.mark.parametrize("text", ["\x1b- một", "[x]\x02(https://a.vn)", "\x1b0."])
def test_sign_that_is_dropped_hides_nothing(text: str) -> None:
    """What Telegram takes no sign for stands for nothing, between two signs or before them."""
    blocks = joined(markdown(as_markdown(text)))

    assert read(text) == read("".join(run.text for run in blocks))
    assert {run.tags for run in blocks} <= {()}


@given(SIGNS)
def test_any_text_is_read_as_it_was_typed(text: str) -> None:
    """Every sign is there, in its order; only spaces and controls may go."""
    blocks = joined(markdown(as_markdown(text)))

    assert read(text) == read("".join(run.text for run in blocks))
    assert {run.tags for run in blocks} <= {()}


@given(SIGNS, st.integers(0, 20), st.integers(1, 20))
def test_any_mark_changes_no_sign(text: str, start: int, length: int) -> None:
    """Where a mark can't be told in Markdown it is left out, the text is not."""
    bold = MessageEntity(MessageEntity.BOLD, start, length)
    italic = MessageEntity(MessageEntity.ITALIC, start + 1, length)
    blocks = joined(markdown(as_markdown(text, (bold, italic))))

    assert read(text) == read("".join(run.text for run in blocks))


def test_marks_are_kept() -> None:
    """Bold, italic, both, over lines, after signs that are two units long."""
    text = "🙂🙂 Họp gấp\n\nmai nhé"

    assert "<b>Họp</b> gấp" in shown(text, marked("bold", text, "Họp "))
    assert shown(text, marked("bold", text, "gấp\n\nmai")).endswith("<b>gấp</b>\n\n<b>mai</b> nhé")
    both = shown(text, marked("bold", text, "Họp gấp"), marked("italic", text, "gấp"))
    assert both.startswith("🙂🙂 <b>Họp</b> <i><b>gấp</b></i>")


def test_links_are_kept() -> None:
    """Only those of the web; what stands in their address or words does no harm."""
    text = "xem [ở đây] nhé"
    web = marked("text_link", text, "[ở đây]", "https://a.vn/(b)?c=<d>&e")
    other = marked("text_link", text, "[ở đây]", "tg://user?id=1")

    assert shown(text, web) == ('xem <a href="https://a.vn/(b)?c=%3Cd%3E&amp;e">[ở đây]</a> nhé')
    assert shown(text, other) == text


def test_fields_are_left_to_be_filled_in() -> None:
    """What stands in double braces is no Markdown."""
    assert as_markdown("Chào {{ name }}, hạn {{ valid_until }} *") == (
        r"Chào {{ name }}, hạn {{ valid_until }} \*"
    )
