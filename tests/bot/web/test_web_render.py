"""Replies as HTML."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.markdown import markdown_html, markdown_line
from bot.web.render import (
    Exchange,
    Templates,
    label_of,
    reply_view,
)
from services.conversation.reply import CitedSource, Reply, to_part
from services.knowledge.article import Part
from services.knowledge.library import Library
from services.knowledge.schema import MenuGroup

ALLOWED = re.compile(
    r"</?(p|ul|ol|li|strong|em|code|pre|blockquote|h[1-6]|table|thead|tbody|tr|th|td|div|a|img|br|hr)\b"
)


def test_markdown_becomes_html() -> None:
    """Bold and lists become elements."""
    assert markdown_html("**Năm** giấy:\n- một") == (
        "<p><strong>Năm</strong> giấy:</p>\n<ul>\n<li>một</li>\n</ul>\n"
    )


def test_line_has_no_paragraph() -> None:
    """A line of Markdown stays inside its sentence."""
    assert markdown_line("Hỏi **xã**.") == "Hỏi <strong>xã</strong>."


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))"],
)
def test_code_is_shown_not_run(text: str) -> None:
    """Neither HTML nor a script's address survives."""
    html = markdown_html(text)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_link_opens_beside() -> None:
    """What it leads to may refuse the frame in which the chat stands."""
    assert ' target="_blank" rel="noopener">Việc</a>' in markdown_html("[Việc](/nhac)")


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ("**Gọi 112 hoặc 114 ngay**", ["112", "114"]),
        ("rồi **115**.", ["115"]),
        ("**gọi ngay 115**, **113.**", ["115", "113"]),
        ("**công an xã, phường hoặc gọi 113**", ["113"]),
        ("gọi **tổng đài 1022**, điện thoại: **1022, nhánh 3**", ["1022", "1022"]),
        ("điện thoại: **0236 3822 123**, **0235.3812.345**", ["02363822123", "02353812345"]),
        ("**(0236) 3831022** hay **0236-3822-123**", ["02363831022", "02363822123"]),
        ("**Điều 1150, gọi 113**, **Phòng 2113, gọi 115**", ["113", "115"]),
        ("**113** năm 2024, **112** sản phẩm, **1022** hợp tác xã", []),
        ("**115 điểm**, **115** triệu, **113**/2024/NĐ-CP, 113 người", []),
        ("[**115**](https://x.vn)", []),
    ],
)
def test_a_number_to_call_is_called_by_a_tap(told: str, called: list[str]) -> None:
    """In bold, alone or with the words around it; a sum, a decree or what leads away is none."""
    html = markdown_html(told)

    links = re.findall(r'href="tel:([^"]*)">([^<]*)</a>', html)
    assert [number for number, _ in links] == called
    assert all(re.sub(r"\D", "", shown) == number for number, shown in links)
    assert ("_blank" in html) == ("https" in told)


@given(st.text(alphabet=st.sampled_from("<>&\"'/=abc* -|\n[]()!#`"), max_size=80))
def test_only_known_elements_come_out(text: str) -> None:
    """Whatever stands in Markdown, only elements of Markdown come out."""
    assert all(ALLOWED.match(tag) for tag in re.findall(r"<[^>]*", markdown_html(text)))


def test_source_links_only_to_the_web(library: Library) -> None:
    """An address that is no web address is not linked."""
    law = library.sources["luat-17-2023"].model_copy(update={"url": "javascript:alert(1)"})
    linked = replace(library, sources={"luat-17-2023": law})
    cited = CitedSource("luat-17-2023", "Điều 4", law.title, in_force=True)
    view = reply_view(Reply("answered", "a", citations=(cited,), source_lines=("dòng",)), linked)

    assert [source.url for source in view.sources] == [""]


def test_directive_is_not_said_to_be_in_force(library: Library) -> None:
    """Nothing is known to have ended it, and no more is claimed."""
    law = library.sources["luat-17-2023"].model_copy(update={"kind": "công văn"})
    directed = replace(library, sources={"luat-17-2023": law})
    cited = CitedSource("luat-17-2023", "Mục 3", law.title, in_force=True)
    view = reply_view(Reply("answered", "a", citations=(cited,), source_lines=("dòng",)), directed)
    shown = Templates(library.phrases.say).render(
        "exchange.html", exchange=Exchange("hỏi", view), key="", action=""
    )

    assert ("chưa thấy văn bản bãi bỏ" in shown, "còn hiệu lực" in shown) == (True, False)


def test_long_list_of_a_part_stands_above_its_source(library: Library) -> None:
    """The answer comes first, as everywhere; what follows it stands below."""
    part = Part("viec", "Việc phải làm", "")
    article = replace(library.articles["founding/ho-so"], parts=(part,))
    parted = replace(library, articles={"founding/ho-so": article})
    listed = "\n".join(f"- Việc thứ {n}: " + "dài " * 20 for n in range(8))
    reply = Reply(
        "answered",
        f"**Hồ sơ · Việc phải làm**\n\n{listed}\n\nXong thì nộp.",
        articles=("founding/ho-so",),
        part="viec",
        again=to_part("founding/ho-so", "viec", 0),
    )
    view = reply_view(reply, parted)

    assert ("Việc thứ 7" in view.lead, "Xong thì nộp" in view.detail) == (True, True)


@pytest.mark.parametrize("payload", ["", "s:", "s:_", "m", "x:y:z", "t:khong", "a:khong"])
def test_label_of_no_button_is_empty_or_known(library: Library, payload: str) -> None:
    """Only buttons that are really offered have a label."""
    assert label_of(payload, library) in {"", "Xem các mục"}


def test_group_of_a_topic_is_named_by_its_label(library: Library) -> None:
    """What was pressed is told in the words of its button; a group that is gone by its topic's."""
    group = MenuGroup(label="Sao", articles=("ocop/hang-sao",))
    grouped = replace(library, menu={"ocop": {"sao": group}})

    assert label_of("t:ocop#sao", grouped) == "Sao"
    assert label_of("t:ocop#cu", grouped) == "Đăng ký sản phẩm OCOP"
