"""Digests to read: sentences of several articles, by day, of which one answers or none.

The reader learns from them to tell a newer figure from an older one, and who is asked about from others. At question
time windows alone are read: the likeliest sentences of a question, read once more as a digest, came in no better order.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.training.examples import Articles, Asked, Group, Window
from benchmarks.training.rivals import Rivals
from index import Article
from index.analysis import Span
from index.ingest.chunking import context_of

# The most sentences of a digest, and characters of each.
_MOST = 6
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an article."""

    article: Article
    sentence: Span


@dataclass(frozen=True, slots=True)
class Digest:
    """The text, and where in it each line's sentence stands, in the order of the lines given; long ones are cut."""

    text: str
    places: tuple[Span, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Digest":
        """Put lines together."""
        own: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            own.setdefault(line.article.id, []).append(number)
        articles = [lines[numbers[0]].article for numbers in own.values()]
        articles.sort(key=lambda article: (str(article.published or ""), article.id))
        text, places = "", {}
        for article in articles:
            text += f"{context_of(article)}\n"
            for number in sorted(own[article.id], key=lambda number: lines[number].sentence.start):
                told = lines[number].sentence.slice(article.text)[:_LONGEST]
                places[number] = Span(len(text), len(text) + len(told))
                text += f"{told}\n"
        return cls(text, tuple(places[number] for number in range(len(lines))))


class DigestDrawer:
    """Draws digests for questions; the same seed gives the same."""

    def __init__(self, articles: Articles, negatives: Mapping[str, Sequence[tuple[str, int, int]]], seed: int) -> None:
        self._articles = articles
        self._random = random.Random(seed)
        self._rivals = Rivals(articles, negatives, self._random)

    def draw(self, asked: Asked, language: str) -> Group | None:
        """Make a group of one digest; in one of five the sentence that answers is left out."""
        question = asked.question(language)
        place = None
        if asked.places and self._random.random() < 0.8:
            place = asked.draw_place(self._random)
        room = self._random.randint(3, _MOST) - (place is not None)
        others = self._rivals.draw(asked, question, room, is_answered=place is not None)
        if not others:
            return None
        chosen = [*others, *([(place.article, place.sentence)] if place else [])]
        self._random.shuffle(chosen)
        lines = [Line(self._articles.by_id[name], span) for name, span in chosen]
        digest = Digest.of(lines)
        start = end = -1
        if place:
            stands = digest.places[chosen.index((place.article, place.sentence))]
            start = stands.start + place.answer.start - place.sentence.start
            end = start + place.answer.end - place.answer.start
            if end > stands.end:
                return None
        return Group(question, (Window("", digest.text, start, end),))
