"""What a tool tells: one shape, which page, Telegram and terminal each render."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.knowledge.library import Library
from services.knowledge.tool_forms import ToolForm
from services.people.people_csv import guarded
from services.tools.due import DueDates
from services.tools.forms.bounds import Answers, number_of

_UTF8_FOR_SPREADSHEETS = "utf-8-sig"
_NUMBER, _AS_IT_IS = re.compile(r"^(\d+)\."), r"\1\."
"""What opens a line and would begin a list of its own: `7. Tính độc đáo`."""


@dataclass(frozen=True)
class ResultLine:
    """A sentence, and where it is written."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class ResultSection:
    """Sentences about one thing."""

    heading: str
    lines: tuple[ResultLine, ...]
    few: int = 0
    """How many are shown at once; nought for all."""
    more: str = ""
    """What stands for the rest where that can't be unfolded; where nothing does, all is told."""

    @property
    def first(self) -> tuple[ResultLine, ...]:
        """The lines that are shown at once."""
        return self.lines[: self.few] if self.few else self.lines

    @property
    def rest(self) -> tuple[ResultLine, ...]:
        """The lines that are not."""
        return self.lines[len(self.first) :]


@dataclass(frozen=True)
class ResultTable:
    """Rows of words and figures as they are shown."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()
    """The columns that hold figures."""


@dataclass(frozen=True)
class ResultChart:
    """Columns of parts, one upon the other; a table that stands beside tells the same."""

    name: str
    parts: tuple[str, ...]
    columns: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def top(self) -> int:
        """The height of the highest column."""
        return max((sum(values) for _, values in self.columns), default=0)


@dataclass(frozen=True)
class ToolFile:
    """What is read elsewhere: a table by a spreadsheet, days by a calendar."""

    name: str
    content: bytes
    caption: str


@dataclass(frozen=True)
class ToolResult:
    """What a tool tells."""

    lead: str
    sections: tuple[ResultSection, ...] = ()
    table: ResultTable | None = None
    chart: ResultChart | None = None
    notice: str = ""
    """What it is not."""
    calendar: bytes = b""
    """Its days as a calendar file; nothing where it has none."""
    papers: Mapping[str, str] = field(default_factory=dict)
    """By name the titles of the papers that take over what was answered."""
    days: DueDates | None = None
    """The same days, of which one may be reminded."""
    remind: str = ""
    """What the button carries that asks of which; empty where none is still to come."""

    @property
    def csv(self) -> str:
        """The table as a spreadsheet reads it."""
        written = io.StringIO()
        if self.table:
            writer = csv.writer(written)
            writer.writerow(self.table.head)
            writer.writerows(map(guarded, row) for row in self.table.rows)
        return written.getvalue()

    def files(self, name: str) -> tuple[ToolFile, ...]:
        """Return its table and its days as files of a tool; none where it has neither."""
        table, days = self.csv.encode(_UTF8_FOR_SPREADSHEETS) if self.table else b"", self.calendar
        caption = self.table.name if self.table else ""
        both = (ToolFile(f"{name}.csv", table, caption), ToolFile(f"{name}.ics", days, self.lead))
        return tuple(file for file in both if file.content)

    def as_markdown(self) -> str:
        """Return it in words, without its table and picture."""
        return "\n\n".join(self._paragraphs())

    def _paragraphs(self) -> Iterator[str]:
        yield f"**{self.lead}**"
        for section in self.sections:
            shown = section.first if section.more else section.lines
            lines = [f"- {_NUMBER.sub(_AS_IT_IS, one.text)} {one.source}".rstrip() for one in shown]
            more = [f"- {section.more}"] if section.rest and section.more else []
            yield "\n".join((f"**{section.heading}**", "", *lines, *more))
        if self.notice:
            yield self.notice


@dataclass(frozen=True)
class Sources:
    """What a result is worked out from beside the answers."""

    library: Library
    form: ToolForm
    now: datetime
    last: Answers = field(default_factory=dict)
    """What was answered the time before, if there was one."""

    def number(self, answers: Answers, name: str) -> int:
        """Return the number that an answer counts as; nought where there is none."""
        question = self.form.question(name)
        value = number_of(question, answers.get(name)) if question else None
        return value if isinstance(value, int) else 0

    def say(self, name: str, /, **values: object) -> str:
        """Render a phrase."""
        return self.library.phrases.say(name, **values)

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the parts of a phrase: names of columns."""
        return tuple(self.library.phrases.say(name).split("|"))
