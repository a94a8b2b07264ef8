"""What the bundled reader has read in this run of the tests, for all assistants that are opened in it."""

import pickle
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from qa.reading.span_model import BundledSpanModel, SpanScores, Text


@contextmanager
def reading_once(folder: Path) -> Iterator[None]:
    """Let no assistant compute again what the same model has computed for another of the same texts, all of them.

    Each assistant keeps what it read, as its answers are asked for again; most tests open one of their own over the
    same few articles, ask the same few questions, and would wait for the same marks. They are kept in `folder`, which
    the processes that run the tests share; a server or a command that a test starts knows nothing of it.
    """
    compute = BundledSpanModel._read

    def read(self: BundledSpanModel, pairs: Sequence[tuple[str, Text]]) -> list[SpanScores]:
        key = repr((self._weights, self._precision, list(pairs)))
        file = folder / sha256(key.encode()).hexdigest()
        if not file.exists():
            partial = file.with_name(uuid.uuid4().hex)
            partial.write_bytes(pickle.dumps(compute(self, pairs)))
            partial.replace(file)
        return kept(file)

    @cache
    def kept(file: Path) -> list[SpanScores]:
        found: list[SpanScores] = pickle.loads(file.read_bytes())
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BundledSpanModel, "_read", read)
        yield
