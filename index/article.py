"""What Khabar stores: articles, the passages that tile them, and the filters that select them."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from index.analysis import Span, detect_language, language_blocks, sentence_spans, sentences
from index.errors import ArticleError, QueryError


class Repair(StrEnum):
    """What was wrong with the letters of a file and has been put right: the text is not what the file holds."""

    ENCODING = "encoding"
    VISUAL_ORDER = "visual_order"
    PRESENTATION_FORMS = "presentation_forms"


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. Every offset in Khabar counts characters of `text`.

    `title` is apart from `text`; `published` is the article's own date or None, never the time of
    indexing; `language` is an ISO 639-1 code, or "und" where the text does not tell. `modified` is the day that the
    article itself names as that of its last change. `pages` are where each page of a paged file begins in `text`;
    `row` counts from 1 the row of a table it was, its heading included. `kicker` is what calls for attention above the
    title ("Breaking"), `embargo` until when it was not to be published: by ISO 8601, or as it is written there.
    `blocks` are where the language becomes another one, and which it is; empty where all of the text is in one.
    """

    id: str
    text: str
    title: str = ""
    source: str | None = None
    url: str | None = None
    byline: str | None = None
    category: str | None = None
    published: date | None = None
    language: str = "und"
    modified: date | None = None
    pages: tuple[int, ...] = ()
    row: int | None = None
    repair: Repair | None = None
    kicker: str | None = None
    embargo: str | None = None
    blocks: tuple[tuple[int, str], ...] = ()

    @classmethod
    def create(
        cls,
        id: str,
        text: str,
        *,
        title: str = "",
        source: str | None = None,
        url: str | None = None,
        byline: str | None = None,
        category: str | None = None,
        published: date | None = None,
        language: str | None = None,
        modified: date | None = None,
        pages: tuple[int, ...] = (),
        row: int | None = None,
        repair: Repair | None = None,
        kicker: str | None = None,
        embargo: str | None = None,
    ) -> "Article":
        """Check the fields, fill in the language from the text where none is given, and find where it is another one.

        Raises `ArticleError` for a blank id or a text with nothing to read in it.
        """
        if not id.strip():
            raise ArticleError("An article needs an id; this one's is blank.")
        if not any(character.isalnum() for character in text):
            raise ArticleError(f"Article {id!r} has no text: nothing in its body can be read.")
        text = storable(text)
        language = language or detect_language(text)
        return cls(
            id=storable(id),
            text=text,
            title=storable(title).strip(),
            source=_blank_to_none(source),
            url=_blank_to_none(url),
            byline=_blank_to_none(byline),
            category=_blank_to_none(category),
            published=published,
            language=language,
            modified=modified,
            pages=pages,
            row=row,
            repair=repair,
            kicker=_blank_to_none(kicker),
            embargo=_blank_to_none(embargo),
            blocks=language_blocks(text, language),
        )

    def page_of(self, place: int) -> int | None:
        """Return the number, from 1, of the page that a character of the text stands on; None where none is known."""
        return bisect_right(self.pages, place) or None

    def language_of(self, place: int) -> str:
        """Return the language of the block that a character of the text stands in: the article's, or another one."""
        within = bisect_right(self.blocks, place, key=lambda block: block[0])
        return self.blocks[within - 1][1] if within else self.language

    @property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the text, each block's as its language ends them."""
        if not self.blocks:
            return sentence_spans(self.text, self.language)
        ends = [*(start for start, _ in self.blocks[1:]), len(self.text)]
        found = (
            sentences(self.text, start, end, language=language)
            for (start, language), end in zip(self.blocks, ends, strict=True)
        )
        return tuple(span for block in found for span in block)

    @property
    def languages(self) -> tuple[str, ...]:
        """The article's language first, then those of its blocks."""
        return tuple(dict.fromkeys((self.language, *(language for _, language in self.blocks))))

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of every field but the id: equal hashes mean there is nothing to do."""
        published = self.published.isoformat() if self.published else None
        fields: tuple[object, ...]
        fields = (self.text, self.title, self.source, self.url, self.byline, self.category, published, self.language)
        # An article that has none of what came later keeps the hash that it had.
        later = (self.modified and self.modified.isoformat(), self.pages, self.row, self.repair and self.repair.value)
        latest = (self.kicker, self.embargo, self.blocks)
        if any(later) or any(latest):
            fields = (*fields, *later)
        if any(latest):
            fields = (*fields, *latest)
        return hashlib.sha256(repr(fields).encode()).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A half-open character range of one article's text; an article's passages tile it."""

    article_id: str
    start: int
    end: int

    def slice(self, text: str) -> str:
        """Return the passage's own words out of the article's text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a question may be answered from; an empty field lets everything through.

    Dates are inclusive at both ends; an article without a date passes no date filter. An article in two languages
    passes for either, and is then answered from by the blocks that are in it. `name` is of people, bodies and places:
    an article passes that names one of them, in whatever script and spelling. With a `collection` only articles of it
    pass, none that is open; with a `story`, by its id, those that tell it.
    """

    language: tuple[str, ...] = field(default=())
    source: tuple[str, ...] = field(default=())
    category: tuple[str, ...] = field(default=())
    after: date | None = None
    before: date | None = None
    name: tuple[str, ...] = field(default=())
    collection: tuple[str, ...] = field(default=())
    story: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        *,
        language: str | Iterable[str] | None = None,
        source: str | Iterable[str] | None = None,
        category: str | Iterable[str] | None = None,
        after: date | str | None = None,
        before: date | str | None = None,
        name: str | Iterable[str] | None = None,
        collection: str | Iterable[str] | None = None,
        story: str | Iterable[str] | None = None,
    ) -> "Filters":
        """Build filters from one value or several, and from dates or ISO 8601 strings.

        Raises `QueryError` for a date that cannot be read or a range that ends before it starts.
        """
        first, last = _as_date(after), _as_date(before)
        if first and last and first > last:
            raise QueryError(f"The dates leave nothing: after {first} and before {last}. Swap them.")
        return cls(
            _values(language), _values(source), _values(category), first, last, _values(name), _values(collection),
            _values(story),
        )  # fmt: skip

    def __bool__(self) -> bool:
        """Tell whether anything is filtered at all."""
        return self != Filters()

    @property
    def seen(self) -> frozenset[str] | None:
        """The collections that may be seen, beside what is in none; None: all."""
        return None

    @property
    def named(self) -> frozenset[str] | None:
        """The spellings of which an article is to have one; None: it need have none."""
        return None

    def match(self, article: Article) -> bool:
        """Tell whether an article passes by what it is itself: all else is the catalog's to tell."""
        if self.after or self.before:
            if article.published is None:
                return False
            if self.after and article.published < self.after:
                return False
            if self.before and article.published > self.before:
                return False
        return (
            (not self.language or not set(self.language).isdisjoint(article.languages))
            and (not self.source or article.source in self.source)
            and (not self.category or article.category in self.category)
        )


@dataclass(frozen=True, slots=True)
class VisibleFilters(Filters):
    """Filters as the catalog asks by them; `Library` makes them of others.

    `visible` are the collections of which somebody may see articles, beside what is in none, None: all; `spellings`
    those of the names that are asked for. No article passes by what it is itself: which collections it is in, and whom
    it names, the catalog knows.
    """

    visible: frozenset[str] | None = None
    spellings: frozenset[str] | None = None

    @classmethod
    def within(
        cls, filters: Filters, visible: frozenset[str] | None, spellings: frozenset[str] | None = None
    ) -> "VisibleFilters":
        """Narrow filters to some collections, and to articles that have one of some names."""
        own = {field.name: getattr(filters, field.name) for field in fields(Filters)}
        return cls(**own, visible=visible, spellings=spellings)

    @property
    def seen(self) -> frozenset[str] | None:
        """The collections that may be seen, beside what is in none."""
        return self.visible

    @property
    def named(self) -> frozenset[str] | None:
        """The spellings of which an article is to have one."""
        return self.spellings

    def match(self, article: Article) -> bool:
        """Refuse to tell: of an article alone nobody can."""
        raise NotImplementedError("which collections an article is in is the catalog's to tell")


def _values(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = (value,)
    return tuple(sorted({storable(item).strip() for item in value if item and item.strip()}))


def _as_date(value: date | str | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        # Python's own message names neither what was given nor the form that is meant.
        raise QueryError(f"{value!r} is not a date: write it as 2025-09-28.") from error


def _blank_to_none(value: str | None) -> str | None:
    return storable(value).strip() or None if value else None


def storable(text: str) -> str:
    """Replace lone surrogates, which no encoding can store, and NUL, which not every catalog can; the length stays."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")
