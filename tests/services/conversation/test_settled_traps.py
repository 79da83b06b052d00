"""What changed after 2020, said as people still believe it: the reply opens with what holds now."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from nlu.text import fold
from services.conversation.composer import Composer
from services.conversation.policy import AnswerArticle
from services.knowledge.checks.coverage import TRAPS
from services.settings import ROOT
from tests.doubles.content import read_content

TOLD = (
    ("15.1", "founding/so-thanh-vien", "Mở htx phải kiếm cho đủ bảy người mới được", "05 thành"),
    ("15.1", "founding/cac-buoc", "Không còn cần 7 người mới lập hợp tác xã nữa hả?", "05 thành"),
    ("15.1", "founding/lien-hiep", "Bốn hợp tác xã mới lập được liên hiệp phải không?", "03 hợp"),
    ("15.2", "founding/noi-nop", "Giấy hợp tác xã đem lên phòng tài chính huyện nộp", "xã"),
    ("15.3", "government/sap-nhap", "Tui lên huyện Núi Thành làm giấy được chứ?", "Cấp huyện đã"),
    ("15.4", "government/sap-nhap", "Mình vẫn là tỉnh Quảng Nam, chưa nhập đi đâu mà?", "Đà Nẵng"),
    ("15.5", "government/viec-cac-so", "Chuyện hợp tác xã thì hỏi Sở Kế hoạch", "Sở Tài chính"),
    ("15.5", "government/viec-cac-so", "Có phải Sở Nông nghiệp và PTNT lo", "Môi trường"),
    ("15.6", "ocop/ai-cong-nhan", "3 sao OCOP thì huyện cấp giấy mà?", "thành phố Đà Nẵng"),
    ("15.7", "ocop/van-ban", "Chấm OCOP vẫn theo Quyết định 148 đúng không", "26/2026"),
    ("15.8", "ocop/hang-sao", "70 tới 89 điểm là 4 sao phải không", "dưới 90 điểm"),
    ("15.8", "ocop/o-bat-buoc", "Đủ điểm là chắc chắn có sao OCOP chứ gì", "ô bắt buộc"),
    ("15.9", "ocop/cong-nhan-lai", "Chờ giấy OCOP hết hạn rồi làm hồ sơ cũng được", "180 ngày"),
    ("15.10", "founding/ho-so", "Hồ sơ lập htx phải nộp phương án kinh doanh hả", "không phải nộp"),
    ("15.11", "capital/gop-toi-da", "Mỗi người góp không quá 20% vốn điều lệ đúng không", "30%"),
    ("15.12", "group/khi-nao-phai-dang-ky", "Tổ hợp tác báo xã rồi là được hỗ trợ", "phải đăng ký"),
    ("15.13", "fund/khong-cho-khong", "Quỹ hợp tác xã cho luôn, khỏi trả", "phải trả"),
    ("15.13", "fund/lai-suat", "Vay Quỹ hợp tác xã không lấy lãi phải không", "phải trả lãi"),
    ("15.14", "bank/ba-nguon-vay", "Quỹ hợp tác xã cho vay 5 tỷ khỏi thế chấp", "của ngân hàng"),
    ("15.15", "bank/vay-khong-the-chap", "Vay tín chấp tối đa 200 triệu thôi hả", "300 triệu"),
    ("15.16", "fund/to-hop-tac", "Tổ hợp tác đứng tên vay Quỹ được mà", "từng thành viên"),
    ("15.16", "fund/ai-duoc-vay", "Công ty là thành viên htx thì vay Quỹ được", "không được vay"),
    ("15.17", "fund/bao-lanh", "Quỹ hợp tác xã bảo lãnh cho mình vay hả", "chưa bảo lãnh"),
    ("15.18", "policy/nq25-quang-nam", "Nghị quyết 25 Quảng Nam còn hưởng được", "hết giai đoạn"),
    ("15.18", "ocop/tien-thuong", "Thưởng OCOP theo nghị quyết số 07/2021", "hết giai đoạn"),
    ("15.19", "changes/htx-cu", "Còn mấy tháng để sửa điều lệ hả anh", "đã qua"),
    ("15.20", "changes/sau-sap-nhap", "Sáp nhập rồi thì phải đổi giấy htx ngay hả", "còn giá trị"),
    ("15.21", "founding/le-phi", "Lệ phí lập hợp tác xã là 150.000 đồng", "không chắc đúng"),
    ("15.22", "tax/mon-bai", "Năm ni htx phải đóng môn bài một triệu hả", "đã bỏ"),
    ("15.23", "dissolution/pha-san", "Phá sản htx thì theo luật năm 2014", "142/2025"),
    ("15.24", "capital/quy-mo", "Htx dưới 50 người là siêu nhỏ", "doanh thu hoặc vốn"),
    ("15.25", "dissolution/dieu-kien", "Ủy ban ra lệnh giải thể là xong", "không tự ra lệnh"),
    ("15.26", "government/lien-minh-htx", "Ra Liên minh xin giấy hợp tác xã", "không cấp giấy"),
    ("15.27", "directive/gioi-thieu", "Công văn 2651 quy định số thành viên", "phải xem luật"),
    ("15.28", "directive/gioi-thieu", "2651 triển khai Kế hoạch 70", "Kết luận 70-KL/TW"),
    ("15.29", "ocop/so-luong-quang-nam", "Quảng Nam có 225 sản phẩm 3 sao", "lỗi in"),
)
STORY = (
    "Năm ngoái nhà tôi lời được 20% so với năm trước nhờ bưởi trúng mùa, bán cho thương lái ở chợ"
    " đầu mối được giá, cả xóm ai cũng mừng. Nay tính góp thêm vào hợp tác xã."
)
SILENT = (
    ("founding/so-thanh-vien", "Hợp tác xã cần mấy người"),
    ("founding/so-thanh-vien", "Nhóm tui 17 người muốn lập hợp tác xã thì phải làm chi"),
    ("founding/so-thanh-vien", "Hợp tác xã 27 thành viên phải có ban kiểm soát không"),
    ("founding/lien-hiep", "Liên hiệp 14 hợp tác xã thì bầu ai"),
    ("founding/le-phi", "Lệ phí lập hợp tác xã bao nhiêu"),
    ("capital/gop-toi-da", "Tôi góp 20 triệu, vậy có quá không"),
    ("capital/gop-toi-da", "Một người góp tối đa bao nhiêu phần trăm vốn hợp tác xã"),
    ("capital/quy-mo", "Hợp tác xã 60 thành viên, doanh thu 3 tỷ thì xếp nhỏ hay vừa"),
    ("fund/khong-cho-khong", "Quỹ có đòi mình trả trước hạn không"),
    ("ocop/hang-sao", "ocop bao nhieu diem thi duoc 4 sao"),
    ("ocop/cong-nhan-lai", "Trước khi hết hạn bao nhiêu ngày thì nộp hồ sơ OCOP"),
    ("tax/mon-bai", "Hợp tác xã còn nợ môn bài năm 2024 có phải nộp không"),
    ("members/chiu-no", "Tổ hợp tác nợ thì trả bằng gì"),
    ("dissolution/tam-ngung", "Tổ hợp tác nghỉ dưới 15 ngày có cần báo không"),
    ("dissolution/dieu-kien", "Ủy ban ở đâu, tôi nộp hồ sơ"),
    ("capital/gop-toi-da", STORY),
)


@pytest.fixture(scope="module")
def composer() -> Composer:
    """Return a writer of replies out of the content that is served."""
    return Composer(read_content(ROOT / "content"), date(2026, 11, 29))


def opening(composer: Composer, article: str, asked: str) -> str:
    """Return the sentence that a reply opens with before the short answer; empty without one."""
    lead = composer.compose(AnswerArticle(article, 0.9), asked).lead
    return lead.partition(composer.library.articles[article].short)[0].strip("* \n")


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(
    ("article", "asked", "settled"),
    [pytest.param(*case, id=f"{trap} {case[0]}") for trap, *case in TOLD],
)
def test_old_belief_is_settled_by_the_first_words(
    composer: Composer, article: str, asked: str, settled: str, spelt: Callable[[str], str]
) -> None:
    """The reply opens with the sentence that says how it is today."""
    assert re.search(settled, opening(composer, article, spelt(asked)))


def test_every_trap_is_settled() -> None:
    """None of the twenty-nine is left out."""
    assert {trap for trap, *_ in TOLD} == {f"15.{number}" for number in range(1, TRAPS + 1)}


@pytest.mark.parametrize("spelt", [str, fold], ids=["as-written", "without-diacritics"])
@pytest.mark.parametrize(("article", "asked"), SILENT)
def test_what_is_no_such_belief_gets_the_answer_alone(
    composer: Composer, article: str, asked: str, spelt: Callable[[str], str]
) -> None:
    """Open questions, other numbers, excepted cases and long stories get no such sentence."""
    assert not opening(composer, article, spelt(asked))
