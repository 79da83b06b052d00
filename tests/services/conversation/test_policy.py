import pytest

from services.conversation.policy import (
    AnswerArticle,
    AskSubject,
    Decision,
    Decline,
    MakeSmallTalk,
    OfferArticles,
    decide,
    strays,
)
from services.understanding.interpretation import Interpretation
from services.understanding.thresholds import Bars, Thresholds
from tests.doubles.nlu import reading

_ALONE = Bars(gate=0.5, answer=0.6, offer=0.1)
BARS = Thresholds(alone=_ALONE, opened=_ALONE)
KNOWN = {"fund/a", "fund/b"}


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (reading(("fund.a", 0.7)), AnswerArticle("fund/a", 0.7)),
        (reading(("fund.a", 0.7), in_scope=0.4), OfferArticles(("fund/a",), 0.7, foreign=True)),
        (reading(("fund.a", 0.7), in_scope=0.2), Decline(0.7, "fund/a", ("fund/a",))),
        (reading(("fund.a", 0.5), ("fund.b", 0.2)), OfferArticles(("fund/a", "fund/b"), 0.5)),
        (reading(("fund.a", 0.5), ("fund.b", 0.05)), OfferArticles(("fund/a",), 0.5)),
        (reading(("fund.a", 0.05)), Decline(0.05, "fund/a", ("fund/a",))),
        (reading(("out_of_scope", 0.3), ("fund.a", 0.2)), OfferArticles(("fund/a",), 0.2)),
        (reading(("fund.a", 0.04)), Decline(0.04, "fund/a")),
        (reading(("fund.gone", 0.9)), Decline(0.0)),
        (reading(("smalltalk.thanks", 0.9)), MakeSmallTalk("thanks", 0.9)),
        (reading(("followup", 0.9)), AskSubject(0.9)),
        (Interpretation((), 1.0), Decline(0.0)),
    ],
)
def test_the_bars_decide(read: Interpretation, expected: Decision) -> None:
    """Answer, offer, decline and talk, each by its bar."""
    assert decide(read, BARS, KNOWN) == expected


def test_step_that_is_told_of_what_is_open_is_asked_of_nothing_before() -> None:
    """“Trong mấy ngày” fits any procedure: what was told before it may be surer of itself."""
    read = AnswerArticle("capital/von-toi-thieu", 0.5)

    assert strays(read, "capital/von-toi-thieu", None)
    assert not strays(read, "capital/von-toi-thieu", "deadline")
    assert strays(read, "capital/lap-cong-ty", "deadline")
