"""Shared answers in the catalog: kept under ids that cannot be guessed, for a while, and no others than were given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Library, LibraryError, QueryError
from index.store import shared_answers as shared
from index.store.backups import CATALOG
from index.store.engines.sqlite import SqliteDatabase
from tests.support.small_encoder import SmallEncoder

CONTENT: dict[str, object] = {"question": "من؟ \ud800", "answer": {"text": "مهند [1]", "score": 0.5}}


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def test_what_is_shared_is_found_as_it_was_under_an_id_that_says_nothing(library: Library) -> None:
    assert library.shared.find("0" * 32) is None
    before = library.generation
    kept = library.shared.keep(CONTENT)
    assert (len(kept.id), int(kept.id, 16) > 0) == (32, True)
    found = library.shared.find(kept.id)
    assert found is not None
    assert (found.content, found.at) == (CONTENT, kept.at.replace(microsecond=0))
    assert library.shared.find(kept.id[:-1]) is None
    # Nothing that is searched has changed.
    assert library.generation == before


def test_the_same_answer_shared_again_is_the_same_link(library: Library) -> None:
    first = library.shared.keep(CONTENT)
    assert library.shared.keep(dict(reversed(CONTENT.items()))).id == first.id
    assert library.shared.keep({**CONTENT, "question": "?"}).id != first.id


def test_another_library_gives_other_ids(library: Library, tmp_path: Path) -> None:
    with Library.open(tmp_path / "other", encoder=SmallEncoder()) as other:
        assert other.shared.keep(CONTENT).id != library.shared.keep(CONTENT).id
        assert not other.shared.is_sealed(CONTENT, library.shared.seal(CONTENT))


def test_a_link_outlives_the_process(library: Library, tmp_path: Path, served_at: str | None) -> None:
    kept, seal = library.shared.keep(CONTENT), library.shared.seal(CONTENT)
    library.close()
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as again:
        assert again.shared.find(kept.id) is not None
        assert again.shared.is_sealed(CONTENT, seal)


class Clock(datetime):
    """What the time is after `passed`."""

    passed = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime.now(UTC) + cls.passed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(shared, "datetime", Clock)
    monkeypatch.setattr(Clock, "passed", timedelta())
    return Clock


def test_a_link_ends_after_a_year(library: Library, clock: type[Clock]) -> None:
    kept = library.shared.keep(CONTENT)
    clock.passed = timedelta(days=364)
    assert library.shared.find(kept.id) is not None
    clock.passed = timedelta(days=366)
    assert library.shared.find(kept.id) is None


def test_the_oldest_go_when_there_are_too_many(
    library: Library, clock: type[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "MOST", 2)
    kept = []
    for day in range(3):
        clock.passed = timedelta(days=day)
        kept.append(library.shared.keep({"question": str(day)}))
    assert [library.shared.find(one.id) is not None for one in kept] == [False, True, True]


def test_what_is_too_long_is_refused(library: Library) -> None:
    with pytest.raises(QueryError, match="too long to be shared"):
        library.shared.keep({"question": "x" * shared.LONGEST})


def test_a_seal_holds_for_its_content_alone(library: Library) -> None:
    seal = library.shared.seal(CONTENT)
    assert library.shared.is_sealed(dict(reversed(CONTENT.items())), seal)
    assert not library.shared.is_sealed({**CONTENT, "question": "who?"}, seal)
    assert not library.shared.is_sealed(CONTENT, "")
    assert not library.shared.is_sealed(CONTENT, "\ud800")
    # The id of a link is no seal, and a seal no id.
    assert not library.shared.is_sealed(CONTENT, library.shared.keep(CONTENT).id)


def test_a_library_that_cannot_be_written_seals_and_shares_nothing(tmp_path: Path) -> None:
    Library.open(tmp_path, encoder=SmallEncoder()).close()
    database = SqliteDatabase(tmp_path / CATALOG, writable=False)
    try:
        table = shared.SharedTable(database)
        assert table.is_sealed(CONTENT, table.seal(CONTENT))
        with pytest.raises(LibraryError, match="may write in its folder"):
            table.keep(CONTENT)
    finally:
        database.close()
