"""The answer's one schema survives the way through JSON."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index import Article, Filters
from qa import (
    Answer,
    ArticleRef,
    Citation,
    Reason,
    Role,
    ShortAnswer,
    Speaker,
    SupportVerdict,
    Timing,
    Tokens,
    WrittenSentence,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
names = st.none() | texts
articles = st.builds(ArticleRef, texts, texts, names, st.none() | st.dates(), texts, names, names, names)
speakers = st.none() | st.builds(Speaker, texts, st.integers(0), st.integers(0), names, names, names)
numbers = st.integers(0, 10**6)
scores = st.floats(allow_nan=False, allow_infinity=False)
citations = st.builds(
    Citation,
    numbers,
    st.sampled_from(Role),
    articles,
    numbers,
    texts,
    numbers,
    numbers,
    numbers,
    numbers,
    scores,
    speakers,
)
filters = st.builds(
    Filters,
    language=st.lists(texts, max_size=2).map(tuple),
    source=st.lists(texts, max_size=2).map(tuple),
    category=st.just(()),
    after=st.none() | st.dates(),
    before=st.none() | st.dates(),
)
answers = st.builds(
    Answer,
    question=texts,
    language=texts,
    text=texts,
    abstained=st.booleans(),
    reason=st.none() | st.sampled_from(Reason),
    citations=st.lists(citations, max_size=3).map(tuple),
    short=st.none() | st.builds(ShortAnswer, texts, numbers, numbers, numbers),
    score=scores,
    generation=numbers,
    filters=filters,
    writer=texts,
    notes=st.lists(texts, max_size=2).map(tuple),
    timings=st.lists(st.builds(Timing, texts, scores), max_size=2).map(tuple),
    standalone=names,
    sentences=st.lists(
        st.builds(
            WrittenSentence, texts, st.lists(numbers, max_size=2).map(tuple), st.sampled_from(SupportVerdict), names
        ),
        max_size=2,
    ).map(tuple),
    tokens=st.none() | st.builds(Tokens, numbers, numbers),
)


@given(answers)
def test_json_round_trip(answer: Answer) -> None:
    assert Answer.from_json(answer.to_json()) == answer
    assert Answer.from_dict(json.loads(answer.to_json(indent=2))) == answer


def test_json_uses_the_public_names_and_keeps_arabic_readable() -> None:
    article = Article.create("a1", "نفى المتحدث الخبر.", title="نفي", source="واع", published=date(2025, 9, 28))
    citation = Citation(1, Role.USED, ArticleRef.of(article), 2, article.text, 0, 18, 0, 18, 1.5)
    answer = Answer("q", "ar", "t", False, None, (citation,), None, 0.9, 7, Filters())
    text = answer.to_json()
    assert "نفى المتحدث الخبر." in text
    data = json.loads(text)
    assert data["citations"][0]["article"]["published"] == "2025-09-28"
    assert data["citations"][0]["role"] == "used"
    assert data["abstained"] is False
    assert data["reason"] is None
    assert answer.used == (citation,)


def test_an_answer_stored_before_there_were_follow_ups_and_verdicts_is_read() -> None:
    data = Answer("q", "ar", "t", False, None, (), None, 0.9, 7, Filters()).to_dict()
    for name in ("standalone", "sentences", "tokens"):
        del data[name]
    answer = Answer.from_dict(data)
    assert (answer.standalone, answer.sentences, answer.tokens, answer.verified) == (None, (), None, None)


def test_the_share_verified_counts_every_written_sentence() -> None:
    sentences = (
        WrittenSentence("a [1].", (1,), SupportVerdict.VERIFIED),
        WrittenSentence("b [1].", (1,), SupportVerdict.UNSUPPORTED, "No passage says so."),
        WrittenSentence("c.", (), SupportVerdict.UNCHECKED, "It cites nothing."),
        WrittenSentence("d [2].", (2,), SupportVerdict.VERIFIED),
    )
    answer = Answer("q", "en", "t", False, None, (), None, 0.9, 7, Filters(), sentences=sentences)
    assert answer.verified == 0.5


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(ValidationError):
        Answer.from_json('{"question": "q"}')
