"""The page is killed in the middle of a form: whatever was kept is there, and it goes on."""

import re
from pathlib import Path

import httpx
import pytest

from tests.doubles.web import words
from tests.doubles.web_process import WebProcess, web_process

LOAN = {
    "amount": "300 triệu",
    "months": "24 tháng",
    "rate": "6,5",
    "method": "annuity",
    "every": "quarter",
    "grace": "0",
    "own": "",
    "late": "none",
}
KILLED_AFTER = {"amount", "grace"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the page keeps all that it keeps."""
    return tmp_path


def test_a_form_survives_each_kill(folder: Path) -> None:
    """Killed after an answer was kept, the page asks the next one; the result is that of all."""
    with web_process(folder) as web, httpx.Client(trust_env=False, timeout=30) as person:
        site = f"http://127.0.0.1:{web.port}"
        at = person.post(f"{site}/tools/loan").headers["location"]
        for question, answer in LOAN.items():
            assert at.endswith(f"/{question}")
            at = answered(person, f"{site}{at}", answer)
            if question in KILLED_AFTER:
                at = killed(web, person, site)
        result = words(person.post(f"{site}/tools/loan/result", follow_redirects=True).text)

    assert at.endswith("/review")
    assert "Vay 300 triệu đồng trong 24 tháng, lãi 6,5% một năm" in result


def answered(person: httpx.Client, address: str, answer: str) -> str:
    """Answer the question of a page, and return where that leads."""
    found = re.search(r'name="version" value="(\d+)"', person.get(address).text)
    assert found is not None
    data = {"version": found.group(1), "answer": answer}
    location: str = person.post(address, data=data).headers["location"]
    return location


def killed(web: WebProcess, person: httpx.Client, site: str) -> str:
    """Kill the page, and return where the tool leads on once it is there again."""
    web.kill()
    front = person.get(f"{site}/tools/loan").text
    found = re.search(r'href="(/tools/loan/[a-z]+)"', front)
    assert found is not None
    return found.group(1)
