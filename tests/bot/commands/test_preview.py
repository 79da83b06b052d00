"""`htx content preview`: what a writer sees before anybody else does."""

from pathlib import Path

import pytest

from bot.preview import outline
from services.errors import ContentError
from tests.doubles.commands import Run
from tests.doubles.content import ARTICLES, article_text, edit_head, head
from tests.doubles.procedure import VARIED, write_varied

NAME = "founding/so-thanh-vien"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a draft outside the content folder, with too few questions and no next step."""
    front = head("ocop/ho-so", "Bài mới") | {"questions": ["một câu"]}
    del front["next_step"]
    path = tmp_path / "ocop/bai-moi.md"
    path.parent.mkdir()
    path.write_text(article_text(front, "Trả lời ngắn.\n\nChi tiết."), encoding="utf-8")
    return path


def test_all_channels_are_shown(run: Run) -> None:
    """Telegram with its count and buttons, the page as an outline, plain text."""
    shown = run("content", "preview", NAME).stdout
    telegram, web, plain = shown.split("════\n")[1:]

    assert "/900 ký tự\n│ Hợp tác xã cần ít nhất 05 thành viên chính thức." in telegram
    assert "└ [ Hồ sơ đăng ký hợp tác xã ]" in telegram
    assert web.startswith(f"# {ARTICLES[NAME][0]}\nHợp tác xã cần ít nhất 05 thành viên")
    assert web.index("Nguồn") < web.index("Không còn là 7 người")
    assert "Nguồn: Luật Hợp tác xã 17/2023/QH15, Điều 4." in plain


@pytest.mark.parametrize("kind", ["telegram", "web", "plain"])
def test_one_channel_is_shown_alone(run: Run, kind: str) -> None:
    """With --channel only that one."""
    assert run("content", "preview", NAME, "--channel", kind).stdout.count("════\n") == 1


def test_article_is_named_by_its_file_too(run: Run, content: Path) -> None:
    """The path of a file in the content folder means the article."""
    path = str(content / f"articles/{NAME}.md")

    assert run("content", "preview", path).stdout == run("content", "preview", NAME).stdout


def test_checklist_and_parts_are_shown_under_their_buttons(run: Run, content: Path) -> None:
    """What the buttons bring is shown too."""
    write_varied(content)
    shown = run("content", "preview", VARIED, "--channel", "telegram").stdout

    assert "── Bấm “Danh mục giấy tờ” ──\n┌ tin nhắn" in shown
    assert "│ ☐ Giấy đề nghị (Mẫu II-1); ký tên" in shown
    assert "── Bấm “Cho bà con” ──" in shown


def test_beliefs_are_shown_last(run: Run, content: Path) -> None:
    """The sentence that settles a belief stands under a message that gets it."""
    belief = {"settles": "Nay là 05.", "when": ["7 người"], "examples": ["7 người?", "7 nguoi"]}
    edit_head(content, NAME, beliefs=[belief])
    shown = run("content", "preview", NAME, "--channel", "plain").stdout

    assert shown.endswith("── Ai viết “7 người?” thì câu trả lời mở bằng ──\nNay là 05.\n")


def test_rest_of_a_long_answer_is_shown(run: Run, content: Path) -> None:
    """What "Xem thêm" brings is shown, counted against a whole message."""
    path = content / f"articles/{NAME}.md"
    body = "\n\n".join(f"Đoạn {number} {'dài ' * 30}." for number in range(20))
    path.write_text(article_text(head(NAME, "Dài"), f"Ngắn.\n\n{body}"), encoding="utf-8")
    shown = run("content", "preview", NAME, "--channel", "telegram").stdout

    assert "── Bấm “Xem thêm” ──\n┌ tin nhắn" in shown
    assert "/4096 ký tự" in shown
    assert "│ Đoạn 19" in shown


def test_draft_with_faults_is_shown_after_its_faults(run: Run, draft: Path) -> None:
    """A draft from elsewhere is shown in spite of its faults, which come first."""
    done = run("content", "preview", str(draft))
    faults, shown = done.stdout.split("\n\n", 1)

    assert done.exit_code == 0
    assert faults.startswith("2 chỗ cần sửa trước khi đăng:\n")
    assert "ocop/bai-moi.md:1: [next_step]" in faults
    assert "│ Trả lời ngắn." in shown
    assert "Bước tiếp theo: (chưa có)" in shown


def test_looking_at_a_draft_changes_nothing(run: Run, draft: Path, content: Path) -> None:
    """The content folder stays as it was."""
    before = sorted(content.rglob("*"))
    run("content", "preview", str(draft))

    assert sorted(content.rglob("*")) == before


def test_clash_with_another_article_is_told(run: Run, draft: Path) -> None:
    """A question that another article already has is a fault of the draft."""
    front = head("ocop/ho-so", "Bài mới")
    front["questions"] = [f"Hồ sơ OCOP câu hỏi số {number}" for number in range(10)]
    draft.write_text(article_text(front, "Ngắn."), encoding="utf-8")

    assert "đã có ở" in run("content", "preview", str(draft)).stdout


def test_unknown_placeholder_and_source_do_not_stop_the_preview(run: Run, draft: Path) -> None:
    """A placeholder stays as written; a document that nobody knows is left out."""
    front = head("ocop/ho-so", "Bài mới")
    front["citations"] = [{"source": "la", "clause": "Điều 1"}]
    draft.write_text(article_text(front, "Ngắn {{ la }}."), encoding="utf-8")
    done = run("content", "preview", str(draft), "--channel", "plain")

    assert "Ngắn {{ la }}." in done.stdout
    assert "Không có văn bản la" in done.stdout


@pytest.mark.parametrize("text", ["không có phần đầu", "---\na: [\n---\nx", "---\ntitle: x\n"])
def test_file_without_a_head_is_refused_with_its_place(run: Run, draft: Path, text: str) -> None:
    """What can't be shown at all is one sentence with the place."""
    draft.write_text(text, encoding="utf-8")
    done = run("content", "preview", str(draft))

    assert isinstance(done.exception, ContentError)
    assert str(done.exception).startswith("content/articles/ocop/bai-moi.md:")


def test_unknown_article_is_refused_with_what_to_do(run: Run) -> None:
    """Neither an id nor a file."""
    done = run("content", "preview", "founding/khong-co")

    assert "Không có bài founding/khong-co; ghi mã bài" in str(done.exception)


def test_page_is_written_whole(run: Run, tmp_path: Path) -> None:
    """The page opens from the disk: nothing in it is loaded from elsewhere."""
    page = tmp_path / "bai.html"
    run("content", "preview", NAME, "--html", str(page))
    text = page.read_text(encoding="utf-8")

    assert "<h1>Số thành viên để lập hợp tác xã</h1>" in text
    assert 'href="data:text/css;base64,' in text
    assert "/static/" not in text


def test_outline_reads_from_top_to_bottom() -> None:
    """Headings, items, buttons and what opens on demand keep their places."""
    html = (
        "<h1>Tên\nbài</h1><ul><li>một</li></ul><details><summary>Thêm</summary><p>hai</p></details>"
    )

    assert outline(f"{html}<button>Gửi</button>") == "# Tên bài\n• một\n▸ Thêm\nhai\n[ Gửi ]"
