"""What somebody answered to forms, in words: for the file of all that is held of them.

Personal Data Protection Law 91/2025/QH15, article 4 (to see one's data).
"""

import json
from collections.abc import Iterator

from services.errors import ToolError
from services.knowledge.library import Library
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.storage.models import FormRun
from services.tools.forms.bounds import Value, require
from services.tools.forms.catalogue import forms_of
from services.tools.forms.values import write_answer


def told_answers(run: FormRun, library: Library) -> tuple[str, str]:
    """Return a run's title, and every answer as its form words it, those off the path too.

    What the form does not ask any more, or asks otherwise, is told as it is held.
    """
    form = forms_of(library).get(run.form)
    return form.title if form else run.form, "; ".join(_told(form, library, run.answers))


def _told(form: ToolForm | None, library: Library, answers: dict[str, Value]) -> Iterator[str]:
    for name, value in answers.items():
        question = form.question(name) if form else None
        if question is not None and _fits(question, value):
            yield f"{question.named}: {write_answer(question, value, library.phrases)}"
        else:
            yield f"{name}: {json.dumps(value, ensure_ascii=False)}"


def _fits(question: FormQuestion, value: Value) -> bool:
    """Say whether a value is of the question's kind; what bounds it beside that is not asked."""
    try:
        require(question, value, {})
    except ToolError:
        return False
    return True
