"""Templates: announcement files with blanks, in `content/announcements`, to begin from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.announcements.audience import Audience
from services.announcements.audience_words import Naming
from services.announcements.draft import read_draft
from services.announcements.file import read_file
from services.announcements.letter import FIELDS
from services.announcements.wording import names_in
from services.errors import AnnouncementError
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.people.person import Identity

_FOLDER = "announcements"


@dataclass(frozen=True)
class Template:
    """A file to begin from."""

    name: str
    path: Path

    @property
    def title(self) -> str:
        """The title that it proposes.

        Raises:
            AnnouncementError: the template is broken.

        """
        return str(read_file(self.path).fields.get("title", self.name))

    def copy(self, target: Path) -> None:
        """Write a copy to begin from, where no file stands yet.

        Raises:
            AnnouncementError: there is one already, or it can't be written.

        """
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(self.path.read_text(encoding="utf-8"))
        except FileExistsError:
            raise AnnouncementError("file_there", file=str(target)) from None
        except OSError as error:
            raise AnnouncementError(
                "file_unwritten", file=str(target), why=error.strerror
            ) from None


def templates(content: Path) -> dict[str, Template]:
    """Return the templates of a content folder by name."""
    paths = sorted((content / _FOLDER).glob("*.md"))
    return {path.stem: Template(path.stem, path) for path in paths}


def find_template(content: Path, name: str) -> Template:
    """Return a template.

    Raises:
        AnnouncementError: there is none of that name.

    """
    known = templates(content)
    if name not in known:
        raise AnnouncementError("template_unknown", name=name, known=list(known))
    return known[name]


def broken(content: Path, library: Library) -> Iterator[Finding]:
    """Yield a finding for each template from which no announcement can begin."""
    naming = Naming.of(library, Identity(""))
    for template in templates(content).values():
        fault = _fault(template, naming)
        if fault:
            file = f"{_FOLDER}/{template.path.name}"
            yield Finding(file, 1, "-", fault, "Sửa mẫu, xem các mẫu khác.")


def _fault(template: Template, naming: Naming) -> str:
    """Return why no announcement can begin from a template; empty where one can."""
    try:
        form = read_draft(template.path, naming, date.max).form
        names_in(form.body, FIELDS)
    except AnnouncementError as error:
        return str(error)
    if not form.body:
        return str(AnnouncementError("template_empty"))
    return Audience.stored(form.audience).fault
