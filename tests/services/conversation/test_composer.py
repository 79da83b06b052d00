from dataclasses import replace
from datetime import date
from pathlib import Path

from services.conversation.cited import lines_in_short
from services.conversation.composer import Composer
from services.conversation.policy import AnswerSeveral, OfferArticles
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.place_names import Office
from services.knowledge.schema import Belief, Citation
from tests.doubles.content import read_content
from tests.doubles.parted import COUNT, LACK, LEAD, PARTED, write_parted

NAME = "ocop/hang-sao"


def with_head(library: Library, **changes: object) -> Composer:
    article = library.articles[NAME]
    changed = Article(NAME, article.head.model_copy(update=changes), article.body)
    return Composer(
        replace(library, articles={**library.articles, NAME: changed}), date(2026, 11, 24)
    )


def test_lapsed_source_is_shown_with_what_replaced_it(library: Library) -> None:
    """A source that is no longer in force is said to be so, and what stands in its place."""
    composer = with_head(library, citations=(Citation(source="luat-23-2012", clause="Điều 3"),))

    reply = composer.article(NAME)

    assert [cited.in_force for cited in reply.citations] == [False]
    assert "đã hết hiệu lực, thay bằng Luật Hợp tác xã 17/2023/QH15" in reply.source_lines[0]


def test_sources_are_read_in_one_line(library: Library) -> None:
    """The first place that is in force, how many more there are, and whole what has lapsed."""
    cited = (
        Citation(source="luat-23-2012", clause="Điều 3"),
        Citation(source="luat-17-2023", clause="Điều 4, Điều 42 khoản 4"),
    )
    composer = with_head(library, citations=cited)

    first, lapsed = lines_in_short(composer.article(NAME), composer.library)

    assert first == "Luật Hợp tác xã 17/2023/QH15, Điều 4 +1"
    assert "đã hết hiệu lực" in lapsed


def test_second_hand_fact_is_named_one(library: Library) -> None:
    """What was read second hand is answered with a word about it."""
    composer = with_head(library, verification="secondary")

    assert "Một phần theo báo" in composer.article(NAME).notices[0]


def test_part_that_has_no_room_is_not_told_of_what_is_only_guessed(content: Path) -> None:
    """Whoever meant something else need not scroll past it to say so."""
    items = "\n".join(f"- Mời thêm người ở thôn thứ {n} cùng góp vốn." for n in range(20))
    write_parted(content, COUNT, f"{LACK}\n{items}")
    composer = Composer(read_content(content), date(2026, 11, 24))
    guess = OfferArticles((PARTED,), 0.4)

    short = composer.compose(guess, "", {PARTED: ("dem",)})
    long = composer.compose(guess, "", {PARTED: ("thieu",)})

    assert "Một hộ tính" in short.lead
    assert (LEAD in long.lead, items in long.lead) == (True, False)
    assert [cited.clause for cited in long.citations] == ["Điều 4"]


def test_answer_says_how_to_reach_the_office_it_names(library: Library) -> None:
    """The next step ends with the phone of an office that the answer names, and who told."""
    step = with_office(library, phone="0236 1022", source="luat-17-2023", as_of=date(2026, 11, 29))

    assert step == ("Hỏi UBND xã. Liên hệ UBND xã: **0236 1022** (theo 17/2023/QH15).")


def test_phone_that_the_office_gave_is_told_with_its_day(library: Library) -> None:
    """What the office itself said has a day for a source."""
    step = with_office(library, phone="0236 1022", as_of=date(2026, 11, 29))

    assert step.endswith("**0236 1022** (hỏi ngày 29/11/2026).")


def test_office_of_unknown_ways_adds_nothing(library: Library) -> None:
    """Where nothing is known of an office the next step stands as written."""
    assert with_office(library) == "Hỏi UBND xã."


def with_office(library: Library, **known: object) -> str:
    office = Office.model_validate(
        {"id": "xa", "name": "UBND xã", "named": ["UBND xã"], "subjects": [], "role": "hỏi"} | known
    )
    return Composer(replace(library, offices=(office,)), date(2026, 11, 29)).article(NAME).next_step


def test_what_may_be_asked_too_has_one_button(library: Library) -> None:
    """Named buttons come first, in their order, whether the answer has them as related or not."""
    article = library.articles[NAME]
    papers = library.articles["ocop/ho-so"]
    belief = Belief(settles="Không.", when=("dấu",), examples=("dấu a", "dau b"))
    believed = papers.head.model_copy(update={"beliefs": (belief,)})
    related = article.head.model_copy(update={"related": ("ocop/ho-so", "fund/lai-suat")})
    changed = {
        NAME: Article(NAME, related, article.body),
        papers.id: Article(papers.id, believed, papers.body),
    }
    composer = Composer(
        replace(library, articles={**library.articles, **changed}), date(2026, 11, 24)
    )

    reply = composer.compose(AnswerSeveral((NAME,), 0.9, ("ocop/ho-so",)), "đóng dấu gì")

    first, *others = reply.buttons
    assert first.payload == "a:ocop/ho-so:1"
    assert first.label not in {button.label for button in others}
