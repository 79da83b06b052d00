"""A draft: what a writer is asked of a new article, how each answer is checked, what is written."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from textwrap import shorten
from typing import Any

import yaml

from nlu.text import fold
from services.knowledge.checks.citations import clause_fault
from services.knowledge.checks.coverage import CLAUSES, is_beyond_facts
from services.knowledge.checks.questions import bare
from services.knowledge.library import Library
from services.knowledge.schema import (
    MIN_QUESTIONS,
    MOST_ID_BYTES,
    READERS,
    SCOPES,
    SHORT_ANSWER_CHARS,
    TITLE_CHARS,
    VERIFICATIONS,
    Source,
    Topic,
    Verification,
)
from services.knowledge.search import LexicalIndex


class AnswerRefused(ValueError):
    """An answer can't be used; the message is a sentence that says why."""


@dataclass
class ArticleDraft:
    """What is known of an article that is being written."""

    library: Library
    topic: str = ""
    title: str = ""
    slug: str = ""
    readers: list[str] = field(default_factory=list)
    answer: str = ""
    source: str = ""
    clause: str = ""
    covers: list[str] = field(default_factory=list)
    verification: str = ""
    scope: str = ""
    next_step: str = ""
    related: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The article's id."""
        return f"{self.topic}/{self.slug}"

    @property
    def lacking(self) -> int:
        """How many example questions are still to be written."""
        return max(MIN_QUESTIONS - len(self.questions), 0)

    @property
    def surest(self) -> Verification:
        """How well it can be known: as the weakest of its source and the facts it covers."""
        facts = self.library.facts
        marks = {facts[name].mark for name in self.covers if name in facts}
        if "inferred" in marks or marks == {"missing"}:
            return "inferred"
        read = self.library.sources[self.source].read
        return "secondary" if "secondary" in {read, *marks} else "verified"

    def ask_also(self, question: str) -> None:
        """Take in an example question.

        Raises:
            AnswerRefused: it stands in another article, or here already.

        """
        asked = one_line(question).removeprefix("- ")
        own = "chính bài này" if bare(asked) in map(bare, self.questions) else None
        place = own or self.place_of(asked)
        if place:
            message = f"Câu “{asked}” đã có ở {place}; viết câu khác."
            raise AnswerRefused(message)
        self.questions.append(asked)

    def place_of(self, asked: str) -> str | None:
        """Return the article that has this title or example question, diacritics aside."""
        return self._places.get(bare(asked))

    def text(self, today: date) -> str:
        """Return the file of the article, looked over today."""
        subject = self.library.topics[self.topic].subject
        citation = {"source": self.source, "clause": self.clause}
        written = [
            yaml_of({"title": self.title, "subject": subject}),
            yaml_of({"readers": self.readers}, flow=None),
            yaml_of({"questions": self.questions, "citations": [citation]}),
            yaml_of({"covers": self.covers, "as_of": today}, flow=None),
            yaml_of({"verification": self.verification, "scope": self.scope}),
            yaml_of({"related": self.related}, flow=None),
            yaml_of({"next_step": self.next_step}),
        ]
        return f"---\n{''.join(written)}---\n{self.answer}\n"

    @cached_property
    def _places(self) -> dict[str, str]:
        return {
            bare(asked): article.id
            for article in self.library.articles.values()
            for asked in (article.head.title, *article.questions)
        }


def one_line(text: str) -> str:
    """Return what was typed on one line, its letters composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the articles do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # because PyYAML calls it so
        """Never leave a list at its key's own indent."""
        super().increase_indent(flow, indentless=False)


def yaml_of(fields: dict[str, Any], *, flow: bool | None = False) -> str:
    """Return fields of a front matter as articles write them; `flow` None puts lists on a line."""
    """Return fields of a front matter as articles write them; `flow` None puts lists on a line."""
    dumped: str = yaml.dump(
        fields,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=flow,
    )
    return dumped


MOST_RELATED = 3
_PROPOSED_CHARS = 30
_MOST_HINTS = 12
_HINT_CHARS = 90
_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Prompt:
    """One thing that is asked of a writer; `name` is the field of the draft."""

    name: str
    ask: str
    read: Callable[[ArticleDraft, str], Any]
    """Returns what goes into the field, or raises `AnswerRefused`."""
    propose: Callable[[ArticleDraft], str] = lambda _draft: ""
    hints: Callable[[ArticleDraft], Iterator[str]] = lambda _draft: iter(())
    may_be_empty: bool = False


def _topic(draft: ArticleDraft, typed: str) -> str:
    topics = list(_topics(draft))
    if typed.isdigit() and 1 <= int(typed) <= len(topics):
        return topics[int(typed) - 1]
    if typed not in topics:
        message = f"Không có chủ đề “{typed}”; ghi số thứ tự hoặc một trong: {', '.join(topics)}."
        raise AnswerRefused(message)
    return typed


def _topics(draft: ArticleDraft) -> dict[str, Topic]:
    """Return the topics that have articles."""
    return {n: topic for n, topic in draft.library.topics.items() if topic.subject is not None}


def _topic_hints(draft: ArticleDraft) -> Iterator[str]:
    for number, (name, topic) in enumerate(_topics(draft).items(), start=1):
        yield f"{number}. {name}: {topic.label}"


def _title(draft: ArticleDraft, typed: str) -> str:
    title = _line(typed)
    if len(title) > TITLE_CHARS:
        message = f"Tên dài {len(title)} ký tự, tối đa {TITLE_CHARS} vì tên cũng là chữ trên nút."
        raise AnswerRefused(message)
    taken = draft.place_of(title)
    if taken:
        message = f"Tên này đã có ở {taken}; đặt tên khác, hoặc sửa bài đó."
        raise AnswerRefused(message)
    return title


def _slug(draft: ArticleDraft, typed: str) -> str:
    name = f"{draft.topic}/{typed}"
    if not _SLUG.fullmatch(typed):
        message = f"“{typed}” chưa dùng được: chỉ chữ thường không dấu, chữ số và gạch nối."
        raise AnswerRefused(message)
    if len(name) > MOST_ID_BYTES:
        message = f"“{name}” dài {len(name)} ký tự, tối đa {MOST_ID_BYTES}; rút ngắn tên tệp."
        raise AnswerRefused(message)
    if name in draft.library.articles:
        message = f"Đã có bài {name}; sửa bài đó, hoặc đặt tên tệp khác."
        raise AnswerRefused(message)
    return typed


def _slug_of_title(draft: ArticleDraft) -> str:
    slug = ""
    for word in re.findall("[a-z0-9]+", fold(draft.title)):
        longer = f"{slug}-{word}".removeprefix("-")
        if len(longer) > _PROPOSED_CHARS:
            break
        slug = longer
    return slug


def _readers(_draft: ArticleDraft, typed: str) -> list[str]:
    readers = _list(typed)
    wrong = [reader for reader in readers if reader not in READERS]
    if wrong or not readers:
        message = f"Người đọc là một hay nhiều trong: {', '.join(READERS)}."
        raise AnswerRefused(message)
    return readers


def _short(_draft: ArticleDraft, typed: str) -> str:
    answer = _line(typed)
    if len(answer) > SHORT_ANSWER_CHARS:
        message = (
            f"Câu trả lời ngắn dài {len(answer)} ký tự, tối đa {SHORT_ANSWER_CHARS}; "
            "phần còn lại viết ở đoạn sau trong tệp."
        )
        raise AnswerRefused(message)
    return answer


def _source(draft: ArticleDraft, typed: str) -> str:
    sources = draft.library.sources
    words = fold(typed).split()
    found = (
        [typed] if typed in sources else [n for n in sources if _speaks_of(n, sources[n], words)]
    )
    if not words or not found:
        message = f"Không thấy văn bản nào có “{typed}”; tìm theo số (92/2024) hoặc tên."
        raise AnswerRefused(message)
    if len(found) > 1:
        listed = "; ".join(f"{name} = {sources[name].title}" for name in found[:_MOST_HINTS])
        message = f"Có {len(found)} văn bản khớp, ghi mã của một văn bản: {listed}."
        raise AnswerRefused(message)
    return found[0]


def _clause(draft: ArticleDraft, typed: str) -> str:
    clause = _line(typed)
    what, remedy = clause_fault(clause, draft.library.sources[draft.source])
    if what:
        message = f"{what} {remedy}"
        raise AnswerRefused(message)
    return clause


def _verification(draft: ArticleDraft, typed: str) -> str:
    if typed not in VERIFICATIONS:
        message = f"Ghi một trong: {', '.join(VERIFICATIONS)}."
        raise AnswerRefused(message)
    if VERIFICATIONS.index(typed) < VERIFICATIONS.index(draft.surest):
        message = f"Văn bản hoặc dữ kiện mà bài nêu chỉ là {draft.surest}; ghi {draft.surest}."
        raise AnswerRefused(message)
    return typed


def _least_sure(draft: ArticleDraft) -> str:
    """Propose what may be typed unasked: that the text was read, only the writer knows."""
    return "inferred" if draft.surest == "verified" else draft.surest


def _verification_hints(_draft: ArticleDraft) -> Iterator[str]:
    yield "verified: chính anh/chị đã đọc điều này trong nguyên văn"
    yield "secondary: báo hoặc trang luật kể lại"
    yield "inferred: suy ra từ quy định"


def _scope(_draft: ArticleDraft, typed: str) -> str:
    if typed not in SCOPES:
        message = f"Ghi một trong: {', '.join(SCOPES)}."
        raise AnswerRefused(message)
    return typed


def _scope_of_source(draft: ArticleDraft) -> str:
    return draft.library.sources[draft.source].scope


def _scope_hints(_draft: ArticleDraft) -> Iterator[str]:
    yield "national: luật, nghị định, thông tư, cả nước như nhau"
    yield "da-nang: nghị quyết, số tiền, nơi hỏi của thành phố Đà Nẵng"
    yield "old-quang-nam: văn bản, số liệu của tỉnh Quảng Nam trước 1/7/2025"


def _covers(draft: ArticleDraft, typed: str) -> list[str]:
    known = {*draft.library.facts, *CLAUSES}
    covers = _list(typed)
    wrong = [name for name in covers if name not in known and not is_beyond_facts(name)]
    if wrong:
        message = (
            f"Không có dữ kiện {', '.join(wrong)} trong content/facts.yml, "
            f"cũng không phải mục của văn bản 2651 ({', '.join(CLAUSES)})."
        )
        raise AnswerRefused(message)
    return covers


def _covers_hints(draft: ArticleDraft) -> Iterator[str]:
    facts = [fact for fact in draft.library.facts.values() if fact.source == draft.source]
    for fact in facts[:_MOST_HINTS]:
        yield f"{fact.id}: {shorten(fact.says, _HINT_CHARS, placeholder='…')}"


def _related(draft: ArticleDraft, typed: str) -> list[str]:
    names = _list(typed)
    wrong = [name for name in names if name not in draft.library.articles]
    if wrong:
        message = f"Không có bài {', '.join(wrong)}; ghi mã bài như founding/ho-so."
        raise AnswerRefused(message)
    if not 1 <= len(names) <= MOST_RELATED:
        message = f"Cần từ 1 đến {MOST_RELATED} bài liên quan, cách nhau dấu phẩy."
        raise AnswerRefused(message)
    return names


def _nearest(draft: ArticleDraft) -> str:
    """Propose the articles of the topic whose words are nearest to the title."""
    articles = [a for a in draft.library.articles.values() if a.topic == draft.topic]
    found = [name for name, _ in LexicalIndex.of(articles).search(draft.title, most=MOST_RELATED)]
    return ", ".join(found or [article.id for article in articles[:MOST_RELATED]])


def _related_hints(draft: ArticleDraft) -> Iterator[str]:
    for name in _list(_nearest(draft)):
        yield f"{name}: {draft.library.articles[name].head.title}"


def _line_of(_draft: ArticleDraft, typed: str) -> str:
    return _line(typed)


PROMPTS = (
    Prompt("topic", "Bài thuộc chủ đề nào?", _topic, hints=_topic_hints),
    Prompt("title", f"Tên bài, tối đa {TITLE_CHARS} ký tự:", _title),
    Prompt("slug", "Tên tệp, không dấu:", _slug, _slug_of_title),
    Prompt("readers", "Viết cho ai?", _readers, lambda _draft: ", ".join(READERS)),
    Prompt("answer", f"Câu trả lời ngắn, tối đa {SHORT_ANSWER_CHARS} ký tự:", _short),
    Prompt("source", "Lấy từ văn bản nào? (số, tên hoặc mã)", _source),
    Prompt("clause", "Điều, khoản nào của văn bản đó?", _clause),
    Prompt(
        "covers",
        "Trả lời những dữ kiện, mục nào? (số, cách nhau dấu phẩy; chưa rõ thì để trống)",
        _covers,
        hints=_covers_hints,
        may_be_empty=True,
    ),
    Prompt(
        "verification",
        "Biết chắc tới đâu?",
        _verification,
        _least_sure,
        hints=_verification_hints,
    ),
    Prompt("scope", "Đúng ở đâu?", _scope, _scope_of_source, _scope_hints),
    Prompt("next_step", "Bước tiếp theo: người hỏi nên làm gì, hỏi ai? (một câu)", _line_of),
    Prompt("related", "Bài liên quan, 1 đến 3 mã bài:", _related, _nearest, _related_hints),
)
"""What is asked, in this order: later answers lean on earlier ones."""


def _line(typed: str) -> str:
    line = one_line(typed)
    if not line:
        message = "Chỗ này không được để trống."
        raise AnswerRefused(message)
    return line


def _list(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",") if part.strip()]


def _speaks_of(name: str, source: Source, words: list[str]) -> bool:
    told = fold(f"{name} {source.number} {source.title}")
    return all(word in told for word in words)
