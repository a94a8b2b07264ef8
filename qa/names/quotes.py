"""What the bearer of a name has said, sentence by sentence, in the order of the days."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from index import Filters, Library
from qa.answer import ArticleRef, Speaker
from qa.attribution.attribution import speaker_of


@dataclass(frozen=True, slots=True)
class NamedQuote:
    """A sentence that the bearer of a name said: `quote` is `article.text[start:end]` of a stored revision."""

    quote: str
    start: int
    end: int
    revision: int
    article: ArticleRef
    speaker: Speaker


def said_by(
    library: Library,
    name: str,
    filters: Filters | None = None,
    *,
    kind: str | None = None,
    newest_first: bool = False,
) -> Iterator[NamedQuote]:
    """Yield what the bearer of a name said, under any of its spellings, the oldest first or the newest.

    A sentence is theirs where the article attributes it to a name that stands for them there. Articles without a date
    come last. Raises `NameNotFoundError` where nobody is called so in the articles that pass the filters.
    """
    with library.snapshot():
        mentions = library.names.mentions(name, filters, kind=kind, newest_first=newest_first)
        for id, own in groupby(mentions, key=attrgetter("article")):
            named = list(own)
            article = library.article(id)
            places = [(one.start, one.end) for one in named]
            for sentence in article.sentences:
                speaker = speaker_of(article, sentence)
                if speaker is None or not any(start < speaker.end and speaker.start < end for start, end in places):
                    continue
                yield NamedQuote(
                    sentence.slice(article.text), sentence.start, sentence.end, named[0].revision,
                    ArticleRef.of(article), speaker,
                )  # fmt: skip
