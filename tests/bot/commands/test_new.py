"""`htx content new`: an article from a few answers, typed or given."""

import errno
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.new import write_new
from services.errors import ContentError, MachineError
from services.knowledge.article_file import read_article_file
from services.knowledge.loader import load_library, read_library
from services.settings import Settings
from tests.doubles.commands import Run
from tests.doubles.content import dump

TITLE = "Hợp tác xã họp đại hội lúc nào"
NAME = "hop-tac-xa-hop-dai-hoi-luc-nao.md"
SLUG = "founding/hop-tac-xa-hop-dai-hoi-luc-nao"
FACT = {"id": "2.1", "says": "Họp một lần mỗi năm.", "source": "luat-17-2023", "mark": "verified"}
GIVEN = {
    "topic": "founding",
    "title": TITLE,
    "answer": "Mỗi năm họp **một lần**.",
    "source": "17/2023",
    "clause": "Điều 60",
    "next_step": "Xem Điều lệ.",
}
QUESTIONS = [f"đại hội lần thứ {number} họp lúc nào" for number in range(10)]


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content with one fact."""
    (content / "facts.yml").write_text(dump([FACT]), encoding="utf-8")
    return content


def draft_of(content: Path) -> Path:
    """Return where the draft of the new article is written."""
    return content.parent / f"var/drafts/articles/{SLUG}.md"


def options(**changes: str) -> list[str]:
    """Return the answers as options of the command."""
    given = (GIVEN | changes).items()
    return [word for name, text in given for word in (f"--{name.replace('_', '-')}", text)]


def asked(questions: list[str]) -> list[str]:
    return [word for question in questions for word in ("--question", question)]


def test_given_answers_make_a_sound_article(run: Run, content: Path) -> None:
    """With ten questions the article passes the whole check at once."""
    done = run("content", "new", *options(covers="2.1, 1a"), *asked(QUESTIONS))
    added = run("content", "add", str(draft_of(content)))
    article = load_library(content).articles[SLUG]

    assert (done.exit_code, added.exit_code, draft_of(content).exists()) == (0, 0, False)
    assert (article.head.title, article.head.subject) == (TITLE, "registration")
    assert article.short == "Mỗi năm họp **một lần**."
    assert [(c.source, c.clause) for c in article.citations] == [("luat-17-2023", "Điều 60")]
    assert article.questions == tuple(QUESTIONS)
    assert article.head.covers == ("2.1", "1a")
    assert set(article.head.related) <= {"founding/so-thanh-vien", "founding/ho-so"}


def test_answers_are_asked_for_one_by_one(run: Run, content: Path) -> None:
    """Whoever gives nothing is asked, with topics listed and what can be proposed."""
    typed = [*["1", TITLE, "", "", "Mỗi năm họp một lần.", "17/2023", "Điều 60", "2.1", "", ""]]
    typed += ["Xem Điều lệ.", "", *QUESTIONS[:9], ""]
    done = run("content", "new", typed="\n".join(typed) + "\n")

    assert "1. founding: đăng ký thành lập hợp tác xã" in done.stderr
    assert "2.1: Họp một lần mỗi năm." in done.stderr
    assert f"[{SLUG.partition('/')[2]}]" in done.stderr
    assert draft_of(content).exists()
    assert "Còn thiếu 1 câu hỏi mẫu" in done.stdout
    assert f"htx content add {draft_of(content)}" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("topic", "lúa", "Không có chủ đề “lúa”"),
        ("title", "a" * 61, "dài 61 ký tự, tối đa 60"),
        ("title", "ho so ocop", "đã có ở ocop/ho-so"),
        ("title", " ", "không được để trống"),
        ("slug", "Hồ Sơ", "chữ thường không dấu"),
        ("slug", "a" * 48, "tối đa 42"),
        ("slug", "ho-so", "Đã có bài founding/ho-so"),
        ("readers", "nông dân", "manager, officer, farmer"),
        ("answer", "a" * 401, "dài 401 ký tự, tối đa 400"),
        ("source", "99/2099", "Không thấy văn bản nào có “99/2099”"),
        ("source", "luật hợp tác xã", "Có 2 văn bản khớp"),
        ("covers", "2.1, 9.9", "Không có dữ kiện 9.9"),
        ("related", "la/la", "Không có bài la/la"),
        ("related", ",", "Cần từ 1 đến 3 bài"),
    ],
)
def test_wrong_answer_is_told_at_once(
    run: Run, content: Path, name: str, text: str, sentence: str
) -> None:
    """An answer that can't be used is refused with its option and why; nothing is written."""
    done = run("content", "new", *options(**{name: text}), *asked(QUESTIONS))

    assert isinstance(done.exception, ContentError)
    assert str(done.exception).startswith(f"--{name}: ")
    assert sentence in str(done.exception)
    assert len(read_library(content).articles) == 4


def test_wrong_answer_is_asked_for_again(run: Run, content: Path) -> None:
    """A typed answer that can't be used is told and asked for once more."""
    words = options()
    del words[:2]
    done = run("content", "new", *words, typed="lúa\nfounding\n")

    assert "✗ Không có chủ đề “lúa”" in done.stderr
    assert draft_of(content).exists()


def test_missing_answer_where_nobody_types_is_named(run: Run) -> None:
    """A script that forgot an option is told which."""
    done = run("content", "new", "--topic", "founding")

    assert "Chưa có câu trả lời cho --title" in str(done.exception)


def test_questions_come_from_a_file_without_copies(run: Run, content: Path, tmp_path: Path) -> None:
    """Lines of a file are taken; one that another article has, or that stands twice, is told."""
    path = tmp_path / "cau-hoi.txt"
    copies = ["Ho so OCOP cau hoi so 1", QUESTIONS[0]]
    path.write_text("\n\n".join([*QUESTIONS, *copies]), encoding="utf-8")
    done = run("content", "new", *options(), "--questions", str(path))

    assert "đã có ở ocop/ho-so" in done.stderr
    assert "đã có ở chính bài này" in done.stderr
    assert read_article_file(content, draft_of(content)).article.questions == tuple(QUESTIONS)


def test_missing_file_of_questions_is_told(run: Run) -> None:
    """A wrong path is a sentence."""
    done = run("content", "new", *options(), "--questions", "khong-co.txt")

    assert "Không đọc được tệp câu hỏi khong-co.txt" in str(done.exception)


def test_known_questions_can_be_handed_in(
    settings: Settings, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows questions already hands them in."""
    monkeypatch.setattr("builtins.input", lambda _prompt: "")
    path = write_new(settings, GIVEN, QUESTIONS)

    assert read_article_file(content, path).article.questions == tuple(QUESTIONS)
    assert path == draft_of(content)


def test_nothing_is_overwritten(run: Run, content: Path) -> None:
    """A file that is already there stays, even when it is no sound article."""
    path = draft_of(content)
    path.parent.mkdir(parents=True)
    path.write_text("bản nháp", encoding="utf-8")
    done = run("content", "new", *options(), *asked(QUESTIONS))

    assert "Đã có tệp" in str(done.exception)
    assert path.read_text(encoding="utf-8") == "bản nháp"


@pytest.mark.parametrize(
    ("mark", "verification"),
    [("verified", "verified"), ("secondary", "secondary"), ("missing", "inferred")],
)
def test_article_is_as_sure_as_its_weakest_fact(
    run: Run, content: Path, mark: str, verification: str
) -> None:
    """What only a newspaper tells is not marked as read in the text."""
    (content / "facts.yml").write_text(dump([FACT | {"mark": mark}]), encoding="utf-8")
    given = options(covers="2.1", verification=verification)
    run("content", "new", *given, *asked(QUESTIONS))

    assert read_article_file(content, draft_of(content)).article.head.verification == verification


def test_article_is_no_surer_than_its_weakest_fact(run: Run, content: Path) -> None:
    """Whoever claims more is told what the fact is."""
    (content / "facts.yml").write_text(dump([FACT | {"mark": "secondary"}]), encoding="utf-8")
    done = run("content", "new", *options(covers="2.1", verification="verified"))

    assert "chỉ là secondary" in str(done.exception)


def test_unfinished_draft_is_not_added(run: Run, content: Path) -> None:
    """What is still to be mended is named; nothing that is served changes."""
    run("content", "new", *options())
    done = run("content", "add", str(draft_of(content)))

    assert "[questions]" in str(done.exception)
    assert draft_of(content).exists()
    assert len(read_library(content).articles) == 4


def test_new_article_is_a_draft_apart(run: Run, content: Path) -> None:
    """Nothing that is served changes until the writer moves the draft there, as is said."""
    before = sorted(content.rglob("*"))

    done = run("content", "new", *options())

    assert done.exit_code == 0
    assert sorted(content.rglob("*")) == before
    assert f"articles/{SLUG}.md" in done.stdout


def test_clause_that_the_document_lacks_is_told_at_once(run: Run, content: Path) -> None:
    """Khoản 33 of an article with three is refused when it is given."""
    path = content / "sources/luat-17-2023.yml"
    outline = {"outline": {"articles": {60: [0, 0, 0]}}}
    path.write_text(path.read_text("utf-8") + dump(outline), encoding="utf-8")

    done = run("content", "new", *options(clause="Điều 60 khoản 33"), *asked(QUESTIONS))

    assert isinstance(done.exception, ContentError)
    assert "không có Điều 60 khoản 33" in str(done.exception)


def test_nothing_is_verified_unasked(run: Run, tmp_path: Path) -> None:
    """Only the writer can say that the text was read."""
    run("content", "new", *options(covers="2.1"), *asked(QUESTIONS))
    written = next(tmp_path.rglob(f"articles/{SLUG}.md")).read_text(encoding="utf-8")

    assert yaml.safe_load(written.split("---")[1])["verification"] != "verified"


def test_draft_that_would_be_held_back_is_not_taken(run: Run, content: Path) -> None:
    """A figure that no fact has, a place that the law lacks: whoever adds it is told now."""
    run("content", "new", *options(answer="Họp trong **17 ngày**."), *asked(QUESTIONS))
    done = run("content", "add", str(draft_of(content)))

    assert "17 ngày" in str(done.exception)
    assert draft_of(content).exists()
    assert SLUG not in read_library(content).articles


def test_first_article_of_a_topic_stands_in_it(run: Run, content: Path) -> None:
    """A topic that has no article yet is a topic all the same."""
    topics = content / "topics.yml"
    more = "\nmembers: {label: thành viên, subject: registration}\n"
    topics.write_text(topics.read_text("utf-8") + more, encoding="utf-8")
    given = options(topic="members", covers="2.1", related="founding/ho-so")
    run("content", "new", *given, *asked(QUESTIONS))
    done = run("content", "add", str(content.parent / "var/drafts/articles/members" / NAME))

    assert done.exit_code == 0, done.exception
    assert (content / "articles/members" / NAME).exists()


def test_draft_in_no_topics_folder_is_not_taken(run: Run, content: Path, tmp_path: Path) -> None:
    """Which topic is meant nobody guesses."""
    run("content", "new", *options(covers="2.1"), *asked(QUESTIONS))
    elsewhere = draft_of(content).rename(tmp_path / NAME)
    done = run("content", "add", str(elsewhere))

    assert "thư mục mang tên chủ đề" in str(done.exception)
    assert elsewhere.exists()


def test_disk_that_refuses_leaves_no_half_article(
    run: Run, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written whole does not stand in the content, and the draft is kept."""
    run("content", "new", *options(covers="2.1"), *asked(QUESTIONS))
    open_file = Path.open

    def full(path: Path, mode: str = "r", **options: Any) -> Any:
        file = open_file(path, mode, **options)
        if mode == "x":
            file.write("---\n")
            file.close()
            raise OSError(errno.ENOSPC, "No space left on device")
        return file

    monkeypatch.setattr(Path, "open", full)
    done = run("content", "add", str(draft_of(content)))

    assert isinstance(done.exception, MachineError), done.output
    assert (draft_of(content).exists(), (content / f"articles/{SLUG}.md").exists()) == (True, False)
