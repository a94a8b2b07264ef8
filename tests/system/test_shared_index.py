"""One vector index at a Chroma server for several machines: made by one, seen by all, fenced, and done without."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from index import Article, ChromaServer, Library, LibraryBusyError, StorageError
from index.vectors import dense
from index.vectors.chroma import Made
from index.vectors.turns import BuilderTurn
from tests.support.chroma_server import ChromaProcess
from tests.support.machines import QUESTIONS, answers, articles, builder, end_of_lease, found, index_check, made
from tests.support.patience import until
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

Machine = Callable[[str], Library]


@pytest.fixture(autouse=True)
def soon_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new index is due after few articles."""
    monkeypatch.setattr(dense, "_DUE_NEW", 25)


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.schema()


@pytest.fixture
def machine(tmp_path: Path, address: str, chroma: ChromaProcess) -> Iterator[Machine]:
    """Opens the library as another machine does, with a folder of its own."""
    with ExitStack() as opened:

        def open_one(name: str) -> Library:
            server = ChromaServer(chroma.url)
            return opened.enter_context(
                Library.open(tmp_path / name, encoder=SmallEncoder(), catalog=address, chroma=server)
            )

        yield open_one


def collections(chroma: ChromaProcess, library: Library) -> list[int]:
    """Return the numbers of the library's indexes at the server, whose names end in generation and number."""
    own = f"khabar-{library._catalog.meta('id')}-"
    return sorted(int(name.rpartition("-")[2]) for name in chroma.collections() if name.startswith(own))


def test_machines_share_one_index_and_answer_as_with_their_own(
    machine: Machine, tmp_path: Path, address: str, chroma: ChromaProcess
) -> None:
    one = machine("one")
    one.add(articles(0, 40))
    two = machine("two")
    assert made(one) == made(two) == (1, 40)
    assert f"khabar-{one._catalog.meta('id')}-{one.generation}-1" in chroma.collections()
    assert not [*tmp_path.rglob("chroma-*"), *tmp_path.rglob("index-*")]
    with Library.open(tmp_path / "own", encoder=SmallEncoder(), catalog=address) as own:
        assert list(tmp_path.rglob("chroma-*"))
        assert answers(one) == answers(two) == answers(own)
        # What is newer than the index, and what has left it.
        two.add([*articles(40, 60), Article.create("m", "The museum opened.")])
        one.remove(["a7"])
        assert collections(chroma, one) == [1]
        assert answers(one) == answers(two) == answers(own)
        assert found(one, "the museum")[0][0] == "m"
        assert "a7" not in [id_ for id_, _, _ in found(two, "harbour7")]


def test_a_swap_is_seen_at_the_next_question_and_the_index_before_is_kept(
    machine: Machine, chroma: ChromaProcess
) -> None:
    one, two = machine("one"), machine("two")
    one.add(articles(0, 30))
    assert found(two, "harbour7")[0][0] == "a7"
    before = two._dense._held
    assert before is not None
    with two.snapshot():
        one.add(articles(30, 60))
        # A question that is under way goes on in the index of its state.
        assert found(two, "harbour7")[0][0] == "a7"
        assert two._dense._held == before
    assert found(two, "harbour55")[0][0] == "a55"
    assert two._dense._held is not None and two._dense._held[0] == one._dense._made()
    assert made(one) == (2, 60)
    assert collections(chroma, one) == [1, 2]
    two._dense.rebuild()
    assert collections(chroma, one) == [2, 3]
    assert answers(one) == answers(two)


def test_one_machine_at_a_time_makes_the_index(
    machine: Machine, tmp_path: Path, address: str, chroma: ChromaProcess
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, chroma.url) as process:
        with pytest.raises(LibraryBusyError, match=rf"being made by .*, process {process.pid}, whose lease holds for"):
            one._dense.rebuild()
        ok, _, detail = index_check(one)
        assert ok and f"process {process.pid}, whose lease" in detail
        # A commit does not wait for it, and a question neither.
        one.add(articles(30, 60))
        assert found(one, "harbour55")[0][0] == "a55"
        assert made(one) == (1, 30)
        out, _ = process.communicate("go on\n")
        assert out == "made\n"
    assert made(one) == (2, 30)
    one.add(articles(60, 61))
    assert made(one) == (3, 61)
    assert answers(one) == answers(machine("three"))


def test_what_another_machine_has_made_meanwhile_is_not_made_again(machine: Machine, chroma: ChromaProcess) -> None:
    one, two = machine("one"), machine("two")
    one.add(articles(0, 30))
    turns = one._dense._turns

    class Late:
        @contextmanager
        def taken(self, last: int) -> Iterator[BuilderTurn]:
            two._dense.rebuild()
            with turns.taken(last) as turn:
                yield turn

    one._dense._turns = Late()  # type: ignore[assignment]
    one._dense.rebuild()
    assert made(one) == (2, 30)
    assert collections(chroma, one) == [1, 2]


def test_a_builder_that_was_frozen_past_its_lease_cannot_swap(
    machine: Machine, tmp_path: Path, address: str, chroma: ChromaProcess
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, chroma.url) as process:
        process.send_signal(signal.SIGSTOP)
        end_of_lease(one)
        one.add(articles(30, 60))
        assert made(one) == (3, 60)
        before = answers(one)
        process.send_signal(signal.SIGCONT)
        out, _ = process.communicate("go on\n")
        assert out.startswith("The vector index 2 took longer than its builder's lease")
    assert made(one) == (3, 60)
    assert collections(chroma, one) == [1, 3]
    assert answers(one) == before


def test_a_builder_whose_lease_is_over_cannot_swap_though_nobody_took_it(
    machine: Machine, tmp_path: Path, address: str, chroma: ChromaProcess
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, chroma.url) as process:
        assert collections(chroma, one) == [1, 2]
        end_of_lease(one)
        out, _ = process.communicate("go on\n")
        assert out.startswith("The vector index 2 took longer than its builder's lease")
    assert made(one) == (1, 30)
    assert collections(chroma, one) == [1]


def test_where_a_builder_was_killed_another_takes_over_when_its_lease_is_over(
    machine: Machine, tmp_path: Path, address: str, chroma: ChromaProcess
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, chroma.url, seconds=2) as process:
        process.kill()
    assert collections(chroma, one) == [1, 2]

    def takes_over() -> bool:
        try:
            one._dense.rebuild()
        except LibraryBusyError:
            return False
        return True

    until(takes_over)
    assert made(one) == (3, 30)
    # What the dead one left is removed.
    assert collections(chroma, one) == [1, 3]
    assert one.doctor(repair=False).ok


def test_while_the_server_is_down_commits_and_questions_go_on_and_it_is_used_again_when_it_is_back(
    machine: Machine, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_PAUSE", 0.0)
    one, two = machine("one"), machine("two")
    one.add(articles(0, 30))
    assert two.search("harbour7")
    before = answers(two)
    try:
        chroma.stop()
        assert answers(two) == before
        one.add([Article.create("m", "The museum opened.")])
        assert found(two, "the museum")[0][0] == "m"
        # Opened while it is down.
        assert answers(machine("three")) == answers(two)
        ok, repaired, detail = index_check(two, repair=True)
        assert not ok and not repaired
        assert chroma.url in detail and "refused" in detail and "30 passages; since then 1 came" in detail
        # Too many to be compared one by one for each question.
        monkeypatch.setattr(dense, "_KEPT", 20)
        with pytest.raises(StorageError, match=re.escape(chroma.url)) as failed:
            two.search("harbour7")
        assert "Check that it runs" in str(failed.value)
    finally:
        chroma.start()
    assert found(two, "harbour7")[0][0] == "a7"
    # It is not made anew for having been out of reach.
    two.add([Article.create("n", "The museum closed.")])
    assert made(two) == (1, 30)
    ok, _, detail = index_check(two)
    assert ok and detail.startswith("in step with the catalog, and answers; The collection khabar-")


def test_a_server_that_failed_is_left_alone_for_a_while(
    machine: Machine, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than any test takes.
    monkeypatch.setattr(dense, "_PAUSE", 3600.0)
    one = machine("one")
    one.add(articles(0, 30))
    asked = 0
    opened = one._dense._store.open

    def counted(number: Made) -> object:
        nonlocal asked
        asked += 1
        return opened(number)

    one._dense._store.open = counted  # type: ignore[method-assign, assignment]
    one._dense.close()
    try:
        chroma.stop()
        for question in QUESTIONS:
            one.search(question)
        assert asked == 1
    finally:
        chroma.start()


def test_an_index_that_the_server_lost_is_made_again_by_the_doctor(machine: Machine, chroma: ChromaProcess) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    before = answers(one)
    chroma.empty()
    two = machine("two")
    # Opened by who may write, it is made at once; by the doctor in any case.
    assert made(two) == (2, 30)
    chroma.empty()
    ok, _, detail = index_check(two)
    assert not ok and "is missing. `khabar doctor` rebuilds it" in detail
    assert index_check(two, repair=True)[1]
    assert answers(one) == before
    assert made(one) == (3, 30)
