"""How well names are found, told apart by kind, and joined, and what that costs: `python -m benchmarks.names`.

Articles that nothing was fitted on, whose names were marked by reading (`data/names/evaluation.jsonl`): three stories
of each of the story libraries A and B, in three languages, and articles of the news corpus. A name counts as found
where its words are just those that were marked. Joining is measured on the names that were found: B-cubed precision,
recall and F1 of the entries that they make against who bears them, and beside it of names that are spelt alike.
"""

import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from benchmarks.harness import Data, Table, parser, write
from benchmarks.training.names import MarkedArticle, MarkedName, marked
from benchmarks.training.stories import b_cubed
from index import Article
from index.encoding.encoder import Encoder, open_encoder
from index.ingest.chunking import Chunking, chunk
from index.ingest.indexer import prepare
from index.names import NameForm, NameKind, NameMention, bearers, names_in, settled_kinds
from index.text.normalisation import fold

_NOTE = (
    "Names that were marked by reading, in articles that nothing was fitted on. A name is found where its words are "
    "just those marked. Of those found: the share whose kind is right, and how they are joined."
)


# Articles of each part of the news corpus that are timed, and those whose names are joined.
_TIMED = 100
_JOINED = 10_000


@dataclass(frozen=True, slots=True)
class FoundFigures:
    """How names are found in some articles."""

    articles: str
    count: int
    names: int
    precision: float
    recall: float
    f1: float
    kind: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """A marked name that was found."""

    wanted: MarkedName
    found: NameMention
    language: str


def main() -> None:
    """Measure and write the results."""
    arguments = parser(__doc__)
    options = arguments.parse_args()
    items = marked("evaluation", Data(options.data).file("eval/stories-A.articles.jsonl").parents[1])
    found = {item.article.id: names_in(item.article) for item in items}
    sets = [(name, [item for item in items if _set_of(item) == name]) for name in dict.fromkeys(map(_set_of, items))]
    finding = [_found(name, own, found) for name, own in (*sets, ("all", items))]
    kinds = [(kind, _found(kind, items, found, kind)) for kind in ("person", "body", "place")]
    pairs = [pair for item in items for pair in _pairs(item, found[item.article.id])]
    tables = [
        _table("Finding", finding),
        _table("Finding, by kind", [figures for _, figures in kinds]),
        _joining(pairs),
        *(cost := _cost(Data(options.data))),
    ]
    for table in tables:
        print(table.markdown())
    values = {"finding": [asdict(one) for one in finding], "cost": [list(row) for table in cost for row in table.rows]}
    write("names", "Names of people, bodies and places", _NOTE, values, tables)


def _set_of(item: MarkedArticle) -> str:
    source = "stories" if ":" in item.group else "news"
    return f"{source}, {item.article.language}"


def _found(
    name: str, items: Sequence[MarkedArticle], found: dict[str, tuple[NameMention, ...]], kind: str | None = None
) -> FoundFigures:
    counts: Counter[str] = Counter()
    for item in items:
        own = [one for one in found[item.article.id] if kind in (None, one.kind)]
        wanted = [one for one in item.names if kind in (None, one.kind)]
        pairs = list(_pairs(item, found[item.article.id], kind))
        counts += Counter(
            told=len(own), there=len(wanted), right=len(pairs),
            kind=sum(pair.wanted.kind == pair.found.kind for pair in pairs),
        )  # fmt: skip
    right, told, there = counts["right"], max(1, counts["told"]), max(1, counts["there"])
    precision, recall = right / told, right / there
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return FoundFigures(
        name, len(items), counts["there"], round(precision, 3), round(recall, 3), round(f1, 3),
        round(counts["kind"] / max(1, right), 3),
    )  # fmt: skip


def _pairs(item: MarkedArticle, found: Sequence[NameMention], kind: str | None = None) -> Iterator[_Pair]:
    """Yield the marked names that were found; what is written on to the front of one is no part of it."""
    text = item.article.text
    places = {(_front(text, one.start), _back(text, one.end)): one for one in found if kind in (None, one.kind)}
    for one in item.names:
        match = places.get((_front(text, one.start), _back(text, one.end)))
        if match is not None and kind in (None, one.kind):
            yield _Pair(one, match, item.article.language)


def _front(text: str, at: int) -> int:
    while at > 0 and (
        text[at - 1].isalnum() or text[at - 1] in "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
    ):
        at -= 1
    return at


def _back(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"):
        at += 1
    return at


def _joining(pairs: Sequence[_Pair]) -> Table:
    """Join the names that were found, as a library does."""
    counts: Counter[tuple[str, NameKind]] = Counter((pair.found.name, pair.found.kind) for pair in pairs)
    settled = settled_kinds(counts)
    summed: Counter[tuple[str, NameKind]] = Counter()
    for key, articles in counts.items():
        summed[key[0], settled[key]] += articles
    groups = bearers(NameForm(kind, name, articles) for (name, kind), articles in summed.items())
    of = {(form.name, form.kind): at for at, group in enumerate(groups) for form in group}
    rows = []
    for label, own in (
        ("all", pairs),
        ("people", [pair for pair in pairs if pair.wanted.kind == "person"]),
        ("bodies", [pair for pair in pairs if pair.wanted.kind == "body"]),
        ("places", [pair for pair in pairs if pair.wanted.kind == "place"]),
    ):
        wanted = [pair.wanted.bearer for pair in own]
        ours = b_cubed([of[pair.found.name, settled[pair.found.name, pair.found.kind]] for pair in own], wanted)
        names = list(dict.fromkeys(fold(pair.found.name) for pair in own))
        alike = b_cubed([names.index(fold(pair.found.name)) for pair in own], wanted)
        kinds = sum(settled[pair.found.name, pair.found.kind] == pair.wanted.kind for pair in own) / max(1, len(own))
        rows.append(
            (
                label, str(len(own)), str(len(set(wanted))), f"{ours.precision:.3f}", f"{ours.recall:.3f}",
                f"{ours.f1:.3f}", f"{alike.precision:.3f}", f"{alike.recall:.3f}", f"{alike.f1:.3f}", f"{kinds:.3f}",
            )
        )  # fmt: skip
    header = (
        "names",
        "found",
        "bearers",
        "precision",
        "recall",
        "F1",
        "spelt alike: P",
        "R",
        "F1",
        "kind right, settled",
    )
    return Table("Joining", "B-cubed, over names that were found.", header, tuple(rows))


def _cost(data: Data) -> list[Table]:
    """Time names of articles beside encoding the same ones, turn by turn; then joining those of very many."""
    encoder, chunking = open_encoder(), Chunking()
    rows = []
    for name, language in (("ant", "ar"), ("world", "")):
        articles = _articles(data, name, language, _TIMED + 1)
        letters = sum(len(article.text) for article in articles[1:]) / _TIMED
        # The first one loads what is loaded once.
        _, *spent = [(_spent(names_in, article), _spent(_encode, article, encoder, chunking)) for article in articles]
        names, encoding = (1000 * sum(each) / _TIMED for each in zip(*spent, strict=True))
        rows.append(
            (f"{_TIMED} of {name}, {letters:.0f} characters each", f"{names:.1f}", f"{encoding:.0f}",
             f"{names / encoding:.3f}")
        )  # fmt: skip
    counts: Counter[tuple[str, NameKind]] = Counter()
    for article in _articles(data, "ant", "ar", _JOINED):
        counts.update({(one.name, one.kind) for one in names_in(article)})
    began = time.process_time()
    settled = settled_kinds(counts)
    summed: Counter[tuple[str, NameKind]] = Counter()
    for key, articles_of in counts.items():
        summed[key[0], settled[key]] += articles_of
    groups = bearers(NameForm(kind, name, articles_of) for (name, kind), articles_of in summed.items())
    joined = (f"{_JOINED:,}", f"{len(summed):,}", f"{len(groups):,}", f"{time.process_time() - began:.1f}")
    return [
        Table(
            "Cost of finding", "Milliseconds of processor time for an article, beside chunking and encoding it.",
            ("articles", "names, ms", "encoding, ms", "names to encoding"), tuple(rows),
        ),
        Table(
            "Cost of joining", "Seconds of processor time.",
            ("articles of ant", "names", "bearers", "seconds"), (joined,),
        ),
    ]  # fmt: skip


def _articles(data: Data, name: str, language: str, count: int) -> list[Article]:
    with gzip.open(data.file(f"corpus/{name}.jsonl.gz"), "rt", encoding="utf-8") as lines:
        fields = (found for line in lines if (found := json.loads(line)).get("text"))
        readable = (one for one in fields if any(letter.isalnum() for letter in one["text"]))
        return [
            Article.create(one["id"], one["text"], language=language or one["language"])
            for one in islice(readable, count)
        ]


def _encode(article: Article, encoder: Encoder, chunking: Chunking) -> None:
    prepared = prepare(article, chunk(article, chunking, encoder), encoder.name)
    encoder.encode_passages(prepared.inputs)


def _spent(work: Callable[..., object], *arguments: object) -> float:
    began = time.process_time()
    work(*arguments)
    return time.process_time() - began


def _table(title: str, figures: Sequence[FoundFigures]) -> Table:
    rows = tuple(
        (one.articles, str(one.count), str(one.names), f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}",
         f"{one.kind:.3f}")
        for one in figures
    )  # fmt: skip
    header = ("articles", "of them", "names", "precision", "recall", "F1", "kind right")
    return Table(title, "", header, rows)


if __name__ == "__main__":
    main()
