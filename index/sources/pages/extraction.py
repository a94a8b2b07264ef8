"""The articles of a web page: their own words and fields, and nothing foreign."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from index.errors import LoadError
from index.sources.documents import same_words, trim_blank_lines
from index.sources.labels import with_labels
from index.sources.markup import block_text
from index.sources.metadata import Fields
from index.sources.pages.addresses import address_of, file_of, is_address
from index.sources.pages.authors import byline_of
from index.sources.pages.boilerplate import is_foreign_line, remove_foreign
from index.sources.pages.days import days_of
from index.sources.pages.kickers import take_kicker, without_kicker
from index.sources.pages.linked_data import Stated, body_of, own_of, stated_articles, text_at, with_bodies
from index.sources.pages.live_blogs import Entry, entries_of
from index.sources.pages.several import articles_in, heading_of

_NO_ARTICLE = "No article is found in this page. Save its text as .txt, the title on the first line."
_ASKING = (
    "This page holds only a request for consent or an account, and no article. Open it in a browser, and save its text."
)
# A body in JSON-LD is taken where the page itself shows less than this share of it.
_SHOWN = 0.5
# What a page says beside its articles is one itself from this length on (characters).
_SHORTEST_REST = 200


@dataclass(frozen=True, slots=True)
class PageArticle:
    """An article of a page; `name` tells it from the page's others, and is None for the page's only or main one."""

    fields: Fields
    name: str | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """A page without what is foreign, what it states of its articles, its language and the address it calls its own.

    `labels` is what stood above its heading, by fields.
    """

    tree: Any
    stated: Sequence[Stated]
    language: str | None
    address: str | None
    labels: dict[str, str]


def parse_page(html: str) -> list[PageArticle]:
    """Read the articles of a web page: one as a rule, each of several whole ones, each entry of a live blog.

    Menus, comments, others' posts and stories, and hidden text are left out. The days are those that the page states of
    itself, else None; `url` is the address that it calls its own. Raises `LoadError` when no article is found.
    """
    page = _read(html)
    if entries := entries_of(page.tree, page.stated):
        return list(_live(page, entries))
    if len(bodies := with_bodies(page.stated)) > 1:
        return [_of_stated(page, item, number) for number, item in enumerate(bodies, start=1)]
    if len(parts := articles_in(page.tree)) > 1 and len(found := list(_several(page, parts))) > 1:
        return found
    return [PageArticle(_whole(page))]


def parse_html(html: str) -> Fields:
    """Read a web page as one article; raises `LoadError` when none is found."""
    return _whole(_read(html))


def parse_letter(html: str) -> Fields:
    """Read the HTML of a mail: as a page where it is made like one, else all of it that is shown.

    Raises `LoadError` when it shows nothing.
    """
    try:
        return parse_html(html)
    except LoadError:
        # A letter is short, and is no article by the measures of pages.
        from lxml import html as parser
        from lxml.etree import ParserError

        try:
            tree = parser.document_fromstring(html)
        except (ParserError, ValueError) as error:
            raise LoadError("Its HTML is empty. Save the message anew.") from error
        remove_foreign(tree)
        return Fields(text=block_text(tree.find("body") if tree.find("body") is not None else tree) or None)


def _read(html: str) -> _Page:
    import trafilatura

    tree = trafilatura.load_html(html)
    if tree is None:
        raise LoadError(_NO_ARTICLE)
    stated, address = stated_articles(tree), address_of(tree, html)
    remove_foreign(tree)
    return _Page(tree, stated, tree.get("lang"), address, take_kicker(tree))


def _whole(page: _Page) -> Fields:
    """Read all of a page as one article."""
    import trafilatura
    from trafilatura.settings import Document

    tree, stated = page.tree, own_of(page.tree, page.stated)
    days = days_of(tree, stated, page.address)
    found = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=True)
    if not isinstance(found, Document) or not found.text:
        raise LoadError(_NO_ARTICLE)
    title = without_kicker(found.title, page.labels)
    text = _own_lines(_fuller(found.text, stated), title)
    if not text:
        raise LoadError(_ASKING)
    fields = Fields(
        text=text,
        title=title,
        source=found.sitename,
        url=page.address or found.url,
        byline=byline_of(tree, stated, found.author, found.sitename),
        category=found.categories[0] if found.categories else None,
        published=days.published,
        language=page.language,
        modified=days.modified,
        copy_of=file_of(tree),
    )
    return with_labels(fields, page.labels)


def _live(page: _Page, entries: Sequence[Entry]) -> Iterator[PageArticle]:
    """Give what a live blog says beside its entries, where that is an article, and each entry with its time."""
    days = days_of(page.tree, own_of(page.tree, page.stated), page.address)
    title = _title(page.tree)
    common = Fields(url=page.address, published=days.published, language=page.language)
    try:
        rest = _whole(page)
        common = replace(common, source=rest.source, byline=None, category=rest.category)
        if len(rest.text or "") >= _SHORTEST_REST:
            yield PageArticle(replace(rest, published=days.published, modified=days.modified))
    except LoadError:
        # Nothing but entries.
        pass
    for entry in entries:
        named = [part for part in (title, entry.title, entry.time) if part]
        url = entry.url if is_address(entry.url) else page.address
        fields = replace(
            common, text=entry.text, title=" · ".join(named), url=url, published=entry.day or days.published
        )
        yield PageArticle(fields, entry.name)


def _of_stated(page: _Page, item: Stated, number: int) -> PageArticle:
    """Make an article of what a page states of one of its several."""
    url = text_at(item, "url", "mainEntityOfPage", "@id")
    days = days_of(_empty(), [item], None)
    fields = Fields(
        text=body_of(item),
        title=text_at(item, "headline", "name"),
        source=text_at({"publisher": _name_of(item.get("publisher"))}, "publisher"),
        url=url if is_address(url) else page.address,
        byline=byline_of(_empty(), [item], None, None),
        category=text_at(item, "articleSection"),
        published=days.published,
        language=text_at(item, "inLanguage") or page.language,
        modified=days.modified,
    )
    return PageArticle(fields, url or f"{number}")


def _several(page: _Page, parts: Sequence[Any]) -> Iterator[PageArticle]:
    """Read each of several articles as a page of its own, with the head of the page that it is on."""
    site = next(
        (meta.get("content") for meta in page.tree.iter("meta") if meta.get("property") == "og:site_name"), None
    )
    for number, part in enumerate(parts, start=1):
        heading = heading_of(part)
        title = " ".join("".join(heading.itertext()).split())
        link = next((link.get("href") for link in heading.iter("a") if link.get("href")), None)
        leads = urljoin(page.address or "", link) if link else None
        address = leads if is_address(leads) else page.address
        alone = _empty()
        alone.find("body").append(copy.deepcopy(part))
        heading_of(alone).tag = "h1"
        stated = [item for item in page.stated if same_words(text_at(item, "headline", "name") or "", title)]
        try:
            own = _Page(alone, stated, part.get("lang") or page.language, address, take_kicker(alone))
            fields = _whole(own)
        except LoadError:
            # Too little for an article by the measures of pages.
            continue
        paragraphs = [" ".join("".join(paragraph.itertext()).split()) for paragraph in alone.iter("p")]
        if "\n" not in (fields.text or ""):
            # A short one comes as one line, its heading in it.
            fields = replace(fields, text="\n".join(filter(None, paragraphs)))
        name = part.get("id") or leads or f"{number}"
        title = without_kicker(title, own.labels) or title
        yield PageArticle(replace(fields, title=title, source=fields.source or site), name)


def _empty() -> Any:
    from lxml import html as parser

    return parser.document_fromstring("<html><head></head><body></body></html>")


def _name_of(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _title(tree: Any) -> str | None:
    """Return the headline of a page."""
    titles = (" ".join("".join(element.itertext()).split()) for element in tree.iter("h1"))
    return next(filter(None, titles), None) or tree.findtext(".//title")


def _own_lines(text: str, title: str | None) -> str:
    """Leave out the title where the text repeats it, and the lines that lead away or ask for something."""
    lines = text.split("\n")
    if len(lines) > 1 and title and same_words(lines[0], title):
        lines = lines[1:]
    return trim_blank_lines("\n".join(line for line in lines if not is_foreign_line(line)))


def _fuller(shown: str, stated: Sequence[Stated]) -> str:
    """Take the body that a page states in JSON-LD where it shows only the beginning of it, or a wall before it."""
    body = max(map(body_of, stated), key=len, default="")
    return shown if len(shown) >= _SHOWN * len(body) else body
