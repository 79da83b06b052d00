"""A step that is asked with no other word is of what is open, and told wherever that has it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.answers import AnswerWriter
from services.conversation.steps import step_asked, step_beside, step_of
from services.knowledge.library import Library
from services.settings import ROOT
from services.understanding.parts import PartIndex
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, read_content, write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import PARTED, write_parted
from tests.doubles.procedure import PROCEDURE, write_procedure


@pytest.fixture(scope="module")
def served() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gom nhung gi", "papers"),
        ("rồi nộp ở mô hè", "place"),
        ("Gửi bưu điện được không hay phải tới tận nơi?", "ways"),
        ("may bua", "time"),
        ("tốn nhiều không", "fee"),
        ("ai ký rứa", "signer"),
        ("may bo", "papers"),
        ("rứa có phải họp không", "meeting"),
        ("can may phieu", "meeting"),
        ("trễ thì bị chi", "late"),
        ("phat may", "late"),
        ("hợp đồng trễ thì sao", None),
        ("đăng ký có phải nộp tiền không", "fee"),
        ("hỗ trợ mấy phần", "amount"),
        ("hỗ trợ những gì", None),
        ("hồ sơ vay cần gì", None),
        ("ho so vay can gi", None),
        ("lai bao nhieu phan tram", None),
        ("nộp hồ sơ OCOP ở đâu", None),
        ("nghe nói hết hạn rồi, chừ đi có sao không", None),
        ("được không", None),
        ("dc bao lâu", None),
        ("", None),
    ],
)
def test_few_words_ask_for_a_step(served: Library, text: str, kind: str | None) -> None:
    """One word that names a matter, and it is a question of its own."""
    assert step_asked(served, text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mất mấy tiền, tụi tui nghèo", "fee"),
        ("nhà tui xa, gửi bưu điện được không?", "ways"),
        ("tụi tui nghèo lắm", None),
        ("nhà tui xa, chợ mở mấy giờ?", None),
        ("tụi tui cãi nhau hoài, ai quyết?", None),
        ("giám đốc trốn rồi, làm sao giờ?", None),
    ],
)
def test_step_is_asked_beside_what_is_told(served: Library, text: str, kind: str | None) -> None:
    """Who tells why they ask asks for no other step."""
    assert step_beside(served, text) == kind


def test_step_is_told_where_it_stands(served: Library) -> None:
    """In the article itself, else in the main one of its procedure, else nowhere."""
    known = served.articles

    assert step_of(served, known["founding/cac-buoc"], "time") == ("founding/cac-buoc", "thoi-han")
    assert step_of(served, known["founding/thoi-han"], "ways") == ("founding/cac-buoc", "cach-nop")
    assert step_of(served, known["founding/ho-so"], "deadline") is None


def test_step_of_another_procedure_or_topic_is_not_told(served: Library) -> None:
    """Who signs for a new representative signs no new name; joining is handed in at no office."""
    known = served.articles

    assert step_of(served, known["changes/thay-doi"], "signer") is None
    assert step_of(served, known["dissolution/pha-san"], "signer") is None
    assert step_of(served, known["members/ra-khoi-htx"], "place") is None
    assert step_of(served, known["founding/so-thanh-vien"], "papers") is not None


def test_by_when_is_told_of_what_is_open_alone(served: Library) -> None:
    """The day of an article that is related is another day."""
    assert step_of(served, served.articles["members/quyen"], "deadline") is None


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content: two articles of one procedure, the place told in the main one."""
    root = write_content(tmp_path / "content")
    write_procedure(root)
    write_parted(root, "## Cách đếm {#dem}\n\nĐếm từng hộ; liên hiệp: 03.", procedure=PROCEDURE)
    place = {"noi": {"kind": "place", "followups": ["đem đi mô"]}}
    edit_head(root, "founding/ho-so", parts=place, label="Hồ sơ", procedure=PROCEDURE)
    path = root / "articles/founding/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Nơi nhận {{#noi}}\n\nỞ xã.\n", "utf-8")
    return root


@pytest.fixture
def citizen(services: Services, content: Path) -> Citizen:
    """Return somebody who talks to a product that knows the parts of its articles."""
    served = services.current.edition
    services.current.edition = replace(served, parts=PartIndex.of(read_content(content)))
    return Citizen(services)


async def test_step_of_its_procedure_is_told(citizen: Citizen, nlu: FakeNlu) -> None:
    """However the few words are read by themselves."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"nộp chỗ mô | {PARTED}"] = reading(("smalltalk.greeting", 0.4))
    await citizen.say("tối thiểu")
    told = await citizen.say("nộp chỗ mô")

    assert (told.article, told.part) == ("founding/ho-so", "noi")
    assert "việc khác" not in told.lead


async def test_steps_that_are_asked_one_behind_the_other_are_all_told(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Of what the first names, or of what is open; however the whole message is read."""
    both = "tối thiểu là mấy hộ, nộp chỗ mô"
    nlu.table[both] = reading(("ocop.ho-so", 0.9))
    nlu.table["tối thiểu là mấy hộ"] = reading(("founding.so-thanh-vien", 0.9))
    first = await citizen.say(both)
    await citizen.press(f"a:{PARTED}")
    then = await citizen.say("cần mấy người, nộp chỗ mô")

    assert first.articles == then.articles == (PARTED, "founding/ho-so")
    assert all("Ở xã" in f"{one.lead}{one.detail}" for one in (first, then))


@pytest.mark.parametrize("sure", [0.5, 0.9])
async def test_what_is_open_tells_its_own_step_before_another_of_its_procedure(
    citizen: Citizen, nlu: FakeNlu, services: Services, sure: float
) -> None:
    """However surely that was read: a few words that name nothing are asked of what is open."""
    served = services.current.edition
    root, place = write_content(services.settings.data_dir / "own"), {"noi": {"kind": "place"}}
    write_parted(root, "## Nơi nhận {#noi}\n\nNộp ở xã.", parts=place)
    edit_head(root, "founding/ho-so", parts=place, label="Hồ sơ")
    path = root / "articles/founding/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Nơi nhận {{#noi}}\n\nỞ xã.\n", "utf-8")
    library = read_content(root)
    services.current.edition = replace(served, library=library, parts=PartIndex.of(library))
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"nộp chỗ mô | {PARTED}"] = reading(("founding.ho-so", sure))
    await citizen.say("tối thiểu")

    assert (await citizen.say("nộp chỗ mô")).article == PARTED


async def test_step_that_a_side_step_hardly_tells_is_of_what_was_told_before(
    citizen: Citizen, nlu: FakeNlu, services: Services
) -> None:
    """What would be told of it is no step of it."""
    served = services.current.edition
    root = write_content(services.settings.data_dir / "aside")
    write_parted(root, "## Có họp {#hop}\n\nHọp cả nhà.", parts={"hop": {"kind": "meeting"}})
    edit_head(
        root, "ocop/ho-so", label="OCOP", parts={"xem": {"followups": ["họp có ai xem không"]}}
    )
    path = root / "articles/ocop/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Ai xem {{#xem}}\n\nHội đồng.\n", "utf-8")
    library = read_content(root)
    services.current.edition = replace(served, library=library, parts=PartIndex.of(library))
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["hồ sơ ocop | founding/so-thanh-vien"] = reading(("ocop.ho-so", 0.9))
    nlu.table["phải họp không | ocop/ho-so"] = reading(("ocop.ho-so", 0.5))
    nlu.table[f"phải họp không | {PARTED}"] = reading(("founding.so-thanh-vien", 0.9))
    for text in ("tối thiểu", "hồ sơ ocop"):
        await citizen.say(text)
    told = await citizen.say("phải họp không")

    assert (told.article, told.part) == (PARTED, "hop")


async def test_how_many_is_asked_of_what_is_open(citizen: Citizen, nlu: FakeNlu) -> None:
    """Though the few words alone are likest to another article, which counts another thing."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"mấy người | {PARTED}"] = reading(("ocop.ho-so", 0.9))
    await citizen.say("tối thiểu")
    told = await citizen.say("mấy người")

    assert (told.article, told.part) == (PARTED, "dem")


async def test_step_that_nothing_tells_is_said_to_be_lacking(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """No other part is told as if it were the answer, and the article stays open."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"ai ký | {PARTED}"] = reading(("founding.so-thanh-vien", 0.5))
    await citizen.say("tối thiểu")
    lacks = await citizen.say("ai ký")

    assert (lacks.outcome, "chưa nói" in lacks.lead) == ("declined", True)
    assert (await citizen.say("nộp chỗ mô")).part == "noi"


@pytest.mark.parametrize(
    ("text", "sure", "button"),
    [
        ("có bị phạt không", 0.95, "a:ocop/ho-so"),
        ("ai ký", 0.95, "a:ocop/ho-so"),
        ("phải họp không", 0.75, f"a:{PARTED}"),
        ("tốn bao nhiêu tiền", 0.75, f"a:{PARTED}"),
        ("cần giấy tờ gì", 0.95, "a:ocop/ho-so"),
    ],
)
async def test_step_of_another_procedure_is_no_answer(
    citizen: Citizen, nlu: FakeNlu, text: str, sure: float, button: str
) -> None:
    """What is open does not tell it, which is said; what was surely read has a button."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"{text} | {PARTED}"] = reading(("ocop.ho-so", sure))
    await citizen.say("tối thiểu")
    lacks = await citizen.say(text)

    assert (lacks.outcome, "chưa nói" in lacks.lead) == ("declined", True)
    assert lacks.buttons[0].payload == button


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("còn liên hiệp thì sao", PARTED),
        ("rứa liên hiệp", PARTED),
        ("còn hồ sơ ocop thì sao", "ocop/ho-so"),
        ("liên hiệp thì bao nhiêu", PARTED),
        ("công ty thì bao nhiêu", "ocop/ho-so"),
        ("liên hiệp lập ra làm chi", "ocop/ho-so"),
    ],
)
async def test_same_is_asked_of_another_thing_that_it_speaks_of(
    citizen: Citizen, nlu: FakeNlu, asked: str, article: str
) -> None:
    """What it does not speak of is another matter, and so is a question of its own."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"{asked} | {PARTED}"] = nlu.table[asked] = reading(("ocop.ho-so", 0.9))
    await citizen.say("tối thiểu")

    assert (await citizen.say(asked)).article == article


@pytest.mark.parametrize(
    ("read", "told"),
    [(("founding.so-thanh-vien", 0.6), ("founding/ho-so", "noi")), (("ocop.ho-so", 0.9), None)],
)
async def test_step_that_what_is_open_does_not_tell_is_of_what_was_told_before(
    citizen: Citizen, nlu: FakeNlu, read: tuple[str, float], told: tuple[str, str] | None
) -> None:
    """Who asked of another thing in between goes on with the procedure, and is told so.

    But what was read of the thing in between is its own: an heir's papers are not those of a pause.
    """
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"hồ sơ ocop | {PARTED}"] = reading(("ocop.ho-so", 0.9))
    nlu.table["nộp chỗ mô | ocop/ho-so"] = reading(read)
    await citizen.say("tối thiểu")
    await citizen.say("hồ sơ ocop")
    reply = await citizen.say("nộp chỗ mô")

    assert ((reply.article, reply.part) == ("founding/ho-so", "noi")) is (told is not None)


async def test_part_named_for_another_thing_is_told_though_an_article_is_about_it(
    citizen: Citizen, nlu: FakeNlu, services: Services
) -> None:
    """“Còn tổ hợp tác” asks the same of it, and not what it is."""
    served = services.current.edition
    named = {"to": {"followups": ["tổ thì mấy"]}}
    root = write_content(services.settings.data_dir / "named")
    write_parted(root, "## Tổ hợp tác tính sao {#to}\n\nTừ 02 người.", parts=named)
    edit_head(root, "ocop/ho-so", label="Tổ hợp tác")
    library = read_content(root)
    services.current.edition = replace(served, library=library, parts=PartIndex.of(library))
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"còn tổ hợp tác | {PARTED}"] = reading(("ocop.ho-so", 0.95))
    await citizen.say("tối thiểu")
    told = await citizen.say("còn tổ hợp tác")

    assert (told.article, told.part) == (PARTED, "to")


@pytest.mark.parametrize(("sure", "article"), [(0.6, PARTED), (0.9, "ocop/ho-so")])
async def test_few_words_far_liker_to_a_part_told_before_are_of_it(
    citizen: Citizen, nlu: FakeNlu, sure: float, article: str
) -> None:
    """But not where another article was read for sure."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"đếm từng hộ dưa | {PARTED}"] = reading(("ocop.ho-so", sure))
    await citizen.say("tối thiểu")

    assert (await citizen.say("đếm từng hộ dưa")).article == article


async def test_what_is_late_is_asked_of_no_part_that_was_told_before(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Every part that tells what goes wrong is like these words, and none is meant."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"mẫu | {PARTED}"] = reading(("ocop.ho-so", 0.9))
    nlu.table["nếu trễ hạn | ocop/ho-so"] = reading(("ocop.ho-so", 0.4))
    await citizen.say("tối thiểu")
    await citizen.press(f"d:{PARTED}#thieu")
    await citizen.say("mẫu")

    assert PARTED not in (await citizen.say("nếu trễ hạn")).articles


async def test_hardly_small_talk_that_asks_is_asked_back_of_what_is_open(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Who asks what if nobody answers does not greet; surely read it is small talk."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    for text, sure in (("họ im luôn thì sao", 0.4), ("họ im luôn hả", 0.9)):
        nlu.table[f"{text} | {PARTED}"] = reading(("smalltalk.greeting", sure))
    await citizen.say("tối thiểu")
    unsure = await citizen.say("họ im luôn thì sao")
    await citizen.say("tối thiểu")

    assert (unsure.outcome, unsure.offered) == ("clarify", (PARTED,))
    assert (await citizen.say("họ im luôn hả")).outcome == "smalltalk"


async def test_condition_that_is_not_understood_is_asked_back_of_what_is_open(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Few words that tell something of its matter are not declined; a question is."""
    tells, asks = "từng hộ dưa", "từng hộ dưa?"
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    for text in (tells, asks):
        nlu.table[f"{text} | {PARTED}"] = nlu.table[text] = reading(("", 0.1), in_scope=0.01)
    await citizen.say("tối thiểu")
    told = await citizen.say(tells)
    await citizen.say("tối thiểu")

    assert (told.outcome, told.offered) == ("clarify", (PARTED,))
    assert (await citizen.say(asks)).outcome == "declined"


async def test_step_behind_what_all_together_names_is_told(citizen: Citizen, nlu: FakeNlu) -> None:
    """Though the first question alone is not read for sure."""
    both = "thiếu mấy hộ và nộp chỗ mô"
    nlu.table[both] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["thiếu mấy hộ"] = reading(("founding.so-thanh-vien", 0.5))
    told = await citizen.say(both)

    assert told.articles == (PARTED, "founding/ho-so")
    assert "Ở xã" in told.detail


@pytest.mark.parametrize(("subject", "asked"), [("registration", "nop cho mo"), ("credit", None)])
async def test_small_word_without_its_mark_opens_a_follow_up(
    citizen: Citizen, nlu: FakeNlu, services: Services, subject: str, asked: str | None
) -> None:
    """Behind anything but a loan, where it is one: “vay nop o dau” asks on of what is open."""
    served = services.current.edition
    edit_head(root := write_content(services.settings.data_dir / "of"), PARTED, subject=subject)
    library = read_content(root)
    services.current.edition = replace(served, library=library)
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    await citizen.say("tối thiểu")
    await citizen.say("vay nop cho mo")

    assert nlu.asked[1:] == [asked or "vay nop cho mo"]


async def test_of_several_parts_of_a_kind_the_likest_is_told(
    citizen: Citizen, nlu: FakeNlu, services: Services, content: Path
) -> None:
    """Not the one that stands first."""
    places = {"xa": {"kind": "place"}, "tinh": {"kind": "place", "followups": ["nộp chỗ mô"]}}
    write_parted(content, "## Xã {#xa}\n\nỞ xã.", "## Tỉnh {#tinh}\n\nỞ tỉnh.", parts=places)
    library = read_content(content)
    served = services.current.edition
    services.current.edition = replace(served, library=library, parts=PartIndex.of(library))
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"nộp chỗ mô | {PARTED}"] = reading(("founding.ho-so", 0.9))
    await citizen.say("tối thiểu")

    assert (await citizen.say("nộp chỗ mô")).part == "tinh"


async def test_step_is_of_what_was_told_before_rather_than_of_what_is_only_related(
    citizen: Citizen, nlu: FakeNlu, services: Services, content: Path
) -> None:
    """Who looks at another thing in between goes on with the procedure of the talk."""
    place = {"noi": {"kind": "place"}}
    edit_head(content, "ocop/hang-sao", parts=place, label="Sao", procedure=PROCEDURE)
    path = content / "articles/ocop/hang-sao.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Nơi nhận {{#noi}}\n\nỞ tỉnh.\n", "utf-8")
    library = read_content(content)
    served = services.current.edition
    services.current.edition = replace(served, library=library, parts=PartIndex.of(library))
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"mẫu | {PARTED}"] = reading(("ocop.ho-so", 0.9))
    nlu.table["nộp chỗ mô | ocop/ho-so"] = reading(("founding.so-thanh-vien", 0.5))
    await citizen.say("tối thiểu")
    await citizen.say("mẫu")

    assert (await citizen.say("nộp chỗ mô")).article == "founding/ho-so"


@pytest.mark.parametrize(
    ("text", "first"),
    [("mấy bộ", "Nộp **01 bộ hồ sơ**."), ("nop may ban", "Nộp **01 bộ hồ sơ**."), ("gồm chi", "")],
)
def test_number_of_sets_is_told_before_the_papers(served: Library, text: str, first: str) -> None:
    """Whoever asks for it is told that first; the papers follow."""
    answers = AnswerWriter(served, date(2026, 12, 1))
    papers = answers.told(served.articles["founding/ho-so"], ["giay-to"])

    assert (
        answers.counting_sets(papers, text).lead == (f"{first}\\\n" if first else "") + papers.lead
    )
