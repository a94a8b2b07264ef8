"""A process that changes a library without end, for a test to kill: `fault_worker.py FOLDER SEED ENCODER`.

Before each change it writes to FOLDER/journal what it is about to do, and after it that it is done.
"""

import json
import os
import random
import sys
from pathlib import Path

import chromadb  # noqa: F401  (loaded before the first change: a kill is to hit changes, not the import)

import index.ingest.indexer
import index.vectors.dense
from index import Article, Encoder, Library, open_encoder
from tests.support.small_encoder import SmallEncoder

# What an article is to become: a version, or None for "withdrawn".
Change = dict[str, int | None]


def text_of(id_: str, version: int) -> str:
    """Return the text of one version of an article, each with a word of its own."""
    return f"{id_} reports{version} that word{id_}v{version} was seen.\n\nA second paragraph of {id_}.\n" * 3


def encoder_named(name: str) -> Encoder:
    """Return the bundled encoder, or the small one."""
    return open_encoder() if name == "bundled" else SmallEncoder()


def _change(present: dict[str, int], rng: random.Random, version: int, kind: str) -> Change:
    chosen: Change = {f"{kind}{rng.randrange(40)}": version for _ in range(rng.randrange(1, 25))}
    held = [id_ for id_ in present if id_.startswith(kind) and id_ not in chosen]
    return {**chosen, **dict.fromkeys(rng.sample(held, min(len(held), rng.randrange(8))))}


def _restore(folder: Path, present: dict[str, int]) -> None:
    """Make the folder hold what the library does: the process before may have been killed before it indexed it."""
    for file in folder.iterdir():
        file.unlink()
    for id_, version in present.items():
        if id_.startswith("f"):
            _write(folder, id_, version)


def _write(folder: Path, id_: str, version: int) -> None:
    (folder / f"{id_}.txt").write_text(f"Title {id_}\n\n{text_of(id_, version)}", encoding="utf-8")


def _apply(library: Library, change: Change, folder: Path) -> None:
    if next(iter(change)).startswith("f"):
        for id_, version in change.items():
            if version is None:
                (folder / f"{id_}.txt").unlink(missing_ok=True)
            else:
                _write(folder, id_, version)
        library.sync(folder)
    else:
        library.remove([id_ for id_, version in change.items() if version is None])
        library.add(Article.create(id_, text_of(id_, version)) for id_, version in change.items() if version)


def _hurry() -> None:
    """Make commits and new vector indexes come often enough to be hit."""
    index.ingest.indexer._BATCH_PASSAGES = 8
    index.vectors.dense._DUE_NEW, index.vectors.dense._DUE_NEW_SHARE = 8, 0.0
    index.vectors.dense._DUE_GONE, index.vectors.dense._DUE_GONE_SHARE = 4, 0.0
    index.vectors.dense._MOST_NEW = 24


def main(at: Path, seed: int, encoder: str) -> None:
    """Change the library of folder `at` until killed."""
    _hurry()
    rng = random.Random(seed)
    present: dict[str, int] = json.loads((at / "present.json").read_text())
    _restore(at / "articles", present)
    journal = os.open(at / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Library.open(at / "library", encoder=encoder_named(encoder)) as library:
        library.encoder.encode_passages(["The model is loaded before the first change."])
        for step in range(1, 1_000_000):
            change = _change(present, rng, seed * 1_000 + step, rng.choice("af"))
            os.write(journal, (json.dumps({"begin": change}) + "\n").encode())
            _apply(library, change, at / "articles")
            os.write(journal, b'{"done": true}\n')
            present = {id_: v for id_, v in {**present, **change}.items() if v is not None}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
