"""How replies look in Telegram, and that no text whatever makes a message it would refuse."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.markup import html, joined, markdown, units
from bot.telegram.render import FIRST, UNCUT, WHOLE, Outgoing, Renderer, cut, shorten
from services.conversation.composer import Composer
from services.conversation.gazetteer import Elsewhere
from services.conversation.plain import plain_markdown
from services.conversation.policy import AnswerArticle, AnswerElsewhere, AnswerSeveral
from services.conversation.reply import Button, CitedSource, Payload, Reply, read_payload
from services.knowledge.phrases import Phrases
from services.settings import ROOT
from tests.doubles import telegram_html
from tests.doubles.content import read_content

WORDS = {"sources": "Nguồn", "next_step": "Bước tiếp theo", "button_more": "Xem thêm"}
PHRASES, _ = Phrases.compile(WORDS)
RENDERER = Renderer(PHRASES)
SIGNS = st.text() | st.text(alphabet="*_`[]()<>&|-#>1. \n\\!\"'🙂đ:~=\u202e\x00")
AGAIN = Payload("a", "founding/ho-so")
LINES = st.lists(SIGNS, max_size=5).map(tuple)


def shown(text: str) -> str:
    """Return Markdown as the HTML of one message."""
    return html(joined(markdown(text)))


def checked(message: Outgoing) -> str:
    """Return what is read of a message that Telegram would take."""
    text, _ = telegram_html.parse(message.html)
    assert {*re.findall(r"</?([a-z]+)", message.html)} <= {"b", "i", "code", "a", "blockquote"}
    assert text == message.plain
    assert text.strip()
    return text


def reply_of(
    parts: tuple[str, str, str], lines: tuple[str, ...], notices: tuple[str, ...]
) -> Reply:
    """Return an article's reply made of any texts."""
    lead, detail, step = parts
    return Reply(
        "answered",
        lead,
        detail,
        notices=notices,
        citations=tuple(CitedSource("a", "b", "c", in_force=True) for _ in lines),
        source_lines=lines,
        next_step=step,
        articles=("founding/ho-so",),
        again=AGAIN,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**đậm** và *nghiêng*, `mã`", "<b>đậm</b> và <i>nghiêng</i>, <code>mã</code>"),
        ("1 < 2 & <b>x</b>", "1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt;"),
        ("# Đầu đề\nlời", "<b>Đầu đề</b>\n\nlời"),
        ("- một\n- hai\n  - ba", "• một\n• hai\n  • ba"),
        ("Gồm:\n- một", "Gồm:\n• một"),
        ("Lời.\n\n- một", "Lời.\n\n• một"),
        ("3. ba\n4. bốn", "3. ba\n4. bốn"),
        ("> lời **dẫn**\n> thêm", "<blockquote>lời <b>dẫn</b>\nthêm</blockquote>"),
        ("> một\n>\n> hai", "<blockquote>một\n\nhai</blockquote>"),
        ("[luật](https://a.vn/?b=1&c=2)", '<a href="https://a.vn/?b=1&amp;c=2">luật</a>'),
        ("[xấu](ftp://x)", "xấu"),
        ("**a *b* c**", "<b>a <i>b</i> c</b>"),
        ("**`mã`**", "<code>mã</code>"),
        ("```\n<x>\n```", "<code>&lt;x&gt;</code>"),
        ("![ảnh](https://a.vn/x.png)", "ảnh"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("|Việc|Nơi|\n|---|---|\n|**A**|B|\n|C||", "• <b>A</b>: B\n• <b>C</b>"),
        ("|Ai|Nay|Cũ|\n|---|---|---|\n|hộ|3|1|", "• <b>hộ</b>\n  Nay: 3\n  Cũ: 1"),
        ("- một\n\n  thêm\n- hai", "• một\n  thêm\n• hai"),
        ("- ☐ một\n- hai", "☐ một\n• hai"),
        ("1. ☐ một\n2. ☑ hai", "1. ☐ một\n2. ☑ hai"),
        ("", ""),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    """Each piece of the content's Markdown has its shape in Telegram."""
    assert expected == shown(text)


@given(SIGNS)
def test_any_markdown_is_valid_html(text: str) -> None:
    """Whatever the Markdown, Telegram would take the HTML."""
    assert telegram_html.parse(shown(text)) is not None


@given(SIGNS, st.integers(min_value=2, max_value=40))
def test_cutting_keeps_text_and_validity(text: str, most: int) -> None:
    """Pieces are short enough, valid each alone, and together the same text."""
    blocks = markdown(text)
    pieces = cut(blocks, most)

    assert all(piece.size <= most for piece in pieces)
    assert [telegram_html.parse(html(piece.runs))[0] for piece in pieces] == [
        p.text for p in pieces
    ]
    assert joined(pieces) == () or html(joined(pieces)) == html(joined(blocks))


@given(st.tuples(SIGNS, SIGNS, SIGNS), LINES, LINES)
def test_any_reply_fits(
    parts: tuple[str, str, str], lines: tuple[str, ...], notices: tuple[str, ...]
) -> None:
    """Whatever an article says, its messages are valid and within their lengths."""
    reply = reply_of(parts, lines, notices)
    texts = [checked(message) for message in RENDERER.first(reply)]

    assert len(texts) <= 1
    assert all(units(text) <= UNCUT for text in texts)
    assert all(units(checked(message)) <= WHOLE for message in RENDERER.rest(reply, 1))


@given(SIGNS, LINES)
def test_any_sentence_fits(lead: str, notices: tuple[str, ...]) -> None:
    """What no article stands behind begins short too, and the rest follows at once."""
    first, *others = [
        checked(m) for m in RENDERER.first(Reply("declined", lead, notices=notices))
    ] or [""]

    assert units(first) <= FIRST
    assert all(units(other) <= WHOLE for other in others)


@pytest.mark.parametrize(
    ("notices", "lines", "words"),
    [((), 1, 150), (("Câu trả lời này chưa chắc đúng ý.",), 1, 150), ((), 9, 40), ((), 1, 2000)],
)
def test_nothing_is_lost_between_first_and_rest(
    notices: tuple[str, ...], lines: int, words: int
) -> None:
    """The rest goes on where the first message stopped, whatever stood under that."""
    lead = " ".join(f"lời{n}" for n in range(40))
    detail = "\n\n".join(f"đoạn{n} là một đoạn văn." for n in range(words))
    reply = reply_of((lead, detail, "làm tiếp"), ("Luật " * 20,) * lines, notices)
    [first] = RENDERER.first(reply)
    shown_blocks = int(first.buttons[0].payload.rpartition(":")[2])
    again = reply_of((lead, detail, "làm tiếp"), ("Luật " * 20,) * lines, ())
    rest = " ".join(message.plain for message in RENDERER.rest(again, shown_blocks))
    text = re.findall(r"(?:lời|đoạn)\d+", f"{first.plain} {rest}")

    assert text == [*(f"lời{n}" for n in range(40)), *(f"đoạn{n}" for n in range(words))]
    assert "Nguồn:" in first.plain


def test_source_block_names_what_is_in_force_first() -> None:
    """When not every source fits, the law of today is the one that is named."""
    old = [CitedSource("cũ", "", "cũ", in_force=False)] * 9
    cited = (*old, CitedSource("nay", "", "nay", in_force=True))
    lines = (*["Luật cũ " * 24] * 9, "Luật nay")
    reply = Reply("answered", "Lời.", citations=cited, source_lines=lines, again=AGAIN)
    [first] = RENDERER.first(reply)

    assert "Nguồn:\n• Luật nay\n" in first.plain
    assert first.buttons[0].label == "Xem thêm"


def test_short_article_has_no_button_to_more() -> None:
    """What fits is said whole."""
    [first] = RENDERER.first(reply_of(("Lời.", "Thêm.", "Làm."), ("Luật",), ("Báo.",)))

    assert first.buttons == ()
    assert first.html == (
        "Lời.\n\nThêm.\n\n<blockquote><b>Nguồn:</b>\n• Luật</blockquote>\n\n"
        "<b>Bước tiếp theo:</b> Làm.\n\n<i>Báo.</i>"
    )


def test_line_that_leads_on_is_not_left_alone() -> None:
    """A line that ends with a colon goes with what it introduces."""
    detail = "Cụ thể:\n- " + "giấy " * 79 + "\n- dài" * 150
    [first] = RENDERER.first(reply_of(("Lời " * 98, detail, ""), ("Luật " * 20,), ()))

    assert "Cụ thể" not in first.plain


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("ngắn", "ngắn"),
        ("một hai " * 10, f"{'một hai ' * 7}một…"),
        ("a" * 80, "a" * 59 + "…"),
    ],
)
def test_label_is_cut_at_a_word(label: str, expected: str) -> None:
    """A button's label is short enough for a phone."""
    assert expected == shorten(label)


def test_buttons_stand_under_the_last_message() -> None:
    """A long sentence without an article carries its buttons where the reading ends."""
    menu = (Button("Xem các mục", "m:"),)
    first, last = RENDERER.first(Reply("declined", "từ " * 500, buttons=menu))

    assert (first.buttons, last.buttons) == ((), menu)


FAR = Elsewhere("Bà Rịa - Vũng Tàu (nay thuộc Thành phố Hồ Chí Minh)")


def test_every_article_of_the_product_renders() -> None:
    """Each article's first message is short and names a source; offices and menus render too."""
    library = read_content(ROOT / "content")
    renderer, composer = Renderer(library.phrases), Composer(library, date(2026, 11, 24))
    for name, article in library.articles.items():
        for belief in range(len(article.head.beliefs) + 1):
            reply = composer.article(name, belief=belief)
            [first] = renderer.first(reply)
            assert units(checked(first)) <= UNCUT
            assert "Nguồn:" in first.plain
            assert plain_markdown(reply.lead) in first.plain
            assert all(units(checked(message)) <= WHOLE for message in renderer.rest(reply, 1))
        if article.head.scope == "national":
            answer = AnswerArticle(name, 1.0)
            [first] = renderer.first(composer.compose(AnswerElsewhere(answer, FAR)))
            assert units(checked(first)) <= UNCUT
            assert "Nguồn:" in first.plain
    for text in (composer.handoff(), composer.menu(), composer.stale()):
        assert all(map(checked, renderer.first(text)))


def test_question_that_was_not_understood_is_always_quoted() -> None:
    """However long the answer and what else is named, the first message says what is left."""
    library = read_content(ROOT / "content")
    composer, renderer = Composer(library, date(2026, 11, 29)), Renderer(library.phrases)
    longest = sorted(library.articles, key=lambda name: -len(library.articles[name].head.title))
    lost = "hợp tác xã của chúng tôi ở trên núi có được mượn đất rừng không"
    for name in library.articles:
        beside = tuple(other for other in longest[:4] if other != name)[:3]
        asked = AnswerSeveral((name,), 0.9, beside, (lost, f"còn {lost}"))

        opening, *_ = renderer.first(composer.compose(asked))

        assert "“còn hợp tác xã" in opening.plain, name
        assert "chưa hiểu" in opening.plain, name


def test_rest_of_a_national_answer_misses_nothing() -> None:
    """What “more” brings goes on where the first message ended, whatever opened that."""
    library = read_content(ROOT / "content")
    composer, renderer = Composer(library, date(2026, 11, 29)), Renderer(library.phrases)
    for name in library.articles:
        whole = composer.article(name)
        [first] = renderer.first(composer.compose(AnswerElsewhere(AnswerArticle(name, 1.0), FAR)))
        pressed = [read for b in first.buttons if (read := read_payload(b.payload))]
        seen = max(payload.seen for payload in pressed)
        told = [first, *renderer.rest(whole, seen)] if seen else [first]
        lines = {line for message in told for line in message.plain.splitlines()}
        everything = (line for m in renderer.rest(whole, 1) for line in m.plain.splitlines())

        assert not [line for line in everything if seen and line not in lines], name


def test_answer_has_six_rows_of_buttons_at_most() -> None:
    """Parts stand two a row; of other articles as many give way as there is no row for."""
    parts = [Button(f"phần {n}", f"d:a/b#{n}") for n in range(4)]
    ways = [Button("Danh mục", "c:a/b"), Button("Xem cả bài", "f:a/b"), Button("Bài khác", "a:a/c")]
    verdicts = (Button("👍", "u:a/b"), Button("👎", "n:a/b"))
    buttons = (*parts, *ways, Button("Gặp cán bộ", "h:"))
    fitting = RENDERER.fitting(Reply("answered", "a", buttons=buttons, verdicts=verdicts))

    assert [[button.label for button in row] for row in RENDERER.first(fitting)[-1].rows] == [
        ["phần 0", "phần 1"],
        ["phần 2", "phần 3"],
        ["Danh mục"],
        ["Xem cả bài"],
        ["Gặp cán bộ"],
        ["👍", "👎"],
    ]
