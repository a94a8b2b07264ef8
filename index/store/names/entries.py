"""What is told of names: an entry of a list, and one place where an article has the name."""

from dataclasses import dataclass
from datetime import date

from index.names import NameKind


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One who, or what, articles name, in whatever script and spelling: `name` is what most call it.

    `spellings` are all its names, the most used first; `articles` counts those that have any of them, `mentions` how
    often they do. `first` and `last` are the days of the earliest and the latest of them, None where none has a date.
    """

    name: str
    kind: NameKind
    articles: int
    mentions: int
    spellings: tuple[str, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class NamedPassage:
    """A place where an article has a name: `text` is `article.text[start:end]`, in the sentence `sentence`."""

    article: str
    title: str
    source: str | None
    published: date | None
    language: str
    revision: int
    start: int
    end: int
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ArticleName:
    """A name in one article: `text[start:end]`; `name` is what its bearer is called, `articles` how many name them."""

    start: int
    end: int
    kind: NameKind
    name: str
    articles: int
