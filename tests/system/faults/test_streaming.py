"""PostgreSQL restarted in the middle of an answer: it comes whole and of one state, or not; then all goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index import Article, Encoder, Library, StorageError
from qa import Answer, Assistant, Progress
from tests.support.postgres_server import PostgresServer

QUESTIONS = ("Why was the port of Sfax closed?", "Pourquoi le port de Sfax a-t-il fermé ?", "لماذا أغلق ميناء صفاقس؟")
NEWS = (
    Article.create("e", "The port of Sfax was closed on Monday because of a storm, its director said.", language="en"),
    Article.create("f", "Le port de Sfax a fermé lundi en raison d'une tempête, a dit sa directrice.", language="fr"),
    Article.create("a", "أغلق ميناء صفاقس يوم الاثنين بسبب عاصفة، بحسب مديرته.", language="ar"),
)


@pytest.fixture
def assistant(tmp_path: Path, encoder: Encoder, address: str) -> Assistant:
    library = Library.open(tmp_path / "page", encoder=encoder, catalog=address)
    library.add(NEWS)
    return Assistant(library)


def restarted(postgres: PostgresServer) -> None:
    postgres.stop()
    postgres.start()


def test_an_answer_that_is_under_way_comes_whole_and_of_the_state_that_it_names(
    assistant: Assistant, postgres: PostgresServer, tmp_path: Path, encoder: Encoder, address: str
) -> None:
    with assistant:
        for question in QUESTIONS:
            before = assistant.ask(question)
            events = assistant.stream(question)
            told = next(event for event in events if isinstance(event, Progress) and event.stage == "reading")
            assert told.stage == "reading"
            restarted(postgres)
            with Library.open(tmp_path / "other", encoder=encoder, catalog=address) as other:
                other.add([Article.create("later", f"The port of Sfax was closed: {question}", language="en")])
                generation = other.generation
                other.remove(["later"])
            answer = list(events)[-1]
            assert isinstance(answer, Answer)
            assert (answer.text, answer.citations, answer.generation) == (
                before.text, before.citations, before.generation,
            )  # fmt: skip
            assert answer.generation == generation - 1
            # The next one is asked of what there is now.
            assert assistant.ask(question).generation == generation + 1


def test_an_answer_whose_search_is_cut_off_is_an_error_and_no_part_of_it_is_shown(
    assistant: Assistant, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    search: Callable[..., object] = assistant.library._dense.search

    def cut(*given: object) -> object:
        restarted(postgres)
        return search(*given)

    with assistant:
        expected = assistant.ask(QUESTIONS[0])
        events: list[object] = []
        with monkeypatch.context() as patched:
            patched.setattr(assistant.library._dense, "search", cut)
            with pytest.raises(StorageError, match="does not answer"):
                events.extend(assistant.stream(QUESTIONS[0]))
        assert all(isinstance(event, Progress) for event in events)
        answer = list(assistant.stream(QUESTIONS[0]))[-1]
        assert isinstance(answer, Answer)
        assert (answer.text, answer.citations) == (expected.text, expected.citations)
