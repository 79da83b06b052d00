from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.search import LexicalIndex


def test_diacritics_do_not_matter(library: Library) -> None:
    """The same article is found with and without diacritics, đ included."""
    index = LexicalIndex.of(library.articles.values())

    marked, bare = index.search("đăng ký hợp tác xã"), index.search("dang ky hop tac xa")

    assert marked == bare
    assert marked[0][0] == "founding/ho-so"


def test_question_without_a_telling_word_finds_nothing(library: Library) -> None:
    """Common words alone find nothing."""
    assert LexicalIndex.of(library.articles.values()).search("cho tôi hỏi là gì") == []


@given(st.text())
def test_any_text_is_searched_without_an_error(text: str) -> None:
    """Whatever is typed is a search, never a query language."""
    nothing: list[Article] = []

    assert LexicalIndex.of(nothing).search(text) == []


def test_punctuation_is_no_part_of_a_word(library: Library) -> None:
    """A word at the end of a sentence counts as found."""
    assert LexicalIndex.of(library.articles.values()).search("mẫu 02") == [("ocop/ho-so", 1.0)]
