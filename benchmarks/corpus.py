"""The corpora that are measured on, as files that Khabar indexes and as articles for the alternatives."""

import gzip
import json
import sys
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

from benchmarks.harness import Data, say
from index import Article, Library
from index.ingest.indexer import SyncState
from index.sources.files import FieldMapping, Loaded, load_file

CORPUS = "corpus/ant.jsonl.gz"
EXAM = "eval/news.dev.jsonl"


def whole(data: Data, cache: Path) -> Path:
    """Unpack the news corpus into the cache, unless it is there, and return the JSON Lines file."""
    return _write(cache / "ant.jsonl", _lines(data))


def part(data: Data, cache: Path, size: int, keep: Collection[str] = ()) -> Path:
    """Write `size` articles of the corpus, those of the ids `keep` and others spread evenly over it."""
    lines = [line for line in _lines(data) if json.loads(line).get("text")]
    kept = {number for number, line in enumerate(lines) if json.loads(line)["id"] in keep}
    others = [number for number in range(len(lines)) if number not in kept]
    wanted = min(max(0, size - len(kept)), len(others))
    chosen = kept | {others[step * len(others) // wanted] for step in range(wanted)}
    suffix = f"-with-{zlib.crc32(' '.join(sorted(keep)).encode()):08x}" if keep else ""
    return _write(cache / f"ant-{size}{suffix}.jsonl", (lines[number] for number in sorted(chosen)))


def articles(path: Path) -> list[Article]:
    """Load a corpus file as Khabar does, leaving out the articles it refuses (those without a text)."""
    loaded = load_file(path, path.parent, FieldMapping())
    return [item.article for item in loaded if isinstance(item, Loaded)]


def indexed(source: Path, cache: Path) -> Path:
    """Index a corpus file into a library of the cache; a run that was broken off goes on where it was."""
    folder = cache / f"library-{source.stem}"
    with Library.open(folder) as library:
        say(f"indexing {source.name}")
        report = library.sync(source, progress=_Ticker())
        say(f"{library.stats().articles} articles, {report.embedded} passages embedded now")
    return folder


class _Ticker:
    """Prints one line each time another tenth is done."""

    def __init__(self) -> None:
        self._tenths = 0

    def __call__(self, state: SyncState) -> None:
        """Take a progress report."""
        if int(state.fraction * 10) > self._tenths:
            self._tenths = int(state.fraction * 10)
            say(f"  {self._tenths * 10} %, {state.passages} passages")


def _lines(data: Data) -> Iterator[str]:
    with gzip.open(data.file(CORPUS), "rt", encoding="utf-8") as file:
        yield from file


def _write(path: Path, lines: Iterator[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = path.with_suffix(".part")
        with made.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        made.replace(path)
    if path.stat().st_size == 0:
        sys.exit(f"{CORPUS} holds no articles.")
    return path
