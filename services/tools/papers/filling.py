"""A paper filled in as a draft: the Word file, and what the law asks for that is still empty."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst

from services.errors import ToolError, why_of
from services.knowledge.library import Library
from services.knowledge.papers import PaperField, PaperSpec
from services.tools.papers.entries import (
    NEW_PARAGRAPH,
    Entries,
    beyond,
    print_entries,
    read_entries,
)
from services.tools.papers.figures import FIGURES
from services.tools.papers.pdf import to_pdf
from services.tools.papers.word_file import fill_template

NOTE = "note"
"""The name under which every template prints that it is a draft, by whom, and on what it rests."""
_SHEET = Path(__file__).parent / "sheet.typ"


@dataclass(frozen=True)
class FilledPaper:
    """One paper made for one person."""

    spec: PaperSpec
    word_file: bytes
    missing: tuple[PaperField, ...]
    """What the law asks for and nobody entered; dots stand there."""
    beyond: tuple[PaperField, ...]
    """Numbers that are not what the law wants them to be."""
    printed: dict[str, Any]
    note: str

    def as_pdf(self) -> bytes:
        """Return it as a PDF: the product's own sheet where the paper says so, else converted.

        Raises:
            ToolError: LibreOffice is not installed, busy, or made nothing of the Word file.

        """
        return self._as_sheet() if self.spec.typeset else to_pdf(self.word_file)

    def _as_sheet(self) -> bytes:
        """Return its fields in the order of the law."""
        told = {
            "title": self.spec.title,
            "purpose": self.spec.purpose,
            "rows": [list(row) for row in self._rows()],
            "note": self.note,
        }
        return typst.compile(_SHEET.read_bytes(), sys_inputs={"told": json.dumps(told)})

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for field in self.spec.fields:
            clause = "; ".join(content.clause for content in self.spec.asking(field))
            rows.append((field.label, self._told(field), clause))
        return rows

    def _told(self, field: PaperField) -> str:
        if field.kind != "list":
            return str(self.printed[field.id]).replace(NEW_PARAGRAPH, "\n")
        lines = self.printed[field.id]
        cells = ([str(row[column.id]) for column in field.columns] for row in lines)
        return "\n".join(f"{n}. {'; '.join(filter(None, row))}" for n, row in enumerate(cells, 1))


def fill_paper(root: Path, name: str, given: object, library: Library, today: date) -> FilledPaper:
    """Fill in the paper of that name in a content folder with what somebody gives.

    Raises:
        ToolError: there is no such paper, its template can't be used, or what is given is wrong.

    """
    spec = paper_of(library, name)
    entries = read_entries(spec, given, today)
    missing = lacking(spec, entries)
    beyond_law = tuple(beyond(spec, entries))
    note = library.phrases.say(
        "paper_note",
        day=today,
        sources=sources_of(spec, library),
        missing=[field.label for field in missing],
        beyond=beyond_law,
        lapsed=[library.sources[one].title for one in sources_out_of_force(spec, library, today)],
    )
    printed = _printed(spec, entries)
    values = {**printed, NOTE: note.replace("\n", NEW_PARAGRAPH)}
    word_file = fill_template(_read_template(root, name), values)
    return FilledPaper(spec, word_file, missing, beyond_law, printed, note)


def lacking(spec: PaperSpec, entries: Entries) -> tuple[PaperField, ...]:
    """Return what the law asks for and nobody entered."""
    return tuple(one for one in spec.fields if spec.required(one) and one.id not in entries)


def paper_of(library: Library, name: str) -> PaperSpec:
    """Return the paper of that name.

    Raises:
        ToolError: there is none.

    """
    found = library.papers.get(name)
    if found is None:
        raise ToolError("paper_unknown", name=name, names=", ".join(library.papers))
    return found


def template_path(root: Path, name: str) -> Path:
    """Return where the Word template of a paper stands in a content folder."""
    return root / f"papers/{name}.docx"


def sources_out_of_force(spec: PaperSpec, library: Library, today: date) -> list[str]:
    """Return the names of the documents that a paper rests on and that are not in force."""
    known = {one.source: library.sources.get(one.source) for one in spec.contents}
    return [name for name, source in known.items() if source and not source.in_force(today)]


def sources_of(spec: PaperSpec, library: Library) -> list[str]:
    """Return the documents that a paper rests on, each once, by the name that people read."""
    names = dict.fromkeys(content.source for content in spec.contents)
    return [library.sources[name].title for name in names if name in library.sources]


def _printed(spec: PaperSpec, entries: Entries) -> dict[str, Any]:
    printed = print_entries(spec, entries)
    if spec.figures:
        printed |= FIGURES[spec.figures].work_out(entries, printed)
    return printed


def _read_template(root: Path, name: str) -> bytes:
    try:
        return template_path(root, name).read_bytes()
    except OSError as error:
        raise ToolError("paper_template", why=why_of(error)) from None
