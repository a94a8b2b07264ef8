"""Which articles tell one story: those that share the names which few others have."""

import math
from collections import Counter
from collections.abc import Sequence

from index.analysis import name_keys, terms
from index.article import Article
from qa.evidence import Evidence


def of_one_story(evidence: Sequence[Evidence], least: float) -> list[Evidence]:
    """Keep the articles that share names with that of the first evidence, by keys that are the same in every script.

    A name counts ln(articles / articles that have it), over the articles of the evidence; `least` is what the shared
    ones have to come to.
    """
    keys = {item.ranked.candidate.article.id: _keys(item.ranked.candidate.article) for item in evidence}
    having = Counter(key for own in keys.values() for key in own)
    told = keys[evidence[0].ranked.candidate.article.id] if evidence else set()
    shared = {article: sum(math.log(len(keys) / having[key]) for key in own & told) for article, own in keys.items()}
    first = evidence[0].ranked.candidate.article.id if evidence else ""
    return [
        item for item in evidence if (article := item.ranked.candidate.article.id) == first or shared[article] >= least
    ]


def leads(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Keep each article's earliest sentence, in the order of the articles: news says the main thing first."""
    earliest: dict[str, Evidence] = {}
    for item in evidence:
        article = item.ranked.candidate.article.id
        if article not in earliest or item.sentence.start < earliest[article].sentence.start:
            earliest[article] = item
    return list(earliest.values())


def share_of(terms_: frozenset[str], article: Article) -> float:
    """Return the share, 0 to 1, of terms that an article has."""
    return len(terms_ & set(terms(f"{article.title} {article.text}"))) / len(terms_) if terms_ else 0.0


def _keys(article: Article) -> set[str]:
    return set(name_keys(f"{article.title} {article.text}", article.language))
