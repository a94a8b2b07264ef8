"""Who and what articles name: one entry in every script and spelling, as articles come, change and go."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import Article, Filters, Library, NameNotFoundError, QueryError, export_library, import_library
from index.store.access.actors import acting
from index.store.names import reading
from qa.question import FilterArguments
from tests.support.collected import as_
from tests.support.small_encoder import SmallEncoder

EN = (
    'TELLOUNA (Wire) - President Mahmoud Abbas met the mayor, Rim Tazarout, in Tellouna on Monday. "The water will '
    'come back," Abbas said. Germany will pay for the pipes, Tazarout said.'
)
FR = (
    "Tellouna – Le président Mahmoud Abbas a rencontré mardi la maire Rim Tazarout. « L'Allemagne paiera », a déclaré "
    "Mme Tazarout."
)
AR = (
    "تلونة - قال الرئيس محمود عباس يوم الأربعاء إن المياه ستعود قريباً إلى ألمانيا. وقالت رئيسة البلدية ريم تزاروت "
    "إنها تنتظر محمود عباس."
)
OTHER = "Police said on Friday that Karim Haddad, a lawyer, left the country for Germany."


def article(id_: str, text: str, day: int, language: str, source: str = "Wire") -> Article:
    return Article.create(id_, text, source=source, published=date(2026, 3, day), language=language)


ALL = [
    article("en", EN, 9, "en"), article("fr", FR, 10, "fr", "Le Fil"), article("ar", AR, 11, "ar", "الخبر"),
    article("other", OTHER, 13, "en"),
]  # fmt: skip


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def people(library: Library, **filters: str) -> dict[str, int]:
    return {entry.name: entry.articles for entry in library.names.entries(Filters.of(**filters), kind="person")}


def test_an_empty_library_names_nobody(library: Library) -> None:
    assert library.names.entries() == []
    with pytest.raises(NameNotFoundError, match="called so here"):
        library.names.find("Mahmoud Abbas")


def test_one_person_is_one_entry_in_three_languages(library: Library) -> None:
    library.add(ALL)

    abbas = library.names.find("محمود عباس")

    assert (abbas.name, abbas.kind, abbas.articles) == ("Mahmoud Abbas", "person", 3)
    assert set(abbas.spellings) == {"Mahmoud Abbas", "محمود عباس"}
    assert (abbas.first, abbas.last) == (date(2026, 3, 9), date(2026, 3, 11))
    assert library.names.find("mahmoud abbas") == abbas
    assert people(library) == {"Mahmoud Abbas": 3, "Rim Tazarout": 3, "Karim Haddad": 1}


def test_a_country_is_one_entry_by_its_names_in_cldr(library: Library) -> None:
    library.add(ALL)

    germany = library.names.find("Allemagne")

    assert (germany.kind, germany.articles) == ("place", 4)
    assert set(germany.spellings) == {"Germany", "Allemagne", "ألمانيا"}


def test_mentions_are_slices_in_the_order_of_the_days(library: Library) -> None:
    library.add(ALL)

    found = list(library.names.mentions("Mahmoud Abbas"))

    assert [one.article for one in found] == ["en", "en", "fr", "ar", "ar"]
    assert [one.text for one in found] == ["Mahmoud Abbas", "Abbas", "Mahmoud Abbas", "محمود عباس", "محمود عباس"]
    assert all(library.article(one.article).text[one.start : one.end] == one.text for one in found)
    assert [one.article for one in library.names.mentions("Mahmoud Abbas", newest_first=True)] == [
        "ar", "ar", "fr", "en", "en",
    ]  # fmt: skip


def test_a_name_is_a_filter_of_lists_searches_and_counts(library: Library) -> None:
    library.add(ALL)
    chosen = Filters.of(name="Rim Tazarout")

    assert [one.id for one in library.articles(chosen)] == ["ar", "fr", "en"]
    assert {one.article.id for one in library.search("Germany", filters=chosen)} == {"ar", "fr", "en"}
    assert library.extent(chosen).articles == 3
    assert people(library, name="Karim Haddad") == {"Karim Haddad": 1}
    assert people(library, name="Karim Haddad", language="fr") == {}
    assert library.articles(Filters.of(name="Nobody Known")) == []
    assert library.search("Germany", filters=Filters.of(name="Nobody Known")) == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"language": "en"},
        {"source": ["Le Fil", "الخبر"]},
        {"after": "2026-03-10"},
        {"language": ["ar", "fr"], "before": "2026-03-10"},
        {"name": "Karim Haddad"},
        {"name": "ريم تزاروت", "language": "en"},
    ],
    ids=str,
)
def test_counts_are_of_the_articles_that_the_filters_let_through(library: Library, chosen: FilterArguments) -> None:
    library.add(ALL)
    filters = Filters.of(**chosen)

    found = library.names.entries(filters)

    assert found and found == sorted(found, key=lambda entry: (-entry.articles, -entry.mentions))
    for entry in found:
        named = list(library.names.mentions(entry.name, filters, kind=entry.kind))
        days = [one.published for one in named if one.published]
        assert (entry.articles, entry.mentions) == (len({one.article for one in named}), len(named))
        assert (entry.first, entry.last) == (min(days), max(days))
        assert library.names.find(entry.name, filters, kind=entry.kind) == entry
    passing = {article.id for article in library.articles(filters)}
    everybody = [entry.name for entry in library.names.entries()]
    here = [one for name in everybody for one in library.names.mentions(name) if one.article in passing]
    assert sum(entry.mentions for entry in found) == len(here)


def test_a_withdrawn_article_leaves_no_name_behind(library: Library) -> None:
    library.add(ALL)

    library.remove(["other"])

    assert "Karim Haddad" not in people(library)
    assert library.names.find("Germany").articles == 3
    assert library.parts.catalog.database.all("SELECT * FROM mention WHERE name = 'Karim Haddad'") == []


def test_a_replaced_article_names_whom_its_new_text_names(library: Library) -> None:
    library.add(ALL)

    library.add([article("other", OTHER.replace("Karim Haddad", "Nabil Qatrani"), 13, "en")])

    assert people(library) == {"Mahmoud Abbas": 3, "Rim Tazarout": 3, "Nabil Qatrani": 1}


def test_whoever_sees_one_collection_sees_no_name_of_another(library: Library) -> None:
    for name in ("sport", "politics"):
        library.collections.add(name)
    library.add([ALL[0], ALL[1]], collections=["sport"])
    library.add([ALL[2]], collections=["politics"])
    library.add([ALL[3]], collections=["politics"])

    with acting(as_("reader@sport")):
        seen = library.names.find("Mahmoud Abbas")
        assert (seen.articles, seen.spellings, seen.last) == (2, ("Mahmoud Abbas",), date(2026, 3, 10))
        assert people(library) == {"Mahmoud Abbas": 2, "Rim Tazarout": 2}
        assert {one.article for one in library.names.mentions("Mahmoud Abbas")} == {"en", "fr"}
        assert library.articles(Filters.of(name="Karim Haddad")) == []
        # What only the other collection calls them is no name of theirs here.
        for name in ("Karim Haddad", "محمود عباس"):
            with pytest.raises(NameNotFoundError):
                library.names.find(name)
            with pytest.raises(NameNotFoundError):
                list(library.names.mentions(name))
    with acting(as_("none")):
        assert library.names.entries() == []
    assert library.names.find("Mahmoud Abbas").articles == 3


def test_a_moved_article_takes_its_names_along(library: Library) -> None:
    library.collections.add("sport")
    library.add([ALL[3]])
    with acting(as_("none")):
        assert people(library) == {"Karim Haddad": 1}

    library.assign(["other"], ["sport"])

    with acting(as_("none")):
        assert people(library) == {}


def test_names_of_an_earlier_version_are_made_when_the_library_is_opened(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(ALL)
        before = library.names.entries()
        with library.parts.catalog.database.commit():
            for table in ("mention", "named"):
                library.parts.catalog.database.run(f"DROP TABLE {table}")
        assert library.names.entries() == []

    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        assert library.names.entries() == before


def test_a_kind_that_is_none_is_refused(library: Library) -> None:
    with pytest.raises(QueryError, match="write person, body or place"):
        library.names.entries(kind="animal")


def test_names_go_along_with_an_exported_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as library:
        library.add(ALL)
        entries = library.names.entries()
    export_library(tmp_path / "library", tmp_path / "exported")
    import_library(tmp_path / "exported", tmp_path / "brought")
    with closing(Library.open(tmp_path / "brought", encoder=SmallEncoder())) as brought:
        assert brought.names.entries() == entries


def test_what_arabic_writes_on_to_a_name_is_no_part_of_it(library: Library) -> None:
    text = (
        "قال الرئيس محمود عباس إن الدفاع المدني وصل. وسلمت وكالة الضفاف رسالة لمحمود عباس. "
        "وقال وليد المرساوي إن بغداد تنتظر، وإن المساعدات وصلت لبغداد. وشكر للدفاع المدني جهوده."
    )
    library.add([article("a", text, 9, "ar")])

    spelt = {name for entry in library.names.entries() for name in entry.spellings}
    assert {"محمود عباس", "الدفاع المدني", "وكالة الضفاف", "وليد المرساوي", "بغداد"} <= spelt
    assert [one.text for one in library.names.mentions("بغداد")] == ["بغداد", "بغداد"]
    assert library.names.find("محمود عباس").mentions == 2


def test_very_many_names_are_offered_once_they_are_joined_and_not_joined_at_every_change(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_FEW", 1)
    monkeypatch.setattr(reading, "_LONG", 0.0)
    monkeypatch.setattr(reading, "_SHARE", 1e9)
    library.add(ALL)
    assert library.names.offered(5) == []
    assert library.names.in_article("en") == ()
    first = library.names.entries(limit=5)
    library.remove(["other"])
    assert library.names.offered(5) == first
    # Who sees some of it alone is never shown what was.
    library.collections.add("politics")
    library.assign(["en"], ["politics"])
    with acting(as_("reader@politics")):
        assert people(library) == {"Mahmoud Abbas": 3, "Rim Tazarout": 3}
