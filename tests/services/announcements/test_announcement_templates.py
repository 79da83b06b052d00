"""Templates: those that stand in the content, and a copy to begin from."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from services.announcements.audience_words import Naming
from services.announcements.draft_file import broken_templates, find_template, read_draft, templates
from services.announcements.letter import blanks
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.person import Identity
from services.settings import ROOT
from tests.doubles.broadcast import APPROVER
from tests.doubles.scene import Scene

CONTENT = ROOT / "content"
TOPICS = yaml.safe_load((CONTENT / "topics.yml").read_text(encoding="utf-8"))
NAMES = {"lop-tap-huan", "han-nop-ho-so", "vay-von-quy", "chinh-sach-moi", "bao-ve-san-xuat"}


def template(content: Path, text: str) -> Path:
    """Write a template; return the content folder."""
    folder = content / "announcements"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mau.md").write_text(text, encoding="utf-8")
    return content


def test_templates_of_the_content_are_sound(library: Library) -> None:
    """Each can be read, and names only fields that there are."""
    assert templates(CONTENT).keys() >= NAMES
    assert list(broken_templates(CONTENT, library)) == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_template_has_blanks_source_and_a_topic_of_the_menu(name: str) -> None:
    """What it does not know it leaves to the author."""
    naming = Naming({}, {}, Identity(""))
    form = read_draft(find_template(CONTENT, name).path, naming, date.max).form

    assert blanks(form.body)
    assert blanks(form.title)
    assert blanks(form.source)
    assert form.topic in TOPICS


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_template_as_it_is_cannot_be_approved(scene: Scene, name: str) -> None:
    """Its blanks are still to be filled in."""
    text = find_template(CONTENT, name).path.read_text(encoding="utf-8")
    (scene.folder / "moi.md").write_text(text, encoding="utf-8")
    copied = scene.announcer.read(scene.folder / "moi.md")
    announcement = await scene.announcer.draft(scene.session, copied, "Lan")

    with pytest.raises(AnnouncementError, match=r"Còn chỗ trống \[.*\] chưa điền"):
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)


def test_copy_never_writes_over_a_file(tmp_path: Path) -> None:
    """What the author has written stays."""
    target = tmp_path / "moi.md"
    find_template(CONTENT, "lop-tap-huan").copy(target)
    target.write_text("của tôi", encoding="utf-8")

    with pytest.raises(AnnouncementError, match=r"Đã có tệp .*chọn tên khác"):
        find_template(CONTENT, "lop-tap-huan").copy(target)
    assert target.read_text(encoding="utf-8") == "của tôi"


def test_copy_to_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(AnnouncementError, match="Không ghi được tệp"):
        find_template(CONTENT, "lop-tap-huan").copy(tmp_path / "a/b.md")


def test_unknown_template_is_told_with_those_there_are(tmp_path: Path) -> None:
    """Also where there are none."""
    with pytest.raises(AnnouncementError, match="chọn một trong: bao-ve-san-xuat, "):
        find_template(CONTENT, "la")
    with pytest.raises(AnnouncementError, match="chưa có mẫu nào"):
        find_template(tmp_path, "la")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Mời.", "thiếu phần đầu"),
        ("---\ntitle: a\ntopic: ocop\naudience: {}\n---\nMời.", "Chưa ghi thông báo gửi cho ai"),
        ("---\ntitle: a\ntopic: ocop\naudience: all\n---\n", "Mẫu không có nội dung"),
        ("---\ntitle: a\ntopic: ocop\naudience: all\n---\n{{ la }}", "{{ la }} không có"),
    ],
)
def test_broken_template_is_a_finding(
    tmp_path: Path, library: Library, text: str, says: str
) -> None:
    """With its file."""
    (found,) = broken_templates(template(tmp_path, text), library)

    assert found.file == "announcements/mau.md"
    assert says in found.what
