"""A list that is asked for cell by cell: where a run stands in it.

The run's cursor tells the list and the column, `members.2`, of its last row; any other cursor means
that a row may begin. So a phone needs no sign that parts columns, and no cell is lost between two.
"""

from dataclasses import dataclass

from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.tools.forms.bounds import Answers
from services.tools.forms.values import BETWEEN, cells_of, rows_of


@dataclass(frozen=True)
class Cell:
    """One cell of a list that is asked for now."""

    question: FormQuestion
    rows: tuple[str, ...]
    """All that are there, the cell's own among them unless it begins one."""
    place: int
    begins: bool
    """Whether it is the first one of a row that is not there yet."""

    @property
    def column(self) -> FormQuestion:
        """What is asked."""
        return self.question.columns[self.place]

    @property
    def row(self) -> int:
        """The number of its row, from one on."""
        return len(self.rows) + self.begins

    @property
    def held(self) -> str:
        """What stands in it."""
        return "" if self.begins else cells_of(self.question, self.rows[-1]).get(self.column.id, "")

    @property
    def before(self) -> str | None:
        """The cursor of the cell before it in its row; None where there is none."""
        return f"{self.question.id}.{self.place - 1}" if self.place else None

    def filled(self, told: str) -> tuple[list[str], str]:
        """Return all rows with that in the cell, and the cursor of what is asked then.

        A row that holds nothing any more is gone.
        """
        others = self.rows if self.begins else self.rows[:-1]
        cells = [] if self.begins else list(cells_of(self.question, self.rows[-1]).values())
        cells += [""] * (self.place + 1 - len(cells))
        cells[self.place] = told
        row = f"{BETWEEN} ".join(cells).rstrip(f"{BETWEEN} ")
        behind = self.place + 1
        goes_on = bool(row) and behind < len(self.question.columns)
        cursor = f"{self.question.id}.{behind}" if goes_on else self.question.id
        return [*others, *filter(None, [row])], cursor


def question_at(form: ToolForm, cursor: str) -> FormQuestion | None:
    """Return the question that a cursor names, or of which it names a column."""
    of_cell = form.question(cursor.rpartition(".")[0])
    return form.question(cursor) or (of_cell if of_cell and of_cell.columns else None)


def cell_of(question: FormQuestion, answers: Answers, cursor: str) -> Cell | None:
    """Return the cell of a question that is asked for at a cursor; None of what is no list."""
    if not question.columns:
        return None
    rows, (name, _, place) = tuple(rows_of(question, answers)), cursor.rpartition(".")
    if rows and name == question.id and place.isdecimal() and int(place) < len(question.columns):
        return Cell(question, rows, int(place), begins=False)
    return Cell(question, rows, 0, begins=True)


def tells_rows(text: str) -> bool:
    """Say whether a text is whole rows and no single cell."""
    return BETWEEN in text or "\n" in text.strip()
