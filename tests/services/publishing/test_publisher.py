import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from services.publishing.status import read_record, record_path
from tests.conftest import NOON
from tests.doubles.backend import FakeBackend
from tests.doubles.sound import edit
from tests.doubles.waiting import until
from tests.services.publishing.conftest import House


async def test_changed_article_is_learned_and_served(house: House) -> None:
    """A good change is trained from its snapshot, read by a new server, and told to the hook."""
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()

    live, record = house.publisher.board.live, house.publisher.status.record
    assert "06 thành viên" in house.short
    assert [path.name for path in house.training.asked] == [record.edition]
    assert (live is not house.first, house.publisher.current.edition.interpreter.nlu) == (
        True,
        live.client,
    )
    assert (record.state, [library.articles.keys() for library in house.sold]) == (
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
    assert "luat-khong-co" in house.said[-1]
    assert house.training.asked == []


async def test_mended_content_settles_the_refusal(house: House) -> None:
    """Putting the article back as it was clears what was refused."""
    house.write("luat-17-2023", "luat-khong-co")
    await house.publisher.publish()
    house.write("luat-khong-co", "luat-17-2023")

    await house.publisher.publish()

    record = house.publisher.status.record
    assert (record.state, record.findings, record.refused_at) == ("idle", (), None)


async def test_failed_training_is_refused(house: House) -> None:
    """What can't be learned is refused with the training's last line."""
    house.training.fault = "Huấn luyện không xong: hết bộ nhớ"
    house.write("**05 thành viên**", "**06 thành viên**")

    await house.publisher.publish()

    assert house.publisher.status.record.findings == ("Huấn luyện không xong: hết bộ nhớ",)
    assert "05 thành viên" in house.short


@pytest.mark.xfail(strict=True, reason="a failed publish waits until somebody saves a file")
async def test_fault_of_the_machine_is_tried_again(house: House) -> None:
    """A training that the machine broke off is done again, though nobody saves anything."""
    house.training.fault = "Huấn luyện không xong: hết bộ nhớ"
    house.write("**05 thành viên**", "**06 thành viên**")
    async with running(house):
        await until(lambda: house.publisher.status.record.findings != (), 10)
        house.training.fault = ""
        await until(lambda: "06 thành viên" in house.short, 10)


@pytest.mark.xfail(strict=True, reason="one broken file holds back every other change")
async def test_broken_article_holds_back_itself_alone(house: House) -> None:
    """Another article's fix is served; the broken one stays as it was, and is named."""
    other = house.article.with_name("ho-so.md")
    other.write_text(other.read_text("utf-8").replace("năm loại", "sáu loại"), encoding="utf-8")
    house.write("luat-17-2023", "luat-khong-co")

    await house.publisher.publish()

    library = house.publisher.current.library
    assert "sáu loại" in library.articles["founding/ho-so"].short
    assert "05 thành viên" in house.short
    assert any("so-thanh-vien.md" in finding for finding in house.publisher.status.record.findings)


@pytest.mark.xfail(strict=True, reason="a lapse is refused with whatever else is wrong")
async def test_lapse_takes_hold_whatever_else_is_found(house: House) -> None:
    """The law's end is served though the rest of the change is refused."""
    content = house.publisher.settings.content_dir
    edit(content, "sources/luat-17-2023.yml", "issued:", "in_force_to: '2024-07-02'\nissued:")
    (content / "topics.yml").write_text("founding: ???", encoding="utf-8")

    await house.publisher.publish()

    served = house.publisher.current.library.served(NOON.date())
    assert (served.articles, house.publisher.status.refused) == ({}, True)


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
        await until(lambda: "07 thành viên" in house.short, 10)

    assert (house.training.given_up, len(house.sold)) == (1, 1)


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


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(house.publisher.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
