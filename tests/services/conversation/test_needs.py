import pytest

from services.conversation.enquiries import Enquiry
from services.conversation.needs import EnquiryReading, Need, by_words, need_of, together
from services.conversation.policy import (
    AnswerArticle,
    AnswerSeveral,
    Decision,
    Decline,
    OfferArticles,
    decide,
)
from services.understanding.interpretation import Interpretation
from services.understanding.thresholds import Bars, Thresholds
from tests.doubles.nlu import reading

LOAN, PAPERS, STARS = "fund/lai-suat", "fund/ho-so", "ocop/hang-sao"
BARS = Bars(gate=0.5, answer=0.4, offer=0.1)
FOREIGN = reading(("out_of_scope", 0.9), in_scope=0.02)


def decided(one: Interpretation) -> Decision:
    return decide(one, Thresholds(alone=BARS, opened=BARS), (LOAN, PAPERS, STARS))


def need(
    alone: Interpretation, beside: Interpretation, whole: Interpretation, *, marked: bool = True
) -> Need | None:
    """Return what a part asks for behind one that was answered by `LOAN`."""
    text = "giấy tờ cần những gì"
    return need_of(EnquiryReading(Enquiry(text, text, marked), alone, beside, whole), LOAN, decided)


def test_part_that_is_hardly_of_the_field_is_quoted_and_not_dropped() -> None:
    """A button to what it looks like would tell nothing of it."""
    hardly = reading(("fund.ho-so", 0.2), in_scope=0.3)
    lost = need(hardly, hardly, LOAN_ALONE)

    assert lost == Need("giấy tờ cần những gì", None, guesses=(PAPERS, PAPERS))


LOAN_ALONE = reading(("fund.lai-suat", 0.99))


@pytest.mark.parametrize(
    ("alone", "beside", "whole", "sure"),
    [
        (reading(("fund.ho-so", 0.9)), reading(("fund.ho-so", 0.8)), LOAN_ALONE, True),
        (reading(("fund.ho-so", 0.6)), reading(("fund.ho-so", 0.6)), LOAN_ALONE, False),
        (
            reading(("fund.ho-so", 0.6)),
            reading(("fund.ho-so", 0.6)),
            reading(("fund.lai-suat", 0.9), ("fund.ho-so", 0.05)),
            True,
        ),
        (reading(("fund.ho-so", 0.9)), reading(("fund.lai-suat", 0.8)), LOAN_ALONE, False),
        (FOREIGN, reading(("fund.ho-so", 0.99)), LOAN_ALONE, False),
        (
            FOREIGN,
            reading(("fund.ho-so", 0.9)),
            reading(("fund.lai-suat", 0.9), ("fund.ho-so", 0.05)),
            True,
        ),
    ],
)
def test_another_need_is_sure_by_itself_or_by_the_whole(
    alone: Interpretation, beside: Interpretation, whole: Interpretation, sure: bool
) -> None:
    """What only looks like another need is put behind a button, not answered."""
    found = need(alone, beside, whole)

    assert found is not None
    assert (found.article, found.sure) == (PAPERS, sure)


def test_part_that_leans_on_the_answer_asks_for_nothing_else() -> None:
    """“Bao lâu?” means the answer before, however little it means by itself."""
    assert need(FOREIGN, reading(("fund.lai-suat", 0.9)), LOAN_ALONE) is None
    assert need(reading(("fund.lai-suat", 0.9)), FOREIGN, LOAN_ALONE) is None


def test_guessed_border_needs_the_support_of_the_whole() -> None:
    """Where no mark stands, a part that looks sure may be half a sentence."""
    alone = beside = reading(("fund.ho-so", 0.99))

    assert need(alone, beside, LOAN_ALONE, marked=False) is None


def test_part_that_nothing_answers_is_lost() -> None:
    """It plainly asks, no article answers it: the reply has to say so."""
    assert need(FOREIGN, FOREIGN, LOAN_ALONE) == Need("giấy tờ cần những gì", None)


def test_all_that_is_asked_is_answered_named_or_quoted() -> None:
    """Sure needs are answered in their order, doubtful ones named, lost ones quoted."""
    needs = [
        Need("sao", STARS, 0.9, sure=True),
        Need("lãi", LOAN, 0.7, sure=True),
        Need("giấy", PAPERS, 0.5),
        Need("giá heo", None),
    ]

    found = together(needs, AnswerArticle(LOAN, 0.8))

    assert found == AnswerSeveral((STARS, LOAN), 0.7, (PAPERS,), ("giá heo",))


def test_whole_that_no_part_tells_is_the_question() -> None:
    """A story whose sentences look like other things is what it is as a whole."""
    found = together([Need("giấy", PAPERS, 0.9, sure=True)], AnswerArticle(LOAN, 0.8))

    assert found == AnswerSeveral((LOAN,), 0.8, (PAPERS,))


def test_one_part_does_not_answer_what_is_foreign() -> None:
    """Where no article answers the whole, two sure parts do, or one beside what is plainly lost."""
    one, other = Need("giấy", PAPERS, 0.9, sure=True), Need("sao", STARS, 0.9, sure=True)
    lost = Need("giá heo", None)

    assert together([one], Decline(0.1)) == Decline(0.1)
    assert together([one, other], Decline(0.1)) == AnswerSeveral((PAPERS, STARS), 0.9)
    hardly = OfferArticles((LOAN,), 0.3, foreign=True)
    assert together([one, lost], hardly) == AnswerSeveral((PAPERS,), 0.9, (), ("giá heo",))
    assert together([one, lost], Decline(0.1)) == AnswerSeveral((PAPERS,), 0.9, (), ("giá heo",))


def test_sure_part_of_what_is_only_offered_is_offered_too() -> None:
    """The whole is doubtful and reads as another thing: the person chooses."""
    found = together([Need("giấy", PAPERS, 0.9, sure=True)], OfferArticles((LOAN,), 0.3))

    assert found == OfferArticles((PAPERS, LOAN), 0.3)


def test_part_of_an_answer_is_not_called_lost() -> None:
    """What reads like the article that answers, however unsure, is answered by it."""
    needs = [Need("lãi", LOAN, 0.9, sure=True), Need("mấy lần", None, guesses=(LOAN,))]

    assert together(needs, AnswerArticle(LOAN, 0.8)) == AnswerArticle(LOAN, 0.9)


def test_doubtful_needs_are_offered_first() -> None:
    """Where the whole is only offered, each of its parts is a button."""
    needs = [Need("giấy", PAPERS, 0.3), Need("sao", STARS, 0.3)]

    found = together(needs, OfferArticles((LOAN, STARS), 0.3))

    assert found == OfferArticles((PAPERS, STARS, LOAN), 0.3, several=True)


def test_by_words_every_part_has_its_button() -> None:
    """The likeliest of each part comes first, then what the whole reads as, told if it is sure."""
    parts = [
        EnquiryReading(Enquiry(t, t), one, one, LOAN_ALONE)
        for t, one in (
            ("giấy", reading(("fund.ho-so", 0.9))),
            ("sao", reading(("ocop.hang-sao", 0.3), ("fund.lai-suat", 0.2))),
        )
    ]

    assert by_words(parts, OfferArticles((LOAN,), 0.3), decided) == OfferArticles(
        (PAPERS, STARS, LOAN), 0.3, several=True
    )
    assert by_words(parts, AnswerArticle(LOAN, 0.9), decided) == AnswerSeveral(
        (LOAN,), 0.9, beside=(PAPERS, STARS)
    )
    assert by_words(parts[:1], AnswerArticle(LOAN, 0.9), decided) == AnswerArticle(LOAN, 0.9)
