"""Of which day somebody knows the date: asked where a procedure's deadlines count from several."""

from collections.abc import Iterator

from services.knowledge.library import Library
from services.knowledge.tool_forms import FormChoice, FormQuestion

PROCEDURE = "procedure"
"""The question by which it is chosen whose deadlines are counted."""


def event_questions(library: Library) -> Iterator[FormQuestion]:
    """Yield for each procedure the question which of its days it is that was told."""
    for name, found in library.deadlines.items():
        each = any(one.each for one in found.deadlines)
        if len(found.events) + each > 1:
            yield FormQuestion(
                id=event_of(name),
                kind="choice",
                ask=library.phrases.say("form_due_event"),
                help=library.phrases.say("form_due_event_help", each=each),
                name=library.phrases.say("form_due_event_name"),
                choices=tuple(
                    FormChoice(id=one, label=event[:1].upper() + event[1:])
                    for one, event in found.events.items()
                ),
                show_if={PROCEDURE: name},
                optional=True,
            )


def event_of(procedure: str) -> str:
    """Return the id of a procedure's question."""
    return f"{procedure}.event"
