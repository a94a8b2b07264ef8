"""What goes into the catalog and comes out of it: plain records, and their passage to and from rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage, Repair

# The columns of an article, in the order `to_row` gives and `from_row` takes.
FIELDS = (
    "id, text, title, source, url, byline, category, published, language, modified, pages, row, repair, kicker, "
    "embargo, blocks"
)
# What is known of an id: its current revision with its hash, and the last of the past ones; NULL where there is none.
REVISIONS = (
    "SELECT article.revision, hash, (SELECT max(revision) FROM past WHERE article_id = ?) FROM (SELECT 1) AS asked "
    "LEFT JOIN article ON article.id = ?"
)


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage on its way in: where it is, the key of its vector, and its lexical terms.

    `language` is its own, None where it is its article's.
    """

    start: int
    end: int
    key: bytes
    terms: str
    names: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article on its way in, with its passages and the file it came from.

    `collections` are those it is to be in; None: those it is in, or a new one those of what brings it.
    """

    article: Article
    file: str
    passages: tuple[NewPassage, ...]
    collections: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of the current revision of an article, under the number the vector index knows it by.

    `tokens` are its token vectors, packed; `vector` is its own, in float16.
    """

    number: int
    passage: Passage
    article: Article
    revision: int
    tokens: bytes
    vector: bytes


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the catalog holds of one article id: its revision's hash, and who brought it from which file."""

    content_hash: str
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an article; only the current one answers questions."""

    article_id: str
    number: int
    content_hash: str
    added: datetime
    current: bool


class Standing(StrEnum):
    """What has become of a revision that was quoted: it is what answers are read from, or no longer, or gone."""

    CURRENT = "current"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many articles share a value; `name` is empty where the articles have none."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Extent:
    """What a search covers: how many articles, of how many outlets, from which day to which; None without any date."""

    articles: int
    sources: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Vectors:
    """Passage numbers (n,), their unit vectors (n, d) in float32, and what filters go by (n)."""

    numbers: NDArray[np.int64]
    matrix: NDArray[np.float32]
    metadata: tuple[Mapping[str, str | int], ...]


def to_row(article: Article) -> tuple[str | int | None, ...]:
    """Give an article's fields in the order of `FIELDS`."""
    return (
        article.id,
        article.text,
        article.title,
        article.source,
        article.url,
        article.byline,
        article.category,
        article.published.isoformat() if article.published else None,
        article.language,
        article.modified.isoformat() if article.modified else None,
        json.dumps(article.pages) if article.pages else None,
        article.row,
        article.repair,
        article.kicker,
        article.embargo,
        json.dumps(article.blocks) if article.blocks else None,
    )


def from_row(row: Sequence[Any]) -> Article:
    """Read an article back from the columns of `FIELDS`."""
    return Article(
        id=row[0],
        text=row[1],
        title=row[2],
        source=row[3],
        url=row[4],
        byline=row[5],
        category=row[6],
        published=to_date(row[7]),
        language=row[8],
        modified=to_date(row[9]),
        pages=tuple(json.loads(row[10])) if row[10] else (),
        row=row[11],
        repair=Repair(row[12]) if row[12] else None,
        kicker=row[13],
        embargo=row[14],
        blocks=_blocks(json.loads(row[15])) if row[15] else (),
    )


def to_plain(article: Article) -> dict[str, object]:
    """Give an article as plain JSON values."""
    fields = asdict(article)
    for day in ("published", "modified"):
        fields[day] = fields[day].isoformat() if fields[day] else None
    return fields


def from_plain(fields: dict[str, Any]) -> Article:
    """Read back what `to_plain` gave, an earlier version of Khabar's too."""
    days = {day: to_date(fields.get(day)) for day in ("published", "modified")}
    repair = Repair(fields["repair"]) if fields.get("repair") else None
    kept = {"pages": tuple(fields.get("pages", ())), "blocks": _blocks(fields.get("blocks", ()))}
    return Article(**{**fields, **days, **kept, "repair": repair})


def _blocks(stored: Iterable[Sequence[Any]]) -> tuple[tuple[int, str], ...]:
    return tuple((start, language) for start, language in stored)


def to_date(text: str | None) -> date | None:
    """Read a stored date."""
    return date.fromisoformat(text) if text else None


# What tells the vector index that an article is in a collection.
CLOSED = "closed"


def inside(collection: str) -> str:
    """Name the property that what is in a collection has in the vector index."""
    return f"in {collection}"


def metadata_of(
    language: str, source: str | None, category: str | None, published: str | None, collections: Sequence[str] = ()
) -> dict[str, str | int]:
    """Give what filters go by as the vector index keeps it; the date as a number, 20251005."""
    named = {"language": language, "source": source, "category": category}
    metadata: dict[str, str | int] = {name: value for name, value in named.items() if value}
    if published:
        metadata["published"] = int(published.replace("-", ""))
    if collections:
        metadata |= {CLOSED: 1, **dict.fromkeys(map(inside, collections), 1)}
    return metadata


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """What a library holds, and what it was made with."""

    articles: int
    passages: int
    generation: int
    encoder: str
    chunking: str
    languages: tuple[FacetCount, ...]
    sources: tuple[FacetCount, ...]
    categories: tuple[FacetCount, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looked at."""

    name: str
    ok: bool
    detail: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What the doctor found; `ok` counts what was repaired as well."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True when every check passed or was repaired."""
        return all(check.ok or check.repaired for check in self.checks)
