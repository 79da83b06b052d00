"""The questions of all checks in one form: each check's own, once it is the one that is chosen."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.knowledge.check_rules import Check
from services.knowledge.tool_forms import Bounds, FormQuestion, NumberOf, Scalar

NAME = "name"
"""The question by which a check is chosen."""


def questions_of(name: str, check: Check) -> Iterator[FormQuestion]:
    """Yield a check's questions as they stand in the form of all.

    Each may be left out: what nobody knows is asked for by the result, and is no refusal.
    """
    for question in check.form.questions:
        only: dict[str, Scalar | tuple[Scalar, ...]] = {NAME: name}
        only |= {_of(name, read): values for read, values in question.show_if.items()}
        changed = {
            "id": _of(name, question.id),
            "show_if": only,
            "bounds": _bounds(name, question.bounds),
            "optional": True,
        }
        yield FormQuestion.model_validate({**dict(question), **changed})


def answers_to(name: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to a check's questions, by the ids that it knows them by."""
    before = _of(name, "")
    return {
        question.removeprefix(before): value
        for question, value in answers.items()
        if question.startswith(before)
    }


def _of(name: str, question: str) -> str:
    return f"{name}.{question}"


def _bounds(name: str, bounds: Bounds) -> Bounds:
    """Return bounds that read the questions by their ids in the form of all."""
    renamed: dict[str, Any] = {}
    for limit in ("least", "most"):
        value = getattr(bounds, limit)
        if isinstance(value, NumberOf):
            renamed[limit] = NumberOf(of=_of(name, value.of), times=value.times)
    for read in ("below", "multiple_of", "divides"):
        if value := getattr(bounds, read):
            renamed[read] = _of(name, value)
    return bounds.model_copy(update=renamed)
