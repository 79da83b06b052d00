"""What the form of checks comes to: the verdict, its reasons with their clauses, what to do."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil

from services.clock import day_of
from services.conversation.quantities import write_number, write_sum
from services.knowledge.check_rules import Given, known
from services.tools.checks import CheckResult, check_of, require_in_force, verdict
from services.tools.forms.bounds import Answers
from services.tools.forms.check_questions import NAME, answers_to
from services.tools.result import ResultLine, ResultSection, Sources, ToolResult


def check_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return what comes of a check; what is not known is asked for, never refused.

    Raises:
        ToolError: there is no such check any more, or it rests on what is over.

    """
    name = str(answers.get(NAME))
    check = check_of(sources.library, name)
    require_in_force(check, sources.library, day_of(sources.now))
    told = answers_to(name, answers)
    made = verdict(check, told)
    sections = (*_fixes(made, told, sources), *_missing(made, sources), _reasons(made, sources))
    return ToolResult(made.words, sections, notice=sources.say("check_only"))


def _reasons(made: CheckResult, sources: Sources) -> ResultSection:
    lines = tuple(
        ResultLine(rule.text, f"({rule.clause}, {sources.library.short_of(rule.source)})")
        for rule in made.reasons
    )
    return ResultSection(sources.say(f"form_check_{made.verdict}"), lines)


def _fixes(made: CheckResult, told: Given, sources: Sources) -> Iterator[ResultSection]:
    lines = (*made.fixes, *_shortages(made, told, sources))
    if lines:
        yield ResultSection(sources.say("form_check_fixes"), tuple(map(ResultLine, lines)))


def _shortages(made: CheckResult, told: Given, sources: Sources) -> Iterator[str]:
    """Yield how far a sum is from the share of another that it has to be, and how much more is."""
    tests = (rule.test for rule in made.reasons if made.verdict == "no")
    for test in filter(None, tests):
        least, whole = test.at_least, known(told, test.percent_of or "")
        part, question = known(told, test.answer or ""), made.check.form.question(test.answer or "")
        if question is None or question.kind != "money" or least is None:
            continue
        if isinstance(part, int) and isinstance(whole, int) and whole > 0:
            yield sources.say(
                "form_check_short",
                part=write_sum(part),
                share=write_number(round(Decimal(100 * part) / whole, 1)),
                whole=write_sum(whole),
                least=write_number(least),
                more=write_sum(ceil(least * whole / 100) - part),
            )


def _missing(made: CheckResult, sources: Sources) -> Iterator[ResultSection]:
    if made.missing:
        lines = tuple(ResultLine(question.ask) for question in made.missing)
        yield ResultSection(sources.say("form_check_missing"), lines)
