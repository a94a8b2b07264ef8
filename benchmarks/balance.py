"""Language balance: XQuAD with each paragraph in one of two languages, asked in one of them.

    python -m benchmarks.balance [--data ../shared]

Half of the paragraphs are in the question's language. Without balance the passage that is near in the question's
language beats the one that answers in the other; `language_bias` and the search of each language apart undo that.
Reported: passage recall@1 over all questions, those whose paragraph is in the question's language, and the others;
with and without `language_bias`.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import Table, parser, write
from index import Encoder, Filters, Library, open_encoder
from qa.evaluation.gold import GoldQuestion, read_squad
from qa.retrieval.late_interaction import language_bias
from qa.retrieval.retriever import LibraryRetriever

PAIRS = (("en", "ar"), ("ar", "en"), ("en", "de"), ("en", "ru"))


@dataclass(frozen=True, slots=True)
class Balance:
    """Passage recall@1 for one pair of languages, with `language_bias` or without."""

    asked: str
    other: str
    balanced: bool
    all: float
    own: float
    foreign: float


def measure(data: Path, asked: str, other: str, encoder: Encoder) -> list[Balance]:
    """Index the mixture and ask every question of it, ranking once with the gain and once without."""
    own = read_squad(data / "eval" / f"xquad.{asked}.dev.json")
    foreign = read_squad(data / "eval" / f"xquad.{asked}.dev.json", data / "eval" / f"xquad.{other}.dev.json")
    mixed = [pair[place % 2] for place, pair in enumerate(zip(own.articles, foreign.articles, strict=True))]
    swapped = {article.id for article in mixed[1::2]}
    with tempfile.TemporaryDirectory() as folder, Library.open(folder, encoder=encoder) as library:
        library.add(mixed)
        retriever = LibraryRetriever(library)
        hits: dict[bool, list[tuple[bool, bool]]] = {True: [], False: []}
        for question in own.questions:
            found = retriever.retrieve(question.text, Filters(), 24)
            plain = sorted(found, key=lambda item: -item.score + language_bias(question.text, item.candidate.article))
            for balanced, ranked in ((True, found), (False, plain)):
                right = ranked[0].candidate.article.id in question.article_ids
                hits[balanced].append((_is_foreign(question, swapped), right))
    return [_summed(asked, other, balanced, outcomes) for balanced, outcomes in hits.items()]


def _is_foreign(question: GoldQuestion, swapped: set[str]) -> bool:
    return not swapped.isdisjoint(question.article_ids)


def _summed(asked: str, other: str, balanced: bool, outcomes: Sequence[tuple[bool, bool]]) -> Balance:
    def share(rows: Sequence[bool]) -> float:
        return round(sum(rows) / len(rows), 3)

    return Balance(
        asked,
        other,
        balanced,
        share([right for _, right in outcomes]),
        share([right for foreign, right in outcomes if not foreign]),
        share([right for foreign, right in outcomes if foreign]),
    )


def main() -> None:
    """Measure every pair and write the results."""
    options = parser(__doc__).parse_args()
    encoder = open_encoder()
    rows = [row for asked, other in PAIRS for row in measure(options.data, asked, other, encoder)]
    table = Table(
        "Passage recall@1",
        "",
        ("question", "paragraphs", "balanced", "all", "in the question's language", "in the other"),
        tuple(
            (
                row.asked,
                f"{row.asked} and {row.other}",
                "yes" if row.balanced else "no",
                *tuple(f"{value:.3f}" for value in (row.all, row.own, row.foreign)),
            )
            for row in rows
        ),
    )
    note = "XQuAD, development half; every other paragraph in the other language, none there twice."
    write("balance", "Language balance", note, [asdict(row) for row in rows], [table])


if __name__ == "__main__":
    main()
