"""Indexing: speed and memory beside the plain LangChain recipe, a run without change, one changed article, a rebuild.

Both systems index the same sample of the corpus in turn, each in a process of its own with its model loaded
beforehand; then Khabar indexes the whole corpus (leave that out with --no-whole), and what follows is measured on it.
"""

import argparse
import json
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from benchmarks.alternatives import split
from benchmarks.corpus import articles, part, whole
from benchmarks.harness import (
    Data,
    Figure,
    Spread,
    Table,
    apart,
    parser,
    peak_mib,
    ratios,
    say,
    timed,
    work_offline,
    write,
)
from index import Library
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import Encoder, TextVectors, default_cache, open_encoder
from index.store.catalog import Catalog

_WARM_UP = "The ferry leaves at six in the morning."
# A word that no article of the corpus has.
_NEWS = "زرقطونيا"
_LANGCHAIN = "LangChain recipe"
_NOTE = (
    "Seconds from the file to a searchable library, everything included, the model already loaded. Speeds are "
    "compared in characters of the articles a second, as the two cut them differently (LangChain: 1000 characters "
    "with 200 of overlap)."
)
_LIMIT = "the encoder's arithmetic: see results/runtimes.md for what the same cores reach in a bare matrix product"


@dataclass(frozen=True, slots=True)
class Indexed:
    """One indexing run: `seconds` after the model was loaded, `peak_mib` of the whole process."""

    system: str
    articles: int
    passages: int
    characters: int
    embedded: int
    seconds: float
    peak_mib: float

    @property
    def passages_per_second(self) -> float:
        """Passages stored a second."""
        return self.passages / self.seconds

    @property
    def characters_per_second(self) -> float:
        """Characters of the articles' texts a second, which does not depend on how they are cut."""
        return self.characters / self.seconds

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        counts = (str(count) for count in (self.articles, self.passages, self.embedded))
        rates = (f"{self.passages_per_second:.1f}", f"{self.characters_per_second:.0f}")
        return (self.system, *counts, f"{self.seconds:.1f}", *rates, f"{self.peak_mib:.0f}")


@dataclass(frozen=True, slots=True)
class Again:
    """What an indexed library costs later, in seconds, each several times; `theirs` is what one would use instead."""

    passages: int
    unchanged: list[float]
    changed: list[float]
    changed_theirs: list[float]
    rebuilt: list[float]
    rebuilt_theirs: list[float]


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=200, help="articles of the sample (default: 200)")
    flags.add_argument("--rounds", type=int, default=3, help="times each system indexes the sample (default: 3)")
    flags.add_argument(
        "--whole", action=argparse.BooleanOptionalAction, default=True, help="index the whole corpus too"
    )
    flags.add_argument(
        "--fresh", action="store_true", help="index the whole corpus anew, though the cache has it from another run"
    )
    options = flags.parse_args()
    work_offline()
    data, cache = Data(options.data), Path(options.cache)
    bundled_model(default_cache())
    source = part(data, cache, options.limit)
    pairs: list[tuple[Indexed, Indexed]] = []
    for number in range(options.rounds):
        say(f"round {number + 1} of {options.rounds}, {options.limit} articles")
        theirs = apart(_langchain, source, cache / "indexing-langchain")
        shutil.rmtree(cache / "indexing-khabar", ignore_errors=True)
        pairs.append((apart(_khabar, source, cache / "indexing-khabar", "**Khabar**"), theirs))
    folder, all_of_it = cache / "indexing-khabar", None
    if options.whole:
        # The library of the other benchmarks: what is there already is not encoded again.
        source = whole(data, cache)
        folder = cache / f"library-{source.stem}"
        if options.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        say("the whole corpus")
        run = apart(_khabar, source, folder, "**Khabar**, the whole corpus")
        # Kept from another run, it tells nothing about indexing.
        all_of_it = run if run.embedded * 2 > run.passages else None
    say("without change, one changed article, the vector index anew")
    again = apart(_again, source, folder, cache)
    _write(pairs, all_of_it, again)


def _khabar(source: Path, folder: Path, name: str) -> Indexed:
    encoder = open_encoder()
    encoder.encode_passages([_WARM_UP])
    with Library.open(folder, encoder=encoder) as library:
        began = time.perf_counter()
        report = library.sync(source)
        seconds = time.perf_counter() - began
        peak = peak_mib()
        stats = library.stats()
        characters = sum(len(article.text) for article in library.articles())
    return Indexed(name, stats.articles, stats.passages, characters, report.embedded, seconds, peak)


def _langchain(source: Path, folder: Path) -> Indexed:
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    shutil.rmtree(folder, ignore_errors=True)
    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_model(default_cache())), model_kwargs={"device": "cpu"})
    embeddings.embed_documents([_WARM_UP])
    began = time.perf_counter()
    texts = articles(source)
    chunks = split(texts)
    Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))
    seconds = time.perf_counter() - began
    characters = sum(len(article.text) for article in texts)
    return Indexed(f"{_LANGCHAIN}, same model", len(texts), len(chunks), characters, len(chunks), seconds, peak_mib())


class _Watched:
    """An encoder that notes when it was first asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.began: float | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        if self.began is None and texts:
            self.began = time.perf_counter()
        return self._encoder.encode_passages(texts)


def _again(source: Path, original: Path, cache: Path, repeats: int = 3) -> Again:
    folder, changing = cache / "indexing-again", cache / "indexing-again.jsonl"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(original, folder)
    encoder = open_encoder()
    encoder.encode_passages([_WARM_UP])
    shutil.copyfile(source, changing)
    with Library.open(folder, encoder=encoder) as library:
        passages = library.stats().passages
        # The copy is a source of its own: from here on it brings the same articles.
        library.sync(changing)
        unchanged = [timed(library.sync, changing) for _ in range(repeats)]
    changed = [_changed(folder, changing, encoder, number) for number in range(repeats)]
    rebuilt, theirs = [], []
    for _ in range(repeats):
        with Library.open(folder, encoder=encoder) as library:
            for files in folder.glob("chroma-*"):
                shutil.rmtree(files)
            rebuilt.append(timed(_repaired, library))
        theirs.append(_plain_chroma(folder, cache / "indexing-chroma"))
    changed_theirs = [_changed_theirs(cache / "indexing-langchain") for _ in range(repeats)]
    shutil.rmtree(folder)
    return Again(passages, unchanged, changed, changed_theirs, rebuilt, theirs)


def _changed(folder: Path, source: Path, encoder: Encoder, number: int) -> float:
    """Change one article in the middle of the file; return the seconds from encoding it until a reader finds it."""
    lines = source.read_text(encoding="utf-8").splitlines()
    for place in range(len(lines) // 2, len(lines)):
        article = json.loads(lines[place])
        if article.get("text"):
            break
    article["text"] = f"{_NEWS} {number}. {article['text']}"
    lines[place] = json.dumps(article, ensure_ascii=False)
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    watched, seen, over = _Watched(encoder), [0.0], threading.Event()

    def watch() -> None:
        with Library.open(folder, encoder=encoder) as reader:
            while not over.is_set():
                # A word that no one knows is found by the lexical leg alone, below what the dense one has.
                found = reader.search(f"{_NEWS} {number}", limit=100)
                if any(f"{_NEWS} {number}." in item.text for item in found):
                    seen[0] = time.perf_counter()
                    return
                time.sleep(0.02)

    reading = threading.Thread(target=watch)
    reading.start()
    try:
        with Library.open(folder, encoder=cast("Encoder", watched)) as library:
            library.sync(source)
        reading.join(30)
    finally:
        over.set()
    if watched.began is None or not seen[0]:
        raise RuntimeError("the changed article was not found")
    return seen[0] - watched.began


def _changed_theirs(folder: Path) -> float:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=str(bundled_model(default_cache())), model_kwargs={"device": "cpu"})
    store = Chroma(persist_directory=str(folder), embedding_function=embeddings)
    document = store.get(limit=1)["documents"][0]
    store.similarity_search(_WARM_UP)
    began = time.perf_counter()
    store.add_documents([Document(f"{_NEWS} {document}", metadata={"id": "changed"})])
    store.similarity_search(_NEWS)
    return time.perf_counter() - began


def _repaired(library: Library) -> None:
    report = library.doctor()
    if not any(check.repaired for check in report.checks):
        raise RuntimeError("the doctor did not rebuild the deleted vector index")


def _plain_chroma(folder: Path, target: Path) -> float:
    """Add the stored vectors to a plain Chroma collection at its defaults, closed and opened again."""
    import chromadb

    shutil.rmtree(target, ignore_errors=True)
    catalog = Catalog(folder / "catalog.sqlite3")
    with closing(catalog):
        began = time.perf_counter()
        client = chromadb.PersistentClient(str(target))
        collection = client.create_collection("plain", embedding_function=None)
        for vectors in catalog.vectors():
            collection.add(
                ids=[str(number) for number in vectors.numbers],
                embeddings=vectors.matrix,
                metadatas=[{**item} for item in vectors.metadata],
            )
        collection.query(query_embeddings=[vectors.matrix[0]], n_results=10)
        client.close()  # type: ignore[attr-defined]
        return time.perf_counter() - began


def _write(pairs: list[tuple[Indexed, Indexed]], all_of_it: Indexed | None, again: Again) -> None:
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    header = ("System", "Articles", "Passages", "Encoded", "Seconds", "Passages/s", "Characters/s", "Peak MiB")
    runs = [run for pair in pairs for run in pair] + ([all_of_it] if all_of_it else [])
    tables = [Table("From file to searchable", "", header, tuple(run.row() for run in runs))]
    values = {"runs": [{**asdict(run), "system": run.system.strip("*")} for run in runs], "again": asdict(again)}
    figures = _figures(ours, theirs, all_of_it, again)
    write("indexing", "Indexing", _NOTE, values, tables, figures)


def _figures(ours: list[Indexed], theirs: list[Indexed], all_of_it: Indexed | None, again: Again) -> list[Figure]:
    speeds, recipe_speeds = ([run.characters_per_second for run in runs] for runs in (ours, theirs))
    peaks = [run.peak_mib for run in ([all_of_it] if all_of_it else ours)]
    recipe_peak = Spread.of([run.peak_mib for run in theirs])
    of = f"{again.passages} passages"
    return [
        Figure(
            "Indexing a sample", "characters/s", Spread.of(speeds), 2 * Spread.of(recipe_speeds).median, "more",
            _LANGCHAIN, Spread.of(recipe_speeds), ratios(speeds, recipe_speeds, "more"), _LIMIT,
        ),
        Figure(
            "Peak memory of indexing the whole corpus" if all_of_it else "Peak memory of indexing", "MiB",
            Spread.of(peaks), 2000, "less", f"{_LANGCHAIN}, the sample", recipe_peak,
        ),
        Figure(f"Indexing again without change, {of}", "s", Spread.of(again.unchanged), 5, "less", "no such run"),
        Figure(
            f"One changed article found by a reader, {of}", "s", Spread.of(again.changed), 1, "less",
            f"{_LANGCHAIN}, added to the small sample", Spread.of(again.changed_theirs),
            ratios(again.changed, again.changed_theirs, "less"),
        ),
        Figure(
            f"The vector index made anew, {of}", "s", Spread.of(again.rebuilt), 8, "less",
            "plain Chroma, the same vectors", Spread.of(again.rebuilt_theirs),
            ratios(again.rebuilt, again.rebuilt_theirs, "less"),
            "Chroma builds its graph vector by vector",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
