"""What sounds like talk, or like a wish for a person, and asks for a part of what is open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from services.conversation.beginnings import begun
from services.conversation.composer import Composer
from services.conversation.open_article import OpenArticle
from services.conversation.particulars import particular_in
from services.conversation.policy import AnswerArticle, Decision, HandOff, MakeSmallTalk
from services.conversation.smalltalk import wants_person
from services.conversation.state import ConversationState
from services.conversation.steps import step_asked
from services.conversation.talk import reply_to_act
from services.knowledge.library import Library
from services.settings import ROOT
from services.understanding.parts import PartIndex
from tests.doubles.content import read_content

ALLIANCE, FUND = "government/lien-minh-htx", "fund/lien-he"
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


@pytest.fixture(scope="module")
def parts(library: Library) -> PartIndex:
    return PartIndex.of(library)


def acted(library: Library, parts: PartIndex, opened: str | None, text: str) -> str | None:
    """Return the act that a message surely is."""
    state = ConversationState(article=opened, question="câu trước", trail=(f"a:{opened}",))
    reply = reply_to_act(text, state, Composer(library, TODAY), parts)
    return reply.reply.act if reply and reply.sure else None


@pytest.mark.parametrize(
    ("opened", "text"),
    [
        ("founding/noi-nop", "thu bay co lam khong"),
        ("management/mot-phieu", "mot nguoi nhan may to"),
        (FUND, "hoi thi hoi nhung gi"),
        (FUND, "nên hỏi gì"),
        (ALLIANCE, "giúp được gì"),
        ("directive/lien-minh-nong-cot", "giờ tên là gì"),
        ("changes/chi-nhanh", "thu tuc the nao"),
        ("founding/bo-sung-ho-so", "khi nao ho nhan lai"),
        ("policy/thu-hut-lao-dong", "may tuoi"),
        ("members/ket-nap", "có mẫu đơn không"),
        ("fund/ho-so", "xin mau o dau"),
        ("group/hop-dong-hop-tac", "xin mau o dau"),
        ("founding/dieu-le", "có bản mẫu không"),
        ("bank/quy-ho-tro-nong-dan", "xin mẫu đơn ở đâu"),
        ("fund/von-tu-co", "phan con lai sao"),
    ],
)
def test_what_the_open_article_answers_is_no_act(
    library: Library, parts: PartIndex, opened: str, text: str
) -> None:
    """Words of an act that a part of what is open is asked with ask for that part."""
    assert acted(library, parts, opened, text) is None


@pytest.mark.parametrize(
    ("opened", "text"),
    [("fund/von-tu-co", "phần còn lại"), ("founding/hoi-nghi-thanh-lap", "bước tiếp theo là gì?")],
)
def test_what_a_part_is_asked_with_word_for_word_is_no_act(
    library: Library, parts: PartIndex, opened: str, text: str
) -> None:
    """Whatever act these very words are where no part of what is open has them."""
    article = library.articles[opened]
    part = article.parts[0].id
    asked = article.head.parts[part].model_copy(update={"followups": (text,)})
    head = article.head.model_copy(update={"parts": {**article.head.parts, part: asked}})
    served = replace(library, articles={**library.articles, opened: replace(article, head=head)})

    assert acted(library, parts, opened, text) is not None
    assert acted(served, parts, opened, text) is None


@pytest.mark.parametrize(
    ("opened", "text", "act"),
    [
        (ALLIANCE, "bạn giúp được gì", "abilities"),
        (FUND, "gặp cán bộ", "person"),
        (FUND, "cho gặp người thật", "person"),
        (FUND, "gửi mẫu đơn qua đây được không", "file"),
        ("founding/dieu-le", "cho xin file mẫu", "file"),
        ("founding/bo-sung-ho-so", "khi nào tới hạn nhắc tôi", "reminder"),
        ("management/mot-phieu", "cho tôi gặp người", "person"),
        ("founding/noi-nop", "sai rồi", "wrong"),
        ("changes/chi-nhanh", "tức quá", "anger"),
        (ALLIANCE, "bot ten gi", "identity"),
        (None, "giúp được gì", "abilities"),
        (None, "có mẫu đơn không", "file"),
    ],
)
def test_what_is_said_to_the_assistant_stays_an_act(
    library: Library, parts: PartIndex, opened: str | None, text: str, act: str
) -> None:
    """Whatever is open; with nothing open there is no part to ask for."""
    assert acted(library, parts, opened, text) == act


@pytest.fixture
def asked(library: Library, parts: PartIndex) -> Callable[[str, str, Decision], str | None]:
    """Return what finds the part of an open article that is told, whatever the reading was."""

    def _asked(opened: str, text: str, decision: Decision) -> str | None:
        told = OpenArticle(library.articles[opened], text, library, parts)
        found = told.step(decision) or told.goes_on(decision) or told.liker(decision)
        return found[1] if found and found[0] == opened else None

    return _asked


@pytest.mark.parametrize(
    ("opened", "text", "read", "part"),
    [
        ("founding/ma-so-thue", "coi được những gì", "abilities", "tra-cuu"),
        ("bank/ba-nguon-vay", "so lai giup toi", "handoff", "lai"),
        ("founding/bo-sung-ho-so", "em là cán bộ thì trả lời sao cho đúng", "handoff", "can-bo"),
        (ALLIANCE, "tới đâu gặp họ", "handoff", "dia-chi"),
    ],
)
def test_what_a_part_answers_is_no_talk_and_opens_no_ticket(
    asked: Callable[[str, str, Decision], str | None], opened: str, text: str, read: str, part: str
) -> None:
    """A person is wanted only where a person's word stands with a wish for one."""
    decision = HandOff(1.0) if read == "handoff" else MakeSmallTalk(read, 0.99)
    assert asked(opened, text, decision) == part


@pytest.mark.parametrize(
    ("opened", "text", "decision"),
    [
        (FUND, "nhờ cán bộ gọi lại giúp tôi", HandOff(0.9)),
        (ALLIANCE, "cho số người phụ trách với", HandOff(0.9)),
        (ALLIANCE, "bạn giúp được những gì rứa", MakeSmallTalk("abilities", 0.9)),
        (FUND, "ok cảm ơn", MakeSmallTalk("thanks", 0.9)),
    ],
)
def test_a_wish_for_a_person_and_a_courtesy_are_left(
    asked: Callable[[str, str, Decision], str | None], opened: str, text: str, decision: Decision
) -> None:
    """Though some words of them stand in what is open."""
    assert asked(opened, text, decision) is None


@pytest.mark.parametrize(
    ("opened", "text", "part"),
    [
        ("dissolution/to-chuc-lai", "báo cho ai trước", "bao-ai"),
        ("ocop/ho-so", "mẫu lấy ở đâu", "lay"),
        ("founding/noi-nop", "giấy nộp ở huyện rồi thì sao", "do-dang"),
    ],
)
def test_part_that_is_far_liker_than_that_of_the_step_is_told(
    asked: Callable[[str, str, Decision], str | None], opened: str, text: str, part: str
) -> None:
    """“Báo cho ai” is no place to hand in at where a part tells whom to inform."""
    assert asked(opened, text, AnswerArticle(opened, 0.9)) == part


@pytest.mark.parametrize(
    "text",
    [
        "Sáng có người gọi tự xưng cán bộ, nói chưa đổi giấy thì bị phạt, chuyển 2 triệu họ làm",
        "Hôm qua có anh mặc áo xanh tới trụ sở đòi 1 triệu tiền môn bài năm 2026",
        "co ong tu xung thue toi thu 500 ngan tien mon bai htx",
        "người lạ gọi bảo đóng tiền đổi giấy chứng nhận, không đóng thì bị phạt",
    ],
)
def test_who_comes_or_calls_for_money_is_warned_of(library: Library, text: str) -> None:
    """For whatever it is asked: a tax that is no more, a paper that is changed free of charge."""
    found = particular_in(library.cues.particulars, library.places, text)

    assert found is not None
    assert found.about == "scam"


@pytest.mark.parametrize(
    "text",
    [
        "Hợp tác xã mình không có đất đứng tên, chỉ có kho. Muốn vay không biết lấy gì thế chấp.",
        "Có hợp tác xã trên Facebook rủ góp tiền, hứa lời cao. Tôi muốn coi có thiệt không.",
    ],
)
def test_general_need_is_no_case_of_ones_own(library: Library, text: str) -> None:
    """“Không biết” is no “không, biết ai”: words behind one another make no case."""
    found = particular_in(library.cues.particulars, library.places, text)

    assert found is None or found.about == "scam"


def test_no_tool_begins_at_a_word_of_a_story(library: Library) -> None:
    """Whoever writes a paper of his own wants to know what to cite."""
    told = "Tôi soạn tờ trình, cần dẫn đúng luật và nghị định về hợp tác xã đang còn hiệu lực."

    assert begun(library, told, TODAY) is None
    assert begun(library, "soạn giùm tôi biên bản đại hội", TODAY) is not None


def test_days_until_a_paper_is_given_are_no_deadline_of_ones_own(library: Library) -> None:
    """“Phải cấp” is what the office has to do."""
    assert step_asked(library, "mấy ngày phải cấp giấy") == "time"
    assert step_asked(library, "phải nộp trong mấy ngày") == "deadline"


@pytest.mark.parametrize(
    ("opened", "text", "wish"),
    [
        ("members/thua-ke", "còn thuế thì sao", "thue"),
        ("members/thua-ke", "con giai the thi lam sao", "giai-the"),
        ("members/thua-ke", "còn vay vốn thì hỏi ai", "vay"),
        ("founding/cac-buoc", "rồi làm OCOP nữa thì sao", "ocop"),
        ("management/giam-doc", "thuế thì sao", "thue"),
    ],
)
def test_word_of_another_matter_turns_to_that(
    library: Library, parts: PartIndex, opened: str, text: str, wish: str
) -> None:
    """However sure the reading is of what is open, which says nothing of it."""
    turned = OpenArticle(library.articles[opened], text, library, parts).other_wish()

    assert (turned and turned.id) == wish


@pytest.mark.parametrize(
    ("opened", "text"),
    [
        ("fund/dieu-kien", "còn vay ngân hàng thì sao"),
        ("members/thua-ke", "còn hồ sơ thì sao"),
        ("members/thua-ke", "còn tổ hợp tác thì sao"),
        ("policy/chinh-sach-da-nang", "còn OCOP thì sao"),
        ("government/hoi-noi-nao", "còn giải thể thì hỏi ai"),
    ],
)
def test_word_of_what_is_open_is_asked_of_that(
    library: Library, parts: PartIndex, opened: str, text: str
) -> None:
    """So is a word of any matter: papers; and a part that is named so is meant."""
    assert OpenArticle(library.articles[opened], text, library, parts).other_wish() is None


@pytest.mark.parametrize(
    "text", ["một người muốn lên chính thức", "ba nguoi muon vo them", "có người cần rút vốn"]
)
def test_somebody_who_wants_something_is_no_wish_for_a_person(library: Library, text: str) -> None:
    """Whom one wants stands behind the wish: “cho gặp một người”."""
    assert not wants_person(library, text)
    assert wants_person(library, "cho tui gặp một người thật")
