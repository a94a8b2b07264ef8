"""One vector index that a machine makes and the others copy: fenced, seen by all, and done without."""

import shutil
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Article, ChromaServer, Library, LibraryBusyError, LibraryError, StorageError
from index.vectors import dense
from index.workers import Dispatch
from tests.support.copies import copies, graph, own, shelf, used
from tests.support.machines import answers, articles, builder, end_of_lease, found, held, index_check, made
from tests.support.patience import until
from tests.support.small_encoder import SmallEncoder
from tests.support.worker_runs import drained
from ui.server.copying import keeping_up

Machine = Callable[[str], Library]


def test_machines_copy_one_index_and_answer_as_with_their_own(
    machine: Machine, tmp_path: Path, place: Path, address: str
) -> None:
    one = machine("one")
    one.add(articles(0, 40))
    two = machine("two")
    assert made(two) == (1, 40)
    assert (copies(shelf(place)), own(one), own(two)) == ([1], [1], [1])
    assert used(two) == 1
    # Made once: both have the very same files.
    assert graph(two.path).read_bytes() == graph(one.path).read_bytes() == graph(place).read_bytes()
    for file in two.path.glob("copies-*/chroma-*/**/*"):
        writable = bool(file.stat().st_mode & stat.S_IWUSR)
        assert file.is_dir() or writable == (file.name == "chroma.sqlite3")
    with Library.open(tmp_path / "own", encoder=SmallEncoder(), catalog=address) as alone:
        assert answers(one) == answers(two) == answers(alone)
        two.add([*articles(40, 60), Article.create("m", "The museum opened.")])
        one.remove(["a7"])
        assert answers(one) == answers(two) == answers(alone)
    assert one.doctor(repair=False).ok and two.doctor(repair=False).ok


def test_until_the_next_index_is_copied_the_one_before_serves_and_what_came_and_left_is_told(
    machine: Machine, place: Path
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    one.remove(["a7"])
    one.add(articles(30, 60))
    assert (made(two), used(two)) == ((2, 59), 1)
    assert answers(two) == answers(one)
    assert found(two, "harbour55")[0][0] == "a55"
    assert "a7" not in [id_ for id_, _, _ in found(two, "harbour7")]
    ok, _, detail = index_check(two)
    assert ok and detail.endswith(
        "generation 3, 59 passages; since then 0 came and 0 left; the copy here is of generation 1"
    )
    two.fetch_index()
    assert (used(two), own(two)) == (2, [1, 2])
    assert answers(two) == answers(one)
    one._dense.rebuild()
    two.fetch_index()
    # Two are kept everywhere.
    assert (used(two), own(two), own(one), copies(shelf(place))) == (3, [2, 3], [2, 3], [2, 3])


def test_a_question_has_the_next_index_copied_beside_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(dense, "_DUE_NEW", 25)
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    one.add(articles(30, 60))
    assert found(two, "harbour55")[0][0] == "a55"
    until(lambda: used(two) == 2)


def test_a_machine_that_is_two_indexes_behind_compares_everything_and_copies_the_newest_alone(
    machine: Machine, tmp_path: Path, address: str, place: Path
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    assert used(two) == 1
    one.remove(["a7"])
    one.add(articles(30, 60))
    one._dense.rebuild()
    # What had left before the first of the two that are kept is forgotten: the oldest index would not know of it.
    assert (made(two), two._catalog.count_gone(0)) == ((3, 59), 0)
    assert answers(two) == answers(one)
    assert two._dense._store.at_hand(two._dense._recorded()) is None
    ok, _, detail = index_check(two)
    assert not ok and "no copy of the vector index of generation 3 is here yet" in detail
    two.fetch_index()
    assert (used(two), own(two)) == (3, [3])
    assert answers(two) == answers(one)


def test_a_machine_whose_copying_was_killed_halfway_has_nothing_half_and_copies_anew(
    machine: Machine, tmp_path: Path, address: str, place: Path
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with held("copying", "tests.support.held_fetcher", str(tmp_path / "two"), address, str(place)) as process:
        (half,) = (tmp_path / "two").glob("copies-*/fetching-*")
        assert len(list(half.rglob("*"))) > 2
        # Another process of that machine neither waits for it nor does it as well.
        two = machine("two")
        assert two._dense._store.at_hand(two._dense._recorded()) is None
        assert answers(two) == answers(one)
        process.send_signal(signal.SIGKILL)
    assert half.exists()
    two.fetch_index()
    assert (used(two), own(two)) == (1, [1])
    assert two.doctor(repair=False).ok


def test_one_machine_at_a_time_makes_the_index(machine: Machine, tmp_path: Path, address: str, place: Path) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, place) as process:
        with pytest.raises(LibraryBusyError, match=rf"being made by .*, process {process.pid}, whose lease holds for"):
            one._dense.rebuild()
        ok, _, detail = index_check(one)
        assert ok and f"process {process.pid}, whose lease" in detail
        # A commit does not wait for it, and a question neither.
        one.add(articles(30, 60))
        assert found(one, "harbour55")[0][0] == "a55"
        assert (made(one), copies(shelf(place))) == ((1, 30), [1])
        assert process.communicate("go on\n")[0] == "made\n"
    assert (made(one), copies(shelf(place))) == ((2, 30), [1, 2])
    one.fetch_index()
    assert used(one) == 2


@pytest.mark.parametrize("taken_over", [True, False])
def test_what_a_builder_makes_that_was_frozen_past_its_lease_is_not_published(
    machine: Machine, tmp_path: Path, address: str, place: Path, taken_over: bool
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, place) as process:
        process.send_signal(signal.SIGSTOP)
        end_of_lease(one)
        if taken_over:
            one.add(articles(30, 60))
        before = made(one), copies(shelf(place))
        assert before == (((3, 60), [1, 3]) if taken_over else ((1, 30), [1]))
        process.send_signal(signal.SIGCONT)
        out, _ = process.communicate("go on\n")
        assert out.startswith("The vector index 2 took longer than its builder's lease")
    assert (made(one), copies(shelf(place))) == before
    two = machine("two")
    two.fetch_index()
    assert used(two) == before[0][0]
    assert answers(two) == answers(one)


def test_what_a_killed_builder_left_is_removed_by_the_next(
    machine: Machine, tmp_path: Path, address: str, place: Path
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with builder(tmp_path / "two", address, place) as process:
        process.kill()
    (left,) = (tmp_path / "two").glob("copies-*/building-*")
    # As one leaves it that is killed while it copies.
    (shelf(place) / "part-2-0a1b2c3d").mkdir()
    end_of_lease(one)
    two = machine("two")
    two._dense.rebuild()
    assert not left.exists()
    assert (made(one), copies(shelf(place)), own(two)) == ((3, 30), [1, 3], [1, 3])


def test_while_the_folder_is_away_commits_and_questions_go_on_and_it_is_used_again_when_it_is_back(
    machine: Machine, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    place.rename(tmp_path / "away")
    one.add(articles(30, 60))
    assert made(one) == (1, 30)
    # Nothing was built that could not be told of.
    assert own(one) == [1]
    assert (used(one), used(two)) == (1, 1)
    assert answers(two) == answers(one)
    for repair in (False, True):
        ok, repaired, detail = index_check(two, repair=repair)
        assert not ok and not repaired
        assert f"The folder of index copies {place} is not there. Mount it" in detail
    # Opened while it is away.
    three = machine("three")
    assert answers(three) == answers(one)
    monkeypatch.setattr(dense, "_KEPT", 20)
    with pytest.raises(StorageError, match=r"too large to do without\. The folder of index copies"):
        three.search("harbour7")
    (tmp_path / "away").rename(place)
    three.fetch_index()
    assert used(three) == 1
    one.add(articles(60, 61))
    two.fetch_index()
    assert (made(one)[1], used(two)) == (61, made(one)[0])
    assert two.doctor(repair=False).ok


def test_a_folder_that_was_emptied_is_filled_again(machine: Machine, place: Path) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    shutil.rmtree(shelf(place))
    ok, _, detail = index_check(one)
    assert not ok and "made.json is missing" in detail
    # By whoever commits next.
    one.add(articles(30, 31))
    assert (made(one), copies(shelf(place))) == ((2, 31), [2])
    assert used(machine("two")) == 2


def test_copies_are_for_a_shared_catalog_without_a_chroma_server(tmp_path: Path, address: str, place: Path) -> None:
    with pytest.raises(LibraryError, match="KHABAR_INDEX_COPIES"):
        Library.open(tmp_path / "a", encoder=SmallEncoder(), copies=place)
    with pytest.raises(LibraryError, match="only one of"):
        Library.open(
            tmp_path / "b", encoder=SmallEncoder(), catalog=address, copies=place, chroma=ChromaServer("http://x")
        )


def test_a_worker_makes_the_index_for_all(machine: Machine, place: Path) -> None:
    library = machine("one")
    Dispatch(library, waits=False).add(articles(0, 40))
    worker = machine("worker")
    drained(worker)
    assert (made(library), copies(shelf(place)), own(worker)) == ((1, 40), [1], [1])
    library.fetch_index()
    assert used(library) == 1


def test_a_server_that_nobody_asks_keeps_up(machine: Machine) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    with keeping_up(two, every=0.01):
        for _ in range(3):
            one._dense.rebuild()
            newest = two._dense._recorded()[:1]
            until(lambda newest=newest: two._dense._store.at_hand(newest))  # type: ignore[misc]
    assert (used(two), own(two)) == (4, [3, 4])
