"""Templates: announcement files with blanks, in `content/announcements`, to begin from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.announcements.draft import Draft, read_draft
from services.announcements.letter import FIELDS
from services.announcements.wording import names_in
from services.errors import AnnouncementError
from services.knowledge.finding import Finding

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
        return read_draft(self.path).head.title

    def copy(self, target: Path) -> None:
        """Write a copy to begin from, where no file stands yet.

        Raises:
            AnnouncementError: there is one already, or it can't be written.

        """
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(self.path.read_text(encoding="utf-8"))
        except FileExistsError:
            msg = f"Đã có tệp {target}; chọn tên khác bằng --file."
            raise AnnouncementError(msg) from None
        except OSError as error:
            msg = f"Không ghi được tệp {target} ({error.strerror}); chọn thư mục khác bằng --file."
            raise AnnouncementError(msg) from None


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
        msg = f"Không có mẫu “{name}”; chọn một trong: {', '.join(known) or '(chưa có mẫu nào)'}."
        raise AnnouncementError(msg)
    return known[name]


def broken(content: Path) -> Iterator[Finding]:
    """Yield a finding for each template from which no announcement can begin."""
    for template in templates(content).values():
        try:
            draft = read_draft(template.path)
            names_in(draft.body, FIELDS)
            fault = _fault(draft)
        except AnnouncementError as error:
            fault = str(error)
        if fault:
            file = f"{_FOLDER}/{template.path.name}"
            yield Finding(file, 1, "-", fault, "Sửa mẫu, xem các mẫu khác.")


def _fault(draft: Draft) -> str:
    return draft.head.audience.fault or ("" if draft.body else "Mẫu không có nội dung.")
