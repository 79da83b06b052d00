"""What an article offers under its answer: a checklist, and parts for kinds of readers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.composer import Composer
from services.conversation.reply import Reply
from services.knowledge.article import Article
from services.knowledge.loader import load_library
from tests.doubles.citizen import Citizen
from tests.doubles.content import write_content
from tests.doubles.procedure import PROCEDURE, VARIED, write_varied

TODAY = date(2026, 11, 24)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content with an article that has a procedure and two parts."""
    root = write_content(tmp_path / "content")
    write_varied(root)
    return root


@pytest.fixture
def composer(content: Path) -> Composer:
    """Return a writer of replies."""
    return Composer(load_library(content), TODAY)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


def test_extras_stand_after_related_articles(composer: Composer) -> None:
    """Under the answer: related articles, the checklist, then managers before farmers."""
    assert labels(composer.article(VARIED)) == [
        "Số thành viên để lập hợp tác xã",
        "Danh mục giấy tờ",
        "Cho quản lý hợp tác xã",
        "Cho bà con",
    ]


def test_article_without_procedure_and_parts_offers_related_alone(composer: Composer) -> None:
    """Nothing is offered that leads nowhere."""
    assert labels(composer.article("ocop/ho-so")) == ["Hạng sao OCOP"]


def test_reader_gets_the_same_answer_with_their_own_part(composer: Composer) -> None:
    """Short answer, sources and next step stay; the reader's part stands for the detail."""
    common, part = composer.article(VARIED), composer.pressed(f"v:{VARIED}:2")

    assert part.detail == "Bà con nhờ xã làm giúp."
    assert labels(part) == [label for label in labels(common) if label != "Cho bà con"]
    assert part == replace(common, detail=part.detail, buttons=part.buttons, again=part.again)


def test_part_is_filled_from_the_procedure(composer: Composer) -> None:
    """Placeholders stand in parts too."""
    assert composer.pressed(f"v:{VARIED}").detail == "Quản lý ký 01 bộ hồ sơ."


def test_checklist_has_papers_place_time_and_what_is_not_known(composer: Composer) -> None:
    """Papers with their forms to tick; a fee that is not known is said so, with whom to ask."""
    listed = composer.pressed(f"c:{VARIED}")

    assert (listed.outcome, listed.article) == ("answered", VARIED)
    assert "Đăng ký lập hợp tác xã" in listed.lead
    assert listed.detail.splitlines() == [
        "- ☐ Giấy đề nghị (**Mẫu II-1**); ký tên",
        "- ☐ Điều lệ",
        "",
        "**Nộp ở đâu:** UBND xã",
        "",
        "**Cách nộp:** trực tiếp, qua mạng",
        "",
        "**Bao lâu:** 03 ngày làm việc",
        "",
        "**Lệ phí:** chưa rõ, hỏi Liên minh Hợp tác xã",
    ]
    assert listed.source_lines == ("Luật Hợp tác xã 17/2023/QH15, Điều 42",)
    assert "Danh mục giấy tờ" not in labels(listed)


def test_procedure_without_papers_offers_no_checklist(composer: Composer) -> None:
    """Where no paper is known there is nothing to tick."""
    library = composer.library
    known = library.procedures[PROCEDURE].model_copy(update={"papers": ()})
    bare = Composer(replace(library, procedures={PROCEDURE: known}), TODAY)

    assert "Danh mục giấy tờ" not in labels(bare.article(VARIED))


def test_three_extras_at_most_and_none_out_of_reach(composer: Composer) -> None:
    """With a checklist and three parts the last waits until another was pressed."""
    article = composer.library.articles[VARIED]
    parts = {**article.variants, "officer": "Cán bộ xem lại."}
    full = Article(VARIED, article.head, article.body, variants=parts)
    articles = {**composer.library.articles, VARIED: full}
    crowded = Composer(replace(composer.library, articles=articles), TODAY)

    assert labels(crowded.article(VARIED))[1:] == [
        "Danh mục giấy tờ",
        "Cho quản lý hợp tác xã",
        "Cho cán bộ",
    ]
    assert labels(crowded.pressed(f"c:{VARIED}"))[-1] == "Cho bà con"


@pytest.mark.parametrize(
    "payload", [f"v:{VARIED}:1", f"v:{VARIED}:9", "v:x", "c:x", "c:ocop/ho-so"]
)
def test_button_to_a_part_that_is_gone_is_stale(composer: Composer, payload: str) -> None:
    """A part, a procedure or an article that is no longer there is said to be so."""
    assert composer.pressed(payload) == composer.stale()


async def test_terminal_gets_the_checklist_as_text(services: Services) -> None:
    """In the terminal the list is plain text, and the turn is the article's."""
    as_object = (await Citizen(services, channel="terminal").take(payload=f"c:{VARIED}")).as_json()

    assert (as_object["outcome"], as_object["article"]) == ("answered", VARIED)
    assert "- ☐ Giấy đề nghị (Mẫu II-1); ký tên" in as_object["text"]
    assert f"v:{VARIED}:2" in [button["payload"] for button in as_object["buttons"]]
