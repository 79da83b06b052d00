"""An article in parts, as people ask for it and for each of them."""

from pathlib import Path
from typing import Any

from tests.doubles.content import ARTICLES, article_text, head

PARTED = "founding/so-thanh-vien"
TITLE, LEAD = ARTICLES[PARTED][0], "Cần ít nhất **05 thành viên** chính thức. Thiếu thì tìm thêm."
CONDITION = "Thành viên liên kết không tính."
COUNT = "## Cách đếm {#dem}\n\nMột hộ tính là một thành viên. Cả nhà cũng vậy."
LACK = "## Thiếu người thì sao {#thieu}\n\n- Kết nạp thêm.\n- Sáp nhập."
OFFICER = "## officer\n\nNhắc hợp tác xã."
PARTS: dict[str, dict[str, Any]] = {
    "dem": {
        "kind": "number",
        "citations": [{"source": "luat-17-2023", "clause": "Điều 30 khoản 1"}],
        "questions": ["Một hộ đếm là mấy người?"],
        "followups": ["đếm răng", "mot ho tinh may"],
    },
    "thieu": {
        "kind": "otherwise",
        "citations": [{"source": "luat-17-2023", "clause": "Điều 30 khoản 1, Điều 103"}],
        "followups": ["thiếu người thì làm răng", "hụt người"],
    },
}


def write_parted(content: Path, *texts: str, **changes: Any) -> None:
    """Write the article with these parts of the body, and other fields of the front matter."""
    given = head(PARTED, TITLE) | {"parts": PARTS, "label": "Số thành viên"} | changes
    path = content / f"articles/{PARTED}.md"
    path.write_text(article_text(given, "\n\n".join((LEAD, *texts))), encoding="utf-8")
