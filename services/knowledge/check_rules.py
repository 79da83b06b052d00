"""The form of `content/checks`: rules with their clauses, and golden cases of them.

A rule is yes, no or not known (Kleene): what a missing answer would settle is asked for, never
refused. Where the law leaves a judgement to somebody, the rule asks that one.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.schema import Strict, Text
from services.knowledge.tool_forms import Id, Scalar, ToolForm

Given: TypeAlias = Mapping[str, Any]
"""Answers by their question's id."""
Truth: TypeAlias = bool | None
"""None is not known."""
Verdict = Literal["yes", "no", "ask"]
RuleKind = Literal["must", "any_of", "excludes", "class", "ask"]
UNSURE = "chua-ro"
"""The choice of who does not know: as if the question had no answer."""
_PERCENT = 100
_WHAT = "{what}"
_WORDS: Mapping[object, str] = {True: "yes", False: "no"}
"""What YAML makes of a bare yes and no."""


def known(answers: Given, name: str | None) -> Any:
    """Return an answer; None where there is none, or nobody knows."""
    value = answers.get(name or "")
    return None if value == UNSURE else value


def every(truths: Iterable[Truth]) -> Truth:
    """Return no where one is no, else not known where one is not known, else yes."""
    found = list(truths)
    if False in found:
        return False
    return None if None in found else True


def some(truths: Iterable[Truth]) -> Truth:
    """Return yes where one is yes, else not known where one is not known, else no."""
    return opposite(every(map(opposite, truths)))


def opposite(truth: Truth) -> Truth:
    """Return yes for no and no for yes; what is not known stays so."""
    return None if truth is None else not truth


class RuleTest(Strict):
    """What is asked of answers: one comparison, or several tests put together."""

    answer: Id | None = None
    equals: Scalar | tuple[Scalar, ...] | None = None
    """What it must be, or one of what it must be."""
    at_least: Decimal | None = None
    below: Decimal | None = None
    percent_of: Id | None = None
    """The answer of which the number is so many hundredths; else it is compared itself."""
    all: tuple["RuleTest", ...] = ()
    any: tuple["RuleTest", ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """The questions whose answers it reads."""
        inner = (name for one in (*self.all, *self.any) for name in one.named)
        return frozenset(filter(None, (self.answer, self.percent_of, *inner)))

    def truth(self, answers: Given) -> Truth:
        """Say whether it holds; None where the answers that are there don't tell."""
        if self.answer is None:
            truths = [one.truth(answers) for one in (*self.all, *self.any)]
            return every(truths) if self.all else some(truths)
        value = known(answers, self.answer)
        whole = known(answers, self.percent_of) if self.percent_of else 1
        if value is None or whole is None:
            return None
        if self.equals is not None:
            among = self.equals if isinstance(self.equals, tuple) else (self.equals,)
            return any(type(value) is type(one) and value == one for one in among)
        number = Decimal(str(value)) * (_PERCENT if self.percent_of else 1)
        if self.at_least is not None:
            return number >= self.at_least * Decimal(str(whole))
        return self.below is not None and number < self.below * Decimal(str(whole))

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        compared = sum(one is not None for one in (self.equals, self.at_least, self.below))
        together = bool(self.all) + bool(self.any)
        if compared != bool(self.answer) or compared + together != 1:
            what = "mỗi test so sánh một câu trả lời, hoặc ghép các test bằng all, any"
            raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        return self


class CheckRule(Strict):
    """One thing that is asked."""

    id: Id
    text: Text
    """What the rule asks, or what is so where it holds."""
    kind: RuleKind = "must"
    group: Id | None = None
    """Of `any_of`: of those of a group one is enough."""
    when: RuleTest | None = None
    """When it applies at all; None is always."""
    test: RuleTest | None = None
    """None of `ask` alone, which no answer settles."""
    source: Text
    clause: Text
    fix: Text | None = None
    """What to do to become able."""

    @property
    def named(self) -> frozenset[str]:
        """The questions whose answers it reads."""
        return frozenset().union(*(test.named for test in (self.when, self.test) if test))

    def applies(self, answers: Given) -> Truth:
        """Say whether it applies at all."""
        return True if self.when is None else self.when.truth(answers)

    def truth(self, answers: Given) -> Truth:
        """Say whether it is met; one that does not apply is met, but of several no help."""
        met: Truth = None if self.test is None else self.test.truth(answers)
        if self.kind == "excludes":
            met = opposite(met)
        applies = self.applies(answers)
        if self.kind in ("any_of", "class"):
            return every((applies, met))
        return some((opposite(applies), met))

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        tested, grouped = self.test is not None, self.group is not None
        if tested == (self.kind == "ask") or grouped != (self.kind == "any_of"):
            what = f"quy tắc {self.id}: kind ask không có test, chỉ any_of có group"
            raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        return self


class VerdictWords(Strict):
    """What each verdict means."""

    if_yes: Text
    if_no: Text
    if_ask: Text


class Check(Strict):
    """What is checked."""

    form: ToolForm
    says: VerdictWords
    rules: Annotated[tuple[CheckRule, ...], Field(min_length=1)]

    def without(self, rule: str) -> "Check":
        """Return it without a rule."""
        return self.model_copy(update={"rules": tuple(r for r in self.rules if r.id != rule)})

    @model_validator(mode="after")
    def _reads_what_is_asked(self) -> Self:
        asked = {question.id for question in self.form.questions}
        for rule in self.rules:
            if lost := ", ".join(sorted(rule.named - asked)):
                what = f"quy tắc {rule.id} đọc {lost}, không câu nào hỏi"
                raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        if len({rule.id for rule in self.rules}) < len(self.rules):
            what = "hai quy tắc trùng id"
            raise PydanticCustomError("tool_data", _WHAT, {"what": what})
        return self


class GoldenCase(Strict):
    """Some answers, and what must come of them."""

    changed: Given = Field(default_factory=dict, alias="with")
    """What is answered otherwise than in the base."""
    without: tuple[str, ...] = ()
    """What is not answered."""
    verdict: Annotated[Verdict, BeforeValidator(lambda told: _WORDS.get(told, told))]
    rules: frozenset[str] = frozenset()
    """The rules that make the verdict; none named are any."""


class GoldenCases(Strict):
    """What must come of a check, written by hand from the law."""

    base: Given
    cases: tuple[GoldenCase, ...]

    def answers(self, case: GoldenCase) -> dict[str, Any]:
        """Return the answers of a case as a whole."""
        whole = {**self.base, **case.changed}
        return {name: value for name, value in whole.items() if name not in case.without}
