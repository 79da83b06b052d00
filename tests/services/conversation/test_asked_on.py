"""What a message may mean beside what is open: both readings told, or a step of what is open."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.state import note_shown
from services.understanding.parts import PartIndex
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, read_content, write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import PARTED, write_parted
from tests.doubles.procedure import PROCEDURE, write_procedure

PLACE = {"noi": {"kind": "place", "followups": ["đem đi mô"]}}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content, two of its articles in parts, one of them of a procedure."""
    root = write_content(tmp_path / "content")
    write_procedure(root)
    write_parted(root, "## Nơi nhận {#noi}\n\nNộp ở xã.", parts=PLACE, procedure=PROCEDURE)
    edit_head(root, "ocop/ho-so", parts=PLACE, label="Hồ sơ OCOP")
    path = root / "articles/ocop/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Nơi nhận {{#noi}}\n\nỞ xã.\n", "utf-8")
    return root


@pytest.fixture
def citizen(services: Services, content: Path) -> Citizen:
    """Return somebody who talks to a product that knows the parts of its articles."""
    served = services.current.edition
    parts = PartIndex.of(read_content(content))
    services.current.edition = replace(served, parts=parts)
    return Citizen(services)


@pytest.mark.parametrize(("second", "told"), [(0.4, True), (0.1, False)])
async def test_what_is_about_as_likely_is_read_too(
    citizen: Citizen, nlu: FakeNlu, second: float, *, told: bool
) -> None:
    """Both stay a question; to what is far less likely only the button leads."""
    nlu.table["rứa hụt"] = reading(("founding.so-thanh-vien", 0.45), ("ocop.ho-so", second))
    asked = await citizen.say("rứa hụt")

    assert (asked.outcome, "Mẫu 01 và Mẫu 02" in asked.lead) == ("clarify", told)
    assert [button.payload for button in asked.buttons[:2]] == [f"a:{PARTED}", "a:ocop/ho-so"]


async def test_step_is_asked_of_the_procedure_that_is_open(citizen: Citizen, nlu: FakeNlu) -> None:
    """“Nộp ở đâu” is asked of any: another procedure is meant only where the NLU is sure."""
    own, other = ("founding.so-thanh-vien", 0.2), ("ocop.ho-so", 0.7)
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"nộp chỗ mô | {PARTED}"] = reading(other, own)
    nlu.table[f"OCOP nộp chỗ mô | {PARTED}"] = reading(other)
    await citizen.say("tối thiểu")
    stays = await citizen.say("nộp chỗ mô")
    leaves = await citizen.say("OCOP nộp chỗ mô")

    assert (stays.article, stays.part) == (PARTED, "noi")
    assert leaves.article == "ocop/ho-so"


async def test_open_article_is_asked_on_where_a_part_of_it_fits(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Though another reads a little likelier; one far likelier is meant, and by a long message."""
    meant = {PARTED: {"noi": 0.8}}
    near, far = (("founding.so-thanh-vien", own) for own in (0.4, 0.1))
    nlu.table[f"hụt | {PARTED}"] = reading(("ocop.ho-so", 0.8), near, parts=meant)
    nlu.table[f"hụt ni | {PARTED}"] = reading(("ocop.ho-so", 0.8), far, parts=meant)
    long = "hụt " * 13
    nlu.table[f"{long.strip()} | {PARTED}"] = nlu.table[f"hụt | {PARTED}"]
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    await citizen.say("tối thiểu")
    stays = await citizen.say("hụt")
    leaves = await citizen.say("hụt ni")
    await citizen.say("tối thiểu")
    asks = await citizen.say(long)

    assert (stays.article, stays.part) == (PARTED, "noi")
    assert leaves.article == asks.article == "ocop/ho-so"


async def test_few_words_tell_the_kind_of_part_that_is_asked(
    citizen: Citizen, nlu: FakeNlu
) -> None:
    """Though none of its own follow-ups has them."""
    for text in ("tối thiểu", "mang tới nơi nào"):
        nlu.table[text] = reading(("founding.so-thanh-vien", 0.9))
    await citizen.say("tối thiểu")

    assert (await citizen.say("mang tới nơi nào")).part == "noi"


@pytest.mark.parametrize("brief", ["nói ngắn thôi: hụt người mấy", "hụt người mấy, tóm tắt giúp"])
async def test_who_wants_it_short_is_told_the_first_alone(
    citizen: Citizen, nlu: FakeNlu, brief: str
) -> None:
    """The question is read without that, and answered without what stands beside."""
    nlu.table["hụt người mấy"] = reading(("founding.so-thanh-vien", 0.9))
    full, short = (
        await citizen.say("hụt người mấy"),
        await Citizen(citizen.services, "b").say(brief),
    )

    assert (full.next_step, short.next_step, short.detail) == ("Hỏi UBND xã.", "", "")
    assert short.lead == full.lead


async def test_no_to_a_guess_asks_of_the_next(citizen: Citizen, nlu: FakeNlu) -> None:
    """It is told as the first was; behind the last only other words help."""
    nlu.table["rứa hụt"] = reading(("founding.so-thanh-vien", 0.45), ("ocop.ho-so", 0.2))
    await citizen.say("rứa hụt")
    then, last = await citizen.say("không phải"), await citizen.say("không phải")

    assert (then.outcome, then.offered, last.offered) == ("clarify", ("ocop/ho-so",), ())
    assert "Mẫu 01 và Mẫu 02" in then.lead


async def test_after_a_greeting_nothing_was_told_above(
    citizen: Citizen, nlu: FakeNlu, services: Services
) -> None:
    """Nothing stands above a greeting that nobody asked for."""
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    await citizen.say("tối thiểu")
    async with services.sessions.begin() as session:
        menu = services.composer().menu()
        await note_shown(session, citizen.channel, citizen.conversation, menu, services.now())

    assert "vừa nói ở trên" not in (await citizen.say("tối thiểu")).lead
