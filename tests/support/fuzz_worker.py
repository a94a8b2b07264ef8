"""Coverage-guided fuzzing of one parser: `fuzz_worker.py TARGET RUNS`, where TARGET is a suffix such as .md, or query.

Ends with status 0 after so many runs, and otherwise with the input that broke it, as libFuzzer writes it.
"""

import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["index"]):
    from index import ArticleError, KhabarError
    from index.analysis import name_keys, terms, words
    from index.search import checked_query
    from index.sources.files import Failure, load_file, load_stream
    from index.store.engines.fts5 import either


def of_file(suffix: str) -> Callable[[bytes], None]:
    """Return the target that loads a file of a kind, and as a stream what it holds."""
    folder = Path(tempfile.mkdtemp())
    path = folder / f"a{suffix}"

    def target(data: bytes) -> None:
        path.write_bytes(data)
        for item in [*load_file(path, folder), *load_stream(BytesIO(data))]:
            if isinstance(item, Failure):
                assert item.reason
            else:
                assert item.article.text.encode()

    return target


def of_query(data: bytes) -> None:
    """Take any text through everything a question goes through before the catalog is asked."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data))
    try:
        query = checked_query(text)
    except (KhabarError, ArticleError):
        return
    assert either([*terms(query), *name_keys(query)]) or not terms(query)
    for word in words(query):
        assert query[word.start : word.end] == word.text


if __name__ == "__main__":
    target = of_query if sys.argv[1] == "query" else of_file(sys.argv[1])
    limits = ["-max_len=2048", "-timeout=300", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], f"-atheris_runs={sys.argv[2]}", *limits], target)
    atheris.Fuzz()
