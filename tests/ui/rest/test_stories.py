"""Stories over REST: the list of them, one told in quotes, and what is said where there is none."""

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

FERRY = (
    "At least 17 people were killed when the ferry Star of Sarvan capsized off Port Lemsa. Commander Yassine Brahmel "
    "said divers were working. Minister Salma Deyrab blamed Delmar Ferries."
)
LATER = (
    "The Star of Sarvan killed 31 people off Port Lemsa, Commander Yassine Brahmel said. Salma Deyrab suspended "
    "Delmar Ferries."
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Library.open(tmp_path_factory.mktemp("desk") / "library", encoder=SmallEncoder()) as library:
        library.add(
            [
                Article.create("one", FERRY, title="Ferry sinks", source="Wire", published=date(2026, 3, 9)),
                Article.create("two", LATER, title="Toll rises", source="Times", published=date(2026, 3, 11)),
                Article.create("other", "The bank of Tolm kept its rate, Ina Vorst said.", title="Rate kept"),
            ]
        )
        page = Served(Assistant(library, reader=NothingRead()), client=False)
        yield page
        page.close()


def test_stories_are_listed_and_told(desk: Served) -> None:
    with client(desk.url) as caller:
        listed = caller.get("/stories").json()
        assert [story["title"] for story in listed["stories"]] == ["Ferry sinks"]
        assert listed["next_offset"] is None
        (story,) = listed["stories"]
        assert (story["reports"], story["outlets"], story["first"], story["last"]) == (2, 2, "2026-03-09", "2026-03-11")
        told = caller.get(f"/stories/{story['id']}").json()
        assert told["story"] == story
        assert [article["id"] for article in told["articles"]] == ["one", "two"]
        assert told["citations"][told["first"] - 1]["quote"] == FERRY[: FERRY.index(" Commander")]
        assert [figure["text"] for figure in told["figures"][0]["figures"]] == ["17", "31"]


def test_pages_and_filters(desk: Served) -> None:
    with client(desk.url) as caller:
        first = caller.get("/stories", params={"least": 1, "limit": 1}).json()
        assert (len(first["stories"]), first["next_offset"]) == (1, 1)
        rest = caller.get("/stories", params={"least": 1, "offset": 1}).json()
        assert (len(rest["stories"]), rest["next_offset"]) == (1, None)
        assert caller.get("/stories", params={"source": "Wire"}).json()["stories"] == []
        assert caller.get("/stories", params={"least": 0}).status_code == 422


def test_where_there_is_no_story_that_is_said_in_the_reader_s_language(desk: Served) -> None:
    with client(desk.url) as caller:
        for id_ in ("99999", "x", "%20"):
            given = caller.get(f"/stories/{id_}", headers={"accept-language": "fr"})
            assert given.status_code == 404
            assert given.json()["detail"].startswith("Il n’y a pas de tel sujet ici.")
