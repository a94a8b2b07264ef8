"""What the bundled reader has read in this process, for all assistants that are opened in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.reading.span_model import BundledSpanModel, SpanScores, Text

Read = tuple[Path, str, tuple[tuple[str, Text], ...]]


@contextmanager
def reading_once() -> Iterator[None]:
    """Let no assistant compute again what the same model has computed for another of the same texts, all of them.

    Each assistant keeps what it read, as its answers are asked for again; most tests open one of their own over the
    same few articles, ask the same few questions, and would wait for the same marks.
    """
    compute, known = BundledSpanModel._read, dict[Read, list[SpanScores]]()

    def read(self: BundledSpanModel, pairs: Sequence[tuple[str, Text]]) -> list[SpanScores]:
        key = (self._weights, self._precision, tuple(pairs))
        if key not in known:
            known[key] = compute(self, pairs)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BundledSpanModel, "_read", read)
        yield
