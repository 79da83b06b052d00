"""A question is read in one line; each line that is a sentence stays one."""

import pytest

from services.conversation.question import Question


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Lập HTX cần mấy người\nLệ phí bao nhiêu", "Lập HTX cần mấy người; Lệ phí bao nhiêu"),
        ("lập htx cần mấy người\n\nnộp giấy ở đâu", "lập htx cần mấy người; nộp giấy ở đâu"),
        ("Cho tôi hỏi:\r\n- mấy người\r\n- nộp ở đâu?", "Cho tôi hỏi: - mấy người; - nộp ở đâu?"),
        ("cho hỏi\nlập htx\ncần mấy người", "cho hỏi lập htx cần mấy người"),
        (
            "Thành viên phải góp đủ vốn trong thời hạn mà Điều lệ của hợp tác\nxã đã quy định",
            "Thành viên phải góp đủ vốn trong thời hạn mà Điều lệ của hợp tác xã đã quy định",
        ),
        ("\n", ""),
    ],
)
def test_lines_stay_sentences(written: str, read: str) -> None:
    """A capital, a dash or a short line of some words begins one; a broken line goes on."""
    assert Question("web", "1", written).clean == read
