import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from services.bootstrap import Services
from services.errors import MachineError, ModelError
from services.knowledge.library import Library
from services.publishing.editions import recorded
from services.publishing.status import Publishing, read_record, record_path
from services.settings import Settings
from services.understanding.switchboard import Switchboard
from tests.conftest import NOON
from tests.doubles.backend import FakeBackend
from tests.doubles.checked_content import edit
from tests.doubles.content import SOURCES, dump
from tests.doubles.waiting import until
from tests.services.publishing.conftest import House


async def test_changed_article_is_learned_and_served(house: House) -> None:
    """A good change is trained from its snapshot, read by a new server, and told to the hook."""
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()

    live, record = house.publisher.board.live, house.publisher.status.record
    assert "06 thành viên" in house.short
    assert (len(house.training.asked), record.edition) == (1, house.publisher.served.fingerprint)
    assert (live is not house.first, house.publisher.current.edition.interpreter.nlu) == (
        True,
        live and live.client,
    )
    assert (record.state, [library.articles.keys() for library in house.published]) == (
        "idle",
        [house.publisher.current.library.articles.keys()],
    )


async def test_server_before_leaves_after_the_switch(house: House) -> None:
    """The server that was live is ended once the new one answers."""
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()
    await until(lambda: house.first.stopped, 10)

    live = house.publisher.board.live
    assert isinstance(live, FakeBackend)
    assert (live.started, live.stopped) == (True, False)


async def test_what_training_does_not_read_needs_none(house: House) -> None:
    """A phrase is served at once, by the server that is there."""
    replies = house.publisher.settings.content_dir / "phrases/replies.yml"
    replies.write_text(f"{replies.read_text('utf-8')}\nthử: Câu mới.\n", encoding="utf-8")

    await house.publisher.publish()

    assert house.publisher.current.say("thử") == "Câu mới."
    assert (house.training.asked, house.publisher.board.live) == ([], house.first)


async def test_broken_content_is_refused_in_words(house: House) -> None:
    """A source that does not exist is refused with file and line; the old content goes on."""
    before = house.publisher.current.edition
    house.write("luat-17-2023", "luat-khong-co")

    await house.publisher.publish()

    record = read_record(record_path(house.publisher.settings))
    assert record is not None
    assert (record.state, house.publisher.current.edition) == ("refused", before)
    assert any("so-thanh-vien.md" in line and "luat-khong-co" in line for line in record.findings)
    assert "luat-khong-co" in house.lines[-1]
    assert house.training.asked == []


async def nothing_found(
    _settings: Settings, _folder: Path, _before: Path | None
) -> tuple[str, ...]:
    """Find nothing: what a rehearsal meets is what no check looks for."""
    return ()


def break_answers(content: Path) -> None:
    """Write phrases of every answer and decline that can't be rendered."""
    path = content / "phrases/replies.yml"
    phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
    broken = dict.fromkeys(("source_line", "button_menu"), "{{ 1 // 0 }}")
    path.write_text(dump(phrases | broken), encoding="utf-8")


async def test_edition_that_cannot_answer_is_held_back(house: House) -> None:
    """The edition before goes on; the record names what was asked, the new server is ended."""
    opened = list[FakeBackend]()

    def opening(settings: Settings, model: Path) -> FakeBackend:
        opened.append(FakeBackend(settings, model))
        return opened[-1]

    house.publisher.sift, house.publisher.open_backend = nothing_found, opening
    before, served = house.publisher.current.edition, house.publisher.served
    break_answers(house.publisher.settings.content_dir)
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()

    record = house.publisher.status.record
    assert (record.state, record.edition) == ("refused", served.fingerprint)
    assert (house.publisher.current.edition, house.publisher.board.live) == (before, house.first)
    assert "không trả lời được" in record.findings[-1]
    assert [backend.stopped for backend in opened] == [True]


async def test_what_the_first_edition_cannot_answer_is_told(house: House) -> None:
    """There is none before it: it is served, and the record says what is wrong with it."""
    publisher = replace(house.publisher, doubts=("Không trả lời được.",))

    await publisher.publish()

    record = read_record(record_path(publisher.settings))
    assert record is not None
    assert (record.state, record.findings) == ("idle", ("Không trả lời được.",))


async def test_lapse_is_served_though_its_rehearsal_fails(house: House) -> None:
    """What is over is not told any more, whatever else is wrong; the record says what is."""
    content = house.publisher.settings.content_dir
    house.publisher.sift = nothing_found
    break_answers(house.publisher.served.content)
    edit(content, "sources/luat-17-2023.yml", "issued:", "in_force_to: '2024-07-02'\nissued:")
    break_answers(content)

    await house.publisher.publish()

    record = house.publisher.status.record
    assert house.publisher.current.library.served(NOON.date()).articles == {}
    assert record.edition == house.publisher.served.fingerprint
    assert "không trả lời được" in record.findings[-1]


async def test_mended_content_settles_the_refusal(house: House) -> None:
    """Putting the article back as it was clears what was refused."""
    house.write("luat-17-2023", "luat-khong-co")
    await house.publisher.publish()
    house.write("luat-khong-co", "luat-17-2023")

    await house.publisher.publish()

    record = house.publisher.status.record
    assert (record.state, record.findings, record.refused_at) == ("idle", (), None)


async def test_failed_training_is_told(house: House) -> None:
    """What can't be learned is not served; the training's last line says why."""
    house.training.fault = "Huấn luyện không xong: hết bộ nhớ"
    house.write("**05 thành viên**", "**06 thành viên**")

    with pytest.raises(ModelError, match="hết bộ nhớ"):
        await house.publisher.publish()

    assert "05 thành viên" in house.short


async def test_fault_of_the_machine_is_tried_again(house: House) -> None:
    """A training that the machine broke off is done again, though nobody saves anything."""
    house.training.fault, house.publisher.retries = "Huấn luyện không xong: hết bộ nhớ", (0.5,)
    house.write("**05 thành viên**", "**06 thành viên**")
    async with running(house):
        await until(lambda: house.publisher.status.record.state == "waiting", 10)
        told = house.publisher.status.record.findings
        house.training.fault = ""
        await until(lambda: "06 thành viên" in house.short, 10)

    assert told == ("Huấn luyện không xong: hết bộ nhớ",)
    assert house.publisher.status.record.findings == ()


async def test_content_that_cannot_be_copied_is_tried_again(house: House) -> None:
    """A disk that was full, a folder that was away: served once it is there, unasked."""
    content, away = house.article.parents[2], house.article.parents[2].with_name("away")
    house.publisher.retries = (0.5,)
    house.write("**05 thành viên**", "**06 thành viên**")
    content.rename(away)
    async with running(house):
        await until(lambda: house.publisher.status.record.state == "waiting", 10)
        away.rename(content)
        await until(lambda: "06 thành viên" in house.short, 10)

    assert house.publisher.status.record.findings == ()


async def test_broken_article_holds_back_itself_alone(house: House) -> None:
    """Another article's fix is served; the broken one stays as it was, and is named."""
    other = house.article.with_name("ho-so.md")
    other.write_text(
        other.read_text("utf-8").replace("gồm **hai**", "có **hai**"), encoding="utf-8"
    )
    house.write("luat-17-2023", "luat-khong-co")

    await house.publisher.publish()

    library = house.publisher.current.library
    assert "có **hai** loại" in library.articles["founding/ho-so"].short
    assert "05 thành viên" in house.short
    assert any("so-thanh-vien.md" in finding for finding in house.publisher.status.record.findings)


async def test_lapse_takes_hold_whatever_else_is_found(house: House) -> None:
    """The law's end is served though the rest of the change is refused."""
    content = house.publisher.settings.content_dir
    edit(content, "sources/luat-17-2023.yml", "issued:", "in_force_to: '2024-07-02'\nissued:")
    (content / "topics.yml").write_text("founding: ???", encoding="utf-8")

    await house.publisher.publish()

    served = house.publisher.current.library.served(NOON.date())
    assert (served.articles, house.publisher.status.refused) == ({}, True)


async def test_fix_goes_through_beside_a_lapse(house: House) -> None:
    """What is left without a document stops; another article's fix is served as ever."""
    content = house.publisher.settings.content_dir
    document = dump({**SOURCES["luat-17-2023"], "number": "26/2026/QĐ-TTg"})
    (content / "sources/qd-26-2026.yml").write_text(document, encoding="utf-8")
    edit(content, "articles/ocop/ho-so.md", "source: luat-17-2023", "source: qd-26-2026")
    await house.publisher.publish()
    before = house.publisher.current.library.served(NOON.date()).articles
    edit(content, "sources/qd-26-2026.yml", "issued:", "in_force_to: '2026-11-01'\nissued:")
    house.write("**05 thành viên**", "05 **thành viên**")

    await house.publisher.publish()

    after = house.publisher.current.library.served(NOON.date()).articles
    assert before.keys() - after.keys() == {"ocop/ho-so"}
    assert "05 **thành viên**" in house.short


async def test_figure_that_no_fact_has_is_held_back(house: House) -> None:
    """All that the check finds keeps a change back, not only what would break a reply."""
    house.write("**05 thành viên**", "**17 thành viên**")

    await house.publisher.publish()

    assert "05 thành viên" in house.short
    assert any("17 thành viên" in finding for finding in house.publisher.status.record.findings)


async def test_first_edition_is_checked_whole_before_it_counts_as_whole(
    house: House, settings: Settings, services: Services
) -> None:
    """A reply that no channel can show is known to the faces alone, and is left out by them."""
    path = settings.content_dir / "articles/ocop/hang-sao.md"
    text = path.read_text(encoding="utf-8").replace("Từ 3 đến 5 sao.", "Có sao.\n\n" * 700)
    path.write_text(text, encoding="utf-8")
    edit(settings.content_dir, "articles/ocop/ho-so.md", "- ocop/hang-sao", "- founding/ho-so")
    record_path(settings).unlink()
    first = recorded(settings)
    publisher = replace(house.publisher, served=first, current=services.current)

    await publisher.publish()

    assert "ocop/hang-sao" in first.library.articles
    assert "ocop/hang-sao" not in publisher.current.library.articles
    assert publisher.served.manifest.whole


async def test_fact_that_lost_its_article_holds_nothing_back(house: House) -> None:
    """Who takes a fact from an article is told of it; this and another fix are served."""
    other = house.article.with_name("ho-so.md")
    other.write_text(
        other.read_text("utf-8").replace("gồm **hai**", "có **hai**"), encoding="utf-8"
    )
    edit(other.parents[2], "articles/founding/ho-so.md", "- '3.1'\n", "")

    await house.publisher.publish()

    assert "có **hai** loại" in house.publisher.current.library.articles["founding/ho-so"].short
    assert not house.publisher.status.refused


async def test_new_article_yields_to_the_one_that_it_copies(house: House) -> None:
    """A question that stands already keeps its place; another change goes on beside."""
    text = house.article.read_text(encoding="utf-8")
    new = house.article.with_name("a-new.md")
    new.write_text(text.replace("title: Số thành viên", "title: Mấy thành viên"), encoding="utf-8")
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()

    assert "06 thành viên" in house.short
    assert "founding/a-new" not in house.publisher.current.library.articles


async def test_deleted_file_that_is_needed_stays(house: House) -> None:
    """An article that others lead to is served until they lead elsewhere."""
    house.article.unlink()

    await house.publisher.publish()

    assert "05 thành viên" in house.short
    assert house.publisher.status.refused


async def test_start_serves_what_was_recorded(house: House, settings: Settings) -> None:
    """Whatever the folder holds by then: the library and the model belong together."""
    served, live = house.publisher.served, house.publisher.board.live
    house.write("**05 thành viên**", "**17 thành viên**")
    await house.publisher.publish()

    again = recorded(settings)

    assert (again.fingerprint, again.manifest.whole) == (served.fingerprint, True)
    assert again.model(settings) == (live and live.model)
    assert Publishing(record_path(settings), again.fingerprint).refused


async def test_who_publishes_nothing_trains_nothing(house: House) -> None:
    """It says what to do; a model that somebody trains by hand is served."""
    settings = house.publisher.settings.model_copy(update={"publish": False})
    model = house.publisher.served.model(settings)
    assert model is not None
    model.unlink()
    publisher = replace(house.publisher, settings=settings, board=Switchboard(settings.nlu_port))
    with pytest.raises(MachineError, match="htx nlu train"):
        await publisher.publish()
    await house.training(settings, model)
    await publisher.publish()

    assert len(house.training.asked) == 1
    assert publisher.board.live is not None
    await publisher.board.stop()


async def test_last_change_wins(house: House) -> None:
    """A change that comes during a training ends it; the newest content is served."""
    house.training.go_on.clear()
    house.write("**05 thành viên**", "**06 thành viên**")
    async with running(house):
        await until(lambda: len(house.training.asked) == 1, 10)
        house.write("**06 thành viên**", "**07 thành viên**")
        house.training.go_on = asyncio.Event()
        house.training.go_on.set()
        house.saved.tell()
        await until(lambda: "07 thành viên" in house.short and len(house.published) > 0, 10)

    assert (house.training.given_up, len(house.published)) == (1, 1)


async def test_hook_that_fails_stops_nothing(house: House) -> None:
    """After an unforeseen failure the next change is published all the same."""

    async def fail(_: object) -> None:
        raise RuntimeError

    house.publisher.on_published = fail
    house.write("**05 thành viên**", "**06 thành viên**")
    async with running(house):
        await until(lambda: "06 thành viên" in house.short, 10)
        house.write("**06 thành viên**", "**07 thành viên**")
        house.saved.tell()
        await until(lambda: "07 thành viên" in house.short, 10)

    assert house.publisher.status.record.findings == ()


async def test_who_could_not_be_told_is_told_later(house: House) -> None:
    """The database may be away as new content is served; no other change has to come."""
    told, keep = list[Library](), house.publisher.on_published

    async def fail_once(library: Library) -> None:
        told.append(library)
        if len(told) == 1:
            raise OSError
        await keep(library)

    house.publisher.on_published = fail_once
    house.write("**05 thành viên**", "**06 thành viên**")
    async with running(house):
        await until(lambda: house.published != [], 5)

    assert told == [house.publisher.served.library] * 2


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(house.publisher.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
