"""Crawlers' archives and books: many articles a file, each with where it comes from."""

from pathlib import Path

from tests.support.loading import articles, reasons
from tests.support.made_files import ARABIC, ENGLISH, epub, page, warc

PAGES = {
    "https://herald.example/bridge": page("Bridge opens", ENGLISH),
    "https://herald.example/ar": page("افتتاح جسر البصرة", ARABIC),
}


def test_an_archive_is_its_pages_by_their_addresses(tmp_path: Path) -> None:
    found = articles(tmp_path, "crawl.warc.gz", warc(PAGES))
    assert {article.id: article.text for article in found} == {
        "https://herald.example/bridge": "\n".join(ENGLISH),
        "https://herald.example/ar": "\n".join(ARABIC),
    }
    assert [article.url for article in found] == list(PAGES)


def test_pages_that_were_not_there_are_no_articles(tmp_path: Path) -> None:
    assert reasons(tmp_path, "a.warc.gz", warc(PAGES, status="404 Not Found"))[0].startswith("It holds no page")


def test_an_archive_that_is_cut_short_says_so(tmp_path: Path) -> None:
    assert "damaged or cut short" in reasons(tmp_path, "a.warc.gz", warc(PAGES)[:-60])[0]


def test_a_page_without_an_article_is_named_by_its_address(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, "a.warc.gz", warc({"https://herald.example/x": "<html><body></body></html>"}))
    assert reason.startswith("https://herald.example/x: ")


def test_a_book_is_its_chapters(tmp_path: Path) -> None:
    def chapter(title: str, paragraphs: tuple[str, ...]) -> str:
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{title}</h1>{body}</body></html>'

    book = epub(
        {"cover.xhtml": chapter("Cover", ()), "1.xhtml": chapter("Bridge", ENGLISH), "2.xhtml": chapter("جسر", ARABIC)}
    )
    first, second = articles(tmp_path, "review.epub", book)
    assert (first.title, first.text, first.source) == ("Bridge", "\n".join(ENGLISH), "Quarterly review")
    assert (first.id, first.byline, str(first.published)) == ("review.epub#2", "Sara Hamid", "2025-10-05")
    assert (second.title, second.text) == ("جسر", "\n".join(ARABIC))
