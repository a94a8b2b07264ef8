"""What somebody said over time: their own sentences alone, whatever the script, with day and outlet."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import Article, Filters, Library, NameNotFoundError
from index.store.access.actors import acting
from qa.names import said_by
from tests.support.collected import as_
from tests.support.small_encoder import SmallEncoder

EN = (
    "The mayor, Rim Tazarout, opened the water works on Monday. \"We have kept our word,\" Tazarout said. "
    "Nabil Qatrani, her rival, said the pipes were old. She added that the price would not rise."
)  # fmt: skip
AR = "قالت رئيسة البلدية ريم تزاروت إن السعر لن يرتفع قبل الصيف. وقال نبيل القطراني إن الماء مقطوع."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder=SmallEncoder()) as opened:
        opened.collections.add("politics")
        opened.add([Article.create("en", EN, source="Wire", published=date(2026, 3, 9), language="en")])
        late = Article.create("ar", AR, source="الخبر", published=date(2026, 3, 20), language="ar")
        opened.add([late], collections=["politics"])
        yield opened


def test_quotes_are_theirs_alone_and_in_order(library: Library) -> None:
    found = list(said_by(library, "Rim Tazarout"))

    assert [(one.quote, one.article.source, one.article.published) for one in found] == [
        ('"We have kept our word," Tazarout said.', "Wire", date(2026, 3, 9)),
        ("قالت رئيسة البلدية ريم تزاروت إن السعر لن يرتفع قبل الصيف.", "الخبر", date(2026, 3, 20)),
    ]
    assert all(library.article(one.article.id, one.revision).text[one.start : one.end] == one.quote for one in found)
    assert [one.article.id for one in said_by(library, "ريم تزاروت", newest_first=True)] == ["ar", "en"]


def test_a_rival_s_words_are_the_rival_s(library: Library) -> None:
    rivals = {one.quote for one in said_by(library, "Nabil Qatrani")}

    assert "Nabil Qatrani, her rival, said the pipes were old." in rivals
    assert rivals.isdisjoint(one.quote for one in said_by(library, "Rim Tazarout"))


def test_filters_and_rights_hold(library: Library) -> None:
    assert [one.article.id for one in said_by(library, "Rim Tazarout", Filters.of(language="ar"))] == ["ar"]
    with acting(as_("none")):
        assert [one.article.id for one in said_by(library, "Rim Tazarout")] == ["en"]
        with pytest.raises(NameNotFoundError):
            list(said_by(library, "ريم تزاروت"))
