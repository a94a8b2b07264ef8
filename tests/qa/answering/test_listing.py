"""Requests for articles themselves: how many mention something, which do, one in another language."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from index import Article, Encoder, Library
from index.analysis import terms
from qa import Assistant, State
from qa.evidence import Reading
from qa.retrieval.retriever import Ranked
from qa.understanding.kinds import Kind
from qa.understanding.topic import topic_of


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("listing")
    with Library.open(folder, encoder=encoder) as library:
        library.add(
            Article.create(
                f"f{number}", f"The ferry Marisol left port {number} late. Nobody was hurt.", title=f"Ferry {number}",
                source="Wire", published=date(2025, 11, number + 1), language="en",
            )
            for number in range(23)
        )  # fmt: skip
        library.add([Article.create("s", "Nurses went on strike. The ferry sailed.", title="Strike", language="en")])
        yield Assistant(library)


def test_articles_are_counted_and_the_newest_listed_with_a_quote(assistant: Assistant) -> None:
    answer = assistant.ask("how many articles mention Marisol?")
    assert answer.text.startswith("23 articles mention “Marisol”.")
    assert [cited.article.title for cited in answer.used[:2]] == ["Ferry 22", "Ferry 21"]
    assert all("Marisol" in cited.quote for cited in answer.used)
    assert len(answer.used) == 20
    assert "The newest 20 are listed." in answer.notes


def test_each_quote_is_a_slice_of_its_article(assistant: Assistant) -> None:
    for cited in assistant.ask("list all articles about the strike").used:
        assert assistant.library.article(cited.article.id).text[cited.start : cited.end] == cited.quote


def test_all_words_must_be_there(assistant: Assistant) -> None:
    answer = assistant.ask("list the articles that mention nurses and ferry")
    assert [cited.article.id for cited in answer.used] == ["s"]


def test_none_is_said_to_be_none(assistant: Assistant) -> None:
    answer = assistant.ask("how many articles mention Zanzibar?")
    assert answer.state is State.NOT_FOUND
    assert answer.text == "No article mentions “Zanzibar”."
    assert any("what another language or script calls it is missing" in note for note in answer.notes)


def test_nothing_is_read_to_count(assistant: Assistant) -> None:
    asked: list[str] = []

    class Reader:
        def read(self, question: str, passages: Sequence[Ranked]) -> Reading:
            asked.append(question)
            return Reading((), 0.0)

    watched = Assistant(assistant.library, reader=Reader())
    assert watched.ask("how many articles mention Marisol?", before="2025-11-03").text.startswith("3 articles mention")
    assert asked == []
    watched.ask("When did the ferry Marisol leave port?")
    assert asked != []


def test_filters_hold(assistant: Assistant) -> None:
    answer = assistant.ask("how many articles mention Marisol?", before="2025-11-03")
    assert answer.text.startswith("3 articles mention")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how many articles mention Turkey?", Kind.COUNT),
        ("كم مقالا يذكر تركيا؟", Kind.COUNT),
        ("combien d'articles mentionnent la Turquie ?", Kind.COUNT),
        ("list all articles about the strike", Kind.LISTING),
        ("اعرض كل المقالات عن الإضراب", Kind.LISTING),
        ("liste tous les articles sur la grève", Kind.LISTING),
        ("translate the minister's denial to English", Kind.TRANSLATION),
        ("how many reporters were arrested?", Kind.FACT),
    ],
)
def test_requests_are_told(samples: Assistant, question: str, kind: Kind) -> None:
    assert samples._understanding.kind(question) is kind


def test_a_translation_without_a_chat_model_is_the_quote_and_a_note(assistant: Assistant) -> None:
    answer = assistant.ask("translate the article about the nurses' strike to French")
    assert answer.used[0].article.id == "s"
    assert "A translation needs a language model, and there is none here." in answer.notes


def test_nothing_to_translate_is_small_talk(assistant: Assistant) -> None:
    assert assistant.ask("translate this please").citations == ()


def test_a_topic_is_what_is_not_how_it_is_asked() -> None:
    asking = frozenset(terms("list articles that mention", "en"))
    assert topic_of("list all articles that mention the port blast?", asking) == "port blast"
    assert topic_of("list articles", asking) == ""
