"""[n] markers resolve or are dropped; quotes are slices."""

import re

from hypothesis import given
from hypothesis import strategies as st

from index import Article
from qa.answer import ArticleRef, Citation, Role
from qa.citations import is_verbatim, markers, resolve


def test_markers_are_renumbered_in_order_of_appearance() -> None:
    resolved = resolve("The army denied it [3]. The embassy warned [1][3].", 3)
    assert resolved.text == "The army denied it [1]. The embassy warned [2][1]."
    assert resolved.used == (3, 1)


def test_markers_that_name_no_passage_are_dropped_with_their_space() -> None:
    resolved = resolve("It rained [7]. Ten died [2, 9].", 2)
    assert resolved.text == "It rained. Ten died [1]."
    assert resolved.used == (2,)


def test_arabic_markers_and_commas_are_understood() -> None:
    assert resolve("نفى ذلك [٢، ١].", 2).text == "نفى ذلك [1][2]."


def test_a_text_without_markers_uses_nothing() -> None:
    assert resolve("Nothing is cited [0] here [12345].", 5).used == ()


@given(st.text(alphabet="ab .,[]0123456789،٣", max_size=80), st.integers(min_value=0, max_value=9))
def test_every_marker_left_resolves_and_none_is_skipped(text: str, offered: int) -> None:
    resolved = resolve(text, offered)
    assert markers(resolved.text) == tuple(range(1, len(resolved.used) + 1))
    assert all(1 <= number <= offered for number in resolved.used)
    assert len(set(resolved.used)) == len(resolved.used)


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_citation_is_verbatim_exactly_when_its_quote_is_the_slice(text: str, data: st.DataObject) -> None:
    article = Article(id="a", text=text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = Citation(1, Role.USED, ArticleRef.of(article), 1, text[start:end], start, end, 0, len(text), 1.0)
    assert is_verbatim(citation, article)
    changed = Article(id="a", text=re.sub("(?s).", "§", text))
    assert is_verbatim(citation, changed) == (set(text[start:end]) == {"§"})
