import subprocess
import sys
from pathlib import Path

import pytest

from services.conversation.cues import change, conclusion, correction
from services.knowledge.discourse_cues import DiscourseCues
from services.settings import ROOT
from tests.doubles.content import read_content


@pytest.fixture(scope="module")
def ways() -> DiscourseCues:
    """Return the words that the content has for it."""
    return read_content(ROOT / "content").cues


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("À nhầm, ý tôi hỏi cho liên hiệp", "cho liên hiệp"),
        ("khong, y toi la nop o dau", "nop o dau"),
        ("nhầm, tôi hỏi lệ phí cơ mà", "lệ phí cơ mà"),
        ("ý em là họ tự xin ra chứ không phải bị đuổi", "họ tự xin ra"),
        ("hoi cho to hop tac chu khong phai htx", "hoi cho to hop tac"),
        ("không phải ý tôi là đại hội, ý tôi là vay vốn ngân hàng", "vay vốn ngân hàng"),
        ("không phải tổ hợp tác, ý tôi là hợp tác xã", "hợp tác xã"),
        ("khong phai y toi la bctc, y toi la cap nhat hang nam", "cap nhat hang nam"),
        ("không phải thành viên, tôi muốn hỏi có được vay không", None),
        ("không đúng hạn, tôi hỏi có bị phạt không", None),
        ("không phải tổ hợp tác ý tôi là hợp tác xã", "hợp tác xã"),
        ("không phải thành viên thì tôi hỏi ai", None),
        ("không nộp đúng hạn thì tôi hỏi ai", None),
        ("xin vay chứ không phải xin cho, rứa nộp giấy ở xã nào", None),
        ("lập cần 5 người chứ không phải 7 người đúng không", None),
        ("vay của quỹ chứ đâu phải ngân hàng, lãi mấy phần", None),
        ("Nhầm lẫn trong hồ sơ thì sao?", None),
        ("À nhầm", None),
        ("Lệ phí bao nhiêu?", None),
    ],
)
def test_correction_says_what_was_meant(ways: DiscourseCues, text: str, meant: str | None) -> None:
    """What stands behind the opening is the question; a word that begins alike opens nothing."""
    assert correction(ways, text) == meant


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("còn liên hiệp thì sao?", "liên hiệp"),
        ("con 5 sao", "5 sao"),
        ("Rứa còn tổ hợp tác thì răng", "tổ hợp tác"),
        ("Còn nếu tôi muốn đổi luôn cả tên lẫn địa chỉ thì phải làm gì", None),
        ("Liên hiệp thì sao?", None),
    ],
)
def test_short_message_names_another_thing(
    ways: DiscourseCues, text: str, named: str | None
) -> None:
    """Only a short one does; a longer one is a question of its own."""
    assert change(ways, text) == named


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("vay phai lam sao", "phai lam sao"),
        ("Vay nop o dau", "nop o dau"),
        ("vay ho phai nop gi", "ho phai nop gi"),
        ("vay toi da bao nhieu", None),
        ("vay ho ngheo o dau", None),
        ("vay qua ngan hang duoc khong", None),
        ("vay lam nha xuong", None),
        ("vay khong the chap", None),
        ("vay von can gi", None),
        ("vay tien mua may", None),
        ("vay", None),
    ],
)
def test_small_word_that_lacks_its_mark_is_no_loan(
    ways: DiscourseCues, text: str, rest: str | None
) -> None:
    """`vay` opens a follow-up where nothing that is borrowed stands behind it."""
    assert conclusion(ways, text) == rest


def test_message_of_small_words_is_read_at_all(content: Path) -> None:
    """It once took for ever: seconds are a wide bound, in a process that can be ended."""
    code = (
        "import sys; from pathlib import Path;"
        "from services.conversation.cues import correction;"
        "from services.knowledge.loader import load_library;"
        "cues = load_library(Path(sys.argv[1])).cues;"
        "[correction(cues, small) for small in sys.argv[2:]]"
    )
    messages = [small * 140 for small in ("a? ", "dạ không phải ", "à không ")]

    done = subprocess.run(
        [sys.executable, "-c", code, content, *messages], cwd=ROOT, timeout=20, check=False
    )

    assert done.returncode == 0
