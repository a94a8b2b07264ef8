"""Names over REST: with counts, where they stand, what they said; a name as a filter."""

from collections.abc import Iterator
from datetime import date

import pytest

from index import Article, Library
from qa import Assistant
from tests.support.gates import NothingRead
from tests.support.pages import Served
from tests.support.rest_calls import client
from tests.support.small_encoder import SmallEncoder

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

EN = 'The mayor, Rim Tazarout, opened the water works on Monday. "We have kept our word," Tazarout said.'
AR = "قالت رئيسة البلدية ريم تزاروت إن السعر لن يرتفع قبل الصيف."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Library.open(tmp_path_factory.mktemp("desk") / "library", encoder=SmallEncoder()) as library:
        library.add(
            [
                Article.create("en", EN, source="Wire", url="https://wire.example/1", published=date(2026, 3, 9)),
                Article.create("ar", AR, source="الخبر", published=date(2026, 3, 20)),
            ]
        )
        page = Served(Assistant(library, reader=NothingRead()), client=False)
        yield page
        page.close()


def test_names_are_listed_named_and_quoted(desk: Served) -> None:
    with client(desk.url) as caller:
        listed = caller.get("/names", params={"kind": "person", "find": "tazar"}).json()
        (mayor,) = listed["names"]
        assert (mayor["name"], mayor["articles"], listed["next_offset"]) == ("Rim Tazarout", 2, None)
        assert set(mayor["spellings"]) == {"Rim Tazarout", "ريم تزاروت"}

        named = caller.get("/names/Rim%20Tazarout", params={"newest": True, "limit": 1}).json()
        assert (named["name"], named["next_offset"]) == (mayor, 1)
        assert [(one["article"], one["text"]) for one in named["mentions"]] == [("ar", "ريم تزاروت")]

        said = caller.get("/names/ريم تزاروت/said").json()
        assert [(quote["article"]["id"], quote["article"]["url"]) for quote in said["quotes"]] == [
            ("en", "https://wire.example/1"), ("ar", None),
        ]  # fmt: skip
        found = caller.get("/articles", params={"name": "Rim Tazarout"}).json()
        assert [article["id"] for article in found["articles"]] == ["ar", "en"]
        assert caller.get("/names", params={"kind": "animal"}).status_code == 422


def test_nobody_of_that_name_is_said_in_the_reader_s_language(desk: Served) -> None:
    with client(desk.url) as caller:
        for way in ("/names/Nobody", "/names/Nobody/said"):
            given = caller.get(way, headers={"accept-language": "fr"})
            assert given.status_code == 404
            assert given.json()["detail"].startswith("Personne ni rien ne s’appelle ainsi ici.")
