"""What was typed into a paper's page: read, and held against what other pages saved meanwhile."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.knowledge.phrases import Phrases
from services.knowledge.tool_forms import FormQuestion, ToolForm
from services.storage.models import FormRun
from services.tools.forms.bounds import Value
from services.tools.forms.values import BETWEEN, Typed, as_posted, read_answer, write_answer

MARK_SIGNS = 40
"""How much of what a page says of itself is kept (`FormRun.saved_by`)."""
_MARK_BYTES = 6


@dataclass(frozen=True)
class TypedPaper:
    """What was typed into the fields of a paper, read."""

    raw: Mapping[str, str]
    seen: str = ""
    """What tells the page that it was typed on (`mark_of`)."""
    answers: dict[str, Value] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """By field what is wrong with what was typed."""
    over: dict[str, str] = field(default_factory=dict)
    """By field what is not as the law wants it to be: it is told once, and made all the same."""
    elsewhere: Mapping[str, str] | None = None
    """By field what another page saved meanwhile and this one tells otherwise; None of no other."""

    added: tuple[str, ...] = ()
    """The lists that now hold what stood in their boxes."""

    @property
    def boxed(self) -> tuple[str, ...]:
        """The lists to which a row was typed box by box."""
        cells = (name.partition(".") for name, text in self.raw.items() if text.strip())
        return tuple(dict.fromkeys(name for name, _, column in cells if column))

    def listed(self, form: ToolForm) -> "TypedPaper":
        """Return it with the rows of its boxes in their lists, and the boxes empty."""
        lists = [one for one in form.questions if one.id in self.boxed]
        raw = {name: text for name, text in self.raw.items() if "." not in name}
        raw |= {one.id: as_posted(one, self.answers.get(one.id)) for one in lists}
        return replace(self, raw=raw, added=self.boxed)

    def is_behind(self, held: FormRun) -> bool:
        """Say whether it would change what another page saved, which this one does not show.

        A page may stand open for long: what it saved itself is no other's.
        """
        shows = self.seen.startswith(f"{held.id}.{held.version}.") or self.seen == held.saved_by
        return not shows and {**held.answers, **self.answers} != held.answers

    def beside(self, form: ToolForm, held: FormRun, phrases: Phrases) -> "TypedPaper":
        """Return it with what another page saved: where nothing was typed here, else beside it."""
        raw, elsewhere = dict(self.raw), {}
        for one in form.questions:
            there = held.answers.get(one.id)
            if there == self.answers.get(one.id):
                continue
            if there is None:
                elsewhere[one.id] = phrases.say("page_paper_elsewhere_empty")
            elif not raw.get(one.id, "").strip():
                raw[one.id] = as_posted(one, there)
            elif isinstance(there, list):
                elsewhere[one.id] = "\n".join(there)
            else:
                elsewhere[one.id] = write_answer(one, there, phrases)
        return replace(self, raw=raw, over={}, elsewhere=elsewhere)


def mark_of(held: FormRun | None) -> str:
    """Return what tells a page from others: the state that it shows, and a name of its own."""
    run, version = (held.id, held.version) if held else (0, 0)
    return f"{run}.{version}.{secrets.token_urlsafe(_MARK_BYTES)}"


def read_field(question: FormQuestion, posted: Mapping[str, str], by: Typed) -> Value:
    """Read what one field tells: a box that is not ticked tells nothing; raises `ToolError`."""
    if question.kind == "yes_no":
        return bool(posted.get(question.id)) or None
    return read_answer(question, _raw_of(question, posted), {}, by)


def _raw_of(question: FormQuestion, posted: Mapping[str, str]) -> str:
    """Return what was typed for a question: of a list, the row of its boxes stands behind."""
    boxes = (posted.get(f"{question.id}.{one.id}", "") for one in question.columns)
    cells = [" ".join(box.replace(BETWEEN, ",").split()) for box in boxes]
    return "\n".join([posted.get(question.id, ""), *([BETWEEN.join(cells)] if any(cells) else [])])
