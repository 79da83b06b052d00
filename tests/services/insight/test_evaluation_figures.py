"""What follows from the figures of an evaluation."""

import pytest

from services.errors import ModelError
from services.insight.evaluation import Accuracy, Confusion, read_evaluation
from services.knowledge.library import Library
from tests.doubles.evaluation import TEXT, confusion


@pytest.mark.parametrize(
    ("first", "second", "ways", "advice"),
    [
        ("ocop.ho-so", "ocop.hang-sao", (3, 2), "merge"),
        ("ocop.ho-so", "ocop.hang-sao", (4, 1), "move"),
        ("ocop.ho-so", "founding.ho-so", (3, 3), "subject"),
        ("ocop.ho-so", "smalltalk.greeting", (5, 0), "words"),
        ("ocop.ho-so", "out_of_scope", (5, 0), "outside"),
    ],
)
def test_each_confusion_has_its_advice(
    first: str, second: str, ways: tuple[int, int], advice: str
) -> None:
    """It depends on the two and on which way they are confused."""
    assert Confusion.model_validate(confusion(first, second, *ways)).advice == advice


def test_an_article_counts_for_each_of_its_readers(library: Library) -> None:
    """Figures of articles are weighed by their questions; what is no article is left out."""
    readers = read_evaluation(TEXT).by_reader(library.articles)

    assert list(readers) == ["farmer"]
    assert readers["farmer"].n == 52
    assert readers["farmer"].right == pytest.approx((5 + 27 + 7) / 52)


def test_an_article_that_is_gone_has_no_readers(library: Library) -> None:
    """The content may have changed since."""
    articles = {"ocop/ho-so": library.articles["ocop/ho-so"]}

    assert read_evaluation(TEXT).by_reader(articles)["farmer"].n == 10


def test_the_weakest_come_first() -> None:
    """Those below the whole alone; an article with two questions tells too little."""
    weakest = [name for name, _ in read_evaluation(TEXT).weakest(9)]

    assert weakest == ["founding/ho-so", "ocop/ho-so"]


def test_few_questions_leave_much_open() -> None:
    """Three of 150 is 0.7 to 5.7 of a hundred; nothing of nothing is anything."""
    low, high = Accuracy(n=150, right=0.02, among_four=1).interval

    assert (round(low, 3), round(high, 3)) == (0.007, 0.057)
    assert Accuracy(n=0, right=0, among_four=0).interval == (0, 1)


def test_what_is_no_evaluation_is_refused() -> None:
    """With the command that makes one."""
    with pytest.raises(ModelError, match="htx nlu evaluate"):
        read_evaluation("{}")
