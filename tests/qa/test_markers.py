"""[n] markers are found or taken out; quotes are slices."""

import re

from hypothesis import given
from hypothesis import strategies as st

from index import Article
from qa.answer import ArticleRef, Citation, Role
from qa.markers import markers, without_markers
from tests.support.passages import is_verbatim


def test_markers_are_named_once_in_order_of_appearance() -> None:
    assert markers("The army denied it [3]. The embassy warned [1][3].") == (3, 1)
    assert markers("Ten died [2, 9].") == (2, 9)
    assert markers("نفى ذلك [٢، ١].") == (2, 1)
    assert markers("Nothing is cited [] here [12345].") == ()


def test_a_text_without_its_markers_has_no_space_where_they_stood() -> None:
    assert without_markers("It rained [7]. Ten died [2, 9].") == "It rained. Ten died."


@given(st.text(alphabet="ab .,[]0123456789،٣", max_size=80))
def test_nothing_is_marked_in_a_text_without_markers(text: str) -> None:
    assert markers(without_markers(text)) == ()


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_citation_is_verbatim_exactly_when_its_quote_is_the_slice(text: str, data: st.DataObject) -> None:
    article = Article(id="a", text=text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = Citation(1, Role.USED, ArticleRef.of(article), 1, text[start:end], start, end, 0, len(text), 1.0)
    assert is_verbatim(citation, article)
    changed = Article(id="a", text=re.sub("(?s).", "§", text))
    assert is_verbatim(citation, changed) == (set(text[start:end]) == {"§"})
