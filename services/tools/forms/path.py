"""A form's path: which questions apply, given the answers; pure, computed anew each time.

Only the answers are stored. What is off the path stays stored, so that changing back brings it
back, but nobody reads it: whoever works with answers asks `kept`. A condition reads kept answers
of earlier questions alone, so one walk from the start settles everything.
"""

from collections.abc import Iterator

from services.errors import ToolError
from services.knowledge.tool_forms import FormQuestion, Scalar, ToolForm
from services.tools.forms.bounds import Answers, Value, number_of, require

_LOOKED_UP = 3
"""Questions of a form that only looks something up."""


def path(form: ToolForm, answers: Answers) -> tuple[FormQuestion, ...]:
    """Return the questions that apply, in their order, as far as that is known by now."""
    return tuple(question for question, _ in _walk(form, answers))


def kept(form: ToolForm, answers: Answers) -> dict[str, Value]:
    """Return the answers that count: those of the path that fit their question."""
    return {question.id: answers[question.id] for question, fits in _walk(form, answers) if fits}


def next_question(form: ToolForm, answers: Answers) -> FormQuestion | None:
    """Return the first question of the path that has no answer; None where all have."""
    return next((question for question, fits in _walk(form, answers) if not fits), None)


def asks_next(form: ToolForm, answers: Answers) -> FormQuestion | None:
    """Return what is asked next: of a form that asks one thing alone that, answered or not."""
    return form.questions[0] if form.single else next_question(form, answers)


def is_told(form: ToolForm, answers: Answers) -> bool:
    """Say whether a form is so short that nobody need look over what was told whole."""
    return len(path(form, answers)) <= _LOOKED_UP and next_question(form, answers) is None


def count(form: ToolForm, answers: Answers) -> int | None:
    """Return how many questions it will be at most; None where that hangs on what is chosen yet."""
    given, ahead, deciding = kept(form, answers), set[str](), dict[str, object]()
    for question in form.questions:
        open_ = {name: wanted for name, wanted in question.show_if.items() if name not in given}
        settled = (one for one in question.show_if.items() if one[0] in given)
        if not (ahead.issuperset(open_) and all(_is_met(given, *one) for one in settled)):
            continue
        if any(deciding.setdefault(name, wanted) != wanted for name, wanted in open_.items()):
            return None
        ahead.add(question.id)
    return len(ahead)


def left_out(form: ToolForm, answers: Answers) -> dict[str, Value]:
    """Return what leaves out all that may be and has no answer yet."""
    found: dict[str, Value] = {}
    while (question := next_question(form, {**answers, **found})) and question.optional:
        found[question.id] = None
    return found


def previous_question(form: ToolForm, answers: Answers, name: str) -> FormQuestion | None:
    """Return the question before one on the path; None before the first, or of one off it."""
    before = None
    for question, _ in _walk(form, answers):
        if question.id == name:
            return before
        before = question
    return None


def before(form: ToolForm, answers: Answers, name: str) -> dict[str, Value]:
    """Return what the answers before a question count as: its bounds are reckoned by that."""
    found: dict[str, Value] = {}
    for question, fits in _walk(form, answers):
        if question.id == name:
            break
        if fits:
            found[question.id] = number_of(question, answers[question.id])
    return found


def can_visit(form: ToolForm, answers: Answers, name: str) -> bool:
    """Say whether a question may be asked now: it is answered on the path, or comes next."""
    for question, fits in _walk(form, answers):
        if question.id == name:
            return True
        if not fits:
            break
    return name in kept(form, answers)


def _walk(form: ToolForm, answers: Answers) -> Iterator[tuple[FormQuestion, bool]]:
    """Yield each question that applies, and whether its answer is there and fits."""
    given: dict[str, Value] = {}
    numbers: dict[str, Value] = {}
    for question in form.questions:
        if not all(_is_met(given, *one) for one in question.show_if.items()):
            continue
        fits = question.id in answers and _fits(question, answers[question.id], numbers)
        if fits:
            value = given[question.id] = answers[question.id]
            numbers[question.id] = number_of(question, value)
        yield question, fits


def _is_met(given: Answers, name: str, wanted: Scalar | tuple[Scalar, ...]) -> bool:
    """Say whether an answer is one of those wanted; of several chosen, whether one is."""
    value, among = given.get(name), wanted if isinstance(wanted, tuple) else (wanted,)
    values = value if isinstance(value, list) else [value]
    return any(type(one) is type(other) and one == other for one in values for other in among)


def _fits(question: FormQuestion, value: Value, numbers: Answers) -> bool:
    try:
        require(question, value, numbers)
    except ToolError:
        return False
    return True
