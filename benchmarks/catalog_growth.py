"""How commits, lexical search and row lookups of a catalog in PostgreSQL grow with it: 10,000 passages to ten million.

    python -m benchmarks.catalog_growth [--sizes 10000 100000 1000000 10000000] [--minutes 40] [--disk 60]

The texts are passages of benchmarks/data/reading, drawn again and again, so that every word's share of the passages
stays as it is: the worst case for the index of words. Vectors are random, token vectors as well and shorter than in
use, and the bands by which near-duplicates are found are left out: neither is read here but for the rows of candidates.
Chroma has no part in it. The server is one that the script starts, as the tests do (needs '.[test]'); it flushes
nothing to the disk. When the minutes or the disk are used up, what is there is measured and the run ends.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.harness import Table, parser, say, work_offline, write
from index import Article, Filters, TokenVectors
from index.analysis import query_name_keys, query_terms
from index.encoding.encoder import TextVectors
from index.ingest import indexer
from index.ingest.chunking import Chunking
from index.store.catalog import Catalog
from tests.support.postgres_server import PostgresServer
from tests.support.small_encoder import SmallEncoder

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_READING = Path(__file__).parent / "data" / "reading"
_LANGUAGES = ("en", "ar", "fr")
_BLOCK = 10_000
# So many articles of each file are drawn from: three hundred or so.
_OF_EACH = 12
_VECTOR, _TOKENS = 768, 512
# A job of a worker's; how often one is committed and searched for at each size.
_JOB, _COMMITS, _LOOKED_UP = 32, 10, 100
_SETTINGS = (
    "shared_buffers=2GB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "wal_level=minimal", "max_wal_senders=0",
    "max_parallel_maintenance_workers=0",
)  # fmt: skip
_NOTE = (
    "The catalog alone, in PostgreSQL with 2 GB of shared buffers; nothing is flushed to the disk. The machine did "
    "other work too. Milliseconds, medians; of the search the 95th percentile as well. **commit**: 32 articles, "
    "encoded before, from the lock to the end, and the passages a second that such commits one after another come to. "
    "**withdrawn**: 32 articles in one commit. **words**: the lexical search of a question, for 50 passages; **in one "
    "language**: with that filter. **rows**: the rows of 100 passages drawn at random. **languages**: all articles "
    "counted by language, once after each commit. Token vectors have 512 bytes a passage here, and some ten thousand "
    "in use: add those."
)


class Drawing(SmallEncoder):
    """An encoder that looks at nothing, and draws."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Draw a vector for each text, and some for its tokens."""
        return [
            TextVectors(self._drawn(_VECTOR // 2)[0], TokenVectors(self._drawn(64, 16), np.ones(16, np.float32)))
            for _ in texts
        ]

    def _drawn(self, dimensions: int, count: int = 1) -> NDArray[np.float32]:
        drawn = self._random.normal(size=(count, dimensions)).astype(np.float32)
        unit: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured with so many passages: milliseconds, and GiB of the whole and of the index of words."""

    passages: int
    postings: int
    commit_ms: float
    passages_a_second: float
    withdraw_ms: float
    words_ms: float
    words_95_ms: float
    filtered_ms: float
    rows_ms: float
    languages_ms: float
    gib: float
    words_gib: float
    load_s: float

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        times = (
            f"{self.commit_ms:.0f} ({self.passages_a_second:.0f}/s)", f"{self.withdraw_ms:.0f}",
            f"{self.words_ms:.1f} ({self.words_95_ms:.0f})", f"{self.filtered_ms:.1f}", f"{self.rows_ms:.1f}",
            f"{self.languages_ms:.1f}",
        )  # fmt: skip
        return (f"{self.passages:,}", *times, f"{self.gib:.2f}", f"{self.words_gib:.2f}", f"{self.load_s:.0f}")


_HEADS = (
    "Passages", "commit", "withdrawn", "words", "in one language", "rows", "languages", "GiB", "of words", "loaded, s",
)  # fmt: skip


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="passages, smallest first")
    flags.add_argument("--minutes", type=float, default=40, help="load no more after two thirds of so long")
    flags.add_argument("--disk", type=float, default=60, help="GiB that the catalog may take, indexes not yet counted")
    options = flags.parse_args()
    work_offline()
    server = PostgresServer(*_SETTINGS)
    try:
        with closing(Catalog(address := server.database())) as catalog:
            _run(catalog, address, options)
    finally:
        server.close()


def _run(catalog: Catalog, address: str, options: argparse.Namespace) -> None:
    ends, found = time.monotonic() + 40 * options.minutes, list[Size]()
    with psycopg.connect(address, autocommit=True) as connection:
        seeds, articles = _seeded(catalog, connection), _articles()
        have = seeds
        for wanted in options.sizes:
            began = time.monotonic()
            reached = _grown(connection, seeds, have, wanted, ends, options.disk)
            if found and reached < 1.5 * found[-1].passages:
                break
            _indexed(catalog, connection)
            have = reached
            found.append(_measured(catalog, connection, articles, time.monotonic() - began))
            say(str(found[-1]))
            table = Table("By number of passages", "", _HEADS, tuple(size.row() for size in found))
            values = {"seeds": seeds, "sizes": [asdict(size) for size in found], "wanted": options.sizes}
            write("catalog_growth", "A catalog in PostgreSQL grows", _NOTE, values, [table])
            if reached < wanted:
                break


def _articles() -> list[Article]:
    """Read the articles that passages are drawn from, a third of them as if in each language's own words."""
    made = []
    for file in sorted(_READING.glob("stories-*.articles.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[:_OF_EACH]:
            one = json.loads(line)
            made.append(Article.create(one["id"], one["text"], title=one["title"], source=file.name.split(".")[0]))
    return made


def _questions(limit: int) -> list[tuple[str, str]]:
    """Return questions, each with its language, spread over the stories."""
    found = [
        (one[f"question_{language}"], language)
        for file in sorted(_READING.glob("stories-*.exam.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        for one in [json.loads(line)]
        for language in _LANGUAGES
        if one.get(f"question_{language}")
    ]
    return found[:: max(1, len(found) // limit)][:limit]


def _seeded(catalog: Catalog, connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Commit the articles to draw from as any are, and number their passages from 0; returns how many."""
    encoder = Drawing()
    batch = [indexer.prepared_article(one, one.id, encoder, Chunking()) for one in _articles()]
    indexer.write(catalog, encoder, batch, "seeds", lambda *_: batch)
    connection.execute(
        "CREATE TABLE seed AS SELECT row_number() OVER (ORDER BY passage.id) - 1 AS k, passage.id AS passage, "
        "substr(text, start::int + 1, (stop - start)::int) AS text, title, source, language, terms, names, length "
        "FROM passage JOIN article ON article.number = passage.article JOIN lexical ON lexical.passage = passage.id"
    )
    connection.execute("CREATE TABLE seed_posting AS SELECT k, p.* FROM posting AS p JOIN seed USING (passage)")
    connection.execute("CREATE UNIQUE INDEX ON seed (k)")
    connection.execute("CREATE INDEX ON seed_posting (k)")
    connection.execute("ANALYZE")
    ((count,),) = connection.execute("SELECT count(*) FROM seed").fetchall()
    return int(str(count))


# Passage and article number i is made of the seed i modulo their number.
_DRAWN = (
    "INSERT INTO article (number, id, revision, hash, added, text, title, source, published, language) "
    "SELECT i, 'drawn' || i, 1, md5(i::text), '2026-01-01T00:00:00+00:00', text, title, source, "
    "'2025-01-01'::date + (i %% 365)::int, language FROM generate_series(%(a)s::bigint, %(b)s) AS i "
    "JOIN seed ON k = i %% %(n)s",
    "INSERT INTO story SELECT i, i FROM generate_series(%(a)s::bigint, %(b)s) AS i",
    "INSERT INTO member SELECT 'drawn', 'drawn' || i, 'drawn' || i FROM generate_series(%(a)s::bigint, %(b)s) AS i",
    "INSERT INTO passage (id, article, start, stop, key, generation) SELECT i, i, 0, length(text), "
    "decode(lpad(to_hex(i), 32, '0'), 'hex'), 1 FROM generate_series(%(a)s::bigint, %(b)s) AS i "
    "JOIN seed ON k = i %% %(n)s",
    "INSERT INTO lexical SELECT i, terms, names, length FROM generate_series(%(a)s::bigint, %(b)s) AS i "
    "JOIN seed ON k = i %% %(n)s",
    "INSERT INTO posting SELECT word, field, i, frequency, length FROM generate_series(%(a)s::bigint, %(b)s) AS i "
    "JOIN seed_posting ON k = i %% %(n)s",
    "UPDATE lexical_size SET passages = passages + %(b)s - %(a)s + 1, tokens = tokens + (SELECT sum(length) FROM "
    "generate_series(%(a)s::bigint, %(b)s) AS i JOIN seed ON k = i %% %(n)s)",
)


def _grown(
    connection: "psycopg.Connection[tuple[object, ...]]", seeds: int, have: int, wanted: int, ends: float, disk: float
) -> int:
    """Draw passages up to `wanted`, as long as time and disk allow; returns how many there are."""
    random = np.random.default_rng(have)
    ((last,),) = connection.execute("SELECT max(greatest(p.id, p.article)) FROM passage AS p").fetchall()
    have, number = _count(connection), int(str(last))
    for name in ("posting_word", "posting_passage"):
        connection.execute(f"DROP INDEX IF EXISTS {name}")  # type: ignore[arg-type]
    while have < wanted and time.monotonic() < ends and _gib(connection) < disk and _free_gib() > disk / 4:
        more = min(_BLOCK, wanted - have)
        given = {"a": number + 1, "b": number + more, "n": seeds}
        with connection.transaction():
            for statement in _DRAWN:
                connection.execute(statement, given)  # type: ignore[arg-type]
            for table, length in (("vector", _VECTOR), ("tokens", _TOKENS)):
                with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:  # type: ignore[arg-type]
                    copy.set_types(["bytea", "bytea"])
                    for i in range(given["a"], given["b"] + 1):
                        copy.write_row((i.to_bytes(16, "big"), random.bytes(length)))
        have, number = have + more, number + more
    return have


def _indexed(catalog: Catalog, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Make the indexes of the words anew, and let the server see to its tables, as in use it does by itself."""
    connection.execute("CREATE UNIQUE INDEX posting_word ON posting (word, field, passage) INCLUDE (frequency, length)")
    connection.execute("CREATE INDEX posting_passage ON posting (passage)")
    connection.execute("VACUUM (ANALYZE) article, passage, lexical, posting, vector, tokens, member, story")
    with catalog.database.commit():
        catalog.database.end_copy()


def _measured(
    catalog: Catalog, connection: "psycopg.Connection[tuple[object, ...]]", articles: Sequence[Article], load_s: float
) -> Size:
    encoder = Drawing()
    committed, passages, withdrawn = [], 0, []
    for number in range(_COMMITS):
        ids = [f"new{number}-{place}" for place in range(_JOB)]
        drawn = [articles[(number * _JOB + place) % len(articles)] for place in range(_JOB)]
        new = [Article.create(id_, f"{id_}. {one.text}", title=one.title) for id_, one in zip(ids, drawn, strict=True)]
        batch = [indexer.prepared_article(one, one.id, encoder, Chunking()) for one in new]
        began = [0.0]

        def settle(*_: int, began: list[float] = began, batch: list[indexer.PreparedArticle] = batch) -> object:
            began[0] = time.perf_counter()
            return batch

        indexer.write(catalog, encoder, batch, "new", settle)  # type: ignore[arg-type]
        committed.append(time.perf_counter() - began[0])
        passages += sum(len(one.keys) for one in batch)
        start = time.perf_counter()
        with catalog.writing() as generation:
            for id_ in ids:
                catalog.remove(id_, generation)
        withdrawn.append(time.perf_counter() - start)
    words, filtered = [], []
    for question, language in _questions(40):
        sought = query_terms(question, language, _LANGUAGES), query_name_keys(question, language)
        for times, filters in ((words, Filters()), (filtered, Filters.of(language="en"))):
            # The first time also finds out which words are common; that is remembered.
            catalog.full_text.search(*sought, filters, 50)
            times.append(_ms(lambda sought=sought, filters=filters: catalog.full_text.search(*sought, filters, 50)))
    ((last,),) = connection.execute("SELECT max(id) FROM passage").fetchall()
    random = np.random.default_rng(1)
    rows = [
        _ms(lambda: catalog.passages(random.integers(1, int(str(last)), _LOOKED_UP).tolist(), Filters()))
        for _ in range(20)
    ]
    languages = [_ms(lambda: catalog.facets.counts("language")) for _ in range(3)]
    ((postings,),) = connection.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'posting'").fetchall()
    return Size(
        _count(connection), int(str(postings)), 1000 * statistics.median(committed), passages / sum(committed),
        1000 * statistics.median(withdrawn), statistics.median(words), float(np.percentile(words, 95)),
        statistics.median(filtered), statistics.median(rows), statistics.median(languages), _gib(connection),
        _gib(connection, "lexical", "posting"), load_s,
    )  # fmt: skip


def _ms(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - began)


def _count(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    ((passages,),) = connection.execute("SELECT passages FROM lexical_size").fetchall()
    return int(str(passages))


def _gib(connection: "psycopg.Connection[tuple[object, ...]]", *tables: str) -> float:
    size = " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
    ((found,),) = connection.execute(f"SELECT {size or 'pg_database_size(current_database())'}").fetchall()  # type: ignore[arg-type]
    return int(str(found)) / 2**30


def _free_gib() -> float:
    return shutil.disk_usage(tempfile.gettempdir()).free / 2**30


if __name__ == "__main__":
    main()
