"""Articles of one event are one story, in every language, as they come, change and go."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import Article, Filters, Library, StoryNotFoundError, export_library, import_library
from index.store.stories.placing import named_as_before
from tests.support.small_encoder import SmallEncoder

FERRY_EN = (
    "PORT LEMSA, March 9 - At least 17 people drowned when the ferry Star of Sarvan capsized off Port Lemsa, Commander "
    "Yassine Brahmel of the coastguard said. Transport Minister Salma Deyrab flew to Port Lemsa. The owner, Delmar "
    "Ferries, said 186 people were on board when the Star of Sarvan left the island of Sarvan."
)
FERRY_LATER = (
    "PORT LEMSA, March 11 - The toll of the Star of Sarvan rose to 31, Commander Yassine Brahmel said. Divers found 14 "
    "bodies in the hull off Port Lemsa. Transport Minister Salma Deyrab suspended the licence of Delmar Ferries."
)
FERRY_FR = (
    "PORT LEMSA - Le ferry Star of Sarvan a chaviré au large de Port Lemsa, et la ministre Salma Deyrab a suspendu la "
    "compagnie Delmar Ferries. Le commandant Yassine Brahmel dit que 31 personnes sont mortes près de Sarvan."
)
FERRY_AR = (
    "بورت لمسا - أعلن القائد ياسين براهمل أن عبارة نجمة سرفان غرقت قبالة ميناء لمسا وأن 31 شخصاً لقوا حتفهم. "
    "وعلقت الوزيرة سلمى ديراب رخصة شركة دلمار بعد الكارثة التي وقعت قرب جزيرة سرفان."
)
VOTE = (
    "TELLOUNA - Doctor Rim Tazarout won the vote for mayor of Tellouna, ending ten years of Nabil Qatrani, Judge Farid "
    "Sammour said. Qatrani of the Civic Charter challenged the count of the harbour quarter of Tellouna."
)
VOTE_LATER = (
    "TELLOUNA - Nabil Qatrani conceded on Tuesday that Rim Tazarout had won the vote for mayor of Tellouna. Judge "
    "Farid Sammour had thrown out the appeal of the Civic Charter over the harbour quarter."
)


def article(
    id_: str, text: str, day: int | None = 9, title: str = "", language: str = "en", source: str = "Wire"
) -> Article:
    published = date(2026, 3, day) if day else None
    return Article.create(id_, text, title=title, source=source, published=published, language=language)


FIVE = [
    article("ferry", FERRY_EN, 9, "Ferry capsizes off Port Lemsa"),
    article("vote", VOTE, 10, "Tazarout wins in Tellouna"),
    article("later", FERRY_LATER, 11, "Ferry toll rises to 31", source="Sahel Times"),
    article("fr", FERRY_FR, 12, "Port Lemsa : 31 morts", "fr"),
    article("ar", FERRY_AR, 12, "غرق العبارة قبالة ميناء لمسا", "ar", "Radio Lemsa"),
]


@pytest.fixture
def library(tmp_path: Path, served_at: str | None) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder(), catalog=served_at) as opened:
        yield opened


def told(library: Library) -> list[set[str]]:
    """Return every story's articles by their ids, the newest story first."""
    return [
        {article.id for article in library.stories.find(entry.id).articles}
        for entry in library.stories.entries(least=1)
    ]


def story(library: Library, article_id: str) -> str:
    found = library.stories.of(article_id)
    assert found is not None
    return found.id


def test_an_empty_library_has_no_stories(library: Library) -> None:
    assert library.stories.entries() == []
    assert library.stories.count() == 0
    assert library.stories.of("ferry") is None


def test_one_article_is_a_story_of_its_own_that_is_not_listed(library: Library) -> None:
    library.add(FIVE[:1])
    assert library.stories.entries() == []
    assert told(library) == [{"ferry"}]


def test_articles_of_one_event_are_one_story_in_every_language(library: Library) -> None:
    library.add(FIVE)
    assert told(library) == [{"ferry", "later", "fr", "ar"}, {"vote"}]
    (entry,) = library.stories.entries()
    assert (entry.title, entry.reports, entry.outlets) == ("Ferry capsizes off Port Lemsa", 4, 3)
    assert entry.languages == ("ar", "en", "fr")
    assert (entry.first, entry.last) == (date(2026, 3, 9), date(2026, 3, 12))
    assert library.stories.find(entry.id).entry == entry


def test_one_at_a_time_or_all_at_once_is_the_same(library: Library, tmp_path: Path) -> None:
    for one in FIVE:
        library.add([one])
    with Library.open(tmp_path / "batch", encoder=SmallEncoder()) as batch:
        batch.add(FIVE)
        assert told(batch) == told(library)
        assert story(batch, "ar") == story(library, "ar")


def test_a_story_keeps_its_id_when_the_article_that_began_it_leaves(library: Library) -> None:
    library.add(FIVE)
    before = story(library, "later")
    library.remove(["ferry"])
    assert story(library, "later") == before
    assert told(library) == [{"later", "fr", "ar"}, {"vote"}]


def test_a_story_is_gone_with_its_last_article(library: Library) -> None:
    library.add(FIVE)
    gone = story(library, "vote")
    library.remove(["vote"])
    with pytest.raises(StoryNotFoundError, match="There is no such story here"):
        library.stories.find(gone)


def test_an_article_that_is_replaced_is_placed_anew(library: Library) -> None:
    library.add(FIVE)
    ferry, vote = story(library, "ferry"), story(library, "vote")
    library.add([article("later", VOTE_LATER, 17)])
    assert story(library, "later") == vote
    assert story(library, "ferry") == ferry


def test_a_correction_stays_in_its_story_and_the_story_keeps_its_id(library: Library) -> None:
    library.add(FIVE)
    vote = story(library, "vote")
    library.add([article("vote", VOTE + " Turnout was 41 percent, not 38.", 10, "CORRECTED: Tazarout wins")])
    assert story(library, "vote") == vote


def test_only_articles_that_pass_the_filters_are_told_and_counted(library: Library) -> None:
    library.add(FIVE)
    english = Filters.of(language="en")
    (entry,) = library.stories.entries(english)
    assert (entry.reports, entry.languages) == (2, ("en",))
    assert [each.id for each in library.stories.find(entry.id, english).articles] == ["ferry", "later"]
    assert library.stories.entries(Filters.of(language="fr")) == []
    assert library.stories.count(english) == library.stories.count() == 1
    with pytest.raises(StoryNotFoundError):
        library.stories.find(story(library, "vote"), Filters.of(language="fr"))


def test_stories_are_listed_the_newest_first_and_in_pages(library: Library) -> None:
    library.add([*FIVE, article("concedes", VOTE_LATER, 17), article("undated", FERRY_LATER + " It was night.", None)])
    titles = [entry.title for entry in library.stories.entries()]
    assert titles == ["Tazarout wins in Tellouna", "Ferry capsizes off Port Lemsa"]
    assert [entry.title for entry in library.stories.entries(limit=1, offset=1)] == titles[1:]
    # Without a date it is the last of its story.
    assert library.stories.find(story(library, "ferry")).articles[-1].id == "undated"


@pytest.mark.parametrize("id_", ["", "x", "9" * 40, "٣", "-", "1.5"])
def test_what_is_no_id_is_not_found(library: Library, id_: str) -> None:
    with pytest.raises(StoryNotFoundError, match="The list of stories shows which there are"):
        library.stories.find(id_)


def test_a_rebuild_makes_the_same_stories_under_the_same_ids(library: Library) -> None:
    library.add(FIVE)
    library.remove(["ferry"])
    before = {id_: story(library, id_) for id_ in ("vote", "later", "fr", "ar")}
    library.rebuild()
    assert {id_: story(library, id_) for id_ in before} == before


def test_a_library_of_an_earlier_version_gets_its_stories_when_it_is_opened(tmp_path: Path) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        library.add(FIVE)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as catalog:
        for table in ("event_member", "event_key", "event_count", "event_mean"):
            catalog.execute(f"DROP TABLE {table}")
        catalog.commit()
    with Library.open(tmp_path, encoder=SmallEncoder()) as library:
        assert told(library) == [{"ferry", "later", "fr", "ar"}, {"vote"}]


def test_stories_move_with_their_library(library: Library, tmp_path: Path, served_at: str | None) -> None:
    library.add(FIVE)
    export_library(library.path, tmp_path / "export.khabar", catalog=served_at)
    import_library(tmp_path / "export.khabar", tmp_path / "moved")
    with Library.open(tmp_path / "moved", encoder=SmallEncoder()) as moved:
        assert told(moved) == told(library)
        assert story(moved, "ar") == story(library, "ar")


def test_words_tell_stories_of_a_script_without_capitals(library: Library) -> None:
    # Thai: "the Moon Bridge in Chiang Rai collapsed", twice; and a football match.
    bridge = "สะพานพระจันทร์ในจังหวัดเชียงรายถล่มเมื่อวันจันทร์ มีผู้บาดเจ็บเจ็ดคน ผู้ว่าราชการสมชายกล่าว"
    match = "ทีมฟุตบอลหญิงชนะการแข่งขันรอบชิงชนะเลิศที่กรุงเทพด้วยคะแนนสองต่อหนึ่ง ผู้เล่นดีใจมาก"
    library.add(
        [
            article("one", bridge, 2, "สะพานพระจันทร์ถล่ม", "th"),
            article("two", bridge + " วิศวกรกำลังตรวจสอบ", 3, "สะพานพระจันทร์ในเชียงราย", "th"),
            article("other", match, 3, "ฟุตบอลหญิง", "th"),
        ]
    )
    assert {"one", "two"} in told(library)


@pytest.mark.parametrize(
    ("now", "before", "named"),
    [
        ({7: [7, 8], 9: [9]}, {7: 7, 8: 7, 9: 9}, {7: [7, 8], 9: [9]}),
        # The one that began a story stands alone, and the others keep its id: they go under one of their own.
        ({1: [1], 3: [3, 4, 5]}, {1: 1, 3: 1, 4: 1, 5: 1}, {1: [1], 3: [3, 4, 5]}),
        ({1: [1, 2], 3: [3, 4, 5]}, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, {2: [1, 2], 1: [3, 4, 5]}),
        ({1: [1], 2: [2], 3: [3, 4]}, {1: 2, 2: 2, 3: 1, 4: 1}, {1: [1], 2: [2], 3: [3, 4]}),
    ],
)
def test_every_story_has_an_id_of_its_own_after_a_rebuild(
    now: dict[int, list[int]], before: dict[int, int], named: dict[int, list[int]]
) -> None:
    found = dict(named_as_before(now, before))
    assert sorted(found.values()) == sorted(now.values())
    assert {id: found.get(id) for id in named} == named


def test_a_story_is_a_filter(library: Library) -> None:
    library.add(FIVE)
    (ferry, *_) = library.stories.entries()
    story = Filters.of(story=ferry.id)
    told = {article.id for article in library.stories.find(ferry.id).articles}
    assert len(told) > 1 and {article.id for article in library.articles(story)} == told
    assert {found.article.id for found in library.search("Who won the vote for mayor?", filters=story)} <= told
    assert library.search("Who won the vote for mayor?")[0].article.id not in told
    assert library.extent(Filters.of(story=[ferry.id, "no story"])).articles == len(told)
    for wrong in ("999999", "no story", "9" * 40):
        assert library.articles(Filters.of(story=wrong)) == []
        assert library.search("ferry", filters=Filters.of(story=wrong)) == []
