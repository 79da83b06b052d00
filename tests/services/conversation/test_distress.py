"""Who is heard to be in distress, by words alone, and who is not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.text import fold
from services.conversation.distress import hear
from services.knowledge.distress_cues import DistressCues
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.settings import ROOT
from services.understanding.interpretation import Danger, Distress
from tests.doubles.content import STEP, dump, examples, read_content, spread, write_content

WRITTEN: Mapping[str, Any] = yaml.safe_load(
    Path(__file__).with_name("distress.yml").read_text("utf-8")
)
MEASURED = ROOT / "tests/understanding"
CLEAR = ["tôi không muốn sống nữa"]
"""The one text among them that is clear."""
LINES = Distress(True, ("lines",))


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


def test_hardly_anything_of_the_content_is_heard_as_distress(library: Library) -> None:
    """Of all examples and measured questions one is clear; those that are doubtful are known.

    Their answers are told all the same: collectors that throw paint, water up to the roof. Every
    tenth is heard; `make long` hears all.
    """
    told = {text: hear(library.distress, text) for text in spread(told_in(library))}
    clear = [text for text, heard in told.items() if heard and heard.clear]
    doubtful = {text for text, heard in told.items() if heard and not heard.clear}

    assert len(told) > 10_000 / STEP
    assert clear == [text for text in CLEAR if text in told]
    assert doubtful <= {*WRITTEN["known"]}


def told_in(library: Library) -> Iterator[str]:
    """Yield every example of the content and every text of the measured sets."""
    yield from examples(library)
    told = ("out_of_scope", "smalltalk", "followups", "handoff", "replies")
    phrases = (ROOT / f"content/phrases/{name}.yml" for name in told)
    for path in (*phrases, *MEASURED.glob("*.yml")):
        if "distress" not in path.stem:
            yield from texts(yaml.safe_load(path.read_text("utf-8")))


def texts(read: object) -> Iterator[str]:
    """Yield every text in what was read from YAML."""
    if isinstance(read, str):
        yield read
    elif isinstance(read, Mapping):
        for value in read.values():
            yield from texts(value)
    elif isinstance(read, Sequence):
        for value in read:
            yield from texts(value)


@pytest.mark.parametrize("kind", ["clear", "doubtful", "other"])
@pytest.mark.parametrize("write", [str, fold])
def test_own_examples(library: Library, write: Callable[[str], str], kind: str) -> None:
    """Those of each kind are heard as that; what is doubtful may be heard as clear."""
    told = {text: hear(library.distress, write(text)) for text in WRITTEN[kind]}

    assert [text for text, heard in told.items() if not _fits(kind, heard)] == []


def test_without_marks_nobody_can_tell(library: Library) -> None:
    """What is none, or is one, as it stands is so, whatever it would be without its marks."""
    assert [text for text in WRITTEN["marked"] if hear(library.distress, text)] == []
    assert all(hear(library.distress, text) for text in WRITTEN["clear_if_marked"])


@pytest.mark.parametrize("write", [str, fold])
def test_what_is_over_is_no_more_than_a_doubt(
    library: Library, write: Callable[[str], str]
) -> None:
    """What was told of long ago takes no answer away; what goes on does, and a wish to die."""
    over = (
        "mười năm trước tui bị rắn cắn, giờ nuôi rắn mối có phải xin phép không",
        "tui từng bị chồng cũ đánh, nay một mình góp vốn được không",
    )
    still = (
        "hồi trước ảnh hiền, giờ ảnh đánh em hoài",
        "trước đây bị bạo hành, giờ ảnh cầm dao rượt em",
        "năm ngoái tôi định tự tử, giờ tôi lại muốn chết",
    )
    told = {text: hear(library.distress, write(text)) for text in (*over, *still)}

    assert [text for text, heard in told.items() if heard and heard.clear] == [*still]


@pytest.mark.parametrize("write", [str, fold])
def test_what_begins_now_is_not_over(library: Library, write: Callable[[str], str]) -> None:
    """What is told behind “giờ” goes on, however long ago something else was."""
    now = (
        "hồi xưa nó hiền lắm, giờ nó bóp cổ mẹ",
        "trước đây chưa từng, giờ ông cụ bất tỉnh gọi không dậy",
        "cách đây 5 năm ba bị đột quỵ, giờ ba méo miệng, tay xụi",
        "năm ngoái vợ sinh xong khỏe, nay vợ sinh xong băng huyết",
        "chuyện năm ngoái qua rồi, mà giờ con tôi co giật",
    )
    told = {text: hear(library.distress, write(text)) for text in now}

    assert [text for text, heard in told.items() if not (heard and heard.clear)] == []


@pytest.mark.parametrize("write", [str, fold])
def test_who_asks_for_support_for_what_is_long_past_is_in_no_danger(
    library: Library, write: Callable[[str], str]
) -> None:
    """A house that fell years ago is a matter of support; one that falls again is none."""
    past = (
        "năm kia nhà sập kẹt hai người trong đó, giờ còn được hỗ trợ gì không",
        "năm ngoái kho bốc cháy lan qua nhà bên, nay xin hỗ trợ xây lại được không",
        "hồi bão năm 2020 nhà tôi sập đè gãy chân ba tôi, giờ còn được trợ cấp không",
        "ba năm trước con tôi té giếng bất tỉnh, bây giờ có được bảo hiểm chi trả không",
    )
    still = (
        "năm kia nhà sập được hỗ trợ rồi, giờ nhà lại sập kẹt hai người bên trong",
        "năm ngoái xin hỗ trợ không được, giờ kho đang bốc cháy lan qua nhà bên",
        "năm kia nhà sập, giờ còn được hỗ trợ gì không, tôi không muốn sống nữa",
    )
    told = {text: hear(library.distress, write(text)) for text in (*past, *still)}

    assert [text for text, heard in told.items() if heard] == [*still]


@pytest.mark.parametrize("danger", WRITTEN["dangers"])
@pytest.mark.parametrize("write", [str, fold])
def test_each_danger_is_told_from_the_others(
    library: Library, write: Callable[[str], str], danger: str
) -> None:
    """Each is spoken to as such: a fire as no wish to die, one's own wish as nobody else's."""
    told = {text: hear(library.distress, write(text)) for text in WRITTEN["dangers"][danger]}

    wrong = [text for text, heard in told.items() if not (heard and heard.clear)]
    assert wrong == []
    assert {heard.dangers for heard in told.values() if heard} == {(danger,)}


@pytest.mark.parametrize("write", [str, fold])
@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("hồi nãy nhà sập kẹt hai người, giờ có ai hỗ trợ không", "fire"),
        ("hồi sáng tường sập kẹt ba tôi", "fire"),
        ("rắn hổ cắn má tui", "snake"),
        ("thuyền lật rồi cứu với", "water"),
    ],
)
def test_what_happened_a_while_ago_today_is_not_over(
    library: Library, write: Callable[[str], str], text: str, danger: Danger
) -> None:
    """“Hồi nãy” is minutes ago; and who was just bitten or goes down needs no more words."""
    assert hear(library.distress, write(text)) == Distress(clear=True, dangers=(danger,))


@pytest.mark.parametrize("write", [str, fold])
def test_whose_child_is_young_is_spoken_to_as_grown(
    library: Library, write: Callable[[str], str]
) -> None:
    """Who lost a child, raises one alone, or was young once writes of no examination."""
    grown = (
        "con tôi 15 tuổi mất rồi, tôi không muốn sống nữa",
        "tôi không muốn sống nữa, con tôi mới lớp 9",
        "năm tôi 16 tuổi cha mẹ mất, giờ nợ nần tôi muốn chết",
        "vợ chết, con 10 tuổi, tôi không muốn sống nữa",
        "tui nuôi cháu 12 tuổi một mình, hết muốn sống",
    )

    assert [(one := hear(library.distress, write(text))) and one.dangers for text in grown] == [
        ("self",)
    ] * len(grown)


@pytest.mark.parametrize("write", [str, fold])
@pytest.mark.parametrize(
    ("text", "dangers"),
    [
        ("nhà cháy mà con tôi uống nhầm thuốc trừ sâu rồi", ("poison", "fire")),
        ("nhà cháy lớn, ba tui bị điện giật nằm im", ("fire", "current")),
        ("xe tải lật đè trúng hai người, xe đang cháy", ("fire", "traffic")),
        ("xe container cán người ngoài lộ, nằm im", ("traffic",)),
        ("chồng đẩy em té cầu thang gãy tay", ("injury", "violence")),
    ],
)
def test_each_of_two_emergencies_is_told(
    library: Library, write: Callable[[str], str], text: str, dangers: tuple[str, ...]
) -> None:
    """Whoever tells of two at once is told what to do of both; a lorry is no closed store."""
    heard = hear(library.distress, write(text))

    assert heard
    assert heard.dangers == dangers


@pytest.mark.parametrize("write", [str, fold])
def test_who_asks_whom_to_call_is_heard_behind_kind_words(
    library: Library, write: Callable[[str], str]
) -> None:
    """The number of the fire brigade is asked for at any time, “gọi ai” only then of danger."""
    numbers = map(write, ("gọi cứu hỏa số mấy", "vậy gọi 111 đúng không"))
    whom = [write(text) for text in ("gọi ai bây giờ", "ai giúp tui đây", "có ai giúp em với")]
    offices = [write(text) for text in ("tạm ngừng thì báo ai", "ai giúp tui làm hồ sơ với")]

    assert [hear(library.distress, text) for text in numbers] == [LINES, LINES]
    assert [hear(library.distress, text, consoled=True) for text in whom] == [LINES] * 3
    assert not any(hear(library.distress, text) for text in whom)
    assert not any(hear(library.distress, text, consoled=True) for text in offices)


@pytest.mark.parametrize("write", [str, fold])
def test_who_waits_for_help_is_heard_behind_kind_words(
    library: Library, write: Callable[[str], str]
) -> None:
    """What to do until somebody comes is asked of danger; until a paper comes it is not."""
    waiting = [
        write(text)
        for text in (
            "gọi rồi, trong lúc chờ làm gì",
            "kêu người tới chưa kịp, làm chi đây",
            "gọi 115 rồi chờ xe tới thì phải làm sao",
            "công an chưa tới, em làm gì bây giờ",
            "không ai nghe máy, làm sao giờ",
        )
    ]
    papers = [
        write(text) for text in ("chờ giấy chứng nhận thì làm gì", "hồ sơ chưa tới, làm gì bây giờ")
    ]

    told = {text: hear(library.distress, text, consoled=True) for text in waiting}
    assert [text for text, heard in told.items() if heard is None] == []
    assert all(hear(library.distress, text) != LINES for text in waiting)
    assert not any(hear(library.distress, text, consoled=True) for text in papers)


def _fits(kind: str, heard: Distress | None) -> bool:
    if kind == "other":
        return heard is None
    return heard is not None and (heard.clear or kind == "doubtful")


def test_content_without_cues_uses_those_of_the_code(tmp_path: Path) -> None:
    """Content older than the code knows no distress; who is in danger is heard all the same."""
    root = write_content(tmp_path)
    (root / "phrases/distress.yml").unlink()
    library = read_library(root)

    assert not (root / "phrases/distress-cues.yml").exists()
    assert hear(library.distress, "tôi không muốn sống nữa") == Distress(True, ("self",))
    assert "115" in library.phrases.say("distress_self", turn=0, whom="")


@pytest.mark.parametrize("wrong", ["(a | b", "<khác>", "a | b)", "a-b"])
def test_pattern_that_can_not_be_read_is_a_finding(tmp_path: Path, wrong: str) -> None:
    """Whoever writes cues is told which one is wrong."""
    root = write_content(tmp_path)
    cues = {"signs": [{"about": "life", "level": "clear", "says": ["không muốn sống", wrong]}]}
    (root / "phrases/distress-cues.yml").write_text(dump(cues), encoding="utf-8")

    assert any(wrong in finding.what for finding in read_library(root).findings)


@pytest.mark.parametrize(
    "wrong", [{"level": "clear"}, {"level": "none", "danger": "self"}, {"level": "sure"}]
)
def test_family_that_can_not_be_learned_from_is_a_finding(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    """Whoever writes examples is told before anything is trained."""
    root = write_content(tmp_path)
    family = {"family": "chán đời", "texts": ["chán đời"], **wrong}
    (root / "phrases/distress-examples.yml").write_text(dump([family]), encoding="utf-8")

    assert {f.file for f in read_library(root).findings} == {"phrases/distress-examples.yml"}


def test_words_are_found_however_they_are_typed() -> None:
    """Without marks, without the tone, with hỏi for ngã, with commas; another word is not."""
    cues = DistressCues.model_validate(
        {
            "words": {"ai": "tôi | em"},
            "idioms": ["muốn chết cười"],
            "signs": [
                {"about": "life", "level": "clear", "says": ["<ai> .. =tự =tử", "muốn chết"]}
            ],
        }
    )

    for written in ("em tự tữ", "tôi sẽ tự tử", "MUỐN, CHẾTTTT", "muon chet", "mún chêt"):
        assert hear(cues, written), written
    for written in ("em từ từ", "em tu tu", "muốn. chết", "muốn chết cười", "muốn chất"):
        assert hear(cues, written) is None, written


@pytest.mark.parametrize("stop", [".", ""])
@pytest.mark.parametrize("times", [0, 50, 90, 100, 110, 500])
def test_long_message_is_heard_to_its_end(library: Library, stop: str, times: int) -> None:
    """Also where no sentence ends; nobody writes more than twenty thousand characters."""
    before = f"chuyện nhà tui dài lắm{stop} " * times

    assert hear(library.distress, f"{before}tui không muốn sống nữa") == Distress(True, ("self",))
    assert hear(library.distress, f"{before}xin hỏi hồ sơ") is None
