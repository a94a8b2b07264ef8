"""What of a passage is read: its sentences."""

from index.article import Article, Passage
from index.text.normalisation import Span

_LONGEST_SENTENCE = 1200


def sentences_in(article: Article, passage: Passage) -> list[Span]:
    """Return the article's sentences that begin in a passage, or hold it where none does.

    A sentence longer than a quote can be is cut down to its part in the passage.
    """
    spans = article.sentences
    found = [span for span in spans if span.start < passage.end and span.end > passage.start]
    begun = [span for span in found if span.start >= passage.start] or found
    return [_cut(span, passage) for span in begun]


def _cut(span: Span, passage: Passage) -> Span:
    if span.end - span.start <= _LONGEST_SENTENCE:
        return span
    return Span(max(span.start, passage.start), min(span.end, passage.end))
