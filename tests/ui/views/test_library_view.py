"""The library's tab as HTML: escaped, counted, drawn."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, FacetCount, Failure
from index.languages.messages import messages_for
from ui.state.uploads import FileOutcome, UploadProgress
from ui.views.library import ArticleListing, adding_html, chart_svg, listing_html
from ui.views.phrases import holds

ARABIC, ENGLISH = messages_for("ar"), messages_for("en")


def bars(svg: str) -> list[tuple[str, float]]:
    drawn = re.findall(r'height="([\d.]+)"><title>(.*?)</title>', svg)
    return [(title, float(height)) for height, title in drawn]


def test_months_without_an_article_are_drawn_as_nothing() -> None:
    svg = chart_svg([FacetCount("2025-11", 2), FacetCount("2026-02", 4)], 3, ENGLISH)
    assert bars(svg) == [("2025-11: 2", 36.0), ("2025-12: 0", 0.0), ("2026-01: 0", 0.0), ("2026-02: 4", 72.0)]
    assert 'aria-label="Articles a month, 2025-11 to 2026-02"' in svg
    assert "without a date: 3" in svg


def test_many_months_are_drawn_as_years_and_none_as_no_chart() -> None:
    svg = chart_svg([FacetCount("0001-01", 1), FacetCount("0009-12", 2)], 0, ENGLISH)
    assert [title for title, _ in bars(svg)] == ["0001: 1", *(f"{year:04}: 0" for year in range(2, 9)), "0009: 2"]
    assert chart_svg([], 5, ENGLISH) == ""


@given(title=st.text(max_size=40), source=st.text(max_size=20), id=st.text(min_size=1, max_size=20))
def test_nothing_out_of_an_article_is_markup(title: str, source: str, id: str) -> None:
    article = Article(f"{id}<b>", "text", title=f"<i>{title}", source=f"<u>{source}")
    html = listing_html(ArticleListing([article], 1, []), ENGLISH)
    assert re.findall(r"<(?:i|b|u)>", html) == []
    assert "\n" not in html


def test_more_is_offered_only_where_there_is_more() -> None:
    article = Article.create("a", "text", title="A", published=date(2025, 1, 2))
    assert "khabar-further" in listing_html(ArticleListing([article], 2, []), ARABIC)
    assert "khabar-further" not in listing_html(ArticleListing([article], 1, []), ARABIC)
    assert "khabar-further" not in listing_html(ArticleListing([article], 9, [], is_closest=True), ARABIC)


def test_what_became_of_a_file_is_said_in_the_pages_language() -> None:
    failures = tuple(Failure(f"a.jsonl:line {n}", "<bad>") for n in range(7))
    html = adding_html(UploadProgress((FileOutcome("a.jsonl", added=2, failures=failures),), "b.txt", 0.5), ARABIC)
    assert 'dir="rtl"' in html and "أُضيف 2" in html
    assert html.count("khabar-failure") == 5 and "&lt;bad&gt;" in html and "… 2" in html
    assert '<progress max="1" value="0.500" aria-label="b.txt">' in html
    assert adding_html(UploadProgress(), ENGLISH) == ""


def test_an_added_article_without_its_date_is_not_said_to_have_failed() -> None:
    warning = Failure("a.txt", "Its date '31/02/2025' is none")
    html = adding_html(UploadProgress((FileOutcome("a.txt", added=1, warnings=(warning,)),)), ENGLISH)
    assert "1 added" in html and "not complete: Its date '31/02/2025' is none" in html.striptags()
    assert "not added" not in html


@pytest.mark.parametrize(
    ("number", "articles", "passages"),
    [
        (0, "لا مقالات", "لا مقاطع"),
        (1, "مقال واحد", "مقطع واحد"),
        (2, "مقالان", "مقطعان"),
        (3, "3 مقالات", "3 مقاطع"),
        (10, "10 مقالات", "10 مقاطع"),
        (11, "11 مقالًا", "11 مقطعًا"),
        (27, "27 مقالًا", "27 مقطعًا"),
        (99, "99 مقالًا", "99 مقطعًا"),
        (100, "100 مقال", "100 مقطع"),
        (1_000, "1,000 مقال", "1,000 مقطع"),
        (1_003, "1,003 مقالات", "1,003 مقاطع"),
        (10_138, "10,138 مقالًا", "10,138 مقطعًا"),
    ],
)
def test_what_a_library_holds_is_counted_as_arabic_counts(number: int, articles: str, passages: str) -> None:
    assert holds(ARABIC, number, number) == f"{articles} · {passages}"


def test_what_a_library_holds_is_counted_as_english_counts() -> None:
    assert holds(ENGLISH, 1, 1_234) == "1 article · 1,234 passages"
    assert holds(ENGLISH, 0, 1) == "0 articles · 1 passage"
