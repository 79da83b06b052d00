"""What the answers of each form come to, by the tool's name."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from services.errors import ToolError
from services.knowledge.library import Library
from services.tools.check_result import check_result
from services.tools.forms.bounds import Answers
from services.tools.forms.catalogue import forms_of
from services.tools.forms.paper_questions import paper_name
from services.tools.forms.path import kept, left_out, next_question
from services.tools.law_results import due_result, office_result
from services.tools.loan_result import loan_result
from services.tools.ocop_result import ocop_result
from services.tools.paper_result import paper_result
from services.tools.result import Sources, ToolResult

RESULTS: Mapping[str, Callable[[Answers, Sources], ToolResult]] = {
    "loan": loan_result,
    "ocop": ocop_result,
    "check": check_result,
    "due": due_result,
    "office": office_result,
}


def result_of(answers: Answers, sources: Sources) -> ToolResult:
    """Return what answers come to; of those before, which they are compared with, what counts.

    A form may have changed since it was filled in: then what it asks now has no answer yet.

    Raises:
        ToolError: a question has no answer yet, or nothing can be worked out of them.

    """
    form = sources.form
    if form.early:
        answers = {**answers, **left_out(form, answers)}
    if next_question(form, answers) is not None:
        raise ToolError("answer_missing")
    reckon = paper_result if paper_name(form.name) else RESULTS.get(form.name)
    if reckon is None:
        raise ToolError("tool_unknown", name=form.name, names=", ".join(RESULTS))
    last = kept(form, sources.last)
    return reckon(kept(form, answers), replace(sources, last=last))


def tools_of(library: Library) -> tuple[str, ...]:
    """Return the names of the tools that can be filled in, in the order of the list."""
    return tuple(name for name in RESULTS if name in forms_of(library))
