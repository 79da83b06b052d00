"""What the form of checks comes to: the verdict, its reasons with their clauses, what to do."""

from collections.abc import Iterator

from services.clock import day_of
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
    made = verdict(check, answers_to(name, answers))
    sections = (*_fixes(made, sources), *_missing(made, sources), _reasons(made, sources))
    return ToolResult(made.words, sections, notice=sources.say("check_only"))


def _reasons(made: CheckResult, sources: Sources) -> ResultSection:
    lines = tuple(
        ResultLine(rule.text, f"({rule.clause}, {sources.library.short_of(rule.source)})")
        for rule in made.reasons
    )
    return ResultSection(sources.say(f"form_check_{made.verdict}"), lines)


def _fixes(made: CheckResult, sources: Sources) -> Iterator[ResultSection]:
    if made.fixes:
        yield ResultSection(sources.say("form_check_fixes"), tuple(map(ResultLine, made.fixes)))


def _missing(made: CheckResult, sources: Sources) -> Iterator[ResultSection]:
    if made.missing:
        lines = tuple(ResultLine(question.ask) for question in made.missing)
        yield ResultSection(sources.say("form_check_missing"), lines)
