"""What a product's score tells of a paper before anybody fills it in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.library import Library
from services.knowledge.papers import PaperField, PaperSpec
from services.knowledge.tool_forms import ToolForm
from services.storage.models import Chat
from services.tools.forms import runs
from services.tools.forms.bounds import Answers, Value
from services.tools.forms.catalogue import SHEET, gate_of, sheet_of
from services.tools.forms.paper_questions import paper_name
from services.tools.forms.values import BETWEEN
from services.tools.ocop_result import score_of

_SCORE = "ocop"


async def known(
    session: AsyncSession, chat: Chat, form: ToolForm, library: Library
) -> dict[str, Value]:
    """Return what the last score of a conversation answers of a form; nothing of most forms."""
    spec = library.papers.get(paper_name(form.name))
    if spec is None or not any(field.score for field in spec.fields):
        return {}
    done = await runs.finished(session, chat, _SCORE, 1)
    return _answers(spec, _told(done[0].answers, library)) if done else {}


def _answers(spec: PaperSpec, score: Mapping[str, Any]) -> dict[str, Value]:
    """Return the answers that the score of a product tells; what it does not is left open."""
    told: dict[str, Value] = {}
    for field in spec.fields:
        value = score.get(field.score or "")
        if field.columns and value:
            told[field.id] = [_as_row(field, row) for row in value]
        elif value:
            told[field.id] = str(value)
    return told


def _as_row(field: PaperField, row: Mapping[str, object]) -> str:
    cells = (str(row.get(one.id, "")).replace(BETWEEN, ",") for one in field.columns)
    return f"{BETWEEN} ".join(cells).rstrip(f"{BETWEEN} ")


def _told(answers: Answers, library: Library) -> Mapping[str, Any]:
    """Return what a score tells, by what a paper's field may hold of it."""
    sheet = sheet_of(library, int(str(answers.get(SHEET) or 1)))
    told = {"product": answers.get("product"), "group": sheet.kind}
    if answers.get(gate_of(sheet)):
        return told
    made = score_of(sheet, answers)
    rows = []
    for one in sheet.criteria:
        row = made.chosen.get(one.id)
        reached = {"reached": row.box.text, "points": row.box.points} if row else {}
        rows.append({"criterion": one.named, **reached})
    return {**told, "criteria": rows}
