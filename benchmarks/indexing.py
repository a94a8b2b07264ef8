"""Indexing speed, memory, the second run and the rebuild of Chroma, beside the plain LangChain recipe.

Both systems index the same sample of the corpus in the same run, each in a process of its own with its model
loaded beforehand; then Khabar indexes the whole corpus (leave that out with --no-whole).
"""

import argparse
import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.alternatives import split
from benchmarks.corpus import articles, part, whole
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Library
from index.bundled import bundled_model
from index.encoder import default_cache, open_encoder

T = TypeVar("T")

_WARM_UP = "The ferry leaves at six in the morning."


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

    def row(self, reference: "Indexed") -> tuple[str, ...]:
        """Return the table's row, with the speed as a multiple of the reference's."""
        rates = ["–"] * 3
        if self.embedded:
            ratio = self.characters_per_second / reference.characters_per_second
            rates = [f"{self.passages_per_second:.1f}", f"{self.characters_per_second:.0f}", f"{ratio:.2f}"]
        counts = [str(count) for count in (self.articles, self.passages, self.embedded)]
        return (self.system, *counts, f"{self.seconds:.1f}", *rates, f"{self.peak_mib:.0f}")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Making Chroma's files anew from the stored vectors, after they were deleted."""

    passages: int
    seconds: float


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=1000, help="articles of the sample (default: 1000)")
    flags.add_argument(
        "--whole", action=argparse.BooleanOptionalAction, default=True, help="index the whole corpus too"
    )
    options = flags.parse_args()
    work_offline()
    data, cache = Data(options.data), Path(options.cache)
    bundled_model(default_cache())
    source = part(data, cache, options.limit)
    recipe = _apart(_langchain, source, cache / "indexing-langchain")
    runs = [recipe, *_khabar_twice(source, cache / "indexing-khabar")]
    if options.whole:
        runs += _khabar_twice(whole(data, cache), cache / "indexing-khabar-whole")
    rebuilt = _apart(_rebuild, cache / ("indexing-khabar-whole" if options.whole else "indexing-khabar"))
    _write(runs, recipe, rebuilt)


def _khabar_twice(source: Path, folder: Path) -> list[Indexed]:
    shutil.rmtree(folder, ignore_errors=True)
    return [_apart(_khabar, source, folder, name) for name in ("**Khabar**", "Khabar, the second run")]


def _apart(work: Callable[..., T], *arguments: object) -> T:
    """Run in a fresh process, so that its peak memory is its own."""
    say(f"{work.__name__.strip('_')}: {', '.join(a.name if isinstance(a, Path) else str(a) for a in arguments)}")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _khabar(source: Path, folder: Path, name: str) -> Indexed:
    encoder = open_encoder()
    encoder.encode_passages([_WARM_UP])
    with Library.open(folder, encoder=encoder) as library:
        began = time.perf_counter()
        report = library.sync(source)
        seconds = time.perf_counter() - began
        stats = library.stats()
        characters = sum(len(article.text) for article in library.articles())
    return Indexed(name, stats.articles, stats.passages, characters, report.embedded, seconds, _peak_mib())


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
    return Indexed(
        "LangChain recipe, same model", len(texts), len(chunks), characters, len(chunks), seconds, _peak_mib()
    )


def _rebuild(folder: Path) -> Rebuilt:
    with Library.open(folder) as library:
        library.search(_WARM_UP)
    for files in folder.glob("chroma-*"):
        shutil.rmtree(files)
    with Library.open(folder) as library:
        began = time.perf_counter()
        report = library.doctor()
        seconds = time.perf_counter() - began
        if not any(check.repaired for check in report.checks):
            raise RuntimeError("the doctor did not rebuild the deleted vector index")
        return Rebuilt(library.stats().passages, seconds)


def _peak_mib() -> float:
    # Linux counts in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _write(runs: list[Indexed], recipe: Indexed, rebuilt: Rebuilt) -> None:
    header = (
        "System",
        "Articles",
        "Passages",
        "Encoded",
        "Seconds",
        "Passages/s",
        "Characters/s",
        "× LangChain",
        "Peak MiB",
    )
    note = (
        "Seconds from file to searchable, the model already loaded. The ratio compares characters a second, as the "
        "two cut articles differently (LangChain: 1000 characters with 200 of overlap). The second run finds nothing "
        "to do: none of its passages is encoded."
    )
    speed = Table("From file to searchable", "", header, tuple(run.row(recipe) for run in runs))
    again = Table(
        "Chroma made anew",
        "Chroma's files deleted, then rebuilt from the catalog's vectors by the doctor; nothing is encoded.",
        ("Passages", "Seconds"),
        ((str(rebuilt.passages), f"{rebuilt.seconds:.1f}"),),
    )
    rates = [
        {
            **asdict(run),
            "system": run.system.strip("*"),
            "passages_per_second": run.passages_per_second if run.embedded else None,
            "ratio": run.characters_per_second / recipe.characters_per_second if run.embedded else None,
        }
        for run in runs
    ]
    write("indexing", "Indexing", note, {"runs": rates, "rebuild": asdict(rebuilt)}, [speed, again])


if __name__ == "__main__":
    main()
