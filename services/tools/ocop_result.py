"""What the form of a score sheet comes to: points, stars, what is missing, the nearest way up."""

from collections.abc import Iterator

from services.knowledge.score_sheets import PARTS, Sheet
from services.tools.forms.bounds import Answers
from services.tools.forms.catalogue import (
    NONE,
    SHEET,
    box_of,
    criterion_of,
    gate_of,
    sheet_of,
)
from services.tools.ocop import BY_POINTS, Score, score
from services.tools.result import (
    ResultChart,
    ResultLine,
    ResultSection,
    ResultTable,
    Sources,
    ToolResult,
)

_AT_ONCE = 5


def ocop_result(answers: Answers, sources: Sources) -> ToolResult:
    """Return how a product stands on its sheet, by the boxes that were chosen."""
    sheet = sheet_of(sources.library, int(str(answers.get(SHEET) or 0)))
    notice = sources.say("form_ocop_notice")
    if answers.get(gate_of(sheet)):
        return ToolResult(sources.say("form_ocop_rejected", when=sheet.rejected), notice=notice)
    made = score_of(sheet, answers)
    lead = sources.say(
        "form_ocop_lead",
        product=answers.get("product") or "",
        total=made.total,
        stars=made.stars,
    )
    sections = (
        _parts(made, answers, sources),
        *_since(made, sources),
        *_missing(made, sources),
        _next(made, sources),
        *_evidence(made, sources),
    )
    papers = {
        name: sources.say("form_ocop_paper", title=spec.title)
        for name, spec in sources.library.papers.items()
        if any(one.score for one in spec.fields)
    }
    return ToolResult(
        lead, sections, _table(made, sources), _chart(made, sources), notice, papers=papers
    )


def score_of(sheet: Sheet, answers: Answers) -> Score:
    """Return the score by what was chosen of a sheet; whatever was left out counts nought."""
    chosen = [
        row.n
        for row in sheet.rows
        if answers.get(criterion_of(sheet, row.criterion)) == box_of(row)
    ]
    return score(sheet, chosen)


def _parts(made: Score, answers: Answers, sources: Sources) -> ResultSection:
    told = [
        sources.say("form_ocop_part", part=part.upper(), points=points, most=PARTS[part])
        for part, points in made.parts.items()
    ]
    unsure = [
        one
        for one in made.sheet.criteria
        if one.id not in made.chosen and answers.get(criterion_of(made.sheet, one)) != NONE
    ]
    if unsure:
        most = made.total + sum(one.points for one in unsure)
        told.append(sources.say("form_ocop_unsure", count=len(unsure), most=most))
    if made.by_points > made.stars:
        stars = {"by_points": made.by_points, "stars": made.stars}
        told.append(sources.say("form_ocop_held", **stars))
    return ResultSection(sources.say("form_ocop_parts"), _lines(told))


def _since(made: Score, sources: Sources) -> Iterator[ResultSection]:
    """Compare with the last time, where the same sheet was scored then."""
    if sources.last.get(SHEET) != f"{made.sheet.number:02}" or sources.last.get(
        gate_of(made.sheet)
    ):
        return
    before = score_of(made.sheet, sources.last)
    change = made.total - before.total
    told = sources.say(
        "form_ocop_since_line", total=before.total, stars=before.stars, change=f"{change:+d}"
    )
    yield ResultSection(sources.say("form_ocop_since"), _lines([told]))


def _missing(made: Score, sources: Sources) -> Iterator[ResultSection]:
    told = [
        sources.say("form_ocop_lacks", stars=stars, criterion=one.named, text=box.text)
        for one, stars, box in made.missing()
    ]
    if told:
        yield ResultSection(sources.say("form_ocop_missing"), _lines(told, made.sheet.clause))


def _next(made: Score, sources: Sources) -> ResultSection:
    changes = made.changes()
    if not changes:
        return ResultSection(sources.say("form_ocop_best"), ())
    must = sum(stars == made.aim for _, stars, _ in made.missing())
    gap = sources.say(
        "form_ocop_gap",
        stars=made.aim,
        least=BY_POINTS[made.aim],
        total=made.total,
        lacks=max(BY_POINTS[made.aim] - made.total, 0),
        must=must,
        count=len(changes),
    )
    told = [
        sources.say(
            "form_ocop_change",
            criterion=change.criterion.short,
            text=change.box.text,
            gain=change.gain,
        )
        for change in changes
    ]
    more = sources.say("form_ocop_more", count=len(told) - _AT_ONCE)
    heading = sources.say("form_ocop_next", stars=made.aim)
    return ResultSection(heading, _lines([gap, *told]), _AT_ONCE + 1, more)


def _evidence(made: Score, sources: Sources) -> Iterator[ResultSection]:
    """Yield by parts what is to be shown for each box that gives points, all of it."""
    for part in PARTS:
        told = [
            sources.say("form_ocop_proof", criterion=row.criterion.short, text=row.box.text)
            for row in made.chosen.values()
            if row.box.points and row.criterion.part == part
        ]
        if told:
            heading = sources.say("form_ocop_evidence", part=part.upper())
            yield ResultSection(heading, _lines(told), _AT_ONCE)


def _table(made: Score, sources: Sources) -> ResultTable:
    rows, higher = [], {change.criterion.id: change.box.text for change in made.changes()}
    for one in made.sheet.criteria:
        row = made.chosen.get(one.id)
        text = row.box.text if row else sources.say("form_ocop_unchosen")
        points = str(row.box.points if row else 0), str(one.points)
        rows.append((one.named, text, *points, higher.get(one.id, "")))
    head = sources.parts("form_ocop_head")
    return ResultTable(sources.say("form_ocop_table"), head, tuple(rows), frozenset({2, 3}))


def _chart(made: Score, sources: Sources) -> ResultChart:
    columns = tuple(
        (part.upper(), (points, PARTS[part] - points)) for part, points in made.parts.items()
    )
    return ResultChart(
        sources.say("form_ocop_chart"), sources.parts("form_ocop_chart_parts"), columns
    )


def _lines(told: list[str], source: str = "") -> tuple[ResultLine, ...]:
    """Return lines; the source stands behind the last of them."""
    last = len(told) - 1
    return tuple(
        ResultLine(one, f"({source})" if source and at == last else "")
        for at, one in enumerate(told)
    )
