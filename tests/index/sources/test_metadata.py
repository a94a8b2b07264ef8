"""Names of fields, mappings, and values of every kind."""

import pytest

from index.errors import ArticleError, SettingsError
from index.sources.metadata import FieldMapping, Fields, language_code


def test_a_mapping_is_read_from_one_line() -> None:
    assert FieldMapping.parse("text=body, title = headline") == FieldMapping(text="body", title="headline")
    assert FieldMapping.parse("") == FieldMapping()


@pytest.mark.parametrize("text", ["texts=body", "=body", "text", "text=", "text=a,text=b"])
def test_a_mapping_that_cannot_be_meant(text: str) -> None:
    with pytest.raises(SettingsError):
        FieldMapping.parse(text)


def test_usual_names_are_known() -> None:
    found = Fields.of(
        {"Headline": "t", "BODY": "b", "pubDate": "d", "author": "a", "link": "u", "lang": "ar", "_id": 1}
    )
    assert found == Fields(title="t", text="b", published="d", byline="a", url="u", language="ar")


def test_a_field_that_is_mapped_is_taken_from_there_alone() -> None:
    values = {"text": "summary", "full": "body", "date": "2025-01-01"}
    assert Fields.of(values, FieldMapping(text="full", published="day")) == Fields(text="body")


def test_the_own_name_goes_before_another_unless_it_is_empty() -> None:
    assert Fields.of({"date": "2", "published": "1"}).published == "1"
    assert Fields.of({"date": "2", "published": None}).published == "2"


def test_values_become_text() -> None:
    found = Fields.of(
        {
            "id": 7,
            "text": ["One.", "Two.", None],
            "author": [{"name": "A B"}, "C"],
            "source": {"id": 3, "name": "Herald"},
            "title": True,
            "url": {"x": {"y": []}},
        }
    )
    assert found == Fields(id="7", text="One.\nTwo.", byline="A B, C", source="Herald")


def test_line_ends_become_one_kind_and_nothing_else_changes() -> None:
    assert Fields.of({"text": " a\r\nb\rc \n\n"}).text == " a\nb\nc \n\n"


def test_no_language_stated_is_none() -> None:
    assert language_code(None) is None


def test_an_article_takes_the_stated_language_and_a_readable_date() -> None:
    article = Fields(text="An English text.", language="AR-iq", published="٢٨ سبتمبر ٢٠٢٥").article("x.txt")
    assert (article.id, article.language, str(article.published)) == ("x.txt", "ar", "2025-09-28")


def test_what_cannot_be_read_counts_as_not_given() -> None:
    article = Fields(id=" ", text="An English text.", language="?", published="soon").article("x.txt")
    assert (article.id, article.language, article.published) == ("x.txt", "en", None)


def test_a_date_that_cannot_be_read_is_told() -> None:
    assert Fields(text="x", published="31/02/2025").problem == (
        "Its date '31/02/2025' is no day that can be read, so it has none. Write it as 2025-09-28."
    )
    assert "'September 2025'" in (Fields(text="x", published=" September 2025 ").problem or "")
    assert len(Fields(text="x", published="9" * 5000).problem or "") < 200
    for published in (None, "", " ", "28/02/2025", " 2025-09-28 "):
        assert Fields(text="x", published=published).problem is None


def test_no_text_is_no_article() -> None:
    with pytest.raises(ArticleError):
        Fields(id="7", title="A title").article("x.txt")
