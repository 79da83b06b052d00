"""A paper of `content/papers`: what it is for, its fields, and what the law asks it to hold.

`<name>.yml` describes it, `<name>.docx` is the template that content staff write in Word. A field
is asked for by the law where one of `contents` names it; nothing else says that it must be there.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.knowledge.schema import Citation, Day, Strict, Text

Kind = Literal["text", "long", "number", "money", "percent", "date", "yes_no", "choice", "list"]
MOST_CHARS = {"text": 2_000, "long": 20_000}
"""Of what is typed into a field, by its kind."""
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class PaperChoice(Strict):
    """One answer that can be chosen."""

    id: _Id
    text: Text
    help: Text | None = None
    """What it means to choose it, and by which clause."""


class PaperField(Strict):
    """One thing that is filled in; in a list, one column of it."""

    id: _Id
    label: Text
    kind: Kind = "text"
    help: Text | None = None
    choices: tuple[PaperChoice, ...] = ()
    columns: tuple["PaperField", ...] = ()
    least: int | None = None
    most: int | None = None
    """Between what the law wants a number to be; outside of it the paper says so, and is made."""
    before: _Id | None = None
    """Of a day: the field of a later day, before which it must lie by so many days at least."""
    example: str = ""
    """Of a list: a row as it may be typed, its columns parted by semicolons."""
    blank_rows: int = Field(default=5, ge=1, le=60)
    """Empty rows of a list of which nothing is known yet, to be filled in by hand."""
    limits: Text | None = None
    """By which clause, where there is a least or a most."""
    narrow: bool = False
    """Whether it stands where there is little room: few dots are printed there to write on."""
    personal: bool = False
    """Whether it tells of a person: what prints or keeps it takes care."""
    score: Literal["product", "group", "criteria"] | None = None
    """What of a product's score it holds."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which a template can print it, those of its columns too."""
        inner = (f"{self.id}.{name}" for column in self.columns for name in column.names)
        return (self.id, *(f"{self.id}{end}" for end in _ENDS.get(self.kind, ())), *inner)


_ENDS: dict[Kind, tuple[str, ...]] = {
    "choice": ("_id",),
    "date": ("_words",),
    "money": ("_words",),
}
"""Beside how a value is printed: which choice it is, the day or the sum in words."""


class PaperContent(Strict):
    """One thing that the law asks the paper to hold, and what of the paper holds it."""

    source: Text
    clause: Text
    text: Text
    """What is asked for, in short."""
    fields: tuple[Text, ...] = ()
    """Ids of fields; a column is written `members.name`."""
    words: tuple[Text, ...] = ()
    """What stands in the template itself, where that is what the law asks for."""
    if_any: bool = False
    """Whether it is asked for only where there is such a thing."""


class PaperSpec(Strict):
    """A paper that can be made."""

    title: Text
    purpose: Text
    """What it is for, and what is done with it then."""
    official: Text | None = None
    """The form of the law that it is, or that it is copied into; None where there is none."""
    whole: tuple[Citation, ...] = ()
    """Articles of which every clause and point must be among `contents`."""
    contents: Annotated[tuple[PaperContent, ...], Field(min_length=1)]
    figures: Literal["founding", "meeting", "members", "loan"] | None = None
    """What is worked out of the fields (`figures.py`)."""
    typeset: bool = False
    """Whether its PDF is the product's own sheet, set by typst, and not the Word file converted."""
    fields: Annotated[tuple[PaperField, ...], Field(min_length=1)]
    as_of: Day

    def required(self, field: PaperField) -> bool:
        """Say whether the law asks for a field, whatever the case."""
        return any(not content.if_any for content in self.asking(field))

    def asking(self, field: PaperField) -> Iterator[PaperContent]:
        """Yield what of the law asks for a field or for a column of it."""
        for content in self.contents:
            if any(name.partition(".")[0] == field.id for name in content.fields):
                yield content
