"""A claim and the sentence that takes it back, "That is false", belong together: neither is quoted alone."""

from functools import lru_cache

from index.analysis import language_within
from index.article import Article
from index.languages import language
from index.text.normalisation import Span
from qa.evidence import Evidence


def quoted(item: Evidence) -> Span:
    """Return what is quoted of an article for a sentence: with it what takes it back, or what it takes back.

    It does not reach beyond the passage that was read.
    """
    article, passage, own = item.ranked.candidate.article, item.ranked.candidate.passage, item.sentence
    spans = [span for span in article.sentences if passage.start <= span.start and span.end <= passage.end]
    before = [span for span in spans if span.end <= own.start][-1:]
    after = [span for span in spans if span.start >= own.end][:1]
    start = before[0].start if before and _takes_back(article, own) else own.start
    end = after[0].end if after and _takes_back(article, after[0]) else own.end
    return Span(start, end)


def is_taken_back(item: Evidence) -> bool:
    """Tell whether the sentence after another takes it back."""
    return quoted(item).end > item.sentence.end


def _takes_back(article: Article, sentence: Span) -> bool:
    return _is_taking_back(sentence.slice(article.text), article.language_of(sentence.start))


@lru_cache(maxsize=512)
def _is_taking_back(said: str, code: str) -> bool:
    return language_within(said, language(code)).grammar.takes_back(said)
