"""Checks: what a rule asks, what of it is so, what is missing; nothing is decided here.

A check stands in `content/checks`: the questions it asks (a form like any tool's) and its rules,
each with its clause (`services/knowledge/check_rules.py`). The verdict is no where one rule is not
met, else to ask where one is not known, else yes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.errors import ToolError
from services.knowledge.check_rules import (
    Check,
    CheckRule,
    Given,
    GoldenCases,
    Truth,
    Verdict,
    known,
    some,
)
from services.knowledge.library import Library
from services.knowledge.tool_forms import FormQuestion
from services.tools.forms.bounds import require
from services.tools.forms.path import kept, path


@dataclass(frozen=True)
class CheckResult:
    """What came of a check."""

    check: Check
    verdict: Verdict
    reasons: tuple[CheckRule, ...]
    """The rules that made the verdict: those that are not met, or not known, or all that are."""
    missing: tuple[FormQuestion, ...] = ()
    """The questions whose answers would help to settle what is not known."""

    @property
    def words(self) -> str:
        """What the verdict means."""
        says = self.check.says
        return {"yes": says.if_yes, "no": says.if_no, "ask": says.if_ask}[self.verdict]

    @property
    def fixes(self) -> tuple[str, ...]:
        """What to do to become able, each once."""
        found = (rule.fix for rule in self.reasons if rule.fix and self.verdict == "no")
        return tuple(dict.fromkeys(found))

    def as_json(self, library: Library) -> dict[str, Any]:
        """Return the shape that `htx tool check --json` prints."""
        reasons = [
            {
                "text": rule.text,
                "source": library.short_of(rule.source),
                "clause": rule.clause,
                "rule": rule.id,
                "fix": rule.fix if self.verdict == "no" else None,
            }
            for rule in self.reasons
        ]
        missing = [question.id for question in self.missing]
        return {
            "verdict": self.verdict,
            "words": self.words,
            "reasons": reasons,
            "missing": missing,
        }


def check_of(library: Library, name: str) -> Check:
    """Return a check.

    Raises:
        ToolError: there is none of that name.

    """
    found = library.checks.get(name)
    if found is None:
        raise ToolError("check_unknown", name=name, known=", ".join(library.checks))
    return found


def require_in_force(check: Check, library: Library, today: date) -> None:
    """Refuse a check that rests on what is over.

    Raises:
        ToolError: a document of one of its rules is not in force.

    """
    for rule in check.rules:
        source = library.sources.get(rule.source)
        if source is not None and not source.in_force(today):
            raise ToolError("check_lapsed", source=source.title)


def questions_as_json(check: Check) -> dict[str, Any]:
    """Return what a check asks, for whoever fills in its answers by machine."""
    questions = [
        {
            "id": one.id,
            "kind": one.kind,
            "ask": one.ask,
            "help": one.help,
            "unit": one.unit,
            "choices": {choice.id: choice.label for choice in one.choices},
            "show_if": {
                name: list(values) if isinstance(values, tuple) else [values]
                for name, values in one.show_if.items()
            },
        }
        for one in check.form.questions
    ]
    return {"title": check.form.title, "questions": questions}


def require_answers(check: Check, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that count; what is null is as if it were not there.

    Raises:
        ToolError: one is of no question, or is none of what its question takes.

    """
    given = {name: value for name, value in answers.items() if value is not None}
    for name in answers:
        question = check.form.question(name)
        if question is None:
            asked = ", ".join(one.id for one in check.form.questions)
            raise ToolError("check_question", id=name, known=asked)
        if name in given:
            _require(question, given)
    return kept(check.form, given)


def _require(question: FormQuestion, given: Given) -> None:
    try:
        require(question, given[question.id], given)
    except ToolError as error:
        raise ToolError("check_answer", id=question.id, why=str(error)) from None


def verdict(check: Check, answers: Given) -> CheckResult:
    """Say what comes of answers that count."""
    if any(rule.kind == "class" for rule in check.rules):
        return _classed(check, answers)
    truths = {rule.id: rule.truth(answers) for rule in check.rules}
    groups: dict[str, list[CheckRule]] = {}
    for rule in check.rules:
        groups.setdefault(rule.group or f"/{rule.id}", []).append(rule)
    by: dict[Truth, list[CheckRule]] = {True: [], False: [], None: []}
    for rules in groups.values():
        met = some(truths[rule.id] for rule in rules)
        by[met] += [rule for rule in rules if truths[rule.id] is met]
    if by[False]:
        return CheckResult(check, "no", tuple(by[False]))
    if by[None]:
        return CheckResult(check, "ask", tuple(by[None]), _missing(check, by[None], answers))
    return CheckResult(check, "yes", tuple(rule for rule in by[True] if rule.applies(answers)))


def _classed(check: Check, answers: Given) -> CheckResult:
    """Return the first class that holds, unless what stands before it is not known."""
    for rule in check.rules:
        truth = rule.truth(answers)
        if truth is None:
            return CheckResult(check, "ask", (rule,), _missing(check, [rule], answers))
        if truth and rule.kind == "class":
            return CheckResult(check, "yes", (rule,))
    return CheckResult(check, "no", check.rules)


def _missing(check: Check, rules: Iterable[CheckRule], answers: Given) -> tuple[FormQuestion, ...]:
    read = frozenset().union(*(rule.named for rule in rules))
    asked = (one for one in path(check.form, answers) if one.id in read)
    return tuple(one for one in asked if known(answers, one.id) is None)


def failing(check: Check, golden: GoldenCases) -> Iterator[int]:
    """Yield the numbers, from 1, of the golden cases of which something else comes.

    Raises:
        ToolError: an answer is none of what its question takes.

    """
    for number, case in enumerate(golden.cases, 1):
        came = verdict(check, require_answers(check, golden.answers(case)))
        named = {rule.id for rule in came.reasons}
        if came.verdict != case.verdict or (case.rules and named != case.rules):
            yield number
