"""`htx tool paper`: a paper filled in as a draft, its fields, the list of all."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.terminal import (
    Json,
    progress,
    read_json,
    result,
    result_json,
    result_titles,
    sentence_of,
)
from services.clock import day_of, utc_now
from services.errors import ToolError, why_of
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.knowledge.papers import PaperField, PaperSpec
from services.settings import load_settings
from services.tools.forms.paper_questions import clauses_of
from services.tools.papers.filling import FilledPaper, fill_paper, paper_of

_MISUSED = 2
_ENDS = (".docx", ".pdf")


def paper(
    name: Annotated[str | None, typer.Argument(help="Tên giấy tờ; bỏ trống thì liệt kê")] = None,
    *,
    data: Annotated[
        Path | None, typer.Option(help="Tệp JSON: nội dung điền, thiếu cũng được")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Tệp làm ra, .docx hoặc .pdf")] = None,
    fields: Annotated[bool, typer.Option("--fields", help="In các trường, điều luật đòi")] = False,
    as_object: Json = False,
) -> None:
    """Làm bản thảo một giấy tờ từ nội dung tự khai, hoặc in các trường của nó."""
    root = load_settings().content_dir
    if out is not None and out.suffix.lower() not in _ENDS:
        raise ToolError("paper_out", file=out)
    library = read_library(root)
    if name is None:
        titles = {one: spec.title for one, spec in library.papers.items()}
        result_titles(titles, as_object=as_object)
    elif fields or out is None:
        spec = paper_of(library, name)
        result_json(_as_json(name, spec, library)) if as_object else _print(spec, library)
    else:
        told = {} if data is None else read_json(data, "paper_json")
        _make(fill_paper(root, name, told, library, day_of(utc_now())), out)


def _make(made: FilledPaper, out: Path) -> None:
    try:
        _write(out, _as_file(made, out))
    except ToolError as error:
        if error.code != "paper_no_office":
            raise
        progress(sentence_of(error))
        raise typer.Exit(_MISUSED) from None
    for field in made.missing:
        progress(f"Còn để trống mà luật đòi: {field.label}")
    for field in made.beyond:
        progress(f"Xem lại, chưa đúng mức của luật ({field.limits}): {field.label}")
    result(f"Bản thảo: {out}")


def _as_file(made: FilledPaper, out: Path) -> bytes:
    if out.suffix.lower() == ".docx":
        return made.word_file
    return made.as_pdf()


def _write(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        raise ToolError("paper_write", file=path, why=why_of(error)) from None


def _print(spec: PaperSpec, library: Library) -> None:
    result(f"{spec.title}: {spec.purpose}")
    for field in spec.fields:
        asked = "; ".join(clauses_of(spec, field, library))
        result(f"  {field.id} ({field.kind}): {field.label}" + (f" – {asked}" if asked else ""))
        for column in field.columns:
            result(f"    {field.id}.{column.id} ({column.kind}): {column.label}")


def _as_json(name: str, spec: PaperSpec, library: Library) -> dict[str, Any]:
    return {
        "name": name,
        "title": spec.title,
        "purpose": spec.purpose,
        "official": spec.official,
        "fields": [_field_as_json(spec, field, library) for field in spec.fields],
    }


def _field_as_json(spec: PaperSpec, field: PaperField, library: Library) -> dict[str, Any]:
    return {
        "id": field.id,
        "label": field.label,
        "kind": field.kind,
        "help": field.help,
        "least": field.least,
        "most": field.most,
        "required": spec.required(field),
        "clause": "; ".join(clauses_of(spec, field, library)) or None,
        "choices": [choice.model_dump() for choice in field.choices],
        "columns": [
            {"id": one.id, "label": one.label, "kind": one.kind, "help": one.help}
            for one in field.columns
        ],
    }
