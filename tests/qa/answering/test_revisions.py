"""A later article's answer comes before an older one's where what holds now is asked for; elsewhere the order stays."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Encoder, Library
from qa import Assistant
from qa.answer import Role
from qa.answering.extractive import extractive
from qa.answering.revisions import RevisionFeatures, fitted, revised
from qa.evidence import Reading
from qa.question import Asked

PROBABILITY = st.floats(0, 1)
GAP = st.floats(0, 40)

NAMED = Article.create(
    "named",
    title="Ruda Holm to head the Osterby harbour inquiry",
    text="The justice ministry named Judge Ruda Holm on Tuesday to lead the inquiry into the Osterby harbour fire.",
    published=date(2026, 2, 3),
)
REPLACED = Article.create(
    "replaced",
    title="New judge for Osterby harbour inquiry",
    text="Judge Tomas Vell has taken over the inquiry into the Osterby harbour fire from Judge Holm.",
    published=date(2026, 2, 20),
)


def first_of(folder: Path, encoder: Encoder, question: str, *articles: Article) -> str:
    with Library.open(folder / "library", encoder=encoder) as library:
        library.add(articles)
        return Assistant(library).ask(question).citations[0].article.id


@pytest.mark.parametrize(
    "question",
    [
        "Who is leading the Osterby harbour inquiry now?",
        "من يقود التحقيق في حريق ميناء أوستربي الآن؟",
        "Qui dirige maintenant l'enquête sur l'incendie du port d'Osterby ?",
    ],
)
def test_who_leads_it_now_is_for_the_later_article_to_say(tmp_path: Path, encoder: Encoder, question: str) -> None:
    assert first_of(tmp_path, encoder, question, NAMED, REPLACED) == "replaced"


def test_what_is_outdated_supports_nothing(tmp_path: Path, encoder: Encoder) -> None:
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add([NAMED, REPLACED])
        stages = Assistant(library).stages
        question = stages.understand.invoke(Asked("Who is leading the Osterby harbour inquiry now?"))
        for stage in (stages.retrieve, stages.rerank, stages.read):
            question = stage.invoke(question)
        first, second = question.reading.evidence[:2]
        near = (first, replace(second, score=first.score))
        for outdated, role in ((None, Role.SUPPORTING), (near[1], Role.ALSO_FOUND)):
            told = extractive(replace(question, reading=Reading(near, 0.9, outdated)), [first])
            assert [each.role for each in told.citations] == [Role.USED, role]


def test_what_was_asked_of_a_day_stays_with_that_day(tmp_path: Path, encoder: Encoder) -> None:
    question = "Who was named to lead the Osterby harbour inquiry on 3 February 2026?"
    assert first_of(tmp_path, encoder, question, NAMED, REPLACED) == "named"


def test_articles_without_a_day_are_in_no_order_of_days(tmp_path: Path, encoder: Encoder) -> None:
    undated = [Article.create(item.id, item.text, title=item.title) for item in (NAMED, REPLACED)]
    with Library.open(tmp_path / "library", encoder=encoder) as library:
        library.add(undated)
        stages = Assistant(library).stages
        question = stages.understand.invoke(Asked("Who is leading the Osterby harbour inquiry now?"))
        for stage in (stages.retrieve, stages.rerank, stages.read):
            question = stage.invoke(question)
        assert len(question.reading.evidence) > 1
        assert revised(question, question.reading.evidence) is None


@given(gap=GAP, present=PROBABILITY)
def test_any_gap_and_any_probability_give_a_probability(gap: float, present: float) -> None:
    features = RevisionFeatures.of(gap, present)
    assert math.isfinite(features.present)
    assert 0 < fitted().probability(features) < 1


@given(gap=GAP, present=PROBABILITY, more=PROBABILITY)
def test_the_surer_what_holds_now_is_asked_the_likelier_the_later(gap: float, present: float, more: float) -> None:
    less, most = sorted((present, more))
    chances = [fitted().probability(RevisionFeatures.of(gap, value)) for value in (less, most)]
    assert chances[0] <= chances[1]


@given(near=GAP, far=GAP, present=PROBABILITY)
def test_the_further_behind_the_less_likely(near: float, far: float, present: float) -> None:
    near, far = sorted((near, far))
    chances = [fitted().probability(RevisionFeatures.of(gap, present)) for gap in (near, far)]
    assert chances[0] >= chances[1]
