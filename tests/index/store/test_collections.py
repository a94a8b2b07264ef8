"""Collections of articles: what is in which, and who sees what, in both engines."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from index import (
    Article,
    ArticleNotFoundError,
    Filters,
    Library,
    Passage,
    QueryError,
    export_library,
    import_library,
)
from index.errors import AccessError
from index.store.access.actors import Actor, Way, acting
from index.store.access.grants import grant_of
from tests.support.collected import (
    BUDGET,
    EVERYTHING,
    FERRY,
    NOBODY,
    POLITICS,
    READER,
    SPORT,
    as_,
    filled,
    ids,
)
from tests.support.small_encoder import SmallEncoder


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield filled(opened)


# What is in which.


def test_collections_are_listed_with_how_many_articles_they_have(library: Library) -> None:
    assert [(each.name, each.articles) for each in library.collections.all()] == [
        ("politics", 2), ("sport", 2), ("wire", 0),
    ]  # fmt: skip
    assert library.collections.open_articles() == 1
    assert library.collections.of("partout") == {SPORT, POLITICS}


def test_a_name_that_is_no_collection_s_is_refused_before_anything_is_done(library: Library) -> None:
    for wrong in (
        lambda: library.add([BUDGET], collections=["sprot"]),
        lambda: library.assign(["ferry"], ["sprot"]),
        lambda: library.collections.remove("sprot"),
        lambda: library.move_collection("sprot", ["sport"]),
    ):
        with pytest.raises(QueryError, match="There is no collection sprot"):
            wrong()
    with pytest.raises(QueryError, match="There is a collection sport already"):
        library.collections.add("SPORT")


def test_a_collection_with_articles_is_not_let_go_of(library: Library) -> None:
    with pytest.raises(QueryError, match="The collection sport still has articles"):
        library.remove_collection("sport")
    assert library.move_collection("sport", ["wire"]) == 2
    assert library.collections.of("partout") == {"wire", POLITICS}
    assert library.remove_collection("Sport") == "sport"
    assert [each.name for each in library.collections.all()] == ["politics", "wire"]
    library.tokens.add("script", None, grant_of("reader@wire"))
    library.move_collection("wire", [])
    with pytest.raises(QueryError, match="The token 'script' is held in wire"):
        library.remove_collection("wire")


def test_a_library_without_collections_has_no_table_of_them(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(EVERYTHING)
        assert not library.parts.catalog.database.has("collection")
        assert not library.parts.catalog.database.has("collected")
        with acting(NOBODY):
            assert len(ids(library)) == 4


# Who may see what.


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("none", ["ferry"]),
        ("reader@sport", ["ferry", "match", "partout"]),
        ("editor@politics", ["budget", "ferry", "partout"]),
        ("reader@wire", ["ferry"]),
        ("reader@gone", ["ferry"]),
        ("reader@sport,reader@politics", ["budget", "ferry", "match", "partout"]),
        ("reader", ["budget", "ferry", "match", "partout"]),
        ("admin", ["budget", "ferry", "match", "partout"]),
    ],
)
def test_whoever_acts_sees_what_is_in_none_and_what_is_in_theirs(library: Library, role: str, seen: list[str]) -> None:
    with acting(as_(role)):
        assert ids(library) == seen
        assert sorted(id for id in ("budget", "ferry", "match", "partout") if library.has(id)) == seen
        assert library.stats().articles == library.extent().articles == len(seen)
        assert library.stats().passages == len(seen)
        found = library.search("Samhar ferry budget cabinet فريق العبارة")
        assert {candidate.article.id for candidate in found} == set(seen)


HIDDEN: list[Callable[[Library], object]] = [
    lambda library: library.article("budget"),
    lambda library: library.article("budget", 1),
    lambda library: library.article("budget", 2),
    lambda library: library.passages("budget"),
    lambda library: library.revisions("budget"),
    lambda library: library.remove(["budget"]),
    lambda library: library.remove(["ferry", "budget"]),
]


@pytest.mark.parametrize("attempt", HIDDEN)
def test_what_is_hidden_is_told_as_what_is_not_there(library: Library, attempt: Callable[[Library], object]) -> None:
    def told() -> str:
        with acting(READER), pytest.raises(ArticleNotFoundError) as raised:
            attempt(library)
        return str(raised.value)

    hidden = told()
    library.remove(["budget"])
    # As if it had never been.
    assert told() == hidden
    assert "Budget" not in hidden


def test_counts_facets_and_stories_are_of_what_is_seen(library: Library) -> None:
    copy = Article.create("copy", FERRY.text, title="Budget copy", source="Cabinet Wire", published=date(2025, 11, 4))
    library.add([copy], collections=[POLITICS])
    assert [other.id for other in library.same_story(["ferry"])["ferry"]] == ["copy"]
    with acting(READER):
        assert library.same_story(["ferry", "copy"]) == {}
        assert {count.name for count in library.stats().sources} == {"Harbour News", "الملاعب", "Le Port"}
        assert [count.name for count in library.stats().categories] == [""]
        assert {count.name for count in library.stats().languages} == {"en", "ar", "fr"}
        assert [month.name for month in library.months()] == ["2025-10", "2025-11"]
        assert library.stats().last == date(2025, 11, 3)
        assert library.extent(Filters.of(source="Cabinet Wire")).articles == 0
        assert library.articles(text="budget") == []
        whole = Passage("budget", 0, len(BUDGET.text))
        assert library.candidates([whole]) == []
        assert library.file("budget") is None
        assert library.standing("budget", 1).value == "withdrawn"


def test_what_is_hidden_takes_no_place_among_the_nearest(library: Library) -> None:
    near = [Article.create(f"near{n}", f"The Samhar ferry resumed, {n} said.", title=f"Near {n}") for n in range(80)]
    library.add(near, collections=[POLITICS])
    asked = "The Samhar ferry resumed"
    with acting(READER):
        found = [candidate.article.id for candidate in library.search(asked, limit=2)]
    assert found[0] == "ferry" and not {id for id in found if id.startswith("near")}
    library.parts.dense.rebuild()
    with acting(READER):
        assert [candidate.article.id for candidate in library.search(asked, limit=2)] == found
        only = Filters.of(language="ar")
        assert [candidate.article.id for candidate in library.search(asked, filters=only)] == ["match"]


def test_an_article_that_is_moved_is_seen_by_others_at_once_whatever_index_there_is(library: Library) -> None:
    asked = "budget cabinet"
    library.add([Article.create(f"other{n}", f"Nothing of it, {n}.") for n in range(40)])
    library.parts.dense.rebuild()
    generation = library.generation
    assert library.assign(["budget"], [SPORT]) == 1
    assert library.generation == generation + 1
    with acting(READER):
        assert library.search(asked, limit=1)[0].article.id == "budget"
    assert library.assign(["budget"], [POLITICS]) == 1
    assert library.assign(["budget"], [POLITICS]) == 0
    with acting(READER):
        assert "budget" not in {candidate.article.id for candidate in library.search(asked, limit=50)}
    library.parts.dense.rebuild()
    with acting(READER):
        assert "budget" not in {candidate.article.id for candidate in library.search(asked, limit=50)}
    assert library.search(asked, limit=1)[0].article.id == "budget"
    # It is replaced and withdrawn as any other.
    library.add([Article.create("budget", BUDGET.text + " It was repealed.", title="Budget cut")])
    library.remove(["budget"])
    assert library.doctor().ok


def test_a_library_that_is_held_to_rights_tells_nobody_whom_it_does_not_know(library: Library) -> None:
    library.hold_to_rights()
    for attempt in (library.articles, library.stats, lambda: library.article("ferry"), lambda: library.add([FERRY])):
        with pytest.raises(AccessError, match="Nobody knows who asks"):
            attempt()
    with acting(Actor(Way.SERVER)):
        assert len(ids(library)) == 4


# What sources bring.


def folder(tmp_path: Path, *names: str) -> Path:
    made = tmp_path / "wire"
    made.mkdir(exist_ok=True)
    for name in names:
        (made / f"{name}.txt").write_text(f"The port of {name} reopened on Monday.", encoding="utf-8")
    return made


def of(library: Library) -> dict[str, list[str]]:
    return {id: sorted(library.collections.of(id)) for id in ids(library) if id.endswith(".txt")}


def test_a_source_keeps_its_collections_and_so_does_what_it_brings_later(library: Library, tmp_path: Path) -> None:
    source = folder(tmp_path, "a", "b")
    library.sync(source, collections=["wire"])
    assert of(library) == {"a.txt": ["wire"], "b.txt": ["wire"]}
    library.assign(["a.txt"], ["sport"])
    folder(tmp_path, "c")
    (source / "a.txt").write_text("The port of a closed again.", encoding="utf-8")
    library.sync(source)
    assert of(library) == {"a.txt": ["sport"], "b.txt": ["wire"], "c.txt": ["wire"]}
    # Named anew, what it had of before goes, and what was put by hand stays.
    library.sync(source, collections=["politics"])
    assert of(library) == {"a.txt": ["politics", "sport"], "b.txt": ["politics"], "c.txt": ["politics"]}
    library.move_collection("politics", ["wire"])
    folder(tmp_path, "d")
    library.sync(source)
    assert of(library)["d.txt"] == ["wire"]


def test_what_another_source_brings_belongs_to_both_and_an_open_one_is_open_no_more(
    library: Library, tmp_path: Path
) -> None:
    one = folder(tmp_path, "a", "b")
    other = tmp_path / "other"
    other.mkdir()
    library.sync(one)
    assert of(library) == {"a.txt": [], "b.txt": []}
    for source in (one, other):
        lines = '{"id": "shared", "text": "The quay of Samhar is closed."}\n'
        (source / "wire.jsonl").write_text(lines, encoding="utf-8")
    library.sync(one)
    library.sync(other, collections=["wire"])
    assert library.collections.of("shared") == {"wire"}
    library.sync(one, collections=["sport"])
    assert library.collections.of("shared") == {"sport", "wire"}
    # What was opened by hand stays open, whichever of them brings it again.
    library.assign(["shared", "a.txt"], [])
    (one / "a.txt").write_text("The port of a closed again.", encoding="utf-8")
    library.sync(one)
    library.sync(other)
    assert of(library) == {"a.txt": [], "b.txt": ["sport"]}
    assert library.collections.of("shared") == set()


def test_what_another_source_keeps_closed_stays_so_when_one_opens_what_it_brings(
    library: Library, tmp_path: Path
) -> None:
    one, other = folder(tmp_path, "a"), tmp_path / "other"
    other.mkdir()
    for source in (one, other):
        (source / "wire.jsonl").write_text('{"id": "shared", "text": "The quay is closed."}\n', encoding="utf-8")
        library.sync(source, collections=["wire"])
    library.sync(one, collections=[])
    assert library.collections.of("shared") == {"wire"}
    assert of(library) == {"a.txt": []}


def test_what_is_withdrawn_moves_with_its_collection(library: Library) -> None:
    library.remove(["budget"])
    assert library.move_collection("politics", ["wire"]) == 1
    library.move_collection("wire", ["sport"])
    library.remove_collection("wire")
    library.add([BUDGET])
    assert library.collections.of("budget") == {SPORT}
    library.remove(["budget"])
    library.assign(["partout"], ["sport"])
    for id in library.collections.articles("sport"):
        library.assign([id], [])
    with pytest.raises(QueryError, match=r"sport still has articles \(1, of them 1 withdrawn\)"):
        library.remove_collection("sport")


def test_what_is_withdrawn_and_comes_again_is_where_it_was(library: Library) -> None:
    library.remove(["budget"])
    library.add([BUDGET])
    assert library.collections.of("budget") == {POLITICS}
    with acting(READER):
        assert "budget" not in ids(library)


def test_an_open_article_may_be_put_in_a_collection_and_opened_again(library: Library) -> None:
    library.add([FERRY], collections=["wire"])
    assert library.collections.of("ferry") == {"wire"}
    library.add([FERRY])
    assert library.collections.of("ferry") == {"wire"}
    library.add([FERRY], collections=[])
    assert library.collections.of("ferry") == set()


def test_an_export_has_the_collections(library: Library, tmp_path: Path, served_at: str | None) -> None:
    file = tmp_path / "export.sqlite3"
    export_library(tmp_path / "library", file, catalog=served_at)
    import_library(file, tmp_path / "other")
    with Library.open(tmp_path / "other", encoder=SmallEncoder()) as other, acting(READER):
        assert ids(other) == ["ferry", "match", "partout"]


def test_articles_of_chosen_collections_alone_are_searched_and_none_that_is_open(library: Library) -> None:
    def found(*names: str) -> list[str]:
        hits = library.search("ferry of Samhar", filters=Filters.of(collection=names))
        return sorted({hit.article.id for hit in hits})

    assert found("sport") == ["match", "partout"] and found("Politics", "sport") == ["budget", "match", "partout"]
    assert found("wire") == [] and found() == ["budget", "ferry", "match", "partout"]
    assert library.extent(Filters.of(collection="politics", language="fr")).articles == 1
    # Once an index is built, too.
    library.parts.dense.rebuild()
    assert found("sport") == ["match", "partout"]
    with acting(READER):
        assert [count.name for count in library.seen_collections] == ["sport"]
        assert found("sport") == ["match", "partout"]
        for name in ("politics", "nowhere"):
            with pytest.raises(QueryError, match=f"There is no collection {name}."):
                found(name)
