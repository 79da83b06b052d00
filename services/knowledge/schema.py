"""The shape of what is written in `content/`, checked by pydantic; nothing unknown passes."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

Subject = Literal["policy", "ocop", "credit", "registration"]
Reader = Literal["farmer", "manager", "officer"]
READERS: tuple[Reader, ...] = ("manager", "officer", "farmer")
"""In the order of their buttons; a button names a reader by the place here."""
Verification = Literal["verified", "secondary", "inferred"]
VERIFICATIONS: tuple[Verification, ...] = ("verified", "secondary", "inferred")
"""From the surest on."""
Scope = Literal["national", "da-nang", "old-quang-nam"]
SCOPES: tuple[Scope, ...] = ("national", "da-nang", "old-quang-nam")
"""Where a rule holds: in the whole country, in Đà Nẵng, or in Quảng Nam before 1/7/2025."""
Mark = Literal["verified", "secondary", "inferred", "missing"]
"""How well a fact is known: read in the text, retold by the press, inferred, or not known."""
_Step = Literal["steps", "papers", "place", "ways", "time", "fee"]
_Measure = Literal["number", "amount", "deadline", "meeting", "late"]
PartKind = Literal["what", "who", _Step, _Measure, "signer", "otherwise", "exception"]
"""What a part of an article tells, in the words of a procedure's fields where it has them."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _as_people_write_it(value: object) -> object:
    """Read a day written 24/11/2026 or 24.11.2026; the rest is left for pydantic to read."""
    try:
        return datetime.strptime(str(value).strip().replace(".", "/"), "%d/%m/%Y").date()  # noqa: DTZ007  # because a day has no zone
    except ValueError:
        return value


Day = Annotated[date, BeforeValidator(_as_people_write_it)]
"""A day, written 2026-11-24 or as people do, 24/11/2026 or 24.11.2026."""

MIN_QUESTIONS = 10
SHORT_ANSWER_CHARS = 400
TITLE_CHARS = 60
SETTLES_CHARS = 160
LABEL_CHARS = 28
CONDITION_CHARS = 140
PLAIN_CHARS = 220
PART_NAME_CHARS = 24
"""Of a part's name: two buttons stand in a row on a phone."""
MOST_ID_BYTES = 42
"""Of an article's id: it goes into the 64 bytes of a button in Telegram, with a part's and more."""
MENU_PAGE = 8
"""Choices of one list in the menu: what a phone shows without scrolling far."""


class Strict(BaseModel):
    """A model that refuses unknown fields and can't be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Strict):
    """A source and a clause of it."""

    source: Text
    clause: Text


class Matter(Strict):
    """What a message may speak of, told by its words.

    A group of words is written `7 người | bảy người`: either of them.
    """

    when: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Groups of words; a message that speaks of it holds one of each, near each other."""
    unless: Text | None = None
    """A group of words; a message that holds one of them speaks of something else."""
    examples: Annotated[tuple[Text, ...], Field(min_length=2)]
    """How people say it: for the check, not for training."""


class Belief(Matter):
    """What people believe, and the sentence that settles it."""

    settles: Annotated[Text, Field(max_length=SETTLES_CHARS)]
    """Stands alone, and is right whether the belief was stated, asked or denied."""


class PartHead(Strict):
    """What the front matter says of a part of the body."""

    kind: PartKind | None = None
    citations: tuple[Citation, ...] = ()
    """What stands behind its text; none where all of it is the procedure's."""
    questions: tuple[Text, ...] = ()
    """Whole questions that ask for this part."""
    followups: tuple[Text, ...] = ()
    """How people ask for it while its article, or another of its topic, is open."""


ShortId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,11}$")]
"""It goes into the 64 bytes of a button in Telegram, beside an article's id or a topic."""


class ArticleHead(Strict):
    """The front matter of an article."""

    title: Annotated[Text, Field(max_length=TITLE_CHARS)]
    label: Annotated[Text, Field(max_length=LABEL_CHARS)] | None = None
    """What stands on a button that leads here; None is the title."""
    subject: Subject
    readers: Annotated[tuple[Reader, ...], Field(min_length=1)]
    parts: dict[ShortId, PartHead] = {}
    """In the order of the body's headings, by the ids that those have."""
    questions: tuple[Text, ...]
    """Those that the lead answers."""
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    """What stands behind the lead."""
    covers: tuple[Text, ...] = ()
    procedure: Text | None = None
    """The procedure whose steps, papers, place, time and fee fill the body's placeholders."""
    main: bool = False
    """Whether this is the article that tells its procedure as a whole."""
    condition: Annotated[Text, Field(max_length=CONDITION_CHARS)] | None = None
    """The condition that changes the lead's answer for many; None where the lead holds it."""
    plain: Annotated[Text, Field(max_length=PLAIN_CHARS)] | None = None
    """The lead in the plainest words."""
    as_of: Day
    verification: Verification
    scope: Scope | None = None
    """Where what its short answer says holds; None only in editions older than this field."""
    related: Annotated[tuple[Text, ...], Field(min_length=1, max_length=3)]
    next_step: Text
    followups: tuple[Text, ...] = ()
    """How people ask for it while another article of its topic is open, without its subject."""
    beliefs: tuple[Belief, ...] = ()
    """What people believe about it; of several that a message speaks of the first is settled."""

    @field_validator("questions", mode="after")
    @classmethod
    def _enough(cls, questions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Count the questions of all parts: an article that has parts may have few of its own."""
        parts: dict[str, PartHead] = info.data.get("parts", {})
        count = len(questions) + sum(len(part.questions) for part in parts.values())
        if count >= MIN_QUESTIONS:
            return questions
        context = {"actual_length": count, "min_length": MIN_QUESTIONS}
        raise PydanticCustomError("too_short", "too few questions", context)


class Fact(Strict):
    """What one line of the fact sheet says, in the project's own words."""

    id: Text
    """The number on the sheet, e.g. `3.9`."""
    says: Text
    figures: tuple[Text, ...] = ()
    """Every quantity that an answer may state from it: number and unit."""
    source: Text | None = None
    clause: Text | None = None
    also: tuple[Citation, ...] = ()
    mark: Mark
    reason: Text | None = None
    """Why no article answers it; None where one must."""


ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,23}$")]
"""Of a paper or step: people's dossiers keep it, and it goes into the 64 bytes of a button."""


PAPER, STEP, DAY = "p.", "s.", "d."
"""Before an id: that of a paper or a step, or of a deadline, which counts from a day."""


def _as_before_ids(value: object) -> object:
    """Read a step that is its words alone, as editions before the ids have it."""
    return {"says": value} if isinstance(value, str) else value


class Step(Strict):
    """A step of a procedure."""

    id: ItemId | None = None
    """None only in editions older than this field: nobody can mark such a step."""
    says: Text


class Paper(Strict):
    """A paper that is handed in, and the form it is written on."""

    id: ItemId | None = None
    """None only in editions older than this field, as of a step."""
    name: Text
    form: Text | None = None
    note: Text | None = None


class Procedure(Strict):
    """What is done at an office: steps, papers, place, time, fee; None is not known."""

    title: Text
    steps: Annotated[
        tuple[Annotated[Step, BeforeValidator(_as_before_ids)], ...], Field(min_length=1)
    ]
    papers: tuple[Paper, ...] = ()
    place: Text | None = None
    ways: tuple[Text, ...] = ()
    time: Text | None = None
    fee: Text | None = None
    terms: dict[str, Text] = {}
    """Other periods and sums, by a name that articles use."""
    ask: Text
    """The office to ask about what is not known."""
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    facts: Annotated[tuple[Text, ...], Field(min_length=1)]
    as_of: Day


class Form(Strict):
    """A form that a document names, and where to get it."""

    id: Text
    number: Text
    name: Text | None = None
    source: Text
    clause: Text
    get: Text
    """Where to get it, or who else fills it in, as it stands after the name of the form."""


class Outline(Strict):
    """What numbered places a document has; no word of its text."""

    articles: dict[int, tuple[int, ...] | None] = {}
    """By article (điều) the number of points (điểm) in each of its clauses (khoản).

    None where the article exists and its clauses are not known.
    """
    sections: dict[int, int] = {}
    """By section (mục) of a letter the number of its bullets."""
    appendices: dict[str, tuple[str, ...]] = {}
    """By appendix (phụ lục) what citations name in it: `mục 1.1`, `bộ 26`, `Mẫu 02`."""


_SHORT_TITLE = 30
"""Characters of a title that leaves room for its clause: both stand on two lines of a phone."""
_PRESS = "báo"
"""The kind of source whose number is the paper's own name."""
_DIRECTIVE = "công văn"
"""The kind of source that directs offices, and is no law."""


class Source(Strict):
    """A legal document and its life.

    `in_force_to` is the last day on which it was in force; None means no end is known.
    """

    number: Text
    title: Text
    kind: Text
    issuer: Text
    issued: Day | None = None
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    amended_by: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    read: Literal["full", "secondary"]
    note: str = ""
    url: str | None = None
    outline: Outline | None = None
    """None where the text is not at hand: then only the wording of a clause is checked."""

    @property
    def short(self) -> str:
        """Its name in a line: the title where that is short, else its kind and number."""
        if len(self.title) <= _SHORT_TITLE:
            return self.title
        return self.number if self.kind == _PRESS else f"{self.kind.capitalize()} {self.number}"

    @property
    def directs(self) -> bool:
        """Whether it only directs offices: nobody tells when that is over."""
        return self.kind == _DIRECTIVE

    @property
    def scope(self) -> Scope:
        """Where it holds, as far as its issuer tells."""
        if "Quảng Nam" in self.issuer:
            return "old-quang-nam"
        return "da-nang" if "Đà Nẵng" in self.issuer else "national"

    def is_coming(self, on: date) -> bool:
        """Say whether the document takes effect only after that day."""
        return self.in_force_from is not None and on < self.in_force_from

    def in_force(self, on: date) -> bool:
        """Say whether the document is in force on that day, as far as its dates are known.

        A document that was replaced on a day that is not known counts as no longer in force.
        """
        if self.in_force_to is None and self.replaced_by:
            return False
        ended = self.in_force_to is not None and self.in_force_to < on
        return not ended and not self.is_coming(on)


class Topic(Strict):
    """A folder of articles, and its name in menus."""

    label: Text
    subject: Subject | None = None
    """None: it has no articles, announcements alone, and who agreed to those of others must choose
    it to be told."""


class MenuGroup(Strict):
    """Some articles of a topic, in the order in which people want them."""

    label: Annotated[Text, Field(max_length=LABEL_CHARS)]
    articles: Annotated[tuple[Text, ...], Field(min_length=1)]


class SmallTalk(Strict):
    """A kind of small talk: what people say, and what is said back."""

    id: Text
    questions: Annotated[tuple[Text, ...], Field(min_length=MIN_QUESTIONS)]
    reply: Text
