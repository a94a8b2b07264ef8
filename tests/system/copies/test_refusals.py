"""Copies of a vector index that are not the one the catalog names: refused, told, and made or fetched anew."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Article, Library
from index.sealing import seal
from index.store.engines.protocol import HISTORY_STEP
from tests.support.copies import copy_of, flip, graph, own, shelf, used
from tests.support.machines import answers, articles, found, index_check, made
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

Machine = Callable[[str], Library]


def bit_flipped(copy: Path) -> None:
    flip(graph(copy))


def database_flipped(copy: Path) -> None:
    flip(copy / "chroma.sqlite3")


def seal_flipped(copy: Path) -> None:
    flip(copy / "seal.json")


def truncated(copy: Path) -> None:
    file = graph(copy)
    file.write_bytes(file.read_bytes()[:-1])


def half_there(copy: Path) -> None:
    graph(copy).unlink()


def unsealed(copy: Path) -> None:
    (copy / "seal.json").unlink()


def described_as(copy: Path, **values: object) -> None:
    described = json.loads((copy / "made.json").read_text())
    (copy / "made.json").write_text(json.dumps({**described, **values}))
    seal(copy)


def of_another_model(copy: Path) -> None:
    described_as(copy, encoder="another-model")


def of_another_generation(copy: Path) -> None:
    described_as(copy, generation=9)


def of_another_library(copy: Path) -> None:
    described_as(copy, library="another")


def sealed_anew(copy: Path) -> None:
    flip(graph(copy))
    seal(copy)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (bit_flipped, "data_level0.bin is not as it was written"),
        (database_flipped, "chroma.sqlite3 is not as it was written"),
        (truncated, "data_level0.bin is not as it was written"),
        (half_there, "No such file or directory"),
        (unsealed, "seal.json is missing"),
        (seal_flipped, "is not the index that the catalog names"),
        (sealed_anew, "is not the index that the catalog names"),
        (of_another_model, "is of the encoder another-model, not small-test-encoder"),
        (of_another_generation, "is of the generation 9, not 1"),
        (of_another_library, "is of the library another, not"),
    ],
)
def test_a_copy_that_is_not_the_one_the_catalog_names_is_refused_and_told_and_made_again(
    machine: Machine,
    place: Path,
    harm: Callable[[Path], None],
    reason: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As in a library that is too large to be seen to whenever it is opened.
    monkeypatch.setattr("index.library._HEAL_ON_OPEN", 0)
    one = machine("one")
    one.add(articles(0, 30))
    harm(copy_of(shelf(place), 1))
    two = machine("two")
    assert reason in caplog.text
    assert own(two) == []
    assert answers(two) == answers(one)
    ok, _, detail = index_check(two)
    assert not ok and (reason in detail or "data_level0.bin is missing" in detail)
    # Whoever looks after it has a new one made, by its vectors in the catalog.
    ok, repaired, detail = index_check(two, repair=True)
    assert not ok and repaired and "rebuilt from the stored vectors" in detail
    assert (made(two), used(two)) == ((2, 30), 2)
    one.fetch_index()
    assert used(one) == 2
    assert one.doctor(repair=False).ok


def test_a_refused_copy_is_said_once_and_taken_when_it_is_whole(
    machine: Machine, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    file = graph(place)
    whole = file.read_bytes()
    flip(file)
    two = machine("two")
    two.fetch_index()
    assert len([record for record in caplog.records if "is refused" in record.getMessage()]) == 1
    file.write_bytes(whole)
    two.fetch_index()
    assert (used(two), made(two)) == (1, (1, 30))
    assert two.doctor(repair=False).ok


def test_a_copy_that_is_damaged_here_is_told_and_fetched_anew(
    machine: Machine, tmp_path: Path, address: str, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    with Library.open(tmp_path / "two", encoder=SmallEncoder(), catalog=address, copies=place) as two:
        before = answers(two)
        flip(graph(two.path))
        ok, _, detail = index_check(two)
        assert not ok and "the copy of the vector index here is damaged: " in detail
        ok, repaired, detail = index_check(two, repair=True)
        assert not ok and repaired and "fetched anew" in detail
        flip(graph(two.path))
    # Told at the next start too, which does not open it.
    two = machine("two")
    assert "is damaged" in caplog.text and "data_level0.bin is not as it was written; it is fetched anew" in caplog.text
    assert (used(two), made(two)) == (1, (1, 30))
    assert answers(two) == before
    ok, _, detail = index_check(two)
    assert ok and "is not as it was written, and was fetched anew" in detail


def test_what_was_made_after_a_backup_that_was_brought_back_is_not_used(
    machine: Machine, address: str, place: Path, postgres: PostgresServer
) -> None:
    one = machine("one")
    one.add(articles(0, 30))
    two = machine("two")
    with postgres.dumped(address) as bring_back:
        one.add(articles(30, 60))
        two.fetch_index()
        assert (used(two), made(two)) == (2, (2, 60))
        bring_back()
    # The same number as before, of other articles; its generation is one that was not given before.
    one.add([Article.create(f"b{n}", f"Report {n} tells of bridge{n}.", language="en") for n in range(30)])
    assert made(one) == (2, 60)
    assert one.generation == HISTORY_STEP + 2
    assert len(list(shelf(place).glob(f"chroma-{one.generation}-2-*"))) == 1
    assert used(two) == 1
    assert found(two, "bridge7")[0][0] == "b7" and found(two, "harbour55")[0][0] != "a55"
    two.fetch_index()
    assert (used(two), own(two)) == (2, [1, 2])
    assert answers(two) == answers(one) == answers(machine("three"))
