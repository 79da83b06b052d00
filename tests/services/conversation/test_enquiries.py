import pytest

from services.conversation.enquiries import enquiries, question_in
from services.knowledge.discourse_cues import DiscourseCues
from services.settings import ROOT
from tests.doubles.content import read_content


@pytest.fixture(scope="module")
def cues() -> DiscourseCues:
    """Return the words that the content has for it."""
    return read_content(ROOT / "content").cues


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Lập HTX cần mấy người? Lệ phí bao nhiêu?",
            ["Lập HTX cần mấy người?", "Lệ phí bao nhiêu?"],
        ),
        ("ho so ocop gom gi voi lai nop o dau vay", ["ho so ocop gom gi", "nop o dau vay"]),
        (
            "Hồ sơ lập HTX gồm gì, nhân tiện hỏi luôn lên xã đăng ký có mất tiền không",
            ["Hồ sơ lập HTX gồm gì", "lên xã đăng ký có mất tiền không"],
        ),
        (
            "Lãi suất vay bao nhiêu? Bao lâu? Hồ sơ vay gồm gì?",
            ["Lãi suất vay bao nhiêu?", "Bao lâu?", "Hồ sơ vay gồm gì?"],
        ),
        (
            "điều lệ ai thông qua và phải có những mục nào",
            ["điều lệ ai thông qua", "phải có những mục nào"],
        ),
        (
            "1) giấy tờ gồm những gì; 2) mấy ngày có kết quả",
            ["1) giấy tờ gồm những gì", "2) mấy ngày có kết quả"],
        ),
        (
            "Đề nghị hướng dẫn thành phần hồ sơ tạm ngừng và thời hạn giải quyết của xã.",
            ["Đề nghị hướng dẫn thành phần hồ sơ tạm ngừng", "thời hạn giải quyết của xã"],
        ),
        (
            "mo htx can may nguoi von it nhat bao nhieu tien nop giay o dau",
            ["mo htx can may nguoi", "von it nhat bao nhieu tien", "nop giay o dau"],
        ),
    ],
)
def test_questions_side_by_side_are_told_apart(
    cues: DiscourseCues, text: str, parts: list[str]
) -> None:
    """By marks, by joining words, by what a request names, and by asking words where none is."""
    assert [part.text for part in enquiries(cues, text)] == parts


def test_story_before_a_turn_to_another_question_is_a_question(cues: DiscourseCues) -> None:
    """What asks nothing wants an answer where “nhân tiện” goes on; a few words before it do not."""
    story = "Đại hội có 58% phiếu chịu sửa Điều lệ, ông bí thư nói chưa ăn thua."
    behind = "Còn nữa, dời trụ sở thì nộp hồ sơ ở đâu"

    assert [part.text for part in enquiries(cues, f"{story} {behind}")] == [
        story.strip("."),
        "dời trụ sở thì nộp hồ sơ ở đâu",
    ]
    assert not enquiries(cues, f"Chào em, chị làm mắm. {behind}")[1:]


@pytest.mark.parametrize("mark", [" rồi, ", ", ", ". ", "; "])
def test_who_says_that_they_ask_turns_behind_any_mark(cues: DiscourseCues, mark: str) -> None:
    """“Tiện thể cho em hỏi” turns behind a comma too, and is no part of what it asks."""
    story, asked = "Nhà chị nuôi gà cho hợp tác xã Duy Phước hai lứa", "vay Quỹ cần giấy gì?"

    first, second = enquiries(cues, f"{story}{mark}tiện thể cho em hỏi {asked}")

    assert (first.text.removesuffix(" rồi"), second.told) == (story, asked)


@pytest.mark.parametrize(
    "text",
    [
        "Nhà tui góp cho hợp tác xã hai con bò, với lại cái xe tải, giờ muốn rút ra được không?",
        "Chào anh chị em trong ban giúp hợp tác xã, tiện thể tui ở Duy Phước, mở cần mấy người?",
        "HTX tui bỏ không ba năm, chưa ai chịu làm. Ngoài ra còn nợ thuế. Vậy giải thể được không?",
        "Chị nuôi gà cho hợp tác xã được hai lứa. Nhân tiện kể cho vui. Vay Quỹ cần giấy gì?",
        "Nhà em muốn góp ruộng vô HTX, em hỏi luôn giám đốc thì ổng chịu, vậy có mất đất không?",
        "em o phuong tam ky lau roi, nhan tien hoi thang 3, gio len 4 sao thuong bao nhieu?",
        "gung cua em moi len 3 sao hom qua do nghe. nhan tien thuong o dau?",
    ],
)
def test_list_or_chat_is_no_turn_to_another_question(cues: DiscourseCues, text: str) -> None:
    """“Với lại” goes on with a list, “ngoài ra” with a story, “tiện thể” with a chat."""
    assert [part.text for part in enquiries(cues, text)] == [text]


@pytest.mark.parametrize(
    "asked",
    [
        ("Giấy cấp năm 2012 giá trị còn nữa không", "muốn đổi thì nộp ở đâu?"),
        ("quy cho vay duoc bao nhieu", "voi lai suat may phan tram"),
        ("Vay Quỹ cần giấy gì", "mà không còn chi để thế thì họ có cho mượn không?"),
    ],
)
def test_other_words_of_the_letters_of_a_turn_join_nothing(
    cues: DiscourseCues, asked: tuple[str, str]
) -> None:
    """“Còn nữa không” ends a question, “voi lai suat” is interest, “mà không còn” a denial."""
    assert [part.text for part in enquiries(cues, ", ".join(asked))] == [*asked]


def test_story_alone_holds_no_question(cues: DiscourseCues) -> None:
    """Where nothing asks behind the turn, nothing asks."""
    story = "Chị ở Duy Phước nuôi gà cho hợp tác xã được hai lứa rồi."

    assert question_in(cues, f"{story} Nhân tiện kể luôn cho vui.") is None


@pytest.mark.parametrize(
    "text",
    [
        "Lập HTX cần mấy người? Cảm ơn",
        "Chào em. Lập HTX cần mấy người?",
        "Đất và máy móc có góp vào hợp tác xã được không?",
        "Giấy của hợp tác xã có còn giá trị không?",
        "Tôi không có gì để thế chấp, ai cũng bảo thôi, vậy vay được không?",
        "Mấy năm nay làm ăn khó, mấy ông trong ban nghỉ hết, giờ bầu lại cách nào?",
        "Góp bằng ruộng có được không, hay phải góp bằng tiền?",
        "Hợp tác xã ngừng một năm thì bị thu giấy, có đúng không?",
        "to may gia cong co vay von cua quy duoc khong",
    ],
)
def test_one_question_stays_whole(cues: DiscourseCues, text: str) -> None:
    """A greeting, a story, a list of things, a denial, the other choice, a tag: none is another."""
    assert [part.text for part in enquiries(cues, text)] == [text]


def test_story_belongs_to_the_question_behind_it(cues: DiscourseCues) -> None:
    """What asks nothing is read with what it leads to."""
    text = "Bão làm sập kho. Muốn sửa thì xin hỗ trợ ở đâu, và phải làm đơn thế nào?"

    first, second = enquiries(cues, text)

    assert (first.text, first.told) == (
        "Muốn sửa thì xin hỗ trợ ở đâu",
        "Bão làm sập kho. Muốn sửa thì xin hỗ trợ ở đâu",
    )
    assert second.told == "phải làm đơn thế nào?"


def test_list_of_questions_is_parted(cues: DiscourseCues) -> None:
    """Though a reply can't hold them all."""
    text = "Vốn bao nhiêu? Mấy người? Nộp đâu? Ai ký? Bao lâu? Lệ phí mấy đồng?"

    assert len(enquiries(cues, text)) == 6


def test_very_many_questions_are_read_whole(cues: DiscourseCues) -> None:
    """So many are a story, or a text that was pasted."""
    text = "Vốn bao nhiêu? Mấy người? Nộp đâu? Ai ký? Bao lâu? " * 3

    assert [part.text for part in enquiries(cues, text)] == [text]


def test_content_without_these_words_parts_little(cues: DiscourseCues) -> None:
    """An older edition knows no asking words: what it parts are question marks, as ever."""
    older = DiscourseCues(joiners=cues.joiners)

    assert len(enquiries(older, "Cần mấy người, lệ phí bao nhiêu?")) == 1
    assert len(enquiries(older, "Lập hợp tác xã cần mấy người? Lệ phí bao nhiêu?")) == 2
