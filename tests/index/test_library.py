"""A library keeps in step with its sources, finds across languages, and shares itself with other processes."""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index import (
    Article,
    ArticleNotFoundError,
    Chunking,
    Encoder,
    Filters,
    Library,
    LibraryBusyError,
    LibraryMismatchError,
    LoadError,
    QueryError,
    Standing,
    SyncState,
)
from index.encoding.encoder import TextVectors
from index.store.engines.sqlite import SqliteDatabase
from tests.support.small_encoder import SmallEncoder

FLOOD = (
    "Flood in Basra\n\nHeavy rain flooded the streets of Basra on Monday, and forty families were moved to schools.\n"
)
FINAL = "نهائي الكأس\n\nفاز فريق الميناء على الزوراء بهدفين مقابل هدف في نهائي كأس العراق مساء الجمعة.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    (articles / "sub").mkdir(parents=True)
    (articles / "flood.txt").write_text(FLOOD, encoding="utf-8")
    (articles / "sub" / "final.txt").write_text(FINAL, encoding="utf-8")
    return articles


def ids(library: Library) -> set[str]:
    return {article.id for article in library.articles()}


def test_sync_adds_replaces_removes_and_a_second_run_changes_nothing(library: Library, folder: Path) -> None:
    first = library.sync(folder)
    assert (first.added, first.embedded, first.failures) == (2, 2, ())
    assert ids(library) == {"flood.txt", "sub/final.txt"}

    generation = library.generation
    again = library.sync(folder)
    assert (again.added, again.replaced, again.unchanged, again.removed, again.embedded) == (0, 0, 2, 0, 0)
    assert library.generation == generation

    (folder / "flood.txt").write_text(FLOOD.replace("forty", "fifty"), encoding="utf-8")
    (folder / "sub" / "final.txt").unlink()
    changed = library.sync(folder)
    assert (changed.replaced, changed.removed, changed.added) == (1, 1, 0)
    assert "fifty" in library.article("flood.txt").text
    assert "forty" in library.article("flood.txt", revision=1).text


def test_removal_touches_only_what_the_same_source_brought(library: Library, folder: Path) -> None:
    library.add([Article.create("mine", "A note of my own about the elections.")])
    library.sync(folder)
    (folder / "sub" / "final.txt").unlink()
    library.sync(folder)
    assert ids(library) == {"mine", "flood.txt"}


def test_a_file_that_can_no_longer_be_read_loses_nothing(library: Library, folder: Path) -> None:
    library.sync(folder)
    (folder / "flood.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    report = library.sync(folder)
    assert not report.ok
    assert "flood.txt" in report.failures[0].name
    assert "forty families" in library.article("flood.txt").text


def test_two_folders_with_the_same_file_name_do_not_overwrite_each_other(library: Library, folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    (other / "flood.txt").write_text(FINAL, encoding="utf-8")
    library.sync(folder)
    report = library.sync(other)
    assert "belongs to" in report.failures[0].reason
    assert "Basra" in library.article("flood.txt").text


def test_finds_across_languages_and_every_hit_is_a_slice(library: Library, folder: Path) -> None:
    library.sync(folder)
    found = library.search("Who won the cup final?")
    assert found[0].article.id == "sub/final.txt"
    assert found[0].text == found[0].article.text[found[0].passage.start : found[0].passage.end]
    assert found[0].score > found[1].score
    assert library.search("أين غمرت المياه الشوارع؟")[0].article.id == "flood.txt"
    assert [c.article.id for c in library.search("cup", filters=Filters.of(language="en"))] == ["flood.txt"]


def test_passages_tile_every_article(library: Library, folder: Path) -> None:
    library.sync(folder)
    for article in library.articles():
        slices = [passage.slice(article.text) for passage in library.passages(article.id)]
        assert "".join(slices) == article.text


def test_removed_articles_are_never_found(library: Library, folder: Path) -> None:
    library.sync(folder)
    assert library.remove(["flood.txt"]) == 1
    assert [c.article.id for c in library.search("flood in Basra")] == ["sub/final.txt"]
    with pytest.raises(ArticleNotFoundError, match="Nothing was removed"):
        library.remove(["sub/final.txt", "nothing"])
    assert ids(library) == {"sub/final.txt"}


def test_progress_reaches_the_end(library: Library, folder: Path) -> None:
    states: list[SyncState] = []
    library.sync(folder, progress=states.append)
    assert states[-1].fraction == 1.0
    assert (states[-1].files_done, states[-1].files_total, states[-1].articles) == (2, 2, 2)
    assert all(a.fraction <= b.fraction for a, b in itertools.pairwise(states))


def test_bad_input_says_what_to_do(library: Library, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="empty"):
        library.search(" ؟ ")
    with pytest.raises(LoadError):
        library.sync(tmp_path / "nowhere")


def test_another_chunking_or_encoder_is_refused_with_the_command_that_rebuilds(
    library: Library, folder: Path, encoder: Encoder
) -> None:
    library.sync(folder)
    with pytest.raises(LibraryMismatchError, match=r"khabar doctor --rebuild"):
        Library.open(library.path, encoder=encoder, chunking=Chunking(max_tokens=64))
    with Library.rebuild_at(library.path, encoder=encoder, chunking=Chunking(max_tokens=24)) as rebuilt:
        assert rebuilt.stats().passages > 2
        assert rebuilt.search("cup final")[0].article.id == "sub/final.txt"
        assert rebuilt.doctor(repair=False).ok


def test_what_a_rebuild_replaced_takes_no_place_among_the_results(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(Article.create(f"a{n}", f"The bridge number {n} opens in May.") for n in range(120))
        vector = library.encoder.encode_query("bridge opens in May").vector
        library.rebuild()
        with library._catalog.snapshot():
            found = [item.number for item in library._dense.search(vector, 50, Filters())]
            assert len(library._catalog.passages(found, Filters())) == len(found) == 50


def test_the_vectors_of_what_was_replaced_or_removed_do_not_stay(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        for number in range(3):
            library.add([Article.create("x", f"Version {number} of it.")])
        assert library._catalog.count_vectors() == 1
        left = "SELECT (SELECT count(*) FROM vector), (SELECT count(*) FROM tokens)"
        assert library._catalog.database.one(left) == (1, 1)
        # What another article of the same commit takes up stays.
        library.add([Article.create("x", "Version 3 of it."), Article.create("y", "Version 2 of it.")])
        assert library._catalog.database.one(left) == (2, 2)
        library.remove(["x", "y"])
        assert library._catalog.database.one(left) == (0, 0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda library: library.article("x", 10**30),
        lambda library: library.article("\ud800"),
        lambda library: library.articles(offset=10**30),
    ],
)
def test_what_no_library_can_hold_is_a_clear_error(library: Library, ask: Callable[[Library], object]) -> None:
    with pytest.raises(QueryError, match="Check the id or the number"):
        ask(library)


def test_words_that_no_title_can_hold_are_a_clear_error(library: Library) -> None:
    with pytest.raises(QueryError, match="Write the words of the title again"):
        library.articles(text="\ud800")


def test_who_may_only_read_sees_what_is_written_later(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    question = "SELECT value FROM meta WHERE key = 'k'"
    with closing(SqliteDatabase(file)) as writer:
        writer.run("INSERT INTO meta VALUES ('k', '1')")
    with closing(SqliteDatabase(file, writable=False)) as reader:
        assert reader.one(question) == ("1",)
        with closing(SqliteDatabase(file)) as writer:
            writer.run("UPDATE meta SET value = '2' WHERE key = 'k'")
            assert reader.one(question) == ("2",)
            writer.run("UPDATE meta SET value = '3' WHERE key = 'k'")
            assert reader.one(question) == ("3",)
        assert reader.one(question) == ("3",)


def test_a_text_encoded_before_is_never_encoded_again(library: Library) -> None:
    text = "The central bank kept its rate. " * 3
    assert library.add([Article.create("a", text, title="Rates")]).embedded == 1
    report = library.add(
        [Article.create("b", text, title="Rates"), Article.create("a", text, title="Rates", source="X")]
    )
    assert (report.added, report.replaced, report.embedded) == (1, 1, 0)


def test_another_process_sees_changes_without_reopening(library: Library, folder: Path) -> None:
    library.sync(folder)
    assert library.search("earthquake in Erbil")[0].article.id != "quake.txt"
    (folder / "quake.txt").write_text("Quake\n\nA strong earthquake shook Erbil at dawn.\n", encoding="utf-8")
    (folder / "flood.txt").unlink()
    code = "import sys; from index import Library; Library.open(sys.argv[1]).sync(sys.argv[2])"
    subprocess.run([sys.executable, "-c", code, str(library.path), str(folder)], check=True)
    found = library.search("earthquake in Erbil")
    assert found[0].article.id == "quake.txt"
    assert "flood.txt" not in {candidate.article.id for candidate in found}


def test_a_second_writer_can_be_told_not_to_wait(library: Library, folder: Path) -> None:
    code = (
        "import sys; from index import Library; library = Library.open(sys.argv[1])\n"
        "with library._writing(): print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(library.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with pytest.raises(LibraryBusyError):
            library.sync(folder, wait=False)
        holder.kill()


@pytest.mark.parametrize("harm", ["gone", "half gone", "flipped", "database cut", "database nonsense"])
def test_a_vector_index_that_is_gone_or_damaged_is_done_without_and_made_anew(
    library: Library, folder: Path, encoder: Encoder, harm: str
) -> None:
    library.sync(folder)
    library.close()
    (chroma,) = library.path.glob("chroma-*")
    _damage(chroma, harm)
    with Library.open(library.path, encoder=encoder) as reopened:
        assert reopened.search("cup final")[0].article.id == "sub/final.txt"
        assert reopened.doctor().ok
        assert reopened.doctor(repair=False).ok
    assert max(library.path.glob("chroma-*")).name == "chroma-2"


def _damage(chroma: Path, harm: str) -> None:
    database = chroma / "chroma.sqlite3"
    (segment,) = chroma.rglob("data_level0.bin")
    if harm == "gone":
        shutil.rmtree(chroma)
    elif harm == "half gone":
        segment.unlink()
    elif harm == "flipped":
        segment.write_bytes(bytes(byte ^ 4 for byte in segment.read_bytes()))
    elif harm == "database cut":
        database.write_bytes(database.read_bytes()[:5000])
    else:
        database.write_bytes(b"nonsense" * 500)


def test_a_failing_index_is_searched_without_by_whoever_has_it_open(
    library: Library, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library.sync(folder)
    (chroma,) = library.path.glob("chroma-*")
    shutil.rmtree(chroma)
    for _ in range(2):
        assert library.search("cup final")[0].article.id == "sub/final.txt"
    assert caplog.text.count("every stored vector is compared") == 1


def test_stats_count_what_is_there(library: Library, folder: Path) -> None:
    library.sync(folder)
    stats = library.stats()
    assert (stats.articles, stats.passages) == (2, 2)
    assert {(count.name, count.articles) for count in stats.languages} == {("ar", 1), ("en", 1)}


class Failing(SmallEncoder):
    """Another small encoder, which gives up after some passages."""

    name = "another-small-encoder"

    def __init__(self, passages: int) -> None:
        self.left = passages

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        if self.left < len(texts):
            raise KeyboardInterrupt
        self.left -= len(texts)
        return super().encode_passages(texts)

    def encode_query(self, text: str) -> TextVectors:
        found = super().encode_query(text)
        return replace(found, vector=-found.vector)


def test_an_interrupted_rebuild_leaves_the_old_library_serving_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(Article.create(f"a{n}", f"Number {n} met bird{n} at sea.") for n in range(200))
        with pytest.raises(KeyboardInterrupt):
            Library.rebuild_at(tmp_path, encoder=Failing(150))
        assert library.search("bird7")[0].article.id == "a7"
        encoder = Failing(10_000)
        with Library.rebuild_at(tmp_path, encoder=encoder) as rebuilt:
            assert 10_000 - encoder.left < 100
            assert rebuilt.search("bird7")[0].article.id == "a7"
            assert rebuilt.doctor(repair=False).ok
        with pytest.raises(LibraryMismatchError, match="Open it again"):
            library.search("bird7")


def test_a_cited_revision_is_current_then_changed_then_withdrawn(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add([Article.create("a", FLOOD)])
        assert library.standing("a", 1) is Standing.CURRENT
        library.add([Article.create("a", FLOOD.replace("forty", "fifty"))])
        assert library.standing("a", 1) is Standing.CHANGED
        assert library.standing("a", 2) is Standing.CURRENT
        library.remove(["a"])
        assert library.standing("a", 2) is Standing.WITHDRAWN
        library.add([Article.create("a", FLOOD)])
        assert library.standing("a", 2) is Standing.CHANGED
