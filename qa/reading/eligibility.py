"""Which sentences can answer beside others of their article: not one that asks, nor one of somebody else.

What the reader says of a sentence is held against the best of its window. Where that best cannot answer, the rest is
held against the best that is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.analysis import is_question
from index.article import Article
from index.text.normalisation import Span
from qa.evidence import Evidence
from qa.reading.namesakes import AskedPeople, Namesakes
from qa.reading.sentence_ranker import LinearRanker

# What a table's row begins with, as pages are read.
_CELL = "|"


def eligible(question: str, evidence: Sequence[Evidence], ranker: LinearRanker) -> list[Evidence]:
    """Return all the evidence, in no order: what cannot answer does not fit, and what is left may count for more."""
    people = AskedPeople.of(question)
    told = list(_replied(evidence))
    articles = {_article(item).id: _article(item) for item in told}
    namesakes = {own: people.among(article) for own, article in articles.items()}
    others = [_is_anothers(item, namesakes) or _is_of_another_row(item, told) for item in told]
    topped = {
        _article(item).id
        for item, other in zip(told, others, strict=True)
        if other and item.fits and not item.signs.below
    }
    left = [item.unfit() if other else item for item, other in zip(told, others, strict=True)]
    tops = {own: _top(own, left) for own in topped}
    return [_raised(item, tops, ranker) for item in left]


def _top(article: str, evidence: Sequence[Evidence]) -> float:
    """Return how far the best sentence of an article that fits is below the best of its window."""
    return max((item.signs.below for item in evidence if item.fits and _article(item).id == article), default=0.0)


def _raised(item: Evidence, tops: Mapping[str, float], ranker: LinearRanker) -> Evidence:
    """Return a sentence held against the best that is left of its article."""
    top = tops.get(_article(item).id, 0.0)
    if not top or not item.fits:
        return item
    signs = replace(item.signs, below=item.signs.below - top)
    return replace(item, signs=signs, score=item.score + ranker.of(signs) - ranker.of(item.signs))


def _replied(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the sentences, those that ask as what does not fit, and what speaks for each of them given to its reply.

    What is asked states nothing: of 3,052 sentences that answer the questions this was developed on, two end in a
    question mark. The reply is the likeliest sentence that follows in the same line, or in the next. It is surely the
    reply, so that no few words of it are told apart as the answer.
    """
    heirs: dict[int, Evidence] = {}
    for item in evidence:
        reply = _reply(item) if is_question(item.quote) else []
        likely = [other for other in evidence if _article(other).id == _article(item).id and other.sentence in reply]
        best = max(likely, key=lambda other: other.score, default=None)
        if best is not None and best.fits and item.fits and item.score > best.score:
            heirs[id(best)] = replace(best, score=item.score, signs=item.signs, answer=None)
    for item in evidence:
        yield item.unfit() if is_question(item.quote) else heirs.get(id(item), item)


def _reply(asking: Evidence) -> list[Span]:
    """Return the sentences that follow a question in its line, or else in the next, up to another question."""
    article = _article(asking)
    reply: list[Span] = []
    for span in article.sentences:
        if span.start < asking.sentence.end:
            continue
        if is_question(span.slice(article.text)) or (reply and "\n" in article.text[reply[0].end : span.start]):
            break
        reply.append(span)
    return reply


def _is_anothers(item: Evidence, namesakes: Mapping[str, Namesakes | None]) -> bool:
    known = namesakes[_article(item).id]
    return known is not None and known.own(item.sentence)


def _is_of_another_row(item: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a row of a table lacks a name asked about that another row has: each tells of its own."""
    if not item.quote.startswith(_CELL):
        return False
    rows = (other for other in evidence if other.quote.startswith(_CELL) and _article(other).id == _article(item).id)
    return item.signs.names_here < max(row.signs.names_here for row in rows)


def _article(item: Evidence) -> Article:
    return item.ranked.candidate.article
