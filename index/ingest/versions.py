"""Several versions of one article under one id, as crawlers append them to a file: the newest is taken."""

from collections.abc import Iterable, Iterator
from datetime import date

from index.article import Article
from index.sources.files import Failure, Loaded

# Articles of one file that are held back for a newer version of them, and their characters.
_MOST_HELD, _MOST_CHARACTERS = 5_000, 32_000_000


def newest(items: Iterable[Loaded | Failure]) -> Iterator[Loaded | Failure]:
    """Give each article of a file once, in its newest version; each older one is skipped, and named.

    Versions are compared by their days, of the same day or without one the later in the file is the newer. Those that
    lie very far apart in the file are both given.
    """
    held: dict[str, Loaded] = {}
    characters = 0
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        article = item.article
        if (other := held.pop(article.id, None)) is not None:
            characters -= len(other.article.text)
        if other is not None and other.article.content_hash != article.content_hash:
            older, item = (other, item) if not is_older(article, other.article) else (item, other)
            yield older_version(older.place, article.id, item.place)
        characters += len(item.article.text)
        held[article.id] = item
        while len(held) > _MOST_HELD or characters > _MOST_CHARACTERS:
            first = held.pop(next(iter(held)))
            characters -= len(first.article.text)
            yield first
    yield from held.values()


def is_older(one: Article, other: Article) -> bool:
    """Tell whether the first version is of an earlier day than the second, as far as both say."""
    day, other_day = day_of(one), day_of(other)
    return day is not None and other_day is not None and day < other_day


def day_of(article: Article) -> date | None:
    """Return the day of a version: that of its last change, or else of its publication."""
    return article.modified or article.published


def older_version(place: str, article_id: str, kept: str) -> Failure:
    """Name a version that is passed over for a newer one."""
    return Failure(place, f"Article id {article_id!r} has a newer version in {kept}, which was taken.", skipped=True)
