"""What the form of a paper comes to: what of the law is still open; its file is beside."""

from collections.abc import Iterator

from services.clock import day_of
from services.knowledge.library import Library
from services.knowledge.papers import PaperField, PaperSpec
from services.tools.forms.bounds import Answers
from services.tools.forms.paper_questions import clauses_of, given_by, paper_name
from services.tools.papers.entries import Entries, beyond, read_entries
from services.tools.papers.filling import lacking, paper_of
from services.tools.result import ResultLine, ResultSection, Sources, ToolResult


def paper_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return how far a paper is filled in.

    Raises:
        ToolError: there is no such paper any more, or what was answered is no entry of it.

    """
    spec = paper_of(sources.library, paper_name(sources.form.name))
    entries = read_entries(spec, given_by(sources.form, answers), day_of(sources.now))
    lead = sources.say(
        "paper_result_lead", title=spec.title, filled=len(entries), count=len(spec.fields)
    )
    notice = sources.say("paper_result_notice")
    return ToolResult(lead, tuple(_sections(spec, entries, sources)), notice=notice)


def told_beyond(field: PaperField, library: Library) -> str:
    """Return what the law wants a number to be that is not so."""
    return library.phrases.say("paper_beyond", field=field)


def _sections(spec: PaperSpec, entries: Entries, sources: Sources) -> Iterator[ResultSection]:
    missing = [
        ResultLine(one.label, f"({'; '.join(clauses_of(spec, one, sources.library))})")
        for one in lacking(spec, entries)
    ]
    over = [ResultLine(told_beyond(one, sources.library)) for one in beyond(spec, entries)]
    for phrase, lines in (("paper_result_missing", missing), ("paper_result_beyond", over)):
        if lines:
            yield ResultSection(sources.say(phrase), tuple(lines))
