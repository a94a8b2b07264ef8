"""Late interaction, the sentence reader, confidence and wording, each alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Encoder, Passage
from index.analysis import Span, sentences
from index.encoding.token_space import pack
from index.languages.messages import Messages, messages_for
from index.search import Candidate, checked_query, fuse
from qa.answer import ArticleRef, Citation, Reason, Role, Speaker, State
from qa.answering.phrasing import abstained, answered, text_of
from qa.evidence import Evidence, SentenceFeatures
from qa.reading.answerability import fitted
from qa.reading.reader import READ_ALONE, SentenceReader
from qa.reading.span_model import BundledSpanModel, SpanScores, Text
from qa.reading.windows import sentences_in
from qa.retrieval.late_interaction import LateInteraction
from qa.retrieval.retriever import Ranked

ARABIC, ENGLISH, FRENCH = map(messages_for, ("ar", "en", "fr"))
TEXT = (
    "The dam held through the night. Engineer Salma Rashid said the gates would open on Friday. "
    "Forty families had been moved to schools in Tell Rumman."
)


def ranked(encoder: Encoder, question: str, text: str = TEXT, id_: str = "dam") -> Ranked:
    tokens = pack(encoder.encode_passages([text])[0].tokens.vectors)
    candidate = Candidate(Passage(id_, 0, len(text)), Article.create(id_, text), 1, 1.0, 0.8, tokens)
    (alignment,) = LateInteraction(encoder).align(question, [candidate])
    return Ranked(candidate, alignment, alignment.score)


def test_a_passage_that_answers_aligns_better(encoder: Encoder) -> None:
    question = "كم عائلة نُقلت إلى المدارس؟"
    there = ranked(encoder, question)
    elsewhere = ranked(encoder, question, "The cup final ended two to one after extra time.", "cup")
    assert there.score > elsewhere.score
    assert there.alignment.weights.sum() == pytest.approx(1)
    whole = Span(0, len(TEXT))
    assert LateInteraction(encoder).sentence_scores(there.alignment, there.candidate, [whole]) == pytest.approx(
        [there.score]
    )


def test_the_sentence_that_answers_aligns_best(encoder: Encoder) -> None:
    there = ranked(encoder, "كم عائلة نُقلت إلى المدارس؟")
    scores = LateInteraction(encoder).sentence_scores(there.alignment, there.candidate, sentences(TEXT))
    assert scores.index(max(scores)) == 2
    assert max(scores) <= there.score


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("How many families were moved?", "Forty families"),
        ("متى تفتح البوابات؟", "Engineer Salma"),
        ("Who said the gates would open?", "Engineer Salma"),
    ],
)
def test_the_reader_quotes_the_sentence_that_answers(encoder: Encoder, question: str, start: str) -> None:
    reading = SentenceReader(LateInteraction(encoder), BundledSpanModel()).read(question, [ranked(encoder, question)])
    assert reading.evidence[0].quote.startswith(start)
    assert 0 <= reading.confidence <= 1


class Recorded:
    """The bundled reader, with the texts that it was given."""

    def __init__(self) -> None:
        self._spans = BundledSpanModel()
        self.texts: list[list[Text]] = []

    @property
    def name(self) -> str:
        return self._spans.name

    @property
    def runtime(self) -> str:
        return self._spans.runtime

    def mark(self, question: str, texts: Sequence[Text]) -> list[SpanScores]:
        self.texts.append(list(texts))
        return self._spans.mark(question, texts)


def test_the_likeliest_sentences_are_read_once_more_alone_and_come_before_the_others(encoder: Encoder) -> None:
    question, spans = "How many families were moved?", Recorded()
    reader = SentenceReader(LateInteraction(encoder), spans)
    articles = [ranked(encoder, question, TEXT.replace("Forty", number), number) for number in ("Forty", "Six", "Ten")]
    first = reader.first_look(question, articles)
    assert [item.signs.span_alone for item in first] == [-12.0] * 9
    read = reader.second_look(question, first)
    assert spans.texts[-1] == [Text("", item.quote) for item in first[:READ_ALONE]]
    assert {id(item.ranked) for item in read} == {id(item.ranked) for item in first}
    likeliest, others = read[:READ_ALONE], read[READ_ALONE:]
    assert all(item.signs.relevance_alone > -12 for item in likeliest)
    assert [item.sentence for item in others] == [item.sentence for item in first[READ_ALONE:]]
    scores = [item.score for item in read]
    assert scores == sorted(scores, reverse=True)


def test_what_does_not_fit_is_not_read_again(encoder: Encoder) -> None:
    question, spans = "How many families were moved?", Recorded()
    reader = SentenceReader(LateInteraction(encoder), spans)
    unfit = [item.unfit() for item in reader.first_look(question, [ranked(encoder, question)])]
    read = len(spans.texts)
    assert reader.second_look(question, unfit) == unfit
    assert len(spans.texts) == read


def test_nothing_to_read_is_no_confidence(encoder: Encoder) -> None:
    reading = SentenceReader(LateInteraction(encoder), BundledSpanModel()).read("who?", [])
    assert (reading.evidence, reading.confidence) == ((), 0.0)


@given(st.text(alphabet="ab .؟\n«»“”", min_size=1, max_size=200).filter(str.strip), st.data())
def test_sentences_of_a_passage_are_slices_that_touch_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for span in sentences_in(Article(id="a", text=text), Passage("a", start, end)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.start < end
        assert span.end > start


def judged(encoder: Encoder, id_: str, score: float, span: float) -> Evidence:
    signs = SentenceFeatures(span, 0.0, 0.0, 0.5, 0.5, 0.0)
    return Evidence(ranked(encoder, "Who fell?", id_=id_), Span(0, 10), score, None, signs)


def test_confidence_rises_with_a_surer_reader_and_a_clearer_lead(encoder: Encoder) -> None:
    model = fitted()
    surer = [model.of("Who fell?", [judged(encoder, "a", 1.0, span)]) for span in (-6.0, 0.0, 6.0)]
    assert 0 < surer[0] < surer[1] < surer[2] < 1
    leads = [
        model.of("Who fell?", [judged(encoder, "a", 9.0, 0.0), judged(encoder, "b", rival, 0.0)])
        for rival in (9.0, 7.0, 1.0)
    ]
    assert leads[0] < leads[1] < leads[2] == pytest.approx(surer[1])


def test_confidence_makes_three_states() -> None:
    model = fitted()
    assert 0 < model.perhaps < model.answered < 1
    states = [model.state(value) for value in (0.0, model.perhaps, model.answered, 1.0)]
    assert states == [State.NOT_FOUND, State.PERHAPS, State.ANSWERED, State.ANSWERED]


def test_fusion_lets_the_lexical_leg_add_but_not_outvote() -> None:
    scores = fuse([1, 2, 3], [9, 2])
    assert sorted(scores, key=lambda number: -scores[number]) == [2, 1, 3, 9]


def test_a_query_is_trimmed() -> None:
    assert checked_query("  who?\n") == "who?"


def citation(speaker: Speaker | None = None) -> Citation:
    article = Article.create("a", "نص", title="عنوان", source="واع", published=date(2025, 9, 28))
    return Citation(1, Role.USED, ArticleRef.of(article), 1, "نص", 0, 2, 0, 2, 1.0, speaker)


def test_the_answers_own_words_are_in_the_questions_language() -> None:
    assert text_of(answered(ENGLISH, [citation()])) == "According to واع (28 September 2025): “نص” [1]"

    speaker = Speaker("فلان", 0, 4, role="وزير النفط")
    assert text_of(answered(ARABIC, [citation(speaker)])) == (
        "فلان، وزير النفط، بحسب واع (28 أيلول/سبتمبر 2025): «نص» [1]"
    )
    assert text_of(answered(FRENCH, [citation(speaker)])) == (
        "فلان, وزير النفط, selon واع (28 septembre 2025)\u00a0: «\u00a0نص\u00a0» [1]"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "In “Bridge opens” (28 September 2025): “نص” [1]"),
        ("fr", "Dans «\u00a0Bridge opens\u00a0» (28 septembre 2025)\u00a0: «\u00a0نص\u00a0» [1]"),
        ("ar", "في «Bridge opens» (28 أيلول/سبتمبر 2025): «نص» [1]"),
    ],
)
def test_nothing_is_according_to_a_headline(language: str, said: str) -> None:
    found = citation()
    untold = replace(found, article=replace(found.article, source=None, title="Bridge opens"))
    assert text_of(answered(messages_for(language), [untold])) == said


@pytest.mark.parametrize("words", [ENGLISH, ARABIC, FRENCH])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_abstention_says_that_the_articles_do_not_say_and_what_is_closest(
    words: Messages, reason: Reason
) -> None:
    text = text_of(abstained(words, reason, [citation()], matching=True))
    assert text.splitlines()[0].startswith(words.say("answer.unknown"))
    assert text.splitlines()[-1] == "[1] عنوان"
