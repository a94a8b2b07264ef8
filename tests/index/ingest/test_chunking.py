"""Passages tile an article within a budget of tokens, and end where readers pause."""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from index.article import Article, Passage
from index.errors import SettingsError
from index.ingest.chunking import Chunking, chunk, context_of, count_tokens
from tests.support.any_text import TEXTS
from tests.support.paths import SHARED

SENTENCES = ("قال الوزير إن الميناء سيفتح صباح الأحد.", "وأضاف أن السفن ستعود قريبا.", "The port is open again.")


@dataclass(frozen=True)
class CountingWords:
    """An encoder's window, counted in words and its own two special tokens."""

    max_tokens: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


def article(text: str, title: str = "", published: date | None = None) -> Article:
    return Article("a", text, title=title, published=published)


def slices(text: str, max_tokens: int = 320) -> list[str]:
    return [passage.slice(text) for passage in chunk(article(text), Chunking(max_tokens))]


def endless_word(seed: int) -> str:
    """Letters in no order: cl100k may take more tokens for two pieces joined than for the two apart."""
    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=400))


@given(st.one_of(TEXTS, st.integers(0, 1000).map(endless_word)), st.integers(16, 60))
@example(endless_word(0), 16)
@example(endless_word(6), 20)
@example("👨‍👩‍👧‍👦" * 40, 16)
@example("ا" * 500 + "\u064b" * 500, 16)
@example("a \u0301" * 200, 16)
@example("Aa bb. \u0301" * 60, 16)
@example("Aa bb. \U0001f3fd" * 60, 16)
@example("خبر" + " " * 900 + "\n" * 900, 16)
@example("<|endoftext|>" * 20, 16)
@example("\ud800" * 50, 16)
def test_passages_tile_the_text_within_the_budget(text: str, budget: int) -> None:
    passages = chunk(article(text), Chunking(budget))
    bounds = [0, *(passage.end for passage in passages)]
    assert [(passage.start, passage.end) for passage in passages] == list(pairwise(bounds))
    assert bounds[-1] == len(text)
    assert "".join(passage.slice(text) for passage in passages) == text
    for passage in passages:
        part = passage.slice(text)
        assert part
        assert count_tokens(part) <= budget or len(regex.findall(r"\X", part)) == 1, part
    characters = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    assert set(bounds) <= characters


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=60).map(" ".join), st.integers(40, 200))
def test_sentences_that_fit_are_never_cut(text: str, budget: int) -> None:
    for part in slices(text, budget):
        assert part.rstrip().endswith(".")
        assert part.startswith(("قال", "وأضاف", "The"))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=60).map(" ".join), st.integers(60, 200))
def test_passages_are_few_and_even(text: str, budget: int) -> None:
    sizes = [count_tokens(part) for part in slices(text, budget)]
    longest = max(count_tokens(sentence) for sentence in SENTENCES) + 1
    assert len(sizes) <= -(-count_tokens(text) // (budget - longest))
    assert max(sizes) - min(sizes) <= 2 * longest


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=30).map(" ".join), st.integers(30, 60))
def test_a_passage_with_its_context_fits_the_encoder(text: str, window: int) -> None:
    item = article(text, title="Port reopens", published=date(2025, 9, 28))
    encoder = CountingWords(window)
    passages = chunk(item, Chunking(320), encoder)
    assert "".join(passage.slice(text) for passage in passages) == text
    read = [f"{context_of(item)}\n{passage.slice(text)}" for passage in passages]
    assert max(encoder.count_tokens(read)) <= window


def test_an_impossible_window_leaves_passages_that_say_something() -> None:
    text = " ".join(SENTENCES * 10)
    passages = chunk(article(text, title="Port reopens"), Chunking(320), CountingWords(3))
    assert "".join(passage.slice(text) for passage in passages) == text
    assert len(passages) < len(text.split())


def test_a_short_article_is_one_passage_whole() -> None:
    text = "\n  عاد الميناء إلى العمل.\n\nورحب به السكان. \n"
    assert chunk(article(text)) == [Passage("a", 0, len(text))]


def test_an_empty_text_has_no_passage() -> None:
    assert chunk(article("")) == []


def test_paragraphs_come_before_sentences() -> None:
    one = " ".join(SENTENCES[:2])
    text = f"{one}\n{one}\n{one}\n{one}"
    budget = 2 * count_tokens(one + "\n") + 10
    assert slices(text, budget) == [f"{one}\n{one}\n", f"{one}\n{one}"]


def test_a_sentence_over_the_budget_is_cut_at_clauses_then_words() -> None:
    clause = "عادت السفن إلى الميناء بعد أشهر من الغياب، "
    parts = slices(clause * 20, 100)
    assert all(part.endswith("، ") for part in parts)
    parts = slices("ميناء " * 300, 50)
    assert all(part.startswith("م") and part.endswith(" ") for part in parts)


def test_an_endless_word_is_cut_between_characters_as_readers_see_them() -> None:
    family = "👨‍👩‍👧‍👦"
    parts = slices(family * 100, 40)
    assert all(part == family * (len(part) // len(family)) for part in parts)
    parts = slices("نَ" * 400, 40)
    assert all(part.startswith("ن") and part.endswith("\u064e") for part in parts)


def test_no_crumb_is_left_at_the_end() -> None:
    text = " ".join(f"{SENTENCES[0]}" for _ in range(9))
    sizes = [count_tokens(part) for part in slices(text, count_tokens(" ".join([SENTENCES[0]] * 8)) + 2)]
    assert len(sizes) == 2
    assert min(sizes) > max(sizes) // 2


def test_a_large_article_is_cut_in_linear_time() -> None:
    text = "\n".join(" ".join(SENTENCES) for _ in range(2000))
    parts = slices(text)
    assert "".join(parts) == text
    assert len(parts) <= 2 * count_tokens(text) // 320


def test_the_name_tells_the_budget_and_a_senseless_budget_is_refused() -> None:
    assert Chunking().name == f"cl100k-{Chunking().max_tokens}"
    assert Chunking(128).name == "cl100k-128"
    with pytest.raises(SettingsError, match="at least 16"):
        Chunking(0)


@pytest.mark.parametrize(
    ("title", "published", "context"),
    [
        ("Port reopens", date(2025, 9, 28), "Port reopens (2025-09-28)"),
        ("Port reopens", None, "Port reopens"),
        ("", date(2025, 9, 28), "(2025-09-28)"),
        ("  عودة\nالميناء ", None, "عودة الميناء"),
        ("", None, ""),
    ],
)
def test_context_is_title_and_date(title: str, published: date | None, context: str) -> None:
    assert context_of(article("x", title, published)) == context


@pytest.mark.parametrize("title", ["عودة الميناء إلى العمل " * 40, "ميناء" * 400, "👨‍👩‍👧‍👦" * 400, "x" * 100_000])
def test_context_is_short_whatever_the_title(title: str) -> None:
    context = context_of(article("x", title, date(2025, 9, 28)))
    assert count_tokens(context) <= 48
    assert context.endswith("… (2025-09-28)")
    assert title.startswith(context.removesuffix("… (2025-09-28)"))


def test_tokens_are_those_of_cl100k() -> None:
    assert [count_tokens(text) for text in ("", "hello world", "<|endoftext|>")] == [0, 2, 7]


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the corpus in ../shared")
def test_real_articles_are_cut_at_sentences() -> None:
    with gzip.open(SHARED / "corpus" / "ant.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [text for text in (json.loads(line)["text"] for line in islice(lines, 0, 10_000, 40)) if text]
    parts = [slices(text) for text in texts]
    assert ["".join(part) for part in parts] == texts
    assert max(count_tokens(part) for passages in parts for part in passages) <= 320
    ends = [part.rstrip()[-1] for passages in parts for part in passages[:-1]]
    assert sum(end in '.!؟?"»”“):…' for end in ends) > 0.7 * len(ends)
