"""Articles of the news corpus that tell one story: how many are found, how many of them differ, and in what.

    python -m benchmarks.duplicates

Every article is compared as it is on indexing; nothing is encoded. The pairs that are not word for word the same are
written out, with the words in which they differ, to be judged by eye.
"""

import difflib
import re
import time
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import combinations

from benchmarks.corpus import articles, whole
from benchmarks.harness import Data, Table, parser, say, write
from index import Article
from index.analysis.minhash import bands, nearly_same, shingles

_NOTE = (
    "Articles of one story, by MinHash bands over runs of three words and the Jaccard similarity of those that share a "
    "band. A copy is an article whose text another one has had word for word."
)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles of one story whose texts are not the same: their ids, similarity, and the words that differ."""

    one: str
    other: str
    similarity: float
    numbers_differ: bool
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: articles, stories of more than one, articles in these, and all pairs that are compared."""

    articles: int
    seconds: float
    pairs_compared: int
    pairs_found: int
    pairs_word_for_word: int
    copies: int
    copies_found: int
    largest_story: int
    pairs: tuple[Pair, ...]


def main() -> None:
    """Measure and write the results."""
    arguments = parser(__doc__).parse_args()
    found = measure(articles(whole(Data(arguments.data), arguments.cache)))
    write("duplicates", "One story, several articles", _NOTE, asdict(found), [_counts(found), _differences(found)])


def measure(corpus: list[Article]) -> Found:
    """Compare all articles that share a band."""
    started = time.perf_counter()
    made = [shingles(article.text) for article in corpus]
    sharing: dict[int, list[int]] = {}
    for number, found in enumerate(made):
        for band in bands(found):
            sharing.setdefault(band, []).append(number)
    compared = sorted({pair for numbers in sharing.values() for pair in combinations(numbers, 2)})
    scores = {pair: nearly_same(made[pair[0]], made[pair[1]]) for pair in compared}
    seconds = time.perf_counter() - started
    say(f"{len(corpus)} articles, {len(compared)} pairs compared in {seconds:.1f} s")
    together = {pair: score for pair, score in scores.items() if score}
    same = {pair for pair in together if corpus[pair[0]].text == corpus[pair[1]].text}
    copies = sum(count - 1 for count in Counter(article.text for article in corpus).values())
    found_copies = len({other for _, other in same})
    differing = [
        _pair(corpus[one], corpus[other], together[one, other]) for one, other in together if (one, other) not in same
    ]
    near = Counter(number for pair in together for number in pair)
    return Found(
        len(corpus), round(seconds, 1), len(compared), len(together), len(same), copies, found_copies,
        1 + max(near.values(), default=0), tuple(sorted(differing, key=lambda pair: pair.similarity)),
    )  # fmt: skip


def _pair(one: Article, other: Article, similarity: float) -> Pair:
    first, second = one.text.split(), other.text.split()
    changes = [
        f"{' '.join(first[a:b])[:_SHOWN] or '–'} → {' '.join(second[c:d])[:_SHOWN] or '–'}"
        for kind, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    numbers = (set(re.findall(r"\d+", text)) for text in (one.text, other.text))
    return Pair(one.id, other.id, round(similarity, 3), len(set(map(frozenset, numbers))) > 1, tuple(changes))


def _counts(found: Found) -> Table:
    rows = [
        ("articles", found.articles),
        ("seconds for all", found.seconds),
        ("pairs that share a band and are compared", found.pairs_compared),
        ("pairs of one story", found.pairs_found),
        ("of these, word for word the same", found.pairs_word_for_word),
        ("of the others, with another number", sum(pair.numbers_differ for pair in found.pairs)),
        ("copies in the corpus", found.copies),
        ("copies found", found.copies_found),
        ("articles in the largest story, at most", found.largest_story),
    ]
    return Table("Found", "", ("", "count"), tuple((name, str(value)) for name, value in rows))


def _differences(found: Found) -> Table:
    rows = tuple(
        (f"{pair.one} / {pair.other}", f"{pair.similarity:.2f}", "; ".join(pair.differences[:3]).replace("|", "/"))
        for pair in found.pairs
    )
    note = "Every pair of one story whose texts differ, the least similar first, with up to three of their differences."
    return Table("Pairs that differ", note, ("articles", "similarity", "differences"), rows)


if __name__ == "__main__":
    main()
