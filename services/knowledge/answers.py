"""What is asked of the writer of a new article, and how each answer is checked when it is given."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from nlu.text import fold
from services.knowledge.checks.citations import clause_fault
from services.knowledge.coverage import CLAUSES, is_beyond_facts
from services.knowledge.schema import (
    MOST_ID_BYTES,
    READERS,
    SHORT_ANSWER_CHARS,
    TITLE_CHARS,
    VERIFICATIONS,
    Source,
)
from services.knowledge.search import LexicalIndex
from services.knowledge.sketch import Sketch, SketchError, one_line

MOST_RELATED = 3
_PROPOSED_CHARS = 30
_MOST_HINTS = 12
_HINT_CHARS = 90
_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Answer:
    """One thing that is asked of a writer; `name` is the field of the sketch."""

    name: str
    ask: str
    read: Callable[[Sketch, str], Any]
    """Returns what goes into the field, or raises `SketchError`."""
    propose: Callable[[Sketch], str] = lambda _sketch: ""
    hints: Callable[[Sketch], Iterator[str]] = lambda _sketch: iter(())
    may_be_empty: bool = False


def _topic(sketch: Sketch, said: str) -> str:
    topics = list(sketch.library.topics)
    if said.isdigit() and 1 <= int(said) <= len(topics):
        return topics[int(said) - 1]
    if said not in topics:
        message = f"Không có chủ đề “{said}”; ghi số thứ tự hoặc một trong: {', '.join(topics)}."
        raise SketchError(message)
    return said


def _topic_hints(sketch: Sketch) -> Iterator[str]:
    for number, (name, topic) in enumerate(sketch.library.topics.items(), start=1):
        yield f"{number}. {name}: {topic.label}"


def _title(sketch: Sketch, said: str) -> str:
    title = _line(said)
    if len(title) > TITLE_CHARS:
        message = f"Tên dài {len(title)} ký tự, tối đa {TITLE_CHARS} vì tên cũng là chữ trên nút."
        raise SketchError(message)
    taken = sketch.place_of(title)
    if taken:
        message = f"Tên này đã có ở {taken}; đặt tên khác, hoặc sửa bài đó."
        raise SketchError(message)
    return title


def _slug(sketch: Sketch, said: str) -> str:
    name = f"{sketch.topic}/{said}"
    if not _SLUG.fullmatch(said):
        message = f"“{said}” chưa dùng được: chỉ chữ thường không dấu, chữ số và gạch nối."
        raise SketchError(message)
    if len(name) > MOST_ID_BYTES:
        message = f"“{name}” dài {len(name)} ký tự, tối đa {MOST_ID_BYTES}; rút ngắn tên tệp."
        raise SketchError(message)
    if name in sketch.library.articles:
        message = f"Đã có bài {name}; sửa bài đó, hoặc đặt tên tệp khác."
        raise SketchError(message)
    return said


def _slug_of_title(sketch: Sketch) -> str:
    slug = ""
    for word in re.findall("[a-z0-9]+", fold(sketch.title)):
        longer = f"{slug}-{word}".removeprefix("-")
        if len(longer) > _PROPOSED_CHARS:
            break
        slug = longer
    return slug


def _readers(_sketch: Sketch, said: str) -> list[str]:
    readers = _list(said)
    wrong = [reader for reader in readers if reader not in READERS]
    if wrong or not readers:
        message = f"Người đọc là một hay nhiều trong: {', '.join(READERS)}."
        raise SketchError(message)
    return readers


def _short(_sketch: Sketch, said: str) -> str:
    answer = _line(said)
    if len(answer) > SHORT_ANSWER_CHARS:
        message = (
            f"Câu trả lời ngắn dài {len(answer)} ký tự, tối đa {SHORT_ANSWER_CHARS}; "
            "phần còn lại viết ở đoạn sau trong tệp."
        )
        raise SketchError(message)
    return answer


def _source(sketch: Sketch, said: str) -> str:
    sources = sketch.library.sources
    words = fold(said).split()
    found = [said] if said in sources else [n for n in sources if _speaks_of(n, sources[n], words)]
    if not words or not found:
        message = f"Không thấy văn bản nào có “{said}”; tìm theo số (92/2024) hoặc tên."
        raise SketchError(message)
    if len(found) > 1:
        listed = "; ".join(f"{name} = {sources[name].title}" for name in found[:_MOST_HINTS])
        message = f"Có {len(found)} văn bản khớp, ghi mã của một văn bản: {listed}."
        raise SketchError(message)
    return found[0]


def _clause(sketch: Sketch, said: str) -> str:
    clause = _line(said)
    what, remedy = clause_fault(clause, sketch.library.sources[sketch.source])
    if what:
        message = f"{what} {remedy}"
        raise SketchError(message)
    return clause


def _verification(sketch: Sketch, said: str) -> str:
    if said not in VERIFICATIONS:
        message = f"Ghi một trong: {', '.join(VERIFICATIONS)}."
        raise SketchError(message)
    if VERIFICATIONS.index(said) < VERIFICATIONS.index(sketch.surest):
        message = f"Văn bản hoặc dữ kiện mà bài nêu chỉ là {sketch.surest}; ghi {sketch.surest}."
        raise SketchError(message)
    return said


def _least_sure(sketch: Sketch) -> str:
    """Propose what may be said unasked: that the text was read, only the writer knows."""
    return "inferred" if sketch.surest == "verified" else sketch.surest


def _verification_hints(_sketch: Sketch) -> Iterator[str]:
    yield "verified: chính anh/chị đã đọc điều này trong nguyên văn"
    yield "secondary: báo hoặc trang luật kể lại"
    yield "inferred: suy ra từ quy định"


def _covers(sketch: Sketch, said: str) -> list[str]:
    known = {*sketch.library.facts, *CLAUSES}
    covers = _list(said)
    wrong = [name for name in covers if name not in known and not is_beyond_facts(name)]
    if wrong:
        message = (
            f"Không có dữ kiện {', '.join(wrong)} trong content/facts.yml, "
            f"cũng không phải mục của văn bản 2651 ({', '.join(CLAUSES)})."
        )
        raise SketchError(message)
    return covers


def _covers_hints(sketch: Sketch) -> Iterator[str]:
    facts = [fact for fact in sketch.library.facts.values() if fact.source == sketch.source]
    for fact in facts[:_MOST_HINTS]:
        yield f"{fact.id}: {shorten(fact.says, _HINT_CHARS, placeholder='…')}"


def _related(sketch: Sketch, said: str) -> list[str]:
    names = _list(said)
    wrong = [name for name in names if name not in sketch.library.articles]
    if wrong:
        message = f"Không có bài {', '.join(wrong)}; ghi mã bài như founding/ho-so."
        raise SketchError(message)
    if not 1 <= len(names) <= MOST_RELATED:
        message = f"Cần từ 1 đến {MOST_RELATED} bài liên quan, cách nhau dấu phẩy."
        raise SketchError(message)
    return names


def _nearest(sketch: Sketch) -> str:
    """Propose the articles of the topic whose words are nearest to the title."""
    articles = [a for a in sketch.library.articles.values() if a.topic == sketch.topic]
    found = [name for name, _ in LexicalIndex(articles).search(sketch.title, most=MOST_RELATED)]
    return ", ".join(found or [article.id for article in articles[:MOST_RELATED]])


def _related_hints(sketch: Sketch) -> Iterator[str]:
    for name in _list(_nearest(sketch)):
        yield f"{name}: {sketch.library.articles[name].head.title}"


def _said(_sketch: Sketch, said: str) -> str:
    return _line(said)


ANSWERS = (
    Answer("topic", "Bài thuộc chủ đề nào? (số hoặc tên thư mục)", _topic, hints=_topic_hints),
    Answer("title", f"Tên bài, tối đa {TITLE_CHARS} ký tự:", _title),
    Answer("slug", "Tên tệp, không dấu:", _slug, _slug_of_title),
    Answer("readers", "Viết cho ai?", _readers, lambda _sketch: ", ".join(READERS)),
    Answer("answer", f"Câu trả lời ngắn, tối đa {SHORT_ANSWER_CHARS} ký tự:", _short),
    Answer("source", "Lấy từ văn bản nào? (số, tên hoặc mã)", _source),
    Answer("clause", "Điều, khoản nào của văn bản đó?", _clause),
    Answer(
        "covers",
        "Trả lời những dữ kiện, mục nào? (số, cách nhau dấu phẩy; chưa rõ thì để trống)",
        _covers,
        hints=_covers_hints,
        may_be_empty=True,
    ),
    Answer(
        "verification",
        "Biết chắc tới đâu?",
        _verification,
        _least_sure,
        hints=_verification_hints,
    ),
    Answer("next_step", "Bước tiếp theo: người hỏi nên làm gì, hỏi ai? (một câu)", _said),
    Answer("related", "Bài liên quan, 1 đến 3 mã bài:", _related, _nearest, _related_hints),
)
"""What is asked, in this order: later answers lean on earlier ones."""


def _line(said: str) -> str:
    line = one_line(said)
    if not line:
        message = "Chỗ này không được để trống."
        raise SketchError(message)
    return line


def _list(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]


def _speaks_of(name: str, source: Source, words: list[str]) -> bool:
    told = fold(f"{name} {source.number} {source.title}")
    return all(word in told for word in words)
