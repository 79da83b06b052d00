"""A dossier to print: on A4 as a PDF; the picture by which a phone opens a link.

What people and content say goes in as data, and is never read as markup.
"""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import segno
import typst

from services.conversation.days import write_day
from services.dossiers.view import DossierDate, DossierItem, DossierView

_SHEET = Path(__file__).parent / "dossier.typ"
_DOTS = 8
"""A square of the picture, so that a phone's camera reads it from a screen and from paper."""


def as_pdf(view: DossierView, today: date) -> bytes:
    """Return a dossier as a PDF: boxes, steps, dates with their clauses."""
    return typst.compile(_SHEET.read_bytes(), sys_inputs={"told": json.dumps(_told(view, today))})


def qr_png(address: str) -> bytes:
    """Return the picture of an address."""
    made = io.BytesIO()
    segno.make_qr(address, error="m").save(made, kind="png", scale=_DOTS)
    return made.getvalue()


def qr_svg(address: str) -> str:
    """Return the picture of an address as a part of a page."""
    code = segno.make_qr(address, error="m")
    return code.svg_inline(scale=_DOTS, border=4, dark="#000", light="#fff")


def _told(view: DossierView, today: date) -> dict[str, Any]:
    say = view.library.phrases.say
    return {
        "name": view.name,
        "progress": view.progress,
        "began": say("dossier_print_began", day=write_day(view.dossier.began)),
        "place": say("dossier_place", place=view.place) if view.place else "",
        "papers_heading": say("dossier_papers"),
        "papers_none": say("dossier_papers_none"),
        "papers": [_boxed(one) for one in view.papers],
        "steps_heading": say("dossier_steps"),
        "steps": [_boxed(one) for one in view.steps],
        "dates_heading": say("dossier_days"),
        "columns": say("dossier_print_columns").split("|"),
        "dates": [_row(one) for one in view.dates],
        "note": say("dossier_print_note", day=write_day(today), counting=say("due_counting")),
    }


def _boxed(item: DossierItem) -> tuple[bool, str]:
    return item.marked is not None, item.plain


def _row(one: DossierDate) -> tuple[str, str, str, str]:
    told = f"{one.deadline.what} ({one.deadline.term})"
    start = write_day(one.start) if one.start else ""
    return told, start, one.day, f"{one.clause}. {one.note}".rstrip()
