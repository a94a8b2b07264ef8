"""How a question's cost grows with the library: 1,000 to 200,000 passages, and a million with --million.

With it the results are growth-million's, so that the shorter run of `make bench` leaves them as they are.

One library grows. Its texts are passages of the news corpus, drawn again and again, so that every word's share of the
passages stays as it is: the worst case for the lexical index. Their vectors are those of the corpus with noise of half
their length added; three in ten are called English, so that languages are searched apart.
"""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import EXAM, indexed, part, whole
from benchmarks.harness import (
    Data,
    Figure,
    Spread,
    Table,
    apart,
    disk_mib,
    parser,
    resident_mib,
    say,
    timed,
    work_offline,
    write,
)
from index import Library
from index.store.backups import CATALOG
from index.store.catalog import Catalog
from index.store.engines.sqlite import SqliteDatabase
from index.store.fulltext import COMMON
from index.vectors.opening import open_dense
from qa import Assistant
from qa.evaluation.gold import read_exam, sample

SIZES = (1_000, 13_000, 100_000, 200_000)
MILLION = 1_000_000
NOISE = 0.5
_COMMIT = 5_000
_ADDED = "2026-01-01T00:00:00+00:00"
_TABLES = ("article", "passage", "lexical (rowid, terms, names)", "vector", "tokens", "member", "story")
_STAGES = ("vector", "dense", "lexical", "joined", "reranked", "read", "whole")
_NOTE = (
    "Milliseconds of each stage, medians over the questions, each asked once after a few others. dense: Chroma, the "
    "languages searched apart as well; lexical: FTS5; joined: the candidates' rows out of the catalog."
)
_BOUNDED = (
    f"it ranks every passage with a word of the question, up to {COMMON:,} for each, and grows no more from there"
)


@dataclass(frozen=True, slots=True)
class Size:
    """One size of the library: what making its index took, what it takes in memory and on disk, and the stages' ms.

    `joined_again_ms` is that stage where each question is asked once more.
    """

    passages: int
    index_s: float
    joined_again_ms: float
    resident_mib: float
    disk_mib: float
    stages: dict[str, list[float]]

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        stages = (f"{float(np.median(self.stages[name])):.1f}" for name in _STAGES)
        sizes = (f"{value:.0f}" for value in (self.resident_mib, self.disk_mib))
        return (f"{self.passages:,}", *stages, f"{self.index_s:.0f}", *sizes)


@dataclass(frozen=True, slots=True)
class _Seeds:
    """The corpus's passages with what they are found by."""

    rows: list[tuple[Any, ...]]
    vectors: NDArray[np.float32]

    @classmethod
    def read(cls, corpus: Path) -> "_Seeds":
        """Read them out of a library."""
        database = SqliteDatabase(corpus / CATALOG, writable=False)
        rows = database.all(
            "SELECT substr(text, start + 1, stop - start), title, source, url, byline, category, published, "
            "lexical.terms, lexical.names, tokens.value, vector.value "
            "FROM passage JOIN article ON article.number = passage.article JOIN lexical ON lexical.rowid = passage.id "
            "JOIN tokens ON tokens.key = passage.key JOIN vector ON vector.key = passage.key ORDER BY passage.id"
        )
        database.close()
        vectors = np.frombuffer(b"".join(row[10] for row in rows), np.float16).reshape(len(rows), -1)
        return cls(rows, vectors.astype(np.float32))


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="passages, smallest first")
    flags.add_argument("--million", action="store_true", help="go on to a million: an hour, and 20 GB of disk")
    flags.add_argument("--questions", type=int, default=40, help="questions at each size (default: 40)")
    flags.add_argument("--articles", type=int, help="articles of the corpus to draw from (default: all)")
    flags.add_argument("--keep", action="store_true", help="keep the library, for the next run to go on from")
    options = flags.parse_args()
    work_offline()
    data = Data(options.data)
    source = part(data, options.cache, options.articles) if options.articles else whole(data, options.cache)
    corpus, folder = indexed(source, options.cache), options.cache / "library-growth"
    questions = [
        question.text
        for language in ("en", "ar")
        for question in sample(read_exam(data.file(EXAM), language), options.questions // 2)
    ]
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    sizes: list[Size] = []
    for wanted in [*options.sizes, *([MILLION] if options.million else [])]:
        say(f"{wanted:,} passages")
        seconds = apart(_grow, corpus, folder, wanted)
        say(f"  its vector index took {seconds:.0f} s; {len(questions)} questions")
        size = apart(_measure, folder, wanted, questions)
        sizes.append(replace(size, index_s=seconds))
        _write(sizes, "growth-million" if options.million else "growth")
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)


def _grow(corpus: Path, folder: Path, wanted: int) -> float:
    """Add passages up to `wanted` and make the index; return the seconds that took."""
    Library.open(folder).close()
    seeds, database, catalog = _Seeds.read(corpus), SqliteDatabase(folder / CATALOG), Catalog(folder / CATALOG)
    have = catalog.facets.size()[1]
    random = np.random.default_rng(have)
    while have < wanted:
        added = min(_COMMIT, wanted - have)
        with database.commit():
            _put(database, seeds, range(have + 1, have + added + 1), random, catalog.generation + 1)
        have += added
    dense = open_dense(catalog, catalog.settle("id", "growth"), folder)
    made = catalog.meta("growth")
    if made is None or made.split()[0] != str(have):
        made = f"{have} {timed(dense.rebuild)}"
        catalog.set_meta("growth", made)
    catalog.close()
    database.close()
    return float(made.split()[1])


def _put(database: SqliteDatabase, seeds: _Seeds, numbers: range, random: np.random.Generator, generation: int) -> None:
    """Write articles of one passage each, as the catalog does, but many at once."""
    drawn = random.integers(0, len(seeds.rows), len(numbers))
    width = seeds.vectors.shape[1]
    noisy = seeds.vectors[drawn] + random.standard_normal((len(drawn), width), np.float32) * (NOISE / width**0.5)
    vectors = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float16)
    tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
    for number, seed, vector in zip(numbers, drawn, vectors, strict=True):
        text, title, source, url, byline, category, published, terms, names, tokens, *_ = seeds.rows[seed]
        key, language, added = (
            number.to_bytes(16, "big"),
            "en" if number % 10 < 3 else "ar",
            "2026-01-01T00:00:00+00:00",
        )
        fields = (text, title, source, url, byline, category, published, language)
        tables["article"].append((number, f"growth-{number}", 1, str(number), added, *fields))
        tables["passage"].append((number, number, 0, len(text), key, generation))
        tables["lexical (rowid, terms, names)"].append((number, terms, names))
        tables["vector"].append((key, vector.tobytes()))
        tables["tokens"].append((key, tokens))
        tables["member"].append(("growth", f"growth-{number}", "growth"))
        tables["story"].append((number, number))
    there = {row[0] for row in database.all("SELECT name FROM sqlite_master")}
    for table, rows in tables.items():
        if table.split()[0] in there:
            database.run_many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    database.run("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", str(generation))


def _measure(folder: Path, passages: int, questions: Sequence[str]) -> Size:
    stages: dict[str, list[float]] = {name: [] for name in _STAGES}
    with Assistant.open(folder) as assistant:
        spent: dict[str, float] = {}
        library, reader = assistant.library, assistant.reader
        for owner, method, stage in (
            (library.encoder, "encode_query", "vector"),
            (library._dense, "search", "dense"),
            (library._catalog, "lexical", "lexical"),
            (library._catalog, "passages", "joined"),
            (assistant.reranker, "rerank", "reranked"),
            (reader, "read", "read"),
        ):
            _watch(owner, method, stage, spent)
        # The first ones load what is loaded at the first use.
        for question in [*islice(questions, 5), *questions]:
            spent.clear()
            began = time.perf_counter()
            assistant.ask(question)
            spent["whole"] = (time.perf_counter() - began) * 1000
            for stage in _STAGES:
                stages[stage].append(spent.get(stage, 0.0))
        again = []
        for question in questions:
            spent.clear()
            assistant.ask(question)
            again.append(spent.get("joined", 0.0))
        memory = resident_mib()
    return Size(
        passages,
        0.0,
        float(np.median(again)),
        memory,
        disk_mib(folder),
        {name: times[5:] for name, times in stages.items()},
    )


def _watch(owner: Any, method: str, stage: str, spent: dict[str, float]) -> None:
    """Add up the milliseconds that a method of an object takes."""
    original: Callable[..., Any] = getattr(owner, method)

    def watched(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return original(*arguments, **named)
        finally:
            spent[stage] = spent.get(stage, 0.0) + (time.perf_counter() - began) * 1000

    setattr(owner, method, watched)


def _figures(sizes: Sequence[Size]) -> list[Figure]:
    first, last = sizes[0], sizes[-1]
    allowed = log(last.passages) / log(first.passages)
    # Asked once more, the same rows need no disk.
    limits = {"lexical": _BOUNDED, "joined": f"the disk: asked again, it takes {last.joined_again_ms:.1f} ms"}
    figures = []
    for stage in _STAGES:
        # What is below a millisecond may grow as it likes within it.
        small, large = (max(1.0, float(np.median(size.stages[stage]))) for size in (first, last))
        name = f"Growth of “{stage}” from {first.passages:,} to {last.passages:,} passages"
        figure = Figure(name, "×", Spread.of([large / small]), allowed, "less", "the logarithm's own growth")
        figures.append(replace(figure, limit=limits.get(stage, "")))
    for size in sizes:
        goal = {13_000: 8.0, 200_000: 120.0}.get(size.passages)
        if goal and size.index_s:
            name = f"The vector index made anew, {size.passages:,} passages"
            limit = "Chroma builds its graph vector by vector"
            figures.append(Figure(name, "s", Spread.of([size.index_s]), goal, "less", limit=limit))
    return figures


def _write(sizes: Sequence[Size], name: str) -> None:
    header = ("Passages", *_STAGES, "Index, s", "Resident MiB", "Disk MiB")
    table = Table("Milliseconds by stage, memory, disk", "", header, tuple(size.row() for size in sizes))
    values = {"noise": NOISE, "sizes": [asdict(size) for size in sizes], "cores": os.cpu_count()}
    figures = _figures(sizes) if len(sizes) > 1 else []
    write(name, "Growth", f"{(__doc__ or '').split(chr(10) * 2)[2].strip()}\n\n{_NOTE}", values, [table], figures)


if __name__ == "__main__":
    main()
